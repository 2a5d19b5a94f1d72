"""Durable Object: the one writer of a key that everybody reads, and that KV would else refuse."""

import json
import time
from typing import Any
from urllib.parse import urlsplit

from workers import DurableObject, Request, Response, WorkerEntrypoint

KEY = "scores"
RULES = "rules"
MILLISECONDS_BETWEEN_WRITES = 1000  # KV takes one write of a key a second


class Board(DurableObject):
    """The scores of a game. What it stores is the truth; KV has a copy that all can read nearby."""

    def __init__(self, ctx: Any, env: Any) -> None:
        super().__init__(ctx, env)
        self.kv = self.env.SCORES  # bindings come with the env, here as in a Worker

    async def add(self, name: str, points: int) -> int:
        """Give points to a player, and have the copy renewed within a second.

        Returns what the player has now.
        """
        # KV first. While an object waits for anything but its storage, other calls come in; between
        # the get and the put of the storage, none may.
        rules = await self.kv.get(RULES, "json") or {"factor": 1}
        scores = await self.ctx.storage.get("scores") or {}
        scores[name] = scores.get(name, 0) + points * rules["factor"]
        await self.ctx.storage.put("scores", scores)
        if await self.ctx.storage.getAlarm() is None:
            soon = int(time.time() * 1000) + MILLISECONDS_BETWEEN_WRITES
            await self.ctx.storage.setAlarm(soon)
        return int(scores[name])

    async def alarm(self) -> None:
        """Write all that has come in since the last time. If KV refuses, this is tried again."""
        scores = await self.ctx.storage.get("scores")
        await self.kv.put(KEY, json.dumps(scores))

    async def fetch(self, _: Request) -> Response:
        """The scores as they are."""
        return Response.json(await self.ctx.storage.get("scores") or {})


class Default(WorkerEntrypoint):
    """`POST /` with `{"name", "points"}` adds, `GET /` reads the copy, `GET /now` asks the object.

    The copy is quick wherever you are, and up to a minute or so old; the object is one, somewhere.
    """

    async def fetch(self, request: Request) -> Response:
        """The answer."""
        board = self.env.BOARD.getByName("all")
        if request.method == "POST":
            given = await request.json()
            return Response.json({"points": await board.add(given["name"], given["points"])})
        if urlsplit(request.url).path == "/now":
            return await board.fetch(request)
        return Response.json(await self.env.SCORES.get(KEY, "json") or {})
