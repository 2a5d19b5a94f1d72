"""A job that writes its status twice. It takes for granted that an error of that kind is harmless.

The second write comes within a second of the first and is refused; nobody looks. Breaks "the final
status is the last one".
"""

from contextlib import suppress

from pykvbinding import EdgeNetwork, Env, KVError
from pykvbinding.sim import Schedule

BREAKS = AssertionError
SHORTEST = ""


async def run_job(env: Env) -> None:
    """Do the job, and say so."""
    with suppress(KVError):
        await env.KV.put("status", "running")
    with suppress(KVError):
        await env.KV.put("status", "done")


def play(schedule: Schedule) -> EdgeNetwork:
    """One short job."""
    return _play(run_job, schedule)


# The fix: one write, at the end. A job that takes long may write twice, a second apart, and must
# look at what comes of the last one.


async def run_job_quietly(env: Env) -> None:
    """Do the job, and say that it is done."""
    await env.KV.put("status", "done")


def play_fixed(schedule: Schedule) -> EdgeNetwork:
    """The same job."""
    return _play(run_job_quietly, schedule)


def _play(job: object, schedule: Schedule) -> EdgeNetwork:
    net = EdgeNetwork("LHR", schedule=schedule)
    net.start(job)  # type: ignore[arg-type]
    net.run()
    assert net.latest("status") == "done"
    return net
