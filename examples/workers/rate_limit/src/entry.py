"""Rate limit: KV accepts one write per key and second; three ways to handle twenty at once."""

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
    """Twenty writes of one key, an anti-pattern: `/parallel`, `/retry`, `/jitter`.

    `/last` is the recommended way: only the last value remains, so only it has to be written.
    """

    async def fetch(self, request: Request) -> Response:
        """Return the outcome of each write, as a list of `{"attempt", "success"}`."""
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
        """Write once; return whether KV accepted it."""
        try:
            await self.env.KV.put(KEY, f"Write attempt #{number}")
        except Exception as error:
            return {"attempt": number, "success": False, "error": {"message": str(error)}}
        return {"attempt": number, "success": True}

    async def persist(self, number: int, *, max_attempts: int, spread: float) -> dict[str, Any]:
        """Write, and while KV rejects the write, retry after 1, 2, 4… seconds.

        Without `spread`, as in the documentation, all twenty wait equally long and collide again:
        one succeeds at each attempt. With it, each delay is randomly longer or shorter.
        """
        delay = 1.0
        result = await self.attempt(number)
        for _ in range(max_attempts - 1):
            if result["success"] or REFUSED not in result["error"]["message"]:
                break  # it succeeded, or a retry would not help
            await asyncio.sleep(delay * random.uniform(1 - spread, 1 + spread))
            delay *= 2
            result = await self.attempt(number)
        return result
