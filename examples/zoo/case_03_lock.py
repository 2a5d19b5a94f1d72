"""A lock in a key: if nobody holds it, take it. It takes for granted that two cannot look at once.

A webhook that remembers `seen:<id>` is the same. Breaks "exactly once".
"""

from pykvbinding import EdgeNetwork, Env
from pykvbinding.sim import Schedule

BREAKS = AssertionError
SHORTEST = "1 1 1 2~1 2!"


async def handle(env: Env, id: str, charge: object) -> None:
    """Charge for an order, unless that has been done."""
    if await env.KV.get(f"seen:{id}") is None:
        await env.KV.put(f"seen:{id}", "1")
        await charge(id)  # type: ignore[operator]


def play(schedule: Schedule) -> EdgeNetwork:
    """One webhook, delivered twice."""
    net = EdgeNetwork("LHR", "NRT", schedule=schedule)
    charged: list[str] = []

    def charge(id: str) -> None:
        charged.append(id)

    charging = net.external_effect(charge)
    net.start(handle, "order-1", charging, at="LHR")
    net.start(handle, "order-1", charging, at="NRT")
    net.run()
    assert charged == ["order-1"], "the order was charged twice"
    return net


# No fix lies within KV: it has no operation that reads and writes at once. What has to happen once
# is decided by a single writer: a Durable Object, or the payment service's own idempotency key.


class Once:
    """A single writer, as a Durable Object is: its methods run one after another."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def is_first(self, id: str) -> bool:
        """Whether nobody has asked for this before."""
        is_first = id not in self._seen
        self._seen.add(id)
        return is_first


async def handle_once(env: Env, id: str, charge: object, once: Once) -> None:
    """Charge for an order, if the single writer says that nobody has."""
    if once.is_first(id):
        await charge(id)  # type: ignore[operator]
        await env.KV.put(f"charged:{id}", "1")  # for the order's page, which may lag


def play_fixed(schedule: Schedule) -> EdgeNetwork:
    """The same webhook, delivered twice."""
    net = EdgeNetwork("LHR", "NRT", schedule=schedule)
    charged: list[str] = []
    charge, once = net.external_effect(charged.append), Once()
    net.start(handle_once, "order-1", charge, once, at="LHR")
    net.start(handle_once, "order-1", charge, once, at="NRT")
    net.run()
    assert charged == ["order-1"]
    return net
