"""A/B testing: each visitor sees one variant of a page, always the same, and is counted once."""

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
    """`/` is the page, `POST /bought` says that it worked, `/results` counts both.

    Under "config:headline" lie the weights, `{"plain": 50, "friendly": 50}`. A variant of weight 0
    gets no new visitors, and keeps those that it has; one that is not named has lost them.
    """

    async def fetch(self, request: Request) -> Response:
        """The page, or what it has brought about."""
        path = urlsplit(request.url).path
        if path == "/":
            return await self.show(request)
        if path == "/bought" and request.method == "POST":
            return await self.note_purchase(request)
        if path == "/results":
            return Response.json(await self.results())
        return Response("Not found", status=404)

    async def show(self, request: Request) -> Response:
        """The visitor's variant: that of the cookie, as long as there is such a variant."""
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
        """Write an event down under a key of its own.

        A counter that is read, increased and written would lose visitors who come at once, and
        refuse those who come within a second. A key that nobody else writes does neither, and to
        write it twice does no harm. It is forgotten after a year, as is the cookie.
        """
        key = f"{event}:{variant}:{visitor}"
        await self.env.EXPERIMENTS.put(key, "", expirationTtl=YEAR)

    async def results(self) -> dict[str, dict[str, int]]:
        """How many visitors saw each variant, and how many of them bought something.

        Events of the last minute may be missing; and where there are very many, sum them up from
        time to time (with a cron trigger) rather than at each look.
        """
        return {event: await self.count(event) for event in ("seen", "bought")}

    async def count(self, event: str) -> dict[str, int]:
        """How many events there are of each variant. A page of a list has 1000 keys at most."""
        counts: Counter[str] = Counter()
        options: dict[str, Any] = {"prefix": f"{event}:"}
        while True:
            page = await self.env.EXPERIMENTS.list(**options)
            counts.update(key["name"].split(":")[1] for key in page["keys"])
            if page["list_complete"]:
                return dict(counts)
            options["cursor"] = page["cursor"]


def read_cookie(request: Request) -> tuple[str, str]:
    """The visitor and the variant of the cookie; twice nothing without one, or with nonsense."""
    cookie = SimpleCookie(request.headers.get("cookie") or "").get("headline")
    visitor, _, variant = (cookie.value if cookie else "").partition(".")
    if len(visitor) != 16 or not visitor.isalnum():  # it is to become part of a key
        return "", ""
    return visitor, variant


def choose(weights: dict[str, float]) -> str:
    """A variant at random, as often as its weight says."""
    known = {variant: weight for variant, weight in weights.items() if variant in PAGES}
    if not any(known.values()):
        return "plain"
    return random.choices(list(known), list(known.values()))[0]
