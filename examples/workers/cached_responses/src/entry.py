"""Cached responses: ask a slow server once a minute, and KV in between."""

import json
from datetime import UTC, datetime
from html.parser import HTMLParser

from workers import Request, Response, WorkerEntrypoint, fetch

URL = "https://example.com/"
CACHE_KEY = "cache-json-example"
EXPIRATION_TTL = 60  # seconds; KV takes no less


class Default(WorkerEntrypoint):
    """A page as JSON, from KV where it is there, else from its own server."""

    async def fetch(self, request: Request) -> Response:
        """`{"data": {"title", "content", "lastUpdated"}, "fromCache"}`."""
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
        if not response.ok:  # must not be kept: the next visitor may be luckier
            return Response(f"{URL} answered {response.status}", status=502)
        data = convert(await response.text())
        self.ctx.waitUntil(self.keep(data))  # the visitor need not wait for it
        return Response.json({"data": data, "fromCache": False})

    async def keep(self, data: dict[str, str]) -> None:
        """Put the data into KV, where it lasts for a minute.

        After a miss, many visitors come here at once, and a key takes one write a second: the
        others are refused with 429. That does no harm, so long as it is not theirs to suffer.
        """
        try:
            await self.env.CACHE_KV.put(CACHE_KEY, json.dumps(data), expirationTtl=EXPIRATION_TTL)
        except Exception as error:
            print(f"Not kept: {error}")


def convert(html: str) -> dict[str, str]:
    """The title of a page, and its text."""
    page = Page()
    page.feed(html)
    page.close()
    return {
        "title": words(page.title) or "No title found",
        "content": words(page.content) or "No content found",
        "lastUpdated": datetime.now(UTC).isoformat(),
    }


def words(texts: list[str]) -> str:
    """Texts as one, with single spaces."""
    return " ".join(" ".join(texts).split())


class Page(HTMLParser):
    """The texts of a page: those of its title, and those of its body."""

    def __init__(self) -> None:
        super().__init__()
        self.title: list[str] = []
        self.content: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        """Go into an element of which the content matters."""
        if tag in ("title", "body", "script", "style"):
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Come out of it."""
        if tag in self._inside:
            del self._inside[self._inside.index(tag) :]

    def handle_data(self, data: str) -> None:
        """Note a text; that of scripts and styles is none."""
        inside = self._inside[-1] if self._inside else ""
        if inside == "title":
            self.title.append(data)
        elif inside == "body":
            self.content.append(data)
