"""An item and an index that names it. It assumes that a reader of the index can read the item.

Breaks `together`: each key is cached separately.
"""

import json

from pykvbinding import EdgeNetwork, Env
from pykvbinding.sim import Schedule, TornRead, together

BREAKS = TornRead
SHORTEST = "1 1 2 2~1"


async def publish(env: Env, item: str) -> None:
    """Store an item, and then add it to the index."""
    await env.KV.put("item", item)
    await env.KV.put("index", json.dumps(["item"]))


async def read(env: Env) -> list[str | None]:
    """Return every item in the index."""
    names = await env.KV.get("index", "json") or []
    return [await env.KV.get(name) for name in names]


def play(schedule: Schedule) -> EdgeNetwork:
    """Publish an item while another handler reads."""
    net = EdgeNetwork("LHR", "NRT", schedule=schedule)
    net.start(publish, "text", at="LHR")
    net.start(read, at="NRT")
    net.run()
    net.check(together("item", "index"))
    return net


# The fix: store related data in one value ("coalescing keys").


async def publish_together(env: Env, item: str) -> None:
    """Store the item in the index itself."""
    await env.KV.put("index", json.dumps({"item": item}))


async def read_atomically(env: Env) -> list[str | None]:
    """Return every item in the index."""
    items = await env.KV.get("index", "json") or {}
    return list(items.values())


def play_fixed(schedule: Schedule) -> EdgeNetwork:
    """Run the same with one key."""
    net = EdgeNetwork("LHR", "NRT", schedule=schedule)
    net.start(publish_together, "text", at="LHR")
    reader = net.start(read_atomically, at="NRT")
    net.run()
    assert None not in reader.result
    net.check(together("item", "index"))
    return net
