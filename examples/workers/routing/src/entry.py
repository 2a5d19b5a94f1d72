"""Routing: which server answers for a storefront is written in KV, and can be changed there."""

from urllib.parse import urlsplit

from workers import Request, Response, WorkerEntrypoint, fetch

WELCOME = "Welcome to our shops. Please name one in the path, as in /storefrontA/."


class Default(WorkerEntrypoint):
    """Hands `/storefrontA/cart?page=2` on to `/cart?page=2` of the server of storefrontA.

    Under the name of each storefront lies `{"origin": "https://storefront-a.example.com"}`.
    """

    async def fetch(self, request: Request) -> Response:
        """The answer of the storefront's own server, with two headers more."""
        url = urlsplit(request.url)
        storefront, _, rest = url.path.lstrip("/").partition("/")
        if not storefront:
            return Response(WELCOME, status=400)
        try:
            config = await self.env.ROUTING_CONFIG.get(storefront, "json")
            if config is None:
                return Response(f'Storefront "{storefront}" not found.', status=404)
            target = f"{config['origin']}/{rest}" + (f"?{url.query}" if url.query else "")
            return await self.forward(request, target, storefront)
        except Exception as error:  # of KV, or of the way to the server
            print(f"Error processing request for storefront {storefront}: {error}")
            return Response("An error occurred while processing your request.", status=500)

    async def forward(self, request: Request, target: str, storefront: str) -> Response:
        """Ask the server the same: method, headers, and a body that is passed on as it comes."""
        headers = list(request.headers.items())
        asked = Request(
            target, method=request.method, headers=headers, body=request.body, redirect="follow"
        )
        answer = await fetch(asked)
        print(f"{storefront}: {answer.status}")
        # The headers of an answer are a copy, and cannot be changed in place.
        headers = [
            *answer.headers.items(),
            ("X-Served-By", "Cloudflare Worker"),
            ("X-Storefront-ID", storefront),
        ]
        return Response(answer.body, status=answer.status, headers=headers)
