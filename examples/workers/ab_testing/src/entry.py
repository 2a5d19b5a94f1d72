"""A/B testing: each visitor always sees the same variant of a page, and is counted once."""

import random
import secrets
from collections import Counter
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from workers import Request, Response, WorkerEntrypoint

CONFIG = "config:headline"
YEAR = 365 * 24 * 3600

PAGES = {
    "plain": "<h1>Welcome</h1>",
    "friendly": "<h1>How nice of you to come!</h1>",
    "bold": "<h1>The best shop there is</h1>",
}


class Default(WorkerEntrypoint):
    """`/` is the page, `POST /bought` records a purchase, `/results` counts both.

    The key "config:headline" has the weights, `{"plain": 50, "friendly": 50}`. A variant of weight
    0 gets no new visitors and keeps those it has; visitors of a variant that is not listed get
    another.
    """

    async def fetch(self, request: Request) -> Response:
        """Return the page or the results."""
        path = urlsplit(request.url).path
        if path == "/":
            return await self.show(request)
        if path == "/bought" and request.method == "POST":
            return await self.note_purchase(request)
        if path == "/results":
            return Response.json(await self.results())
        return Response("Not found", status=404)

    async def show(self, request: Request) -> Response:
        """Return the visitor's variant: that of the cookie, if the variant still exists."""
        weights = await self.env.EXPERIMENTS.get(CONFIG, "json") or {"plain": 1}
        headers = {"content-type": "text/html; charset=utf-8", "cache-control": "no-store"}
        visitor, variant = read_cookie(request)
        if variant not in weights or variant not in PAGES:
            visitor = secrets.token_hex(8)
            variant = choose(weights)
            headers["set-cookie"] = (
                f"headline={visitor}.{variant}; Path=/; Max-Age={YEAR}; HttpOnly; SameSite=Lax"
            )
            self.ctx.waitUntil(self.note("seen", variant, visitor))
        return Response(PAGES[variant], headers=headers)

    async def note_purchase(self, request: Request) -> Response:
        """Count a purchase for the variant that led to it, once for each visitor."""
        visitor, variant = read_cookie(request)
        if variant in PAGES:
            await self.note("bought", variant, visitor)
        return Response(None, status=204)

    async def note(self, event: str, variant: str, visitor: str) -> None:
        """Record an event under a separate key.

        A counter that is read, incremented and written would lose concurrent visitors, and a second
        write within one second would be rejected. A separate key avoids both, and writing it twice
        has no effect. It expires after a year, as does the cookie.
        """
        key = f"{event}:{variant}:{visitor}"
        await self.env.EXPERIMENTS.put(key, "", expirationTtl=YEAR)

    async def results(self) -> dict[str, dict[str, int]]:
        """Count the visitors of each variant, and the purchases.

        Events of the last minute may be missing. If there are very many, aggregate them with a cron
        trigger instead of at each request.
        """
        return {event: await self.count(event) for event in ("seen", "bought")}

    async def count(self, event: str) -> dict[str, int]:
        """Count the events of each variant. A page of a list has at most 1000 keys."""
        counts: Counter[str] = Counter()
        options: dict[str, Any] = {"prefix": f"{event}:"}
        while True:
            page = await self.env.EXPERIMENTS.list(**options)
            counts.update(key["name"].split(":")[1] for key in page["keys"])
            if page["list_complete"]:
                return dict(counts)
            options["cursor"] = page["cursor"]


def read_cookie(request: Request) -> tuple[str, str]:
    """Return visitor and variant of the cookie; two empty strings if it is missing or invalid."""
    cookie = SimpleCookie(request.headers.get("cookie") or "").get("headline")
    visitor, _, variant = (cookie.value if cookie else "").partition(".")
    if len(visitor) != 16 or not visitor.isalnum():  # it becomes part of a key
        return "", ""
    return visitor, variant


def choose(weights: dict[str, float]) -> str:
    """Draw a variant at random by weight."""
    known = {variant: weight for variant, weight in weights.items() if variant in PAGES}
    if not any(known.values()):
        return "plain"
    return random.choices(list(known), list(known.values()))[0]
