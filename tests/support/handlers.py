"""Handlers and networks for tests of the simulation."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from pykvbinding import EdgeNetwork, Env
from pykvbinding.sim.trace import Event

Handler = Callable[..., Coroutine[Any, Any, Any]]


async def visit(env: Env) -> None:
    """Count a visit with a read and a write."""
    n = int(await env.KV.get("visits") or 0)
    await env.KV.put("visits", str(n + 1))


async def look(env: Env, key: str = "k", **options: Any) -> Any:
    return await env.KV.get(key, **options)


async def store(env: Env, value: str = "1", key: str = "k") -> None:
    await env.KV.put(key, value)


async def remove(env: Env, key: str = "k") -> None:
    await env.KV.delete(key)


async def names(env: Env, **options: Any) -> list[str]:
    page = await env.KV.list(**options)
    return [key.name for key in page["keys"]]


async def pause(env: Env, seconds: float) -> None:
    await asyncio.sleep(seconds)


def staged(*handlers: Handler, schedule: Any = None, **options: Any) -> EdgeNetwork:
    """Return a network in which the handlers have run in alternating locations."""
    net = EdgeNetwork("LHR", "NRT", schedule=schedule, **options)
    for number, handler in enumerate(handlers):
        net.start(handler, at=net.locations[number % 2])
    net.run()
    return net


def operations(net: EdgeNetwork) -> list[Event]:
    return [event for event in net.trace.events if event.kind != "lapse"]
