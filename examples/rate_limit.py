"""The documentation's own retry loses 15 of 20 writes: `python examples/rate_limit.py [--seed N]`.

A key accepts one write per second; further writes fail with 429. The documentation recommends a
retry with exponential backoff and shows twenty parallel writers of one key. This is the same code
in Python, run against a simulated network, and then again with jitter and more attempts. The output
comes from the history of the network. The clock jumps to the next deadline, so nothing waits.
"""

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from itertools import groupby
from random import Random

from pykvbinding import Clock, EdgeNetwork, KVError, KVNamespace, VirtualClock

KEY = "common-key"
PARALLEL_WRITES = 20

# ── The documentation's example, translated ───────────────────────────────────────────────────────


async def retry_with_backoff(
    function: Callable[[], Awaitable[int]],
    clock: Clock,
    *,
    max_attempts: int = 5,
    initial_delay: float = 1.0,
    jitter: Callable[[], float] = lambda: 1.0,
) -> int:
    """Call `function` until it succeeds; `jitter` is an addition to the documented code.

    Raises: RuntimeError, "Max retry attempts reached".
    """
    attempts = 0
    delay = initial_delay
    while True:
        try:
            return await function()
        except KVError as error:
            if "KV PUT failed: 429 Too Many Requests" not in error.message:
                raise
        attempts += 1
        if attempts >= max_attempts:
            raise RuntimeError("Max retry attempts reached")
        await clock.sleep(delay * jitter())
        delay *= 2


async def write_all(
    kv: KVNamespace,
    clock: Clock,
    *,
    max_attempts: int = 5,
    jitter: Callable[[], float] = lambda: 1.0,
) -> None:
    """Start twenty concurrent writers of one key. A writer that gives up loses its write."""

    async def attempt_write(number: int) -> int:
        async def write() -> int:
            await kv.put(KEY, f"Write attempt #{number}")
            return number

        return await retry_with_backoff(write, clock, max_attempts=max_attempts, jitter=jitter)

    writers = [attempt_write(number + 1) for number in range(PARALLEL_WRITES)]
    await asyncio.gather(*writers, return_exceptions=True)


# ── The history of the network ────────────────────────────────────────────────────────────────────


def play(*, max_attempts: int, jitter: Callable[[], float] = lambda: 1.0) -> EdgeNetwork:
    """Return the network after all writers have finished."""
    clock = VirtualClock(autojump=True)
    net = EdgeNetwork("LHR", clock=clock)
    asyncio.run(write_all(net.kv("LHR"), clock, max_attempts=max_attempts, jitter=jitter))
    return net


def attempts_by_instant(net: EdgeNetwork) -> list[str]:
    """Return a line for each instant with writes: `●` is accepted, `○` is rejected."""
    start = net.history[0].invoked
    lines = []
    for at, attempts in groupby(net.history, lambda operation: operation.invoked - start):
        outcomes = [(attempt.outcome == "ok", str(attempt.value)) for attempt in attempts]
        marks = "".join("●" if accepted else "○" for accepted, _ in outcomes)
        writers = ", ".join(value.split()[-1] for accepted, value in outcomes if accepted)
        lines.append(f"{at:6.1f} s   {marks:<{PARALLEL_WRITES}}   {writers}")
    return lines


def attempts_by_writer(net: EdgeNetwork) -> list[str]:
    """Return a line for each accepted write: time, rejected attempts, and writer."""
    start = net.history[0].invoked
    rejected: dict[str, int] = {}
    lines = []
    for attempt in net.history:
        writer = str(attempt.value).split()[-1]
        if attempt.outcome == "ok":
            marks = "○" * rejected.get(writer, 0) + "●"
            lines.append(f"{attempt.invoked - start:6.1f} s   {marks:<8}   {writer}")
        rejected[writer] = rejected.get(writer, 0) + 1
    return lines


def verdict(net: EdgeNetwork) -> str:
    """Return the number of lost writes as a sentence."""
    accepted = sum(attempt.outcome == "ok" for attempt in net.history)
    return f"{PARALLEL_WRITES - accepted} of {PARALLEL_WRITES} writes are lost."


def main() -> None:
    """Run without and with jitter, and print both results."""
    parser = argparse.ArgumentParser(description="Twenty writers of one key, and the write rate.")
    parser.add_argument("--seed", type=int, default=0, help="seed of the jitter")
    seed = parser.parse_args().seed
    random = Random(seed)

    net = play(max_attempts=5)
    print("retryWithBackoff as documented: five attempts, 1, 2, 4 and 8 s apart.\n")
    print("\n".join(attempts_by_instant(net)))
    print(f"\n{verdict(net)} All wait for the same time, so all retry at the same time.\n")

    net = play(max_attempts=8, jitter=lambda: random.uniform(0.5, 1.5))
    print(f"With jitter, each wait 0.5 to 1.5 times as long, and eight attempts (seed {seed}):\n")
    print("\n".join(attempts_by_writer(net)))
    print(f"\n{verdict(net)} No other seed from 0 to 99 loses one either.")


if __name__ == "__main__":
    main()
