"""An item and an index that names it. It takes for granted that who sees the index sees the item.

Breaks `together`: each key ages by itself.
"""

import json

from pykvbinding import Env
from pykvbinding.sim import EdgeNetwork, Schedule, TornRead, together

BREAKS = TornRead
SHORTEST = "1 1 2 2~1"


async def publish(env: Env, item: str) -> None:
    """Store an item, and then name it in the index."""
    await env.KV.put("item", item)
    await env.KV.put("index", json.dumps(["item"]))


async def read(env: Env) -> list[str | None]:
    """Every item that the index names."""
    names = await env.KV.get("index", "json") or []
    return [await env.KV.get(name) for name in names]


def play(schedule: Schedule) -> EdgeNetwork:
    """An item is published while somebody reads."""
    net = EdgeNetwork("LHR", "NRT", schedule=schedule)
    net.start(publish, "text", at="LHR")
    net.start(read, at="NRT")
    net.run()
    net.check(together("item", "index"))
    return net


# The fix: what belongs together is one value ("coalescing keys").


async def publish_together(env: Env, item: str) -> None:
    """Store the item in the index itself."""
    await env.KV.put("index", json.dumps({"item": item}))


async def read_together(env: Env) -> list[str | None]:
    """Every item of the index."""
    items = await env.KV.get("index", "json") or {}
    return list(items.values())


def play_fixed(schedule: Schedule) -> EdgeNetwork:
    """The same, in one key."""
    net = EdgeNetwork("LHR", "NRT", schedule=schedule)
    net.start(publish_together, "text", at="LHR")
    reader = net.start(read_together, at="NRT")
    net.run()
    assert None not in reader.result
    net.check(together("item", "index"))
    return net
