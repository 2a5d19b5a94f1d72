"""Rotation: delete the old secret, put the new one. It assumes that both succeed.

They are two writes of one key within a second. Breaks "the key is never absent".
"""

from pykvbinding import EdgeNetwork, Env
from pykvbinding.sim import Schedule

BREAKS = AssertionError
SHORTEST = ""


async def rotate(env: Env, secret: str) -> None:
    """Replace the secret."""
    await env.KV.delete("secret")
    await env.KV.put("secret", secret)


def play(schedule: Schedule) -> EdgeNetwork:
    """Rotate a secret; no other handler runs."""
    return _play(rotate, schedule)


# The fix: one put, which overwrites.


async def overwrite(env: Env, secret: str) -> None:
    """Replace the secret with one write."""
    await env.KV.put("secret", secret)


def play_fixed(schedule: Schedule) -> EdgeNetwork:
    """Run the same with one write."""
    return _play(overwrite, schedule)


def _play(rotate: object, schedule: Schedule) -> EdgeNetwork:
    net = EdgeNetwork("LHR", "NRT", schedule=schedule)
    net.namespace().seed({"secret": "old"})
    net.start(rotate, "new", at="LHR")  # type: ignore[arg-type]
    net.run()
    assert net.latest("secret") == "new"
    return net
