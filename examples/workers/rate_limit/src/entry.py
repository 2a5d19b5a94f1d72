"""Rate limit: a key takes one write a second; here are twenty at once, and three ways out."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any

from workers import Request, Response, WorkerEntrypoint

KEY = "common-key"
PARALLEL_WRITES = 20
REFUSED = "429 Too Many Requests"

Write = Callable[[int], Awaitable[dict[str, Any]]]


class Default(WorkerEntrypoint):
    """Twenty writes of one key, as nobody should make them: `/parallel`, `/retry`, `/jitter`.

    The fourth path, `/last`, is how it should be done: what is written last is what remains, so
    that alone need be written.
    """

    async def fetch(self, request: Request) -> Response:
        """What became of each write, as a list of `{"attempt", "success"}`."""
        ways: dict[str, Write] = {
            "parallel": self.attempt,
            "retry": lambda number: self.persist(number, max_attempts=5, spread=0),
            "jitter": lambda number: self.persist(number, max_attempts=8, spread=0.5),
        }
        way = request.url.rpartition("/")[2]
        if way == "last":
            return Response.json([await self.attempt(PARALLEL_WRITES)])
        if way not in ways:
            return Response("Try /parallel, /retry, /jitter or /last.", status=404)
        numbers = range(1, PARALLEL_WRITES + 1)
        return Response.json(await asyncio.gather(*map(ways[way], numbers)))

    async def attempt(self, number: int) -> dict[str, Any]:
        """One write, and whether KV has taken it."""
        try:
            await self.env.KV.put(KEY, f"Write attempt #{number}")
        except Exception as error:
            return {"attempt": number, "success": False, "error": {"message": str(error)}}
        return {"attempt": number, "success": True}

    async def persist(self, number: int, *, max_attempts: int, spread: float) -> dict[str, Any]:
        """One write, and while it is refused, again after 1, 2, 4… seconds.

        Without `spread`, as the documentation has it, all twenty wait for the same time and meet
        again: one is taken at each attempt. With it, each waits by so much longer or shorter.
        """
        delay = 1.0
        result = await self.attempt(number)
        for _ in range(max_attempts - 1):
            if result["success"] or REFUSED not in result["error"]["message"]:
                break  # it is there, or trying again would not help
            await asyncio.sleep(delay * random.uniform(1 - spread, 1 + spread))
            delay *= 2
            result = await self.attempt(number)
        return result
