"""A distributed configuration: what a user is to see is read from KV, wherever the user is."""

from urllib.parse import parse_qs, urlsplit

from workers import Request, Response, WorkerEntrypoint

BANNER = '<div class="preview-banner">You have early access to preview features!</div>'

PAGE = """<!DOCTYPE html>
<html>
  <head>
    <title>My App</title>
    <style>
      body {{ font-family: sans-serif; max-width: 50rem; margin: 0 auto; padding: 1rem }}
      .preview-banner {{ background: #ffeb3b; padding: .5rem; text-align: center }}
    </style>
  </head>
  <body>
    {banner}
    <h1>Welcome to My App</h1>
    <p>This is the regular content that everyone sees.</p>
  </body>
</html>
"""


class Default(WorkerEntrypoint):
    """A page that is personal: with a banner for those who are to see previews.

    Under the id of each user lies `{"preview_features_enabled": true}`, or false. `sync.py`, which
    runs beside the database, says what to write.
    """

    async def fetch(self, request: Request) -> Response:
        """The page of the user whom the query names, as in `/?userId=ada`."""
        user = parse_qs(urlsplit(request.url).query).get("userId", [""])[0]
        if not user:
            return Response("Please provide a userId query parameter", status=400)
        settings = await self.env.USER_CONFIGURATION.get(user, "json")
        is_preview = settings is not None and settings["preview_features_enabled"]
        page = PAGE.format(banner=BANNER if is_preview else "")
        return Response(page, headers={"content-type": "text/html; charset=utf-8"})
