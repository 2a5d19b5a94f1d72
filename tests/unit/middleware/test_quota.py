"""`Quota`: so many operations a day and an invocation, and so many bytes."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import trio

from pykvbinding import KVError, KVNamespace, Limits, VirtualClock
from pykvbinding.choices import SeededChoice
from pykvbinding.kv.binding import bind
from pykvbinding.middleware.faults import Fault, Faults, FaultStore
from pykvbinding.middleware.quota import Invocation, Quota, QuotaStore, Used
from tests.support.assertions import complete, refusal

TOO_MANY = (
    "Too many API requests by single Worker invocation. To configure this limit, refer to "
    "https://developers.cloudflare.com/workers/wrangler/configuration/#limits"
)
CALLS: dict[str, Callable[[KVNamespace], Awaitable[object]]] = {
    "get": lambda kv: kv.get("key"),
    "put": lambda kv: kv.put("key", "v"),
    "delete": lambda kv: kv.delete("key"),
    "list": lambda kv: kv.list(),
}
LIMIT_OF = {
    "get": "reads_per_day",
    "put": "writes_per_day",
    "delete": "deletes_per_day",
    "list": "lists_per_day",
}


def limited(clock: VirtualClock | None = None, /, **limits: Any) -> tuple[KVNamespace, Quota]:
    """A namespace and the quotas of its account."""
    quota = Quota(Limits(**limits), clock or VirtualClock())
    return bound(quota, clock), quota


def bound(quota: Quota, clock: VirtualClock | None = None) -> KVNamespace:
    """One more namespace of an account."""
    namespace = KVNamespace(clock=clock or VirtualClock()).namespace
    return bind(namespace, QuotaStore(namespace.store, quota, namespace))


# Each day


@pytest.mark.parametrize("kind", CALLS)
async def test_one_operation_beyond_the_number_of_a_day_is_refused(kind: str) -> None:
    kv, _ = limited(None, **{LIMIT_OF[kind]: 3})
    for _ in range(3):
        await CALLS[kind](kv)

    with pytest.raises(KVError) as caught:
        await CALLS[kind](kv)

    error = caught.value
    assert str(error) == f"KV {kind}() limit exceeded for the day."
    assert (error.name, error.status) == ("Error", None)


@pytest.mark.parametrize("kind", CALLS)
async def test_each_kind_has_a_quota_of_its_own(kind: str) -> None:
    kv, _ = limited(None, **{LIMIT_OF[kind]: 0})

    for other, call in CALLS.items():
        if other != kind:
            await call(kv)

    assert "limit exceeded" in await refusal(CALLS[kind](kv))


async def test_the_counts_start_anew_at_midnight_utc() -> None:
    clock = VirtualClock(datetime(2023, 11, 14, 23, 59, 59, tzinfo=UTC))
    kv, quota = limited(clock, reads_per_day=1)
    await kv.get("key")
    clock.advance(0.999)
    before = await refusal(kv.get("key"))

    clock.advance(0.001)
    at_midnight = quota.used.reads
    await kv.get("key")

    assert before == "KV get() limit exceeded for the day."
    assert (at_midnight, quota.used.reads) == (0, 1)


async def test_each_key_of_a_multi_key_read_counts_once() -> None:
    kv, quota = limited(reads_per_day=3)

    await kv.get(["a", "b", "a"])

    assert quota.used.reads == 2


async def test_a_multi_key_read_that_does_not_fit_is_refused_whole_and_counts_for_nothing() -> None:
    kv, quota = limited(reads_per_day=5)
    await kv.get(["a", "b"])

    text = await refusal(kv.get(["a", "b", "c", "d"]))

    assert text == "KV get() limit exceeded for the day."
    assert quota.used.reads == 2
    assert len(await kv.get(["a", "b", "c"])) == 3


async def test_getWithMetadata_is_a_read() -> None:
    kv, quota = limited(reads_per_day=5)

    await kv.getWithMetadata("key")
    await kv.getWithMetadata(["a", "b"])

    assert quota.used.reads == 3


async def test_a_refused_write_changes_nothing() -> None:
    kv, _ = limited(writes_per_day=1, deletes_per_day=0)
    await kv.put("key", "1")

    await refusal(kv.put("key", "2"))
    await refusal(kv.delete("key"))

    assert kv.namespace.peek("key") == "1"


async def test_an_operation_that_fails_later_has_counted(clock: VirtualClock) -> None:
    namespace = KVNamespace(clock=clock).namespace
    quota = Quota(Limits(writes_per_day=5), clock)
    faults = FaultStore(namespace.store, Faults([Fault()], SeededChoice(0), clock))
    kv = bind(namespace, QuotaStore(faults, quota, namespace))

    await refusal(kv.put("key", "v"))

    assert quota.used.writes == 1


async def test_quotas_are_of_the_account_not_of_a_namespace() -> None:
    kv, quota = limited(reads_per_day=1)
    await kv.get("key")

    assert "limit exceeded" in await refusal(bound(quota).get("key"))


async def test_two_accounts_do_not_share_a_quota() -> None:
    one, other = limited(reads_per_day=1)[0], limited(reads_per_day=1)[0]

    await one.get("key")

    assert await other.get("key") is None


async def test_what_was_used_is_told_for_what_has_a_quota() -> None:
    kv, quota = limited(reads_per_day=10, writes_per_day=10)
    for call in CALLS.values():
        await call(kv)

    assert quota.used == Used(reads=1, writes=1, deletes=None, lists=None)
    assert repr(quota) == f"<Quota: {quota.used}>"


def test_a_quota_is_limited_by_a_number_per_day_or_of_bytes() -> None:
    def is_limited(**limits: int) -> bool:
        return Quota(Limits(**limits), VirtualClock()).is_limited

    assert [is_limited(**{name: 0}) for name in LIMIT_OF.values()] == [True] * 4
    assert is_limited(max_stored_bytes=0)
    assert not is_limited(max_operations_per_invocation=1)


# Each invocation


async def test_the_operation_after_the_last_is_refused() -> None:
    kv, quota = limited()
    async with quota.invocation() as invocation:
        for _ in range(1000):
            await kv.get("key")

        with pytest.raises(KVError) as caught:
            await kv.put("key", "v")

        assert invocation.operations == invocation.limit == 1000
    assert (str(caught.value), caught.value.name, caught.value.status) == (TOO_MANY, "Error", None)


@pytest.mark.parametrize("kind", CALLS)
async def test_every_kind_of_operation_counts(kind: str) -> None:
    kv, quota = limited(max_operations_per_invocation=1)

    async with quota.invocation():
        await CALLS[kind](kv)
        assert await refusal(CALLS[kind](kv)) == TOO_MANY


async def test_a_multi_key_read_is_one_operation() -> None:
    kv, quota = limited()

    async with quota.invocation() as invocation:
        await kv.get(["a", "b", "c"])

    assert invocation.operations == 1


async def test_outside_of_an_invocation_nothing_is_counted() -> None:
    kv, quota = limited(max_operations_per_invocation=1)

    async with quota.invocation():
        await kv.get("key")

    assert [await kv.get("key") for _ in range(3)] == [None] * 3


async def test_without_a_limit_operations_are_counted_all_the_same() -> None:
    kv, quota = limited(max_operations_per_invocation=None)

    async with quota.invocation() as invocation:
        for _ in range(1001):
            await kv.get("key")

    assert (invocation.operations, invocation.limit) == (1001, None)
    assert repr(invocation) == "<Invocation: 1001 operations>"


async def test_an_invocation_shows_its_count_and_its_limit() -> None:
    kv, quota = limited(max_operations_per_invocation=50)

    async with quota.invocation() as invocation:
        await kv.get("key")

    assert repr(invocation) == "<Invocation: 1 of 50 operations>"


async def test_all_namespaces_of_an_account_count_together() -> None:
    kv, quota = limited()

    async with quota.invocation() as invocation:
        await kv.get("key")
        await bound(quota).get("key")

    assert invocation.operations == 2


async def test_an_invocation_within_another_counts_for_itself() -> None:
    kv, quota = limited()

    async with quota.invocation() as outer:
        await kv.get("key")
        async with quota.invocation() as inner:
            await kv.get("key")
            await kv.get("key")
        await kv.get("key")

    assert (outer.operations, inner.operations) == (2, 2)


async def test_an_invocation_within_one_of_another_account_leaves_that_counting() -> None:
    (one, first), (other, second) = limited(), limited()

    async with first.invocation() as outer, second.invocation() as inner:
        await one.get("key")
        await other.get("key")
        await other.get("key")

    assert (outer.operations, inner.operations) == (1, 2)


async def test_concurrent_invocations_each_count_their_own() -> None:
    kv, quota = limited()

    async def worker(operations: int) -> Invocation:
        async with quota.invocation() as invocation:
            for _ in range(operations):
                await kv.get("key")
                await asyncio.sleep(0)
        return invocation

    invocations = await asyncio.gather(*map(worker, (3, 5, 7)))

    assert [each.operations for each in invocations] == [3, 5, 7]


async def test_tasks_that_an_invocation_starts_count_for_it() -> None:
    kv, quota = limited()

    async with quota.invocation() as invocation:
        await asyncio.gather(*(asyncio.create_task(kv.put(f"key {n}", "v")) for n in range(4)))

    assert invocation.operations == 4


def test_concurrent_invocations_do_not_mix_in_trio_either() -> None:
    kv, quota = limited()
    pluralize = []

    async def worker(operations: int) -> None:
        async with quota.invocation() as invocation:
            for _ in range(operations):
                await kv.get("key")
                await trio.lowlevel.checkpoint()
        pluralize.append(invocation.operations)

    async def main() -> None:
        async with trio.open_nursery() as nursery:
            for operations in (3, 5):
                nursery.start_soon(worker, operations)

    trio.run(main)

    assert sorted(pluralize) == [3, 5]


async def test_an_invocation_that_fails_is_over() -> None:
    kv, quota = limited(max_operations_per_invocation=1)

    async def failing() -> None:
        async with quota.invocation():
            await kv.get("key")
            raise ConnectionError

    with pytest.raises(ConnectionError):
        await failing()

    assert await kv.get("key") is None


def test_an_invocation_may_be_left_in_another_context() -> None:
    kv, quota = limited(max_operations_per_invocation=1)
    manager = quota.invocation()

    asyncio.run(manager.__aenter__())
    asyncio.run(manager.__aexit__(None, None, None))

    complete(kv.get("key"))
    complete(kv.get("key"))


async def test_the_invocation_is_asked_before_the_day() -> None:
    kv, quota = limited(max_operations_per_invocation=0, reads_per_day=0)

    async with quota.invocation():
        assert await refusal(kv.get("key")) == TOO_MANY
    assert await refusal(kv.get("key")) == "KV get() limit exceeded for the day."


# Stored bytes; how they are counted is tested with `stored`.


async def test_the_limit_of_stored_bytes_may_be_hit_but_not_exceeded() -> None:
    kv, quota = limited(max_stored_bytes=10)

    await kv.put("12345", "67890")

    assert quota.stored_bytes() == 10
    with pytest.raises(KVError) as caught:
        await kv.put("x", "")
    assert str(caught.value) == "KV PUT failed: 413 Stored data of 11 exceeds limit of 10."
    assert (caught.value.name, caught.value.status) == ("Error", 413)


async def test_a_delete_makes_room() -> None:
    kv, _ = limited(max_stored_bytes=10)
    await kv.put("12345", "67890")

    await kv.delete("12345")
    await kv.put("abc", "1234567")

    assert kv.namespace.peek("abc") == "1234567"


async def test_stored_bytes_are_told_without_a_limit_too(clock: VirtualClock) -> None:
    kv, quota = limited(clock)
    await kv.put("key", "value", metadata=1, expirationTtl=60)

    assert quota.stored is None
    assert quota.stored_bytes() == 9
    assert quota.stored_bytes(clock.now_seconds() + 60) == 0


async def test_a_deleted_namespace_counts_no_more(clock: VirtualClock) -> None:
    quota = Quota(Limits(), clock)
    namespace = KVNamespace(clock=clock).namespace
    namespace.seed({"key": "value"})

    quota.attach(namespace)
    quota.attach(namespace)
    attached = quota.stored_bytes()
    quota.detach(namespace)

    assert (attached, quota.stored_bytes()) == (8, 0)
