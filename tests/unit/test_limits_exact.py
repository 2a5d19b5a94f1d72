"""Every limit through the public API: met exactly, and exceeded by one."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, fields
from typing import Any

import pytest

from pykvbinding import Account, KVError, KVNamespace, Limits, VirtualClock

START = 1_700_000_000
DAY = 86_400
INVOCATION = (
    "Too many API requests by single Worker invocation. To configure this limit, refer to "
    "https://developers.cloudflare.com/workers/wrangler/configuration/#limits"
)


async def put_key(kv: KVNamespace, length: int) -> None:
    await kv.put("k" * length, "v")


async def put_value(kv: KVNamespace, length: int) -> None:
    await kv.put("key", "v" * length)


async def put_metadata(kv: KVNamespace, length: int) -> None:
    await kv.put("key", "v", metadata="m" * (length - 2))  # plus two quotation marks


async def get_keys(kv: KVNamespace, count: int) -> None:
    await kv.get([f"key {number}" for number in range(count)])


async def get_bytes(kv: KVNamespace, count: int) -> None:
    await kv.put("one", "v" * (count - 1))
    await kv.put("two", "v")
    await kv.get(["one", "two"])


async def list_keys(kv: KVNamespace, count: int) -> None:
    kv.namespace.seed({f"key {number:06}": "v" for number in range(count + 1)})
    page = await kv.list(limit=count)
    assert len(page["keys"]) == count


async def expire_after(kv: KVNamespace, seconds: int) -> None:
    await kv.put("key", "v", expirationTtl=seconds)
    await kv.put("key", "v", expiration=kv.namespace.clock.now_seconds() + seconds)


async def expire_at(kv: KVNamespace, seconds: int) -> None:
    await kv.put("key", "v", expiration=kv.namespace.clock.now_seconds() + seconds)


async def cache_for(kv: KVNamespace, seconds: int) -> None:
    await kv.get("key", cacheTtl=seconds)


async def write_at_once(kv: KVNamespace, count: int) -> None:
    for number in range(count):
        await (kv.delete("key") if number % 2 else kv.put("key", "v"))


async def read_one_by_one(kv: KVNamespace, count: int) -> None:
    for _ in range(count):
        await kv.get("key")


async def read_together(kv: KVNamespace, count: int) -> None:
    await kv.get("key")
    await kv.get([f"key {number}" for number in range(count - 1)])


async def put_one_by_one(kv: KVNamespace, count: int) -> None:
    for _ in range(count):
        await kv.put("key", "v")


async def delete_one_by_one(kv: KVNamespace, count: int) -> None:
    for _ in range(count):
        await kv.delete("key")


async def list_one_by_one(kv: KVNamespace, count: int) -> None:
    for _ in range(count):
        await kv.list()


async def store(kv: KVNamespace, count: int) -> None:
    await kv.put("key", "v" * 10, metadata="")  # 3 + 10 + 2 bytes
    await kv.put("kex", "v" * (count - 15 - 3))


def refused(method: str, status: int, reason: str) -> str:
    return f"KV {method} failed: {status} {reason}"


@dataclass(frozen=True, kw_only=True)
class Case:
    """A limit, a program that meets it exactly, and the error for one step beyond it."""

    number: int
    program: Callable[[KVNamespace, int], Awaitable[None]]
    refusal: str
    beyond: int = 1
    limits: dict[str, Any] = field(default_factory=dict)


def documented(number: int, program: Any, refusal: str, *, beyond: int = 1) -> Case:
    """Return a case for the limit of `Limits()`."""
    return Case(number=number, program=program, refusal=refusal, beyond=beyond)


def of_the_day(method: str, program: Any, name: str) -> Case:
    """Return a case for the limit of `Limits.free()`."""
    text = f"KV {method}() limit exceeded for the day."
    free = Limits.free(max_operations_per_invocation=None)
    limits = {limit.name: getattr(free, limit.name) for limit in fields(Limits)}
    return Case(number=limits[name], program=program, refusal=text, limits=limits)


def small(number: int, program: Any, refusal: str, name: str) -> Case:
    return Case(number=number, program=program, refusal=refusal, limits={name: number})


CASES: dict[str, list[Case]] = {
    "max_key_bytes": [
        documented(
            512,
            put_key,
            refused("PUT", 414, "UTF-8 encoded length of 513 exceeds key length limit of 512."),
        )
    ],
    "max_value_bytes": [
        small(
            10,
            put_value,
            refused("PUT", 413, "Value length of 11 exceeds limit of 10."),
            "max_value_bytes",
        )
    ],
    "max_metadata_bytes": [
        documented(
            1024,
            put_metadata,
            refused("PUT", 413, "Metadata length of 1025 exceeds limit of 1024."),
        )
    ],
    "max_keys_per_get": [
        documented(100, get_keys, refused("GET_BULK", 400, "You can request a maximum of 100 keys"))
    ],
    "max_bytes_per_get": [
        small(
            1024 * 1024,
            get_bytes,
            refused("GET_BULK", 413, "Total size of request exceeds the limit of 1MB"),
            "max_bytes_per_get",
        )
    ],
    "max_keys_per_list": [
        documented(
            1000,
            list_keys,
            refused(
                "GET",
                400,
                "Invalid key_count_limit of 1001. Please specify an integer less than 1000.",
            ),
        )
    ],
    "min_expiration_ttl": [
        documented(
            60,
            expire_after,
            refused(
                "PUT", 400, "Invalid expiration_ttl of 59. Expiration TTL must be at least 60."
            ),
            beyond=-1,
        ),
        documented(
            60,
            expire_at,
            refused(
                "PUT",
                400,
                f"Invalid expiration of {START + 59}. "
                "Expiration times must be at least 60 seconds in the future.",
            ),
            beyond=-1,
        ),
    ],
    "min_cache_ttl": [
        documented(
            60,
            cache_for,
            refused("GET", 400, "Invalid cache_ttl of 59. Cache TTL must be at least 60."),
            beyond=-1,
        ),
        Case(
            number=30,
            program=cache_for,
            refusal=refused("GET", 400, "Invalid cache_ttl of 29. Cache TTL must be at least 30."),
            beyond=-1,
            limits={"min_cache_ttl": 30},
        ),
    ],
    "writes_per_second_per_key": [
        small(
            1,
            write_at_once,
            refused("DELETE", 429, "Too Many Requests"),
            "writes_per_second_per_key",
        ),
        small(
            4,
            write_at_once,
            refused("PUT", 429, "Too Many Requests"),
            "writes_per_second_per_key",
        ),
    ],
    "max_operations_per_invocation": [documented(1000, read_one_by_one, INVOCATION)],
    "reads_per_day": [
        small(50, read_one_by_one, "KV get() limit exceeded for the day.", "reads_per_day"),
        small(50, read_together, "KV get() limit exceeded for the day.", "reads_per_day"),
    ],
    "writes_per_day": [of_the_day("put", put_one_by_one, "writes_per_day")],
    "deletes_per_day": [of_the_day("delete", delete_one_by_one, "deletes_per_day")],
    "lists_per_day": [of_the_day("list", list_one_by_one, "lists_per_day")],
    "max_stored_bytes": [
        small(
            1000,
            store,
            refused("PUT", 413, "Stored data of 1001 exceeds limit of 1000."),
            "max_stored_bytes",
        )
    ],
}
ALL_CASES = [
    pytest.param(case, id=f"{name} of {case.number} by {case.program.__name__}")
    for name, cases in CASES.items()
    for case in cases
]


def account_for(case: Case) -> Account:
    return Account(clock=VirtualClock(START), limits=Limits(**case.limits))


def test_every_limit_has_a_case() -> None:
    assert {*CASES, "max_namespaces"} == {limit.name for limit in fields(Limits)}


@pytest.mark.parametrize("case", ALL_CASES)
async def test_accepts_exactly_the_limit(case: Case) -> None:
    account = account_for(case)

    async with account.invocation():
        await case.program(account.binding("KV"), case.number)


@pytest.mark.parametrize("case", ALL_CASES)
async def test_rejects_one_more_than_the_limit(case: Case) -> None:
    account = account_for(case)

    with pytest.raises(KVError) as caught:
        async with account.invocation():
            await case.program(account.binding("KV"), case.number + case.beyond)

    assert str(caught.value) == case.refusal


def test_an_account_has_exactly_a_thousand_namespaces() -> None:
    account = Account()
    for number in range(1000):
        account.create_namespace(f"namespace {number}")

    with pytest.raises(ValueError, match=r"^an account has at most 1000 namespaces; delete one, "):
        account.create_namespace("one too many")

    assert len(account.namespaces) == 1000


async def test_unlimited_page_sizes_default_to_a_thousand() -> None:
    kv = Account(limits=Limits.unlimited()).binding("KV")
    kv.namespace.seed({f"key {number}": "v" for number in range(1001)})

    page = await kv.list()
    longer = await kv.list(limit=1001)

    assert (len(page["keys"]), page.list_complete) == (1000, False)
    assert (len(longer["keys"]), longer.list_complete) == (1001, True)


# Resets


@pytest.mark.parametrize(
    ("count", "method"), [(1, "DELETE"), (2, "PUT"), (3, "DELETE")], ids=["one", "two", "three"]
)
async def test_a_key_can_be_written_again_after_exactly_a_second(count: int, method: str) -> None:
    clock = VirtualClock(START)
    kv = Account(clock=clock, limits=Limits(writes_per_second_per_key=count)).binding("KV")
    await write_at_once(kv, count)

    clock.advance(0.999_999_999)
    with pytest.raises(KVError) as caught:
        await (kv.put("key", "v") if method == "PUT" else kv.delete("key"))
    clock.advance(0.000_000_001)
    await write_at_once(kv, count)

    assert str(caught.value) == f"KV {method} failed: 429 Too Many Requests"


DAILY = [("reads_per_day", "get"), ("deletes_per_day", "delete"), ("lists_per_day", "list")]


@pytest.mark.parametrize(("name", "method"), DAILY, ids=[method for _, method in DAILY])
async def test_a_daily_quota_is_reset_at_midnight_utc(name: str, method: str) -> None:
    clock = VirtualClock(START)
    kv = Account(clock=clock, limits=Limits(**{name: 1})).binding("KV")
    call: Any = getattr(kv, method)
    arguments = () if method == "list" else ("key",)
    await call(*arguments)

    clock.advance(DAY - START % DAY - 0.000_000_001)
    with pytest.raises(KVError):
        await call(*arguments)
    clock.advance(0.000_000_001)
    await call(*arguments)

    assert clock.now_seconds() % DAY == 0


# Without limits


async def test_unlimited_rejects_only_sizes() -> None:
    kv = Account(limits=Limits.unlimited()).binding("KV")

    await get_keys(kv, 101)
    await cache_for(kv, 0)
    await expire_after(kv, 1)
    await put_one_by_one(kv, 3)
    with pytest.raises(KVError, match="exceeds key length limit of 512"):
        await put_key(kv, 513)
