"""Clock reads of an operation: one if the operation depends on the time, else none."""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from pykvbinding import KVNamespace, VirtualClock
from tests.support.assertions import complete


class CountingClock(VirtualClock):
    """A clock that counts its reads."""

    asked = 0

    def now(self) -> float:
        self.asked += 1
        return super().now()

    def now_seconds(self) -> int:
        self.asked += 1
        return super().now_seconds()


CALLS: list[tuple[int, Callable[[KVNamespace], Coroutine[Any, Any, Any]]]] = [
    (0, lambda kv: kv.get("plain")),
    (0, lambda kv: kv.get("missing")),
    (0, lambda kv: kv.put("plain", "w")),
    (0, lambda kv: kv.put("plain", "w", metadata=1)),
    (0, lambda kv: kv.delete("plain")),
    (1, lambda kv: kv.get("expiring")),
    (1, lambda kv: kv.put("plain", "w", expirationTtl=60)),
    (1, lambda kv: kv.put("plain", "w", expiration=1_800_000_000)),
    (1, lambda kv: kv.list()),
]


@pytest.mark.parametrize(("times", "call"), CALLS)
def test_an_operation_reads_the_clock_at_most_once(
    times: int, call: Callable[[KVNamespace], Coroutine[Any, Any, Any]]
) -> None:
    clock = CountingClock()
    kv = KVNamespace(clock=clock)
    kv.namespace.seed({"plain": "v", "expiring": ("v", {"expirationTtl": 60})})
    clock.asked = 0

    complete(call(kv))

    assert clock.asked == times


def test_an_expiring_put_evicts_expired_records() -> None:
    clock = VirtualClock()
    kv = KVNamespace(clock=clock)
    kv.namespace.seed({"old": ("v", {"expirationTtl": 60})})
    clock.advance(60)

    complete(kv.put("new", "v", expirationTtl=60))

    assert kv.namespace.store.engine.lookup("old") is None
