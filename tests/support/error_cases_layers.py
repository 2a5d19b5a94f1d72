"""For every error of the layers and of networks a call that raises it, and what it must say."""

from pykvbinding import EdgeNetwork, KVError, KVNamespace, Limits, VirtualClock
from pykvbinding.choices import SeededChoice
from pykvbinding.kv.binding import bind
from pykvbinding.middleware.faults import Fault, Faults, FaultStore
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


async def write_while_cut_off(_: KVNamespace) -> None:
    net = EdgeNetwork("LHR")
    net.partition("LHR")
    await net.kv("LHR").put("k", "v")


CASES: dict[str, Case] = {
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
    "service_unavailable": (write_while_cut_off, refused("PUT", 503, "Service Unavailable")),
    "injected_fault": (read_with_a_fault, refused("GET_BULK", 503, "Service Unavailable")),
}
