"""URL shortener: links in KV that count their clicks and expire, with names that are unique."""

import re
import secrets
from collections import Counter
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from workers import DurableObject, Request, Response, WorkerEntrypoint

SLUG = re.compile(r"[a-z0-9-]{3,32}")
SHORTEST_TTL = 60  # seconds; KV takes no less


class Slugs(DurableObject):
    """Whose a slug is: an object for each, of which there is one in the whole world.

    KV cannot tell. Of two who look, find the slug free and write, the later one wins and neither
    learns of the other: see the tests.
    """

    async def claim(self, url: str) -> bool:
        """Give the slug to a URL, for good. Whether it has it now: to ask again does no harm."""
        # Nothing else is awaited in between, so nobody else comes in between.
        owner = await self.ctx.storage.get("url")
        if owner is None:
            await self.ctx.storage.put("url", url)
        return owner in (None, url)


class Default(WorkerEntrypoint):
    """`POST /` makes a link, `GET /slug` follows it, `GET /slug/stats` tells who has."""

    async def fetch(self, request: Request) -> Response:
        """The answer."""
        slug, _, rest = urlsplit(request.url).path.removeprefix("/").partition("/")
        if not slug and request.method == "POST":
            return await self.create(request)
        if request.method == "GET" and SLUG.fullmatch(slug) and rest in ("", "stats"):
            return await (self.stats(slug) if rest else self.follow(slug, request))
        return Response("Not found", status=404)

    async def create(self, request: Request) -> Response:
        """Of `{"url": …}`, which may have a `slug`, and a `ttl` in seconds: a link."""
        try:
            wish = read_wish(await request.json())
        except ValueError as error:
            return Response.json({"error": str(error)}, status=400)
        slug, url = wish["slug"], wish["url"]
        if slug is None:
            slug = new_slug()
            while not await self.claim(slug, url):
                slug = new_slug()
        elif not await self.claim(slug, url):
            return Response.json({"error": f"{slug} is taken"}, status=409)
        options = {"metadata": {"created": datetime.now(UTC).isoformat(timespec="seconds")}}
        if wish["ttl"] is not None:
            options["expirationTtl"] = wish["ttl"]
        await self.env.LINKS.put(f"link:{slug}", url, **options)
        return Response.json({"slug": slug, "url": url}, status=201)

    async def claim(self, slug: str, url: str) -> bool:
        """Whether the slug may be used for that URL."""
        return bool(await self.env.SLUGS.getByName(slug).claim(url))

    async def follow(self, slug: str, request: Request) -> Response:
        """Send the client on, and write that down once it is on its way."""
        url = await self.env.LINKS.get(f"link:{slug}")
        if url is None:
            return Response("Not found", status=404)
        country = getattr(request.cf, "country", None) or "unknown"
        self.ctx.waitUntil(self.note_click(slug, country))
        return Response(None, status=302, headers={"location": url, "cache-control": "no-store"})

    async def note_click(self, slug: str, country: str) -> None:
        """A key for each click: a counter would lose those that come at once.

        What is asked later is metadata, which a list brings along; the value is never read.
        """
        key = f"click:{slug}:{secrets.token_hex(8)}"
        await self.env.LINKS.put(key, "", metadata={"country": country})

    async def stats(self, slug: str) -> Response:
        """Where the link leads, since when, and how often it was followed from each country."""
        link = await self.env.LINKS.getWithMetadata(f"link:{slug}")
        if link["value"] is None:
            return Response("Not found", status=404)
        countries: Counter[str] = Counter()
        options: dict[str, Any] = {"prefix": f"click:{slug}:"}
        while True:
            page = await self.env.LINKS.list(**options)
            countries.update(key["metadata"]["country"] for key in page["keys"])
            if page["list_complete"]:
                break
            options["cursor"] = page["cursor"]
        told = {"clicks": countries.total(), "countries": dict(countries)}
        return Response.json({"url": link["value"], **link["metadata"], **told})


def new_slug() -> str:
    """One that can hardly be guessed."""
    return secrets.token_hex(4)


def read_wish(body: Any) -> dict[str, Any]:
    """`url`, `slug` and `ttl` of the body of a request, None for what is not there.

    Raises: ValueError that says what is wrong.
    """
    wish = {name: body.get(name) for name in ("url", "slug", "ttl")} if type(body) is dict else {}
    url, slug, ttl = wish.get("url"), wish.get("slug"), wish.get("ttl")
    if not isinstance(url, str) or not re.match(r"https?://[^\s/]", url):
        raise ValueError("url has to be one, with http or https")
    if slug is not None and not (isinstance(slug, str) and SLUG.fullmatch(slug)):
        raise ValueError("slug: 3 to 32 of a-z, 0-9 and -")
    if ttl is not None and not (type(ttl) is int and ttl >= SHORTEST_TTL):
        raise ValueError(f"ttl: seconds, {SHORTEST_TTL} at least")
    return wish
