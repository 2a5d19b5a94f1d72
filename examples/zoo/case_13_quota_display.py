"""A remaining quota, read in any location. It assumes that the number only falls.

The next request reaches another location, and the number rises from 28 to 29. Breaks
`monotonic_reads`.
"""

from pykvbinding import EdgeNetwork, Env
from pykvbinding.sim import NonMonotonicRead, Schedule, monotonic_reads

BREAKS = NonMonotonicRead
SHORTEST = "1 2 3~1"


async def use_one(env: Env, left: int) -> None:
    """Store the remaining quota, as its single writer."""
    await env.KV.put("quota:ana", str(left))


async def show(env: Env) -> int:
    """Return the remaining quota for the page."""
    return int(await env.KV.get("quota:ana") or 0)


def play(schedule: Schedule) -> EdgeNetwork:
    """Ana reads twice, the second time in another location."""
    net = EdgeNetwork("EWR", "IAD", schedule=schedule)
    net.namespace().seed({"quota:ana": "29"})
    ana = net.session("ana", at="EWR")
    net.session("writer", at="EWR").call(use_one, 28)
    ana.call(show)
    ana.move_to("IAD")
    ana.call(show)
    net.check(monotonic_reads)
    return net


# The fix: the client's token carries the lowest number so far, and the page never shows more.


async def show_least(env: Env, seen: int) -> int:
    """Return the remaining quota, at most the number that the client has seen."""
    return min(seen, int(await env.KV.get("quota:ana") or 0))


def play_fixed(schedule: Schedule) -> EdgeNetwork:
    """Run the same two reads with the client's token."""
    net = EdgeNetwork("EWR", "IAD", schedule=schedule)
    net.namespace().seed({"quota:ana": "29"})
    ana = net.session("ana", at="EWR")
    net.session("writer", at="EWR").call(use_one, 28)
    first = ana.call(show_least, 30)
    ana.move_to("IAD")
    assert ana.call(show_least, first) <= first
    return net
