"""The documentation's own retryWithBackoff. It assumes that waiting longer is enough.

Its twenty parallel writers all wait for the same times, so all but one are rejected again each
time: 15 of 20 writes are lost. Breaks "all are written".
"""

import asyncio
from random import Random

from pykvbinding import EdgeNetwork, Env, KVError
from pykvbinding.sim import Schedule

BREAKS = AssertionError
SHORTEST = ""
WRITERS = 20


async def retry_with_backoff(
    env: Env, number: int, max_attempts: int = 5, jitter: Random | None = None
) -> bool:
    """Run one writer; return whether its write was accepted."""
    delay = 1.0
    for attempt in range(1, max_attempts + 1):
        try:
            await env.KV.put("common-key", f"Write attempt #{number}")
            return True
        except KVError as error:
            if "429 Too Many Requests" not in error.message or attempt == max_attempts:
                return False
        await asyncio.sleep(delay if jitter is None else delay * jitter.uniform(0.5, 1.5))
        delay *= 2
    return False


def play(schedule: Schedule) -> EdgeNetwork:
    """Run twenty writers, as documented."""
    net = EdgeNetwork("LHR", schedule=schedule)
    writers = [net.start(retry_with_backoff, number + 1) for number in range(WRITERS)]
    net.run()
    lost = sum(not writer.result for writer in writers)
    assert lost == 0, f"{lost} of {WRITERS} writes are lost"
    return net


# The fix: jitter, and more attempts.


def play_fixed(schedule: Schedule, seed: int = 0) -> EdgeNetwork:
    """Run twenty writers with jitter and eight attempts each."""
    net = EdgeNetwork("LHR", schedule=schedule)
    random = Random(seed)
    writers = [net.start(retry_with_backoff, number + 1, 8, random) for number in range(WRITERS)]
    net.run()
    assert all(writer.result for writer in writers)
    return net
