"""Durable Object: the single writer of a key that is read everywhere."""

import json
import time
from typing import Any
from urllib.parse import urlsplit

from workers import DurableObject, Request, Response, WorkerEntrypoint

KEY = "scores"
RULES = "rules"
MILLISECONDS_BETWEEN_WRITES = 1000  # KV accepts one write per key and second


class Board(DurableObject):
    """The scores of a game. Its storage is authoritative; KV has a copy that is fast everywhere."""

    def __init__(self, ctx: Any, env: Any) -> None:
        super().__init__(ctx, env)
        self.kv = self.env.SCORES  # env has the bindings, as in a Worker

    async def add(self, name: str, points: int) -> int:
        """Add points to a player, and update the copy within a second.

        Return the points of the player.
        """
        # Read KV first. While an object awaits anything but its storage, other calls may run; none
        # may run between get and put of the storage.
        rules = await self.kv.get(RULES, "json") or {"factor": 1}
        scores = await self.ctx.storage.get("scores") or {}
        scores[name] = scores.get(name, 0) + points * rules["factor"]
        await self.ctx.storage.put("scores", scores)
        if await self.ctx.storage.getAlarm() is None:
            soon = int(time.time() * 1000) + MILLISECONDS_BETWEEN_WRITES
            await self.ctx.storage.setAlarm(soon)
        return int(scores[name])

    async def alarm(self) -> None:
        """Write all changes since the last alarm. If KV rejects the write, the alarm is retried."""
        scores = await self.ctx.storage.get("scores")
        await self.kv.put(KEY, json.dumps(scores))

    async def fetch(self, _: Request) -> Response:
        """Return the current scores."""
        return Response.json(await self.ctx.storage.get("scores") or {})


class Default(WorkerEntrypoint):
    """`POST /` with `{"name", "points"}` adds, `GET /` reads the copy, `GET /now` the object.

    The copy is fast everywhere and up to about a minute old; the object is in one location.
    """

    async def fetch(self, request: Request) -> Response:
        """Return the response."""
        board = self.env.BOARD.getByName("all")
        if request.method == "POST":
            data = await request.json()
            return Response.json({"points": await board.add(data["name"], data["points"])})
        if urlsplit(request.url).path == "/now":
            return await board.fetch(request)
        return Response.json(await self.env.SCORES.get(KEY, "json") or {})
