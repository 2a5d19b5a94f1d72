"""A job that writes its status twice. It assumes that such an error is harmless.

The second write is within a second of the first and is rejected; the error is ignored. Breaks "the
final status is the last one".
"""

from contextlib import suppress

from pykvbinding import EdgeNetwork, Env, KVError
from pykvbinding.sim import Schedule

BREAKS = AssertionError
SHORTEST = ""


async def run_job(env: Env) -> None:
    """Do the job, and store its status before and after."""
    with suppress(KVError):
        await env.KV.put("status", "running")
    with suppress(KVError):
        await env.KV.put("status", "done")


def play(schedule: Schedule) -> EdgeNetwork:
    """Run one short job."""
    return _play(run_job, schedule)


# The fix: one write, at the end. A long job may write twice, a second apart, and must check the
# result of the last write.


async def run_job_quietly(env: Env) -> None:
    """Do the job, and store its status at the end."""
    await env.KV.put("status", "done")


def play_fixed(schedule: Schedule) -> EdgeNetwork:
    """Run the same job."""
    return _play(run_job_quietly, schedule)


def _play(job: object, schedule: Schedule) -> EdgeNetwork:
    net = EdgeNetwork("LHR", schedule=schedule)
    net.start(job)  # type: ignore[arg-type]
    net.run()
    assert net.latest("status") == "done"
    return net
