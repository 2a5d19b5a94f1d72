"""For every error of the layers a call that raises it, and what it must say."""

from collections.abc import Callable
from typing import Any

from pykvbinding import KVError, KVNamespace, Limits, VirtualClock
from pykvbinding.choices import SeededChoice
from pykvbinding.kv.binding import bind
from pykvbinding.middleware.billing import bill
from pykvbinding.middleware.counters import Latency
from pykvbinding.middleware.faults import Fault, Faults, FaultStore
from pykvbinding.middleware.history import History
from pykvbinding.middleware.metrics import Metrics
from pykvbinding.middleware.quota import Quota, QuotaStore
from pykvbinding.middleware.rate_limit import RateLimitStore, WriteRate
from tests.support.error_cases import Case, refused


def limited(kv: KVNamespace, **limits: int) -> tuple[KVNamespace, Quota]:
    """The namespace behind the quotas of an account with these limits."""
    quota = Quota(Limits(**limits), kv.namespace.clock)
    return bind(kv.namespace, QuotaStore(kv.namespace.store, quota, kv.namespace)), quota


async def delete_too_soon(kv: KVNamespace) -> None:
    rate = WriteRate(1, kv.namespace.clock)
    slow = bind(kv.namespace, RateLimitStore(kv.namespace.store, rate))
    await slow.put("k", "v")
    await slow.delete("k")


async def list_too_often(kv: KVNamespace) -> None:
    listed, _ = limited(kv, lists_per_day=1)
    await listed.list()
    await listed.list()


async def operate_too_often(kv: KVNamespace) -> None:
    worker, quota = limited(kv, max_operations_per_invocation=1)
    async with quota.invocation():
        await worker.get("k")
        await worker.get("k")


async def store_too_much(kv: KVNamespace) -> None:
    full, _ = limited(kv, max_stored_bytes=3)
    await full.put("k", "123")


async def read_with_a_fault(kv: KVNamespace) -> None:
    faults = Faults([Fault(error="503 Service Unavailable")], SeededChoice(0), VirtualClock())
    await bind(kv.namespace, FaultStore(kv.namespace.store, faults)).get(["k"])


def fault(**named: Any) -> Callable[[KVNamespace], Fault]:
    return lambda _: Fault(**named)


def bill_of(plan: str, month: str | None) -> Callable[[KVNamespace], object]:
    return lambda _: bill(Metrics(VirtualClock()), plan, 0, month)


LIMITS: dict[str, Case] = {
    "too_many_requests": (delete_too_soon, refused("DELETE", 429, "Too Many Requests")),
    "daily_limit_exceeded": (
        list_too_often,
        KVError("Error", "KV list() limit exceeded for the day."),
    ),
    "too_many_requests_per_invocation": (
        operate_too_often,
        KVError(
            "Error",
            "Too many API requests by single Worker invocation. To configure this limit, refer to "
            "https://developers.cloudflare.com/workers/wrangler/configuration/#limits",
        ),
    ),
    "storage_limit_exceeded": (
        store_too_much,
        refused("PUT", 413, "Stored data of 4 exceeds limit of 3."),
    ),
    "injected_fault": (read_with_a_fault, refused("GET_BULK", 503, "Service Unavailable")),
}
MISUSE: dict[str, Case] = {
    "kind_unknown": (
        fault(kind="read"),
        ValueError(
            "Fault: 'read' is no kind of operation; they are \"get\" (of one key or several), "
            '"put", "delete" and "list"'
        ),
    ),
    "history_most": (
        lambda _: History(VirtualClock(), most=0),
        ValueError("History(most=0): give a whole number of operations to keep, 1 or more"),
    ),
    "fault_wrong_type": (
        lambda _: Faults(["503"], SeededChoice(0), VirtualClock()),  # type: ignore[list-item]
        TypeError(
            "'503' is no fault; write "
            'Fault(kind="put", key="user:*", nth=2, error="503 Service Unavailable")'
        ),
    ),
    "fault_key": (
        fault(key=["a", "b"]),
        ValueError("Fault(key=['a', 'b']): give one pattern, as in \"user:*\""),
    ),
    "fault_nth": (
        fault(nth=0),
        ValueError("Fault(nth=0): give a whole number; 1 is the first operation it meets"),
    ),
    "fault_probability": (
        fault(probability=1.5),
        ValueError("Fault(probability=1.5): give a number from 0 (never) to 1 (always)"),
    ),
    "fault_delay": (
        fault(delay_seconds=-1),
        ValueError("Fault(delay_seconds=-1): give a number of seconds, 0 or more"),
    ),
    "fault_error": (
        fault(error="Service Unavailable"),
        ValueError(
            "Fault(error='Service Unavailable'): give a status and its reason, as in "
            '"503 Service Unavailable", or a KVError, or None for a delay alone'
        ),
    ),
    "fault_does_nothing": (
        fault(error=None),
        ValueError(
            "Fault(error=None) without delay_seconds does nothing; "
            "give it an error to raise or a delay to make"
        ),
    ),
    "quantile_out_of_range": (
        lambda _: Latency().quantile(99),
        ValueError("quantile(99): give a share from 0 to 1; the 99th percentile is 0.99"),
    ),
    "bill_plan": (
        bill_of("pro", None),
        ValueError('bill(plan=\'pro\'): the plans are "free" and "paid"'),
    ),
    "bill_month": (
        bill_of("paid", "November"),
        ValueError("bill(month='November'): write year and month, as in \"2023-11\""),
    ),
}
CASES = LIMITS | MISUSE
