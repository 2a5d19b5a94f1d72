"""Cached responses: fetch from a slow server once a minute, and serve from KV otherwise."""

import json
from datetime import UTC, datetime
from html.parser import HTMLParser

from workers import Request, Response, WorkerEntrypoint, fetch

URL = "https://example.com/"
CACHE_KEY = "cache-json-example"
EXPIRATION_TTL = 60  # seconds; the minimum of KV


class Default(WorkerEntrypoint):
    """Serves a page as JSON, from KV if it is cached, else from its server."""

    async def fetch(self, request: Request) -> Response:
        """Return `{"data": {"title", "content", "lastUpdated"}, "fromCache"}`."""
        if request.method != "GET":
            return Response("Method Not Allowed", status=405, headers={"allow": "GET"})
        data = await self.env.CACHE_KV.get(CACHE_KEY, "json")
        if data is not None:
            return Response.json({"data": data, "fromCache": True})
        print(f"Cache miss. Fetching fresh data from {URL}")
        try:
            response = await fetch(URL)
        except Exception as error:
            return Response(f"{URL} cannot be reached: {error}", status=502)
        if not response.ok:  # not cached: the next request may succeed
            return Response(f"{URL} answered {response.status}", status=502)
        data = convert(await response.text())
        self.ctx.waitUntil(self.keep(data))  # after the response
        return Response.json({"data": data, "fromCache": False})

    async def keep(self, data: dict[str, str]) -> None:
        """Store the data in KV for a minute.

        After a miss, many visitors reach this point at once, and KV accepts one write per key and
        second: the others are rejected with 429. This has no consequence, because no visitor sees
        the error.
        """
        try:
            await self.env.CACHE_KV.put(CACHE_KEY, json.dumps(data), expirationTtl=EXPIRATION_TTL)
        except Exception as error:
            print(f"Not kept: {error}")


def convert(html: str) -> dict[str, str]:
    """Return the title of a page, and its text."""
    page = Page()
    page.feed(html)
    page.close()
    return {
        "title": words(page.title) or "No title found",
        "content": words(page.content) or "No content found",
        "lastUpdated": datetime.now(UTC).isoformat(),
    }


def words(texts: list[str]) -> str:
    """Join texts with single spaces."""
    return " ".join(" ".join(texts).split())


class Page(HTMLParser):
    """Collects the text of the title and of the body of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.title: list[str] = []
        self.content: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        """Enter an element that determines what its text is."""
        if tag in ("title", "body", "script", "style"):
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Leave the element."""
        if tag in self._inside:
            del self._inside[self._inside.index(tag) :]

    def handle_data(self, data: str) -> None:
        """Collect text, except that of scripts and styles."""
        inside = self._inside[-1] if self._inside else ""
        if inside == "title":
            self.title.append(data)
        elif inside == "body":
            self.content.append(data)
