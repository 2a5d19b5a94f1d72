"""A lock in a key: take it if it is free. It assumes that two handlers cannot read it at once.

A webhook that stores `seen:<id>` is the same. Breaks "exactly once".
"""

from pykvbinding import EdgeNetwork, Env
from pykvbinding.sim import Schedule

BREAKS = AssertionError
SHORTEST = "1 1 1 2~1 2!"


async def handle(env: Env, id: str, charge: object) -> None:
    """Charge for an order, unless it has been charged."""
    if await env.KV.get(f"seen:{id}") is None:
        await env.KV.put(f"seen:{id}", "1")
        await charge(id)  # type: ignore[operator]


def play(schedule: Schedule) -> EdgeNetwork:
    """Run one webhook that is delivered twice."""
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


# KV alone has no fix: it has no operation that reads and writes atomically. A single writer has to
# decide what happens once: a Durable Object, or the payment service's own idempotency key.


class Once:
    """A single writer, like a Durable Object: its methods run one after another."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def is_first(self, id: str) -> bool:
        """Return whether this is the first call for an id."""
        is_first = id not in self._seen
        self._seen.add(id)
        return is_first


async def handle_once(env: Env, id: str, charge: object, once: Once) -> None:
    """Charge for an order, if the single writer has not seen it."""
    if once.is_first(id):
        await charge(id)  # type: ignore[operator]
        await env.KV.put(f"charged:{id}", "1")  # for the order's page, which may be stale


def play_fixed(schedule: Schedule) -> EdgeNetwork:
    """Run the same webhook, delivered twice."""
    net = EdgeNetwork("LHR", "NRT", schedule=schedule)
    charged: list[str] = []
    charge, once = net.external_effect(charged.append), Once()
    net.start(handle_once, "order-1", charge, once, at="LHR")
    net.start(handle_once, "order-1", charge, once, at="NRT")
    net.run()
    assert charged == ["order-1"]
    return net
