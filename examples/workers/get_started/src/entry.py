"""Get started: write a key, read it back, and handle a missing key and errors of KV."""

from workers import Request, Response, WorkerEntrypoint

KEY = "user_2"


class Default(WorkerEntrypoint):
    """The notification setting of user 2: PUT stores it, GET returns it."""

    async def fetch(self, request: Request) -> Response:
        """Return the value of the key, after writing it if the request is a PUT."""
        kv = self.env.USER_NOTIFICATION
        try:
            if request.method == "PUT":
                await kv.put(KEY, await request.text())
            value = await kv.get(KEY)
        except Exception as error:  # a JsException: requests to KV can fail
            print(f"KV returned error: {error}")
            return Response(str(error), status=500, headers={"content-type": "text/plain"})
        if value is None:
            return Response("Value not found", status=404)
        return Response(value)
