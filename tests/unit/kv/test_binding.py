"""`KVNamespace` as an object: names, arguments, event loops, and its store."""

import asyncio
from collections.abc import Sequence
from typing import Any
from unittest.mock import AsyncMock

import pytest
import trio

from pykvbinding import KVNamespace, KVUsageWarning, ReadableStream, SystemClock, VirtualClock
from pykvbinding.kv.binding import bind
from pykvbinding.storage.record import ListPage, ReadResult, Record
from tests.support.assertions import complete
from tests.support.stores import START, PassingStore, make_kv

METHODS = ["delete", "get", "getWithMetadata", "list", "put"]


class Name(str):
    """A str whose `str()` differs from its text, like a member of an enumeration."""

    __slots__ = ()

    def __str__(self) -> str:
        return "Name.MEMBER"


class RecordingStore(PassingStore):
    """A layer that records the calls."""

    seen: list[str]

    async def get(self, key: str, cache_ttl: int) -> ReadResult:
        self.seen.append(f"get {key} {cache_ttl}")
        return await super().get(key, cache_ttl)

    async def get_many(self, keys: Sequence[str], cache_ttl: int) -> dict[str, ReadResult]:
        self.seen.append(f"get_many {' '.join(keys)} {cache_ttl}")
        return await super().get_many(keys, cache_ttl)

    async def put(self, key: str, record: Record) -> None:
        self.seen.append(f"put {key} {record.value!r}")
        await super().put(key, record)

    async def delete(self, key: str) -> None:
        self.seen.append(f"delete {key}")
        await super().delete(key)

    async def list(self, prefix: str, after: str | None, limit: int) -> ListPage:
        self.seen.append(f"list {prefix!r} {after} {limit}")
        return await super().list(prefix, after, limit)


def recording_kv() -> tuple[KVNamespace, list[str]]:
    """Return a binding over a chain, and the list in which the chain records its calls."""
    namespace = make_kv("engine").namespace
    store = RecordingStore(namespace.store)
    store.seen = []
    return bind(namespace, store), store.seen


async def use_every_method(kv: KVNamespace) -> None:
    await kv.put("k", "1", metadata=1, expirationTtl=60)
    await kv.put("key", "2")
    await kv.put("stream", ReadableStream([b"a", b"b"]))
    assert await kv.get("key") == "2"
    assert await kv.get("k", "json") == 1
    assert await kv.get(["key", "stream"]) == {"key": "2", "stream": "ab"}
    assert (await kv.getWithMetadata("k")).metadata == 1
    assert await kv.getWithMetadata(["key"]) == {"key": {"value": "2", "metadata": None}}
    assert len((await kv.list())["keys"]) == 3
    await kv.delete("key")
    assert await kv.get("key") is None


def test_every_method_runs_under_asyncio(kv: KVNamespace) -> None:
    asyncio.run(use_every_method(kv))


def test_every_method_runs_under_trio(kv: KVNamespace) -> None:
    trio.run(use_every_method, kv)


def test_methods_of_a_plain_namespace_do_not_suspend(kv: KVNamespace) -> None:
    complete(use_every_method(kv))


async def test_an_operation_starts_when_it_is_awaited(kv: KVNamespace) -> None:
    write = kv.put("key", "v")
    assert await kv.get("key") is None

    await write

    assert await kv.get("key") == "v"


async def test_operations_can_be_gathered(kv: KVNamespace) -> None:
    await asyncio.gather(*(kv.put(f"key-{number}", str(number)) for number in range(50)))

    values = await asyncio.gather(*(kv.get(f"key-{number}") for number in range(50)))

    assert values == [str(number) for number in range(50)]


def test_public_names_are_the_methods_of_the_platform_and_namespace(kv: KVNamespace) -> None:
    assert [name for name in dir(kv) if not name.startswith("_")] == sorted([*METHODS, "namespace"])


@pytest.mark.parametrize("method", METHODS)
async def test_a_method_can_be_replaced_by_assignment(kv: KVNamespace, method: str) -> None:
    setattr(kv, method, AsyncMock(return_value="replaced"))

    assert await getattr(kv, method)("key") == "replaced"


def test_a_binding_has_no_length(kv: KVNamespace) -> None:
    with pytest.raises(TypeError, match=r"^'KvNamespace' object has no len\(\)$"):
        len(kv)


def test_a_binding_cannot_be_iterated_over(kv: KVNamespace) -> None:
    with pytest.raises(TypeError, match=r"^'KvNamespace' object is not iterable$"):
        iter(kv)


def test_a_binding_does_not_support_in(kv: KVNamespace) -> None:
    with pytest.raises(TypeError, match=r"^argument of type 'KVNamespace' is not "):
        _ = "key" in kv  # type: ignore[operator]


def test_a_binding_is_true_even_when_empty(kv: KVNamespace) -> None:
    assert bool(kv) is True


def test_str_is_the_same_as_in_a_worker(kv: KVNamespace) -> None:
    assert str(kv) == "[object KvNamespace]"


def test_repr_shows_the_title() -> None:
    assert repr(KVNamespace(title="SESSIONS")) == "<KVNamespace 'SESSIONS'>"


def test_the_id_defaults_to_the_title() -> None:
    plain, kwargs = KVNamespace(title="A").namespace, KVNamespace(title="A", id="1").namespace

    assert (plain.title, plain.id, kwargs.title, kwargs.id) == ("A", "A", "A", "1")


def test_the_clock_defaults_to_the_system_clock(clock: VirtualClock) -> None:
    assert isinstance(KVNamespace().namespace.clock, SystemClock)
    assert KVNamespace(clock=clock).namespace.clock is clock


async def test_namespaces_are_independent() -> None:
    first, second = KVNamespace(title="same", id="same"), KVNamespace(title="same", id="same")

    await first.put("key", "v")

    assert await second.get("key") is None
    assert (await second.list())["keys"] == []


async def test_bindings_to_one_namespace_share_its_data() -> None:
    first = make_kv("engine")
    second = bind(first.namespace, first.namespace.store)

    await first.put("key", "v")

    assert await second.get("key") == "v"


async def test_a_binding_without_layers_calls_the_engine_directly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kv = make_kv("engine")
    for method in ("get", "get_many", "put"):
        monkeypatch.setattr(kv.namespace.store, method, None)

    await kv.put("key", "v")

    assert await kv.get("key") == "v"
    assert await kv.get(["key", "other"]) == {"key": "v", "other": None}


async def test_every_operation_goes_through_a_chain() -> None:
    kv, seen = recording_kv()

    await use_every_method(kv)

    assert seen == [
        "put k '1'",
        "put key '2'",
        "put stream b'ab'",
        "get key 60",
        "get k 60",
        "get_many key stream 60",
        "get k 60",
        "get_many key 60",
        "list '' None 1000",
        "delete key",
        "get key 60",
    ]


async def test_a_chain_receives_the_parsed_arguments() -> None:
    kv, seen = recording_kv()

    await kv.get("key", cacheTtl=300)
    await kv.getWithMetadata(["b", "a", "b"], cacheTtl=3600)
    await kv.list(prefix="p", limit=7)

    assert seen == ["get key 300", "get_many b a 3600", "list 'p' None 7"]


async def test_an_invalid_call_does_not_reach_the_chain() -> None:
    kv, seen = recording_kv()

    with pytest.raises(Exception, match="Key names must not be empty"):
        await kv.get([""])

    assert seen == []


@pytest.mark.parametrize("method", METHODS[:3])
async def test_a_key_is_positional_only(kv: KVNamespace, method: str) -> None:
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'key'"):
        await getattr(kv, method)(key="key")


async def test_a_value_is_positional_only(kv: KVNamespace) -> None:
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'value'"):
        await kv.put("key", value="v")  # type: ignore[call-overload]


@pytest.mark.parametrize("key", ["k", "key"])
async def test_options_cannot_be_passed_by_keyword(kv: KVNamespace, key: str) -> None:
    await kv.put(key, "[1]")

    with pytest.warns(KVUsageWarning, match=r"get\(.*, options=…\): production silently ignores"):
        value = await kv.get(key, options={"type": "json"})  # type: ignore[call-overload]

    assert value == "[1]"


async def test_ignores_an_option_in_snake_case_with_a_warning_that_suggests_the_right_one(
    kv: KVNamespace,
) -> None:
    with pytest.warns(KVUsageWarning, match=r"option\. Write expirationTtl=… instead\.$"):
        await kv.put("key", "v", expiration_ttl=60)  # type: ignore[call-overload]

    assert (await kv.list())["keys"] == [{"name": "key"}]


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("get", ("key", "text", 1)),
        ("get", (["key"], {}, 1)),
        ("getWithMetadata", ("key", None, 1)),
        ("put", ("key", "v", {}, 1)),
        ("delete", ("key", 1)),
        ("list", ({}, 1)),
    ],
)
async def test_ignores_extra_positional_arguments_with_a_warning(
    kv: KVNamespace, method: str, arguments: tuple[Any, ...]
) -> None:
    with pytest.warns(KVUsageWarning, match=rf"^{method}\(.*…\): production silently ignores arg"):
        await getattr(kv, method)(*arguments)


@pytest.mark.parametrize(
    ("options", "position"), [("text", "a type"), ({}, "positional options"), (None, "None")]
)
async def test_ignores_keywords_combined_with_positional_options_with_a_warning(
    kv: KVNamespace, options: Any, position: str
) -> None:
    await kv.put("key", "[1]")

    with pytest.warns(
        KVUsageWarning, match=rf"get\('.*', …, type=…\): .* combined with {position}"
    ):
        value = await kv.get("key", options, type="json")  # type: ignore[call-overload]

    assert value == "[1]"


async def test_none_as_options_means_no_options(kv: KVNamespace) -> None:
    await kv.put("key", "v", None)

    assert await kv.get("key", None) == "v"
    assert await kv.get(["key"], None) == {"key": "v"}
    assert (await kv.getWithMetadata("key", None)).value == "v"
    assert (await kv.list(None))["keys"] == [{"name": "key"}]


async def test_a_subclass_of_str_is_used_as_its_text(kv: KVNamespace) -> None:
    await kv.put("key", Name("text"))
    assert type(kv.namespace.peek("key")) is str

    await kv.put(Name("key"), Name("text"), metadata=Name("note"))

    assert kv.namespace.peek("key") == "text"
    assert type(kv.namespace.peek("key")) is str
    assert await kv.get(Name("key")) == "text"
    assert await kv.get([Name("key")]) == {"key": "text"}
    assert (await kv.list(prefix=Name("k")))["keys"] == [{"name": "key", "metadata": "note"}]


async def test_a_warning_points_at_the_line_that_awaits(kv: KVNamespace) -> None:
    with pytest.warns(KVUsageWarning) as caught:
        await kv.put("key", None)  # type: ignore[call-overload]

    assert [warning.filename for warning in caught] == [__file__]


def test_a_namespace_uses_its_virtual_clock(kv: KVNamespace, clock: VirtualClock) -> None:
    complete(kv.put("key", "v", expiration=START + 60))

    clock.move_to(START + 60)

    assert complete(kv.get("key")) is None
