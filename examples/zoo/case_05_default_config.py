"""A setting that is created when it is missing. It takes for granted that missing means missing.

A lookup that found nothing is cached too: the default overwrites what the admin has just set.
Breaks `no_lost_updates`.
"""

from pykvbinding import EdgeNetwork, Env
from pykvbinding.sim import LostUpdate, Schedule, no_lost_updates

BREAKS = LostUpdate
SHORTEST = "1 2~1 2!"


async def set_limit(env: Env, limit: str) -> None:
    """The admin sets the limit."""
    await env.KV.put("config:limit", limit)


async def limit_of(env: Env) -> str:
    """The limit; the default, which is stored, where there is none."""
    limit: str | None = await env.KV.get("config:limit")
    if limit is None:
        limit = "100"
        await env.KV.put("config:limit", limit)
    return limit


def play(schedule: Schedule) -> EdgeNetwork:
    """The admin sets a limit while a worker looks for one."""
    net = EdgeNetwork("LHR", "NRT", schedule=schedule)
    net.start(set_limit, "5", at="LHR")
    net.start(limit_of, at="NRT")
    net.run()
    net.check(no_lost_updates)
    return net


# The fix: the default is in the code, and nobody writes it.


async def limit_or_default(env: Env) -> str:
    """The limit, or the default."""
    return await env.KV.get("config:limit") or "100"


def play_fixed(schedule: Schedule) -> EdgeNetwork:
    """The same, without a write."""
    net = EdgeNetwork("LHR", "NRT", schedule=schedule)
    net.start(set_limit, "5", at="LHR")
    net.start(limit_or_default, at="NRT")
    net.run()
    assert net.latest("config:limit") == "5"
    net.check(no_lost_updates)
    return net
