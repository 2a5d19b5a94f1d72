"""A session that is read with a long cacheTtl. It assumes that a delete ends it.

Breaks `fresh(within=60)`: in a location that has read it, it stays valid for an hour.
"""

from pykvbinding import EdgeNetwork, Env
from pykvbinding.sim import Schedule, StaleRead, fresh

BREAKS = StaleRead
SHORTEST = "1 2 3~1"


async def log_in(env: Env) -> None:
    """Create a session."""
    await env.KV.put("session:7f3a", "ana")


async def log_out(env: Env) -> None:
    """Delete the session."""
    await env.KV.delete("session:7f3a")


async def who(env: Env) -> str | None:
    """Return the user of a session."""
    found: str | None = await env.KV.get("session:7f3a", cacheTtl=3600)
    return found


def play(schedule: Schedule, staleness_grace_seconds: float = 0) -> EdgeNetwork:
    """Ana logs out; 90 seconds later her token is used in another location."""
    return _play(who, schedule, staleness_grace_seconds)


# The fix: the default cacheTtl, so that a session stays valid for at most a minute. This holds for
# the documented "60 seconds". It does not hold with staleness_grace_seconds, the "or more" of
# another sentence.


async def who_is(env: Env) -> str | None:
    """Return the user of a session, stale by at most a minute."""
    found: str | None = await env.KV.get("session:7f3a")
    return found


def play_fixed(schedule: Schedule, staleness_grace_seconds: float = 0) -> EdgeNetwork:
    """Run the same with the default cacheTtl."""
    return _play(who_is, schedule, staleness_grace_seconds)


def _play(who: object, schedule: Schedule, staleness_grace_seconds: float) -> EdgeNetwork:
    net = EdgeNetwork(
        "LHR", "NRT", schedule=schedule, staleness_grace_seconds=staleness_grace_seconds
    )
    net.session("ana", at="LHR").call(log_in)
    net.clock.advance(minutes=10)
    net.session("ana").call(log_out)
    net.clock.advance(seconds=75)
    net.session("thief", at="NRT").call(who)  # type: ignore[arg-type]
    net.check(fresh(within=60))
    return net
