"""Get started: write a key, read it back, and say so where there is none or KV refuses."""

from workers import Request, Response, WorkerEntrypoint

KEY = "user_2"


class Default(WorkerEntrypoint):
    """Whether user 2 wants to be notified: PUT the answer, GET it."""

    async def fetch(self, request: Request) -> Response:
        """The value under the key, after writing it if the request is a PUT."""
        kv = self.env.USER_NOTIFICATION
        try:
            if request.method == "PUT":
                await kv.put(KEY, await request.text())
            value = await kv.get(KEY)
        except Exception as error:  # a JsException: KV is a service, and services can fail
            print(f"KV returned error: {error}")
            return Response(str(error), status=500, headers={"content-type": "text/plain"})
        if value is None:
            return Response("Value not found", status=404)
        return Response(value)
