"""`History`: every operation, in order, and the questions that a test asks of it."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pykvbinding import KVNamespace, VirtualClock
from pykvbinding.choices import SeededChoice
from pykvbinding.kv.binding import bind
from pykvbinding.kv.namespace import Namespace
from pykvbinding.middleware.faults import Fault, Faults, FaultStore
from pykvbinding.middleware.history import History, HistoryStore
from pykvbinding.middleware.operation import Operation
from pykvbinding.middleware.versions import Ledger, LedgerStore
from pykvbinding.storage.record import ReadResult
from pykvbinding.storage.store import Store
from tests.support.assertions import exactly, refusal

START = 1_700_000_000


class Cached:
    """A store whose answers come from a cache."""

    def __init__(self, inner: Store) -> None:
        self.inner = inner
        self.put, self.delete = inner.put, inner.delete

    async def get(self, key: str, cache_ttl: int) -> ReadResult:
        return ReadResult((await self.inner.get(key, cache_ttl)).record, "HIT", 7)

    async def get_many(self, keys: Sequence[str], cache_ttl: int) -> dict[str, ReadResult]:
        return {key: await self.get(key, cache_ttl) for key in keys}

    async def list(self, prefix: str, after: str | None, limit: int) -> Any:
        page = await self.inner.list(prefix, after, limit)
        page.cache_status = "STALE"
        return page


@pytest.fixture
def namespace(clock: VirtualClock) -> Namespace:
    return KVNamespace(clock=clock).namespace


@pytest.fixture
def history(clock: VirtualClock) -> History:
    return History(clock)


@pytest.fixture
def kv(namespace: Namespace, history: History) -> KVNamespace:
    return bind(namespace, HistoryStore(namespace.store, history, "KV"))


# What an operation says


async def test_a_put_says_what_was_written(kv: KVNamespace, history: History) -> None:
    await kv.put("key", b"\xff")

    (put,) = history
    assert (put.kind, put.key, put.value) == ("put", "key", b"\xff")
    assert (put.number, put.namespace, put.location, put.outcome) == (1, "KV", None, "ok")


async def test_a_get_says_what_was_read_and_how(kv: KVNamespace, history: History) -> None:
    await kv.put("key", "v")
    await kv.get("key", cacheTtl=300)
    await kv.getWithMetadata("missing")

    there, missing = history.gets()
    assert (there.key, there.value, there.cache_ttl_seconds) == ("key", "v", 300)
    assert (missing.key, missing.value, missing.cache_ttl_seconds) == ("missing", None, 60)


async def test_a_read_of_several_keys_is_one_operation(
    namespace: Namespace, history: History
) -> None:
    namespace.seed({"a": "1", "b": "2"})
    kv = bind(namespace, HistoryStore(Cached(namespace.store), history, "KV"))

    await kv.get(["b", "missing", "a"])

    (read,) = history
    assert (read.kind, read.key, read.keys) == ("get", "", ("b", "missing", "a"))
    assert read.value == ("2", None, "1")
    assert read.version == (7, 7, 7)
    assert read.cache_status == ("HIT", "HIT", "HIT")


async def test_a_list_says_its_arguments_and_the_names_on_the_page(
    kv: KVNamespace, history: History
) -> None:
    kv.namespace.seed({"a1": "", "a2": "", "a3": "", "b": ""})
    first = await kv.list(prefix="a", limit=2)
    await kv.list(prefix="a", limit=2, cursor=first.cursor)

    pages = [(each.key, each.after, each.limit, each.value) for each in history.lists()]
    assert pages == [("a", None, 2, ("a1", "a2")), ("a", "a2", 2, ("a3",))]


async def test_a_delete_says_its_key(kv: KVNamespace, history: History) -> None:
    await kv.delete("key")

    (delete,) = history
    assert (delete.kind, delete.key, delete.value, delete.outcome) == ("delete", "key", None, "ok")


async def test_versions_and_cache_statuses_are_those_of_the_answers(
    namespace: Namespace, history: History, clock: VirtualClock
) -> None:
    ledger = LedgerStore(namespace.store, Ledger(namespace.store.engine, clock))
    writer = bind(namespace, HistoryStore(ledger, history, "KV"))
    reader = bind(namespace, HistoryStore(Cached(ledger), history, "KV", "NRT"))

    await writer.put("key", "1")
    await writer.delete("key")
    await reader.get("key")
    await reader.list()

    assert [each.version for each in history] == [1, 2, 7, None]
    assert [each.cache_status for each in history] == [None, None, "HIT", "STALE"]
    assert [each.location for each in history] == [None, None, "NRT", "NRT"]


async def test_times_are_seconds_since_the_epoch(namespace: Namespace) -> None:
    clock = VirtualClock(START, autojump=True)
    history = History(clock)
    faults = Faults([Fault(error=None, delay_seconds=0.25)], SeededChoice(0), clock)
    kv = bind(namespace, HistoryStore(FaultStore(namespace.store, faults), history, "KV"))

    await kv.get("key")

    (read,) = history
    assert (read.invoked, read.returned) == (START, START + 0.25)
    assert read.returned_nanoseconds == 1_700_000_000_250_000_000


async def test_an_operation_in_flight_has_no_outcome_yet(
    namespace: Namespace, history: History, clock: VirtualClock
) -> None:
    faults = Faults([Fault(error=None, delay_seconds=1)], SeededChoice(0), clock)
    kv = bind(namespace, HistoryStore(FaultStore(namespace.store, faults), history, "KV"))
    slow = asyncio.ensure_future(kv.put("key", "v"))
    await asyncio.sleep(0)

    (before,) = history
    clock.advance(1)
    await slow
    (after,) = history

    assert (before.returned, before.outcome, before.value) == (None, None, "v")
    assert (after.returned, after.outcome, after.value) == (START + 1, "ok", "v")


@pytest.mark.parametrize("method", ["get", "put", "delete", "list", "get_many"])
async def test_a_failure_is_written_down_and_raised_on(
    method: str, namespace: Namespace, history: History, clock: VirtualClock
) -> None:
    faults = Faults([Fault()], SeededChoice(0), clock)
    kv = bind(namespace, HistoryStore(FaultStore(namespace.store, faults), history, "KV"))
    calls: dict[str, Callable[[], Awaitable[object]]] = {
        "get": lambda: kv.get("k"),
        "get_many": lambda: kv.get(["k"]),
        "put": lambda: kv.put("k", "v"),
        "delete": lambda: kv.delete("k"),
        "list": kv.list,
    }

    text = await refusal(calls[method]())

    (operation,) = history
    assert operation.outcome == text
    assert operation.value == ("v" if method == "put" else None)
    assert operation.returned == START


async def test_a_cancelled_operation_says_so(
    namespace: Namespace, history: History, clock: VirtualClock
) -> None:
    faults = Faults([Fault(error=None, delay_seconds=1)], SeededChoice(0), clock)
    kv = bind(namespace, HistoryStore(FaultStore(namespace.store, faults), history, "KV"))
    slow = asyncio.ensure_future(kv.get("key"))
    await asyncio.sleep(0)

    slow.cancel()
    await asyncio.gather(slow, return_exceptions=True)

    assert [each.outcome for each in history] == ["CancelledError"]


# The questions


async def five(kv: KVNamespace) -> None:
    await kv.put("a", "1")
    await kv.get("a")
    await kv.get(["a", "b"])
    await kv.delete("a")
    await kv.list(prefix="a")


async def test_a_history_is_a_sequence_of_operations(kv: KVNamespace, history: History) -> None:
    await five(kv)

    assert len(history) == 5
    assert [each.number for each in history] == [1, 2, 3, 4, 5]
    assert (history[0].kind, history[-1].kind) == ("put", "list")
    assert [each.kind for each in history[1:4]] == ["get", "get", "delete"]
    with pytest.raises(IndexError):
        history[5]


async def test_the_last_operations_come_oldest_first(kv: KVNamespace, history: History) -> None:
    await five(kv)

    assert [each.number for each in history.last(2)] == [4, 5]
    assert [each.number for each in history.last()] == [5]
    assert len(history.last(9)) == 5


async def test_operations_are_found_by_kind_and_key(kv: KVNamespace, history: History) -> None:
    await five(kv)

    def numbers(operations: list[Operation]) -> list[int]:
        return [each.number for each in operations]

    assert numbers(history.gets()) == numbers(history.gets("a")) == [2, 3]
    assert numbers(history.gets("b")) == [3]
    assert (numbers(history.puts()), numbers(history.puts("b"))) == ([1], [])
    assert (numbers(history.deletes("a")), numbers(history.deletes("b"))) == ([4], [])
    assert (numbers(history.lists("a")), numbers(history.lists(""))) == ([5], [])


async def test_operations_are_counted_by_kind(kv: KVNamespace, history: History) -> None:
    await five(kv)

    assert [history.count(kind) for kind in (None, "get", "put", "list")] == [5, 2, 1, 1]


def test_a_wrong_kind_is_refused_rather_than_counted_as_none(history: History) -> None:
    with pytest.raises(ValueError, match=r"^History.count: 'read' is no kind"):
        history.count("read")


async def test_a_cleared_history_counts_from_1_again(kv: KVNamespace, history: History) -> None:
    await five(kv)

    history.clear()
    await kv.get("a")

    assert [(each.number, each.kind) for each in history] == [(1, "get")]
    assert (history[0].number, history.dropped) == (1, 0)


async def test_the_oldest_operations_go_first(namespace: Namespace, clock: VirtualClock) -> None:
    history = History(clock, most=2)
    kv = bind(namespace, HistoryStore(namespace.store, history, "KV"))

    await five(kv)

    assert [each.number for each in history] == [4, 5]
    assert (len(history), history.dropped) == (2, 3)
    assert str(history).startswith("(3 earlier operations not shown)\n")


@pytest.mark.parametrize("most", [0, -1, 1.5, True, None])
def test_a_history_keeps_one_operation_at_least(most: Any, clock: VirtualClock) -> None:
    text = f"History(most={most!r}): give a whole number of operations to keep, 1 or more"

    with pytest.raises(ValueError, match=exactly(text)):
        History(clock, most)


def test_an_empty_history_is_true_and_says_that_it_is_empty(history: History) -> None:
    assert history
    assert (history.dropped, history.last(), history.to_jsonl()) == (0, [], "")
    assert str(history) == "(no operations)"
    assert repr(history) == "<History: 0 operations>"


async def test_bindings_of_one_account_share_a_history(
    clock: VirtualClock, history: History
) -> None:
    for title in ("SESSIONS", "CACHE"):
        namespace = KVNamespace(clock=clock).namespace
        await bind(namespace, HistoryStore(namespace.store, history, title)).get("key")

    assert [(each.number, each.namespace) for each in history] == [(1, "SESSIONS"), (2, "CACHE")]


# The export


async def test_every_line_of_the_export_has_every_field(kv: KVNamespace, history: History) -> None:
    await five(kv)
    await kv.put("bytes", b"\x00\xff")

    lines = [json.loads(line) for line in history.to_jsonl().splitlines()]

    assert [set(line) for line in lines] == [set(Operation.__dataclass_fields__)] * 6
    assert lines[0]["value"] == "1"
    assert (lines[2]["keys"], lines[2]["value"]) == (["a", "b"], ["1", None])
    assert lines[5]["value"] == {"base64": "AP8="}


@given(values=st.lists(st.text() | st.binary(), max_size=5))
async def test_the_export_keeps_one_line_for_each_operation(values: list[str | bytes]) -> None:
    history = History(VirtualClock(START))
    namespace = KVNamespace().namespace
    kv = bind(namespace, HistoryStore(namespace.store, history, "KV"))
    for value in values:
        await kv.put("key", value)

    lines = history.to_jsonl().splitlines()

    assert [json.loads(line)["number"] for line in lines] == [*range(1, len(values) + 1)]
