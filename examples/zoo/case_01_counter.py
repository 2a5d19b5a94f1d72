"""A counter: read, add one, write. It assumes that no other write happens in between.

Carts and home-made rate limiters are counters too. Breaks `no_lost_updates`.
"""

from pykvbinding import EdgeNetwork, Env
from pykvbinding.sim import LostUpdate, Schedule, no_lost_updates

BREAKS = LostUpdate
SHORTEST = "1 1 2~1 2!"


async def visit(env: Env) -> None:
    """Count one visit."""
    count = int(await env.KV.get("visits") or 0)
    await env.KV.put("visits", str(count + 1))


def play(schedule: Schedule) -> EdgeNetwork:
    """Run two visits in two locations."""
    net = EdgeNetwork("LHR", "NRT", schedule=schedule)
    net.start(visit, at="LHR")
    net.start(visit, at="NRT")
    net.run()
    net.check(no_lost_updates)
    return net


# The fix: a key for each visit, counted by `list` after a minute. A single writer, such as a
# Durable Object, is another fix.


async def note_visit(env: Env, id: str) -> None:
    """Record one visit under a key that no other visit uses."""
    await env.KV.put(f"visit:{id}", "")


async def count_visits(env: Env) -> int:
    """Return the number of visits until a minute ago, and possibly later ones."""
    count, cursor = 0, None
    while True:
        page = await env.KV.list(prefix="visit:", cursor=cursor)
        count += len(page["keys"])
        if page.list_complete:
            return count
        cursor = page.cursor


def play_fixed(schedule: Schedule) -> EdgeNetwork:
    """Run the same two visits, and count two minutes later."""
    net = EdgeNetwork("LHR", "NRT", schedule=schedule)
    net.start(note_visit, "a", at="LHR")
    net.start(note_visit, "b", at="NRT")
    net.run()
    net.clock.advance(minutes=2)
    assert net.session("owner", at="NRT").call(count_visits) == 2
    net.check(no_lost_updates)
    return net
