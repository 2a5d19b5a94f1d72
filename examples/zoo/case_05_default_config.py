"""A setting that is created when it is missing. It assumes that missing means missing.

A miss is cached too, so the default overwrites the value that the admin has just set.
Breaks `no_lost_updates`.
"""

from pykvbinding import EdgeNetwork, Env
from pykvbinding.sim import LostUpdate, Schedule, no_lost_updates

BREAKS = LostUpdate
SHORTEST = "1 2~1 2!"


async def set_limit(env: Env, limit: str) -> None:
    """Set the limit, as the admin."""
    await env.KV.put("config:limit", limit)


async def limit_of(env: Env) -> str:
    """Return the limit; if there is none, store and return the default."""
    limit: str | None = await env.KV.get("config:limit")
    if limit is None:
        limit = "100"
        await env.KV.put("config:limit", limit)
    return limit


def play(schedule: Schedule) -> EdgeNetwork:
    """The admin sets a limit while a Worker reads it."""
    net = EdgeNetwork("LHR", "NRT", schedule=schedule)
    net.start(set_limit, "5", at="LHR")
    net.start(limit_of, at="NRT")
    net.run()
    net.check(no_lost_updates)
    return net


# The fix: the default is in the code and is never written.


async def limit_or_default(env: Env) -> str:
    """Return the limit or the default."""
    return await env.KV.get("config:limit") or "100"


def play_fixed(schedule: Schedule) -> EdgeNetwork:
    """Run the same without the write."""
    net = EdgeNetwork("LHR", "NRT", schedule=schedule)
    net.start(set_limit, "5", at="LHR")
    net.start(limit_or_default, at="NRT")
    net.run()
    assert net.latest("config:limit") == "5"
    net.check(no_lost_updates)
    return net
