"""Routing: KV has the server of each storefront, and the route can be changed there."""

from urllib.parse import urlsplit

from workers import Request, Response, WorkerEntrypoint, fetch

WELCOME = "Welcome to our shops. Please name one in the path, as in /storefrontA/."


class Default(WorkerEntrypoint):
    """Forwards `/storefrontA/cart?page=2` to `/cart?page=2` of the server of storefrontA.

    The key of each storefront has `{"origin": "https://storefront-a.example.com"}`.
    """

    async def fetch(self, request: Request) -> Response:
        """Return the response of the storefront's server, with two additional headers."""
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
        except Exception as error:  # of KV, or of the connection to the server
            print(f"Error processing request for storefront {storefront}: {error}")
            return Response("An error occurred while processing your request.", status=500)

    async def forward(self, request: Request, target: str, storefront: str) -> Response:
        """Send the same request to the server: method, headers, and a streaming body."""
        headers = list(request.headers.items())
        forwarded = Request(
            target, method=request.method, headers=headers, body=request.body, redirect="follow"
        )
        response = await fetch(forwarded)
        print(f"{storefront}: {response.status}")
        # The headers of a response are a copy, and cannot be changed in place.
        headers = [
            *response.headers.items(),
            ("X-Served-By", "Cloudflare Worker"),
            ("X-Storefront-ID", storefront),
        ]
        return Response(response.body, status=response.status, headers=headers)
