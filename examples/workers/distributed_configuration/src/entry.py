"""Distributed configuration: settings of users are read from KV, in every location."""

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
    """A personal page, with a banner for users who have previews enabled.

    The key of each user has `{"preview_features_enabled": true}` or false. `sync.py`, which runs
    beside the database, creates the pairs.
    """

    async def fetch(self, request: Request) -> Response:
        """Return the page of the user in the query, as in `/?userId=ada`."""
        user = parse_qs(urlsplit(request.url).query).get("userId", [""])[0]
        if not user:
            return Response("Please provide a userId query parameter", status=400)
        settings = await self.env.USER_CONFIGURATION.get(user, "json")
        is_preview = settings is not None and settings["preview_features_enabled"]
        page = PAGE.format(banner=BANNER if is_preview else "")
        return Response(page, headers={"content-type": "text/html; charset=utf-8"})
