"""A remaining quota, shown from whatever location answers. It takes for granted that it only falls.

The next request lands elsewhere, and the number rises from 28 to 29. Breaks `monotonic_reads`.
"""

from pykvbinding import EdgeNetwork, Env
from pykvbinding.sim import NonMonotonicRead, Schedule, monotonic_reads

BREAKS = NonMonotonicRead
SHORTEST = "1 2 3~1"


async def use_one(env: Env, left: int) -> None:
    """The single writer of the quota stores what is left."""
    await env.KV.put("quota:ana", str(left))


async def show(env: Env) -> int:
    """What is left, as the page shows it."""
    return int(await env.KV.get("quota:ana") or 0)


def play(schedule: Schedule) -> EdgeNetwork:
    """Ana looks twice; the second time another location answers."""
    net = EdgeNetwork("EWR", "IAD", schedule=schedule)
    net.namespace().seed({"quota:ana": "29"})
    ana = net.session("ana", at="EWR")
    net.session("writer", at="EWR").call(use_one, 28)
    ana.call(show)
    ana.move_to("IAD")
    ana.call(show)
    net.check(monotonic_reads)
    return net


# The fix: the client's token carries the least that it has seen, and the page never shows more.


async def show_least(env: Env, seen: int) -> int:
    """What is left, and never more than the client has seen already."""
    return min(seen, int(await env.KV.get("quota:ana") or 0))


def play_fixed(schedule: Schedule) -> EdgeNetwork:
    """The same two looks, with the client's token."""
    net = EdgeNetwork("EWR", "IAD", schedule=schedule)
    net.namespace().seed({"quota:ana": "29"})
    ana = net.session("ana", at="EWR")
    net.session("writer", at="EWR").call(use_one, 28)
    first = ana.call(show_least, 30)
    ana.move_to("IAD")
    assert ana.call(show_least, first) <= first
    return net
