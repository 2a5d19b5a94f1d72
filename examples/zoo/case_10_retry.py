"""A write that is retried three times without a delay. It assumes that a retry helps.

All three attempts are within one second. Breaks "no job that was acknowledged is lost".
"""

import asyncio

from pykvbinding import EdgeNetwork, Env, KVError
from pykvbinding.sim import Schedule

BREAKS = AssertionError
SHORTEST = ""


async def store(env: Env, job: str) -> bool:
    """Store the newest job; return whether this succeeded."""
    for _ in range(3):
        try:
            await env.KV.put("job", job)
            return True
        except KVError as error:
            if error.status != 429:
                raise
    return False


def play(schedule: Schedule) -> EdgeNetwork:
    """Run two jobs at the same time."""
    return _play(store, schedule, (0, 0))


# The fix: wait between the attempts, for different times (jitter). Here each job has its own delay;
# `case_10b_backoff` shows the failure of the documentation's example, which has no jitter.


async def store_patiently(env: Env, job: str, wait_seconds: float) -> bool:
    """Store the newest job, with as many attempts as necessary."""
    for _ in range(3):
        try:
            await env.KV.put("job", job)
            return True
        except KVError as error:
            if error.status != 429:
                raise
        await asyncio.sleep(wait_seconds)
    return False


def play_fixed(schedule: Schedule) -> EdgeNetwork:
    """Run the same two jobs."""
    return _play(store_patiently, schedule, (1.1, 2.3))


def _play(store: object, schedule: Schedule, waits: tuple[float, ...]) -> EdgeNetwork:
    net = EdgeNetwork("LHR", "NRT", schedule=schedule)
    jobs = [
        net.start(store, f"job {number}", *([wait] if wait else []), at=at)  # type: ignore[arg-type]
        for number, (wait, at) in enumerate(zip(waits, ("LHR", "NRT"), strict=True))
    ]
    net.run()
    assert [job.result for job in jobs] == [True, True]
    return net
