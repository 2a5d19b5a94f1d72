"""A program that prints its operations: a seed must give the same bytes on every platform.

`test_same_run` runs it on every Python that is installed.
"""

import asyncio
import sys
from random import Random

from pykvbinding import EdgeNetwork, Env, Fault, KVError, KVNamespace

LOCATIONS = ("LHR", "CDG", "NRT", "SYD", "nowhere")


async def act(env: Env, random: Random) -> None:
    """Run some reads, a write and a list. Failures are in the history."""
    keys = [f"key:{random.getrandbits(3)}" for _ in range(4)]
    try:
        await asyncio.gather(env.KV.get(keys[0], cacheTtl=3600), env.KV.get(keys))
        await env.KV.put(keys[1], str(random.getrandbits(20)), metadata={"n": 1}, expirationTtl=90)
        await env.KV.list(prefix="key:", limit=3)
        await env.KV.delete(keys[2])
    except KVError:
        return


async def play(net: EdgeNetwork, random: Random) -> None:
    """Run forty handlers, some concurrently, while time passes."""
    for _ in range(20):
        pairs = [LOCATIONS[random.getrandbits(8) % len(LOCATIONS)] for _ in range(2)]
        await asyncio.gather(*(act(net.env(location), random) for location in pairs))
        net.clock.advance(random.getrandbits(5))


def main(seed: int) -> None:
    """Print the history, metrics, bill and allowed reads."""
    net = EdgeNetwork(
        *LOCATIONS,
        bindings=Env(KV=KVNamespace(), TOKEN="x"),
        latency="2025",
        metrics=True,
        tombstones=True,
        faults=[Fault(kind="get", probability=0.1), Fault(kind="put", probability=0.2, after=True)],
        seed=seed,
    )
    asyncio.run(play(net, Random(seed)))
    print(net.history.to_jsonl())
    print(net.history)
    print(net.account.metrics)
    print(net.account.bill("paid"))
    for number in range(8):
        print(net.may_read(f"key:{number}", at="NRT", cache_ttl=3600))


if __name__ == "__main__":
    main(int(sys.argv[1]))
