"""A session that is read with a long cacheTtl. It takes for granted that a delete ends it.

Breaks `fresh(within=60)`: where it has been read, it lives on for an hour.
"""

from pykvbinding import EdgeNetwork, Env
from pykvbinding.sim import Schedule, StaleRead, fresh

BREAKS = StaleRead
SHORTEST = "1 2 3~1"


async def log_in(env: Env) -> None:
    """Begin a session."""
    await env.KV.put("session:7f3a", "ana")


async def log_out(env: Env) -> None:
    """End it."""
    await env.KV.delete("session:7f3a")


async def who(env: Env) -> str | None:
    """Whose session it is."""
    found: str | None = await env.KV.get("session:7f3a", cacheTtl=3600)
    return found


def play(schedule: Schedule, staleness_grace_seconds: float = 0) -> EdgeNetwork:
    """Ana logs out; a minute and a half later somebody tries her token elsewhere."""
    return _play(who, schedule, staleness_grace_seconds)


# The fix: the default cacheTtl, so that a session outlives its end by a minute. This holds for the
# documented "60 seconds". It does not hold with staleness_grace_seconds, the "or more" of another
# sentence.


async def who_is(env: Env) -> str | None:
    """Whose session it is, as of a minute ago at most."""
    found: str | None = await env.KV.get("session:7f3a")
    return found


def play_fixed(schedule: Schedule, staleness_grace_seconds: float = 0) -> EdgeNetwork:
    """The same, read with the default."""
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
