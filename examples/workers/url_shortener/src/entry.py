"""URL shortener: links in KV with statistics and expiration, and unique names."""

import re
import secrets
from collections import Counter
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from workers import DurableObject, Request, Response, WorkerEntrypoint

SLUG = re.compile(r"[a-z0-9-]{3,32}")
MIN_TTL = 60  # seconds; the minimum of KV


class Slugs(DurableObject):
    """The owner of a slug: one object for each slug, globally unique.

    KV alone cannot decide. If two clients check that a slug is free and write, the later write wins
    and neither client is informed: see the tests.
    """

    async def claim(self, url: str) -> bool:
        """Assign the slug to a URL permanently; return whether it has it. May be repeated."""
        # No other call can run between get and put of the storage.
        owner = await self.ctx.storage.get("url")
        if owner is None:
            await self.ctx.storage.put("url", url)
        return owner in (None, url)


class Default(WorkerEntrypoint):
    """`POST /` creates a link, `GET /slug` follows it, `GET /slug/stats` has statistics."""

    async def fetch(self, request: Request) -> Response:
        """Return the response."""
        slug, _, rest = urlsplit(request.url).path.removeprefix("/").partition("/")
        if not slug and request.method == "POST":
            return await self.create(request)
        if request.method == "GET" and SLUG.fullmatch(slug) and rest in ("", "stats"):
            return await (self.stats(slug) if rest else self.follow(slug, request))
        return Response("Not found", status=404)

    async def create(self, request: Request) -> Response:
        """Create a link from `{"url": …}`, with an optional `slug`, and a `ttl` in seconds."""
        try:
            fields = parse_link(await request.json())
        except ValueError as error:
            return Response.json({"error": str(error)}, status=400)
        slug, url = fields["slug"], fields["url"]
        if slug is None:
            slug = new_slug()
            while not await self.claim(slug, url):
                slug = new_slug()
        elif not await self.claim(slug, url):
            return Response.json({"error": f"{slug} is taken"}, status=409)
        options = {"metadata": {"created": datetime.now(UTC).isoformat(timespec="seconds")}}
        if fields["ttl"] is not None:
            options["expirationTtl"] = fields["ttl"]
        await self.env.LINKS.put(f"link:{slug}", url, **options)
        return Response.json({"slug": slug, "url": url}, status=201)

    async def claim(self, slug: str, url: str) -> bool:
        """Return whether the slug can be used for that URL."""
        return bool(await self.env.SLUGS.getByName(slug).claim(url))

    async def follow(self, slug: str, request: Request) -> Response:
        """Redirect the client, and record the click after the response."""
        url = await self.env.LINKS.get(f"link:{slug}")
        if url is None:
            return Response("Not found", status=404)
        country = getattr(request.cf, "country", None) or "unknown"
        self.ctx.waitUntil(self.note_click(slug, country))
        return Response(None, status=302, headers={"location": url, "cache-control": "no-store"})

    async def note_click(self, slug: str, country: str) -> None:
        """Record a click under a separate key: a counter would lose concurrent clicks.

        The country is metadata, which a list includes, so the value is never read.
        """
        key = f"click:{slug}:{secrets.token_hex(8)}"
        await self.env.LINKS.put(key, "", metadata={"country": country})

    async def stats(self, slug: str) -> Response:
        """Return the URL, the creation time, and the number of clicks from each country."""
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
        counts = {"clicks": countries.total(), "countries": dict(countries)}
        return Response.json({"url": link["value"], **link["metadata"], **counts})


def new_slug() -> str:
    """Return a slug that is hard to guess."""
    return secrets.token_hex(4)


def parse_link(body: Any) -> dict[str, Any]:
    """Return `url`, `slug` and `ttl` of the body of a request, None if absent.

    Raises: ValueError with a message for the client.
    """
    fields = {name: body.get(name) for name in ("url", "slug", "ttl")} if type(body) is dict else {}
    url, slug, ttl = fields.get("url"), fields.get("slug"), fields.get("ttl")
    if not isinstance(url, str) or not re.match(r"https?://[^\s/]", url):
        raise ValueError("url must be a URL with http or https")
    if slug is not None and not (isinstance(slug, str) and SLUG.fullmatch(slug)):
        raise ValueError("slug must be 3 to 32 characters of a-z, 0-9 and -")
    if ttl is not None and not (type(ttl) is int and ttl >= MIN_TTL):
        raise ValueError(f"ttl must be at least {MIN_TTL} seconds")
    return fields
