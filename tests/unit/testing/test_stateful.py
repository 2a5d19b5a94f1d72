"""A state machine compares random operations on a namespace with a model, which is a dict.

The model stores bytes and metadata as they were passed, and shares no code with the package.
"""

import json
import warnings
from collections.abc import Callable, Coroutine
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
)

from pykvbinding import KVError, KVUsageWarning, ReadableStream, VirtualClock
from pykvbinding.types import PutOptions, Value
from tests.support.assertions import complete
from tests.support.stores import START, make_kv

T = TypeVar("T")

FAMILIAR = ["a", "ab", "abc", "abd", "b", "é", "éa", "😀", "\uffff", "key-1", "key-2", "key-3"]
KEYS = st.sampled_from(FAMILIAR) | st.text("abé/😀\U0010ffff", min_size=1, max_size=4)
PREFIXES = st.sampled_from(["", "", "a", "ab", "é", "key", "\U0010ffff"]) | KEYS
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(1 - 2**53, 2**53 - 1) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=5,
)
TEXTS = st.text(max_size=8) | JSON.map(json.dumps) | st.just("\ufeff1")
BUFFERS = st.binary(max_size=8) | st.sampled_from([b"\xff", b"\xef\xbb\xbf[]"])
NUMBERS = st.integers(-(2**70), 2**70)


@dataclass
class ModelEntry:
    """One key of the model."""

    raw: bytes
    metadata: Any
    expiration: int | None

    def text(self) -> str:
        return self.raw.decode("utf-8", "replace")


@dataclass
class IncompleteList:
    """An incomplete list: the last key that was returned, and the cursor."""

    prefix: str
    after: str
    cursor: str


def canonical_json(value: object) -> str:
    """Return JSON text that distinguishes 1 from True and ignores the order of dict keys."""
    return json.dumps(value, sort_keys=True)


def javascript_number(digits: str) -> float:
    number = float(digits)
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def parse_json(text: str) -> Any:
    """Return the value of JSON text, or the KVError class if `text` is not JSON."""
    try:
        return json.loads(text, parse_int=javascript_number, parse_float=javascript_number)
    except ValueError:
        return KVError


class Machine(RuleBasedStateMachine):
    """A namespace and its model."""

    store_kind: ClassVar[str] = "engine"
    incomplete_lists: Bundle[IncompleteList] = Bundle("incomplete_lists")
    snapshots: Bundle[tuple[bytes, dict[str, ModelEntry]]] = Bundle("snapshots")

    def __init__(self) -> None:
        super().__init__()
        self.clock = VirtualClock(START)
        self.kv = make_kv(self.store_kind, self.clock, max_metadata_bytes=100_000)
        self.model: dict[str, ModelEntry] = {}

    def run(self, operation: Coroutine[Any, Any, T]) -> T:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", KVUsageWarning)
            return complete(operation)

    def live_model(self) -> dict[str, ModelEntry]:
        now = self.clock.now_seconds()
        return {
            key: entry
            for key, entry in self.model.items()
            if entry.expiration is None or entry.expiration > now
        }

    def assert_result(self, operation: Coroutine[Any, Any, object], expected: object) -> None:
        """Assert that `operation` returns `expected`, or raises it if it is the KVError class."""
        if expected is KVError:
            with pytest.raises(KVError):
                self.run(operation)
        else:
            assert canonical_json(self.run(operation)) == canonical_json(expected)

    # Writes.

    @rule(key=KEYS, text=TEXTS)
    def put_text(self, key: str, text: str) -> None:
        self.run(self.kv.put(key, text))
        self.model[key] = ModelEntry(text.encode(), None, None)

    @rule(key=KEYS, number=NUMBERS, metadata=JSON)
    def put_number(self, key: str, number: int, metadata: Any) -> None:
        self.run(self.kv.put(key, number, {"metadata": metadata}))
        self.model[key] = ModelEntry(str(number).encode(), metadata, None)

    @rule(key=KEYS, raw=BUFFERS, wrap=st.sampled_from([bytes, memoryview]), ttl=st.integers(60, 99))
    def put_expiring(self, key: str, raw: bytes, wrap: Callable[[bytes], Value], ttl: int) -> None:
        self.run(self.kv.put(key, wrap(raw), expirationTtl=ttl))
        self.model[key] = ModelEntry(raw, None, self.clock.now_seconds() + ttl)

    @rule(key=KEYS, chunks=st.lists(BUFFERS, max_size=3), metadata=JSON, wait=st.integers(60, 99))
    def put_stream(self, key: str, chunks: list[bytes], metadata: Any, wait: int) -> None:
        expiration = self.clock.now_seconds() + wait
        options: PutOptions = {"metadata": metadata, "expiration": expiration}
        self.run(self.kv.put(key, ReadableStream(chunks), options))
        self.model[key] = ModelEntry(b"".join(chunks), metadata, expiration)

    @rule(key=KEYS, text=TEXTS, ttl=st.integers(-1, 59))
    def put_invalid(self, key: str, text: str, ttl: int) -> None:
        self.assert_result(self.kv.put(key, text, expirationTtl=ttl), KVError)

    @rule(key=KEYS)
    def delete(self, key: str) -> None:
        self.run(self.kv.delete(key))
        self.model.pop(key, None)

    @rule()
    def clear(self) -> None:
        self.kv.namespace.clear()
        self.model.clear()

    @rule(seconds=st.sampled_from([0.25, 1, 30, 59, 60, 61, 100]))
    def advance_time(self, seconds: float) -> None:
        self.clock.advance(seconds)

    # Reads.

    @rule(key=KEYS)
    def read_plain(self, key: str) -> None:
        entry = self.live_model().get(key)
        self.assert_result(self.kv.get(key), entry and entry.text())
        self.assert_result(self.kv.get(key, "json"), entry and parse_json(entry.text()))

    @rule(key=KEYS)
    def read_bytes(self, key: str) -> None:
        entry = self.live_model().get(key)
        buffer = self.run(self.kv.get(key, "arrayBuffer"))
        stream = self.run(self.kv.get(key, "stream"))
        if entry is None:
            assert buffer is None
            assert stream is None
        else:
            assert buffer is not None
            assert stream is not None
            assert bytes(buffer) == self.run(joined(stream)) == entry.raw

    @rule(key=KEYS, as_json=st.booleans())
    def read_with_metadata(self, key: str, as_json: bool) -> None:
        entry = self.live_model().get(key)
        value = entry and (parse_json(entry.text()) if as_json else entry.text())
        result = {"value": value, "metadata": entry and entry.metadata, "cacheStatus": None}
        operation = self.kv.getWithMetadata(key, "json" if as_json else "text")
        self.assert_result(operation, KVError if value is KVError else result)

    @rule(keys=st.lists(KEYS, min_size=1, max_size=5), as_json=st.booleans())
    def read_several(self, keys: list[str], as_json: bool) -> None:
        values, entries = self.expected_of_several(keys, as_json)
        is_rejected = KVError in values.values()
        response_type: Any = "json" if as_json else "text"
        self.assert_result(self.kv.get(keys, response_type), KVError if is_rejected else values)
        operation = self.kv.getWithMetadata(keys, response_type)
        self.assert_result(operation, KVError if is_rejected else entries)

    def expected_of_several(
        self, keys: list[str], as_json: bool
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        live = self.live_model()
        values, entries = dict[str, Any].fromkeys(keys), dict[str, Any].fromkeys(keys)
        for key in live.keys() & values.keys():
            text = live[key].text().removeprefix("\ufeff")
            values[key] = parse_json(text) if as_json else text
            if values[key] is not None:
                entries[key] = {"value": values[key], "metadata": live[key].metadata}
        return values, entries

    @rule(keys=st.permutations(FAMILIAR))
    def read_familiar_keys(self, keys: list[str]) -> None:
        assert list(self.run(self.kv.get(keys))) == keys

    @rule()
    def count(self) -> None:
        assert len(self.kv.namespace) == len(self.live_model())

    # Pages.

    def page(self, prefix: str, after: str, limit: int, cursor: str | None) -> MultipleResults[Any]:
        """Compare one page with that of the model, and return its cursor for a later rule."""
        live = self.live_model()
        names = sorted(live, key=str.encode)
        names = [name for name in names if name.startswith(prefix) and name > after]
        page = self.run(self.kv.list(prefix=prefix, limit=limit, cursor=cursor))
        assert canonical_json(page["keys"]) == canonical_json(
            [listed(n, live[n]) for n in names[:limit]]
        )
        assert page.list_complete is ("cursor" not in page) is (len(names) <= limit)
        if page.list_complete:
            return multiple()
        return multiple(IncompleteList(prefix, names[limit - 1], page.cursor))

    @rule(target=incomplete_lists, prefix=PREFIXES, limit=st.integers(1, 5))
    def list_from_the_start(self, prefix: str, limit: int) -> MultipleResults[Any]:
        return self.page(prefix, "", limit, None)

    @rule(target=incomplete_lists, previous=consumes(incomplete_lists), limit=st.integers(1, 5))
    def list_next(self, previous: IncompleteList, limit: int) -> MultipleResults[Any]:
        return self.page(previous.prefix, previous.after, limit, previous.cursor)

    @rule(
        target=incomplete_lists, previous=incomplete_lists, prefix=PREFIXES, limit=st.integers(1, 5)
    )
    def list_next_with_another_prefix(
        self, previous: IncompleteList, prefix: str, limit: int
    ) -> MultipleResults[Any]:
        return self.page(prefix, previous.after, limit, previous.cursor)

    # Snapshots.

    @rule(target=snapshots)
    def dump(self) -> tuple[bytes, dict[str, ModelEntry]]:
        snapshot = self.kv.namespace.dump()
        assert self.kv.namespace.dump() == snapshot
        return snapshot, deepcopy(self.live_model())

    @rule(snapshot=snapshots)
    def load(self, snapshot: tuple[bytes, dict[str, ModelEntry]]) -> None:
        self.kv.namespace.load(snapshot[0])
        self.model = deepcopy(snapshot[1])

    @invariant()
    def engine_is_consistent(self) -> None:
        self.kv.namespace.store.engine._check()


class MachineOverAChain(Machine):
    """The same machine store_kind a store with a layer."""

    store_kind = "chain"


async def joined(stream: ReadableStream) -> bytes:
    return b"".join([chunk async for chunk in stream])


def listed(name: str, entry: ModelEntry) -> dict[str, Any]:
    fields = {"name": name, "expiration": entry.expiration, "metadata": entry.metadata}
    return {field: value for field, value in fields.items() if value is not None}


SETTINGS = settings(max_examples=100, stateful_step_count=40, deadline=None)

TestOverTheEngine = Machine.TestCase
TestOverTheEngine.settings = SETTINGS
TestOverAChain = MachineOverAChain.TestCase
TestOverAChain.settings = SETTINGS
