"""A Worker with a Durable Object that counts, waits, fails and sets alarms."""

from typing import Any

BINDINGS: dict[str, Any] = {
    "durable_objects": {
        "bindings": [
            {"name": "COUNTER", "class_name": "Counter"},
            {"name": "GONE", "class_name": "Gone"},
            {"name": "OTHER", "class_name": "Other", "script_name": "elsewhere"},
        ]
    }
}

SOURCE = """
import asyncio
from workers import DurableObject, Response, WorkerEntrypoint

class Counter(DurableObject):
    def __init__(self, ctx, env):
        super().__init__(ctx, env)
        self.made = env.GREETING
        if self.ctx.id.name == "broken":
            raise ValueError("no")
        if self.ctx.id.name == "slow":
            self.ctx.blockConcurrencyWhile(self.prepare)
        if self.ctx.id.name == "failing":
            self.ctx.blockConcurrencyWhile(self.fail)
        self.prepared = []

    async def prepare(self):
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        self.prepared.append("prepared")

    async def fail(self):
        await asyncio.sleep(0)
        raise ValueError("blocked")

    async def increment(self, by=1):
        count = (await self.ctx.storage.get("count") or 0) + by
        await self.ctx.storage.put("count", count)
        return count

    def sync(self, *args):
        return [self.made, *args]

    async def told(self):
        return self.prepared

    async def raises(self):
        raise ValueError("boom")

    async def forbidden(self):
        await self.env.KV.put("", "x")

    async def late(self):
        async def later():
            await asyncio.sleep(0)
            await self.env.KV.put("late", "1")
            raise ValueError("late")
        self.ctx.waitUntil(later())

    async def forget(self):
        self.ctx.storage.put
        self.made = "forgotten"
        self.ctx._ctx.abort() if hasattr(self.ctx, "_ctx") else self.ctx.abort()

    async def wake(self, at):
        await self.ctx.storage.setAlarm(at)
        return await self.ctx.storage.getAlarm()

    async def alarm(self, info=None):
        await self.ctx.storage.put("alarm", True)
        if self.ctx.id.name == "loud":
            raise KeyError("loud")

    async def fetch(self, request):
        if request.url.endswith("/raise"):
            raise ValueError("boom")
        return Response(f"{request.method} {request.url} {await request.text()}")

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        counter = self.env.COUNTER.getByName("a")
        path = request.url.removeprefix("http://localhost/")
        if path == "fetch":
            return await counter.fetch(request)
        if path == "late":
            await counter.late()
            return Response("soon")
        if path == "used":
            response = await counter.fetch("http://object/")
            return Response(await response.text())
        result = await getattr(counter, path)()
        return Response.json(result)
"""
