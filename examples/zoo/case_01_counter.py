"""A counter: read, add one, write. It takes for granted that nobody writes in between.

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
    """Two visits, in two places."""
    net = EdgeNetwork("LHR", "NRT", schedule=schedule)
    net.start(visit, at="LHR")
    net.start(visit, at="NRT")
    net.run()
    net.check(no_lost_updates)
    return net


# The fix: a key for each visit, and counting by `list` once a minute has passed. A single writer,
# such as a Durable Object, would do as well.


async def note_visit(env: Env, id: str) -> None:
    """Write down one visit, where nobody else writes."""
    await env.KV.put(f"visit:{id}", "")


async def count_visits(env: Env) -> int:
    """The visits up to a minute ago, and perhaps later ones."""
    count, cursor = 0, None
    while True:
        page = await env.KV.list(prefix="visit:", cursor=cursor)
        count += len(page["keys"])
        if page.list_complete:
            return count
        cursor = page.cursor


def play_fixed(schedule: Schedule) -> EdgeNetwork:
    """The same two visits, and a count two minutes later."""
    net = EdgeNetwork("LHR", "NRT", schedule=schedule)
    net.start(note_visit, "a", at="LHR")
    net.start(note_visit, "b", at="NRT")
    net.run()
    net.clock.advance(minutes=2)
    assert net.session("owner", at="NRT").call(count_visits) == 2
    net.check(no_lost_updates)
    return net
