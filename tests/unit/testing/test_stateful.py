"""Any sequence of operations behaves as on a dict that is sorted whenever somebody lists it.

The model keeps bytes and metadata as they were given, and shares no code with the package.
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
class Kept:
    """One key of the model."""

    raw: bytes
    metadata: Any
    expiration: int | None

    def text(self) -> str:
        return self.raw.decode("utf-8", "replace")


@dataclass
class Flight:
    """A list that is not complete: where it stands, and its cursor."""

    prefix: str
    after: str
    cursor: str


def spelled(value: object) -> str:
    """What tells 1 from True, and does not see the order of names."""
    return json.dumps(value, sort_keys=True)


def javascript_number(digits: str) -> float:
    number = float(digits)
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def parsed(text: str) -> Any:
    """The value of JSON text, or the KVError class for text that is none."""
    try:
        return json.loads(text, parse_int=javascript_number, parse_float=javascript_number)
    except ValueError:
        return KVError


class Machine(RuleBasedStateMachine):
    """A namespace and its model, side by side."""

    over: ClassVar[str] = "engine"
    flights: Bundle[Flight] = Bundle("flights")
    snapshots: Bundle[tuple[bytes, dict[str, Kept]]] = Bundle("snapshots")

    def __init__(self) -> None:
        super().__init__()
        self.clock = VirtualClock(START)
        self.kv = make_kv(self.over, self.clock, max_metadata_bytes=100_000)
        self.model: dict[str, Kept] = {}

    def run(self, operation: Coroutine[Any, Any, T]) -> T:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", KVUsageWarning)
            return complete(operation)

    def live(self) -> dict[str, Kept]:
        now = self.clock.now_seconds()
        return {
            key: kept
            for key, kept in self.model.items()
            if kept.expiration is None or kept.expiration > now
        }

    def agree(self, operation: Coroutine[Any, Any, object], expected: object) -> None:
        """Whether `operation` answers as expected; KVError itself stands for a refusal."""
        if expected is KVError:
            with pytest.raises(KVError):
                self.run(operation)
        else:
            assert spelled(self.run(operation)) == spelled(expected)

    # Writes.

    @rule(key=KEYS, text=TEXTS)
    def put_text(self, key: str, text: str) -> None:
        self.run(self.kv.put(key, text))
        self.model[key] = Kept(text.encode(), None, None)

    @rule(key=KEYS, number=NUMBERS, metadata=JSON)
    def put_number(self, key: str, number: int, metadata: Any) -> None:
        self.run(self.kv.put(key, number, {"metadata": metadata}))
        self.model[key] = Kept(str(number).encode(), metadata, None)

    @rule(key=KEYS, raw=BUFFERS, wrap=st.sampled_from([bytes, memoryview]), ttl=st.integers(60, 99))
    def put_expiring(self, key: str, raw: bytes, wrap: Callable[[bytes], Value], ttl: int) -> None:
        self.run(self.kv.put(key, wrap(raw), expirationTtl=ttl))
        self.model[key] = Kept(raw, None, self.clock.now_seconds() + ttl)

    @rule(key=KEYS, chunks=st.lists(BUFFERS, max_size=3), metadata=JSON, wait=st.integers(60, 99))
    def put_stream(self, key: str, chunks: list[bytes], metadata: Any, wait: int) -> None:
        expiration = self.clock.now_seconds() + wait
        options: PutOptions = {"metadata": metadata, "expiration": expiration}
        self.run(self.kv.put(key, ReadableStream(chunks), options))
        self.model[key] = Kept(b"".join(chunks), metadata, expiration)

    @rule(key=KEYS, text=TEXTS, ttl=st.integers(-1, 59))
    def put_what_is_refused(self, key: str, text: str, ttl: int) -> None:
        self.agree(self.kv.put(key, text, expirationTtl=ttl), KVError)

    @rule(key=KEYS)
    def delete(self, key: str) -> None:
        self.run(self.kv.delete(key))
        self.model.pop(key, None)

    @rule()
    def clear(self) -> None:
        self.kv.namespace.clear()
        self.model.clear()

    @rule(seconds=st.sampled_from([0.25, 1, 30, 59, 60, 61, 100]))
    def let_time_pass(self, seconds: float) -> None:
        self.clock.advance(seconds)

    # Reads.

    @rule(key=KEYS)
    def read_plain(self, key: str) -> None:
        kept = self.live().get(key)
        self.agree(self.kv.get(key), kept and kept.text())
        self.agree(self.kv.get(key, "json"), kept and parsed(kept.text()))

    @rule(key=KEYS)
    def read_bytes(self, key: str) -> None:
        kept = self.live().get(key)
        buffer = self.run(self.kv.get(key, "arrayBuffer"))
        stream = self.run(self.kv.get(key, "stream"))
        if kept is None:
            assert buffer is None
            assert stream is None
        else:
            assert buffer is not None
            assert stream is not None
            assert bytes(buffer) == self.run(joined(stream)) == kept.raw

    @rule(key=KEYS, as_json=st.booleans())
    def read_with_metadata(self, key: str, as_json: bool) -> None:
        kept = self.live().get(key)
        value = kept and (parsed(kept.text()) if as_json else kept.text())
        entry = {"value": value, "metadata": kept and kept.metadata, "cacheStatus": None}
        answer = self.kv.getWithMetadata(key, "json" if as_json else "text")
        self.agree(answer, KVError if value is KVError else entry)

    @rule(keys=st.lists(KEYS, min_size=1, max_size=5), as_json=st.booleans())
    def read_many(self, keys: list[str], as_json: bool) -> None:
        values, entries = self.expected_of_many(keys, as_json)
        refused = KVError in values.values()
        response_type: Any = "json" if as_json else "text"
        self.agree(self.kv.get(keys, response_type), KVError if refused else values)
        answer = self.kv.getWithMetadata(keys, response_type)
        self.agree(answer, KVError if refused else entries)

    def expected_of_many(
        self, keys: list[str], as_json: bool
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        live = self.live()
        values, entries = dict[str, Any].fromkeys(keys), dict[str, Any].fromkeys(keys)
        for key in live.keys() & values.keys():
            text = live[key].text().removeprefix("\ufeff")
            values[key] = parsed(text) if as_json else text
            if values[key] is not None:
                entries[key] = {"value": values[key], "metadata": live[key].metadata}
        return values, entries

    @rule(keys=st.permutations(FAMILIAR))
    def read_the_familiar(self, keys: list[str]) -> None:
        assert list(self.run(self.kv.get(keys))) == keys

    @rule()
    def count(self) -> None:
        assert len(self.kv.namespace) == len(self.live())

    # Pages.

    def page(self, prefix: str, after: str, limit: int, cursor: str | None) -> MultipleResults[Any]:
        """Compare one page with the model's, and keep its cursor in flight."""
        live = self.live()
        names = sorted(live, key=str.encode)
        names = [name for name in names if name.startswith(prefix) and name > after]
        page = self.run(self.kv.list(prefix=prefix, limit=limit, cursor=cursor))
        assert spelled(page["keys"]) == spelled([listed(n, live[n]) for n in names[:limit]])
        assert page.list_complete is ("cursor" not in page) is (len(names) <= limit)
        if page.list_complete:
            return multiple()
        return multiple(Flight(prefix, names[limit - 1], page.cursor))

    @rule(target=flights, prefix=PREFIXES, limit=st.integers(1, 5))
    def list_from_the_start(self, prefix: str, limit: int) -> MultipleResults[Any]:
        return self.page(prefix, "", limit, None)

    @rule(target=flights, flight=consumes(flights), limit=st.integers(1, 5))
    def list_on(self, flight: Flight, limit: int) -> MultipleResults[Any]:
        return self.page(flight.prefix, flight.after, limit, flight.cursor)

    @rule(target=flights, flight=flights, prefix=PREFIXES, limit=st.integers(1, 5))
    def list_on_elsewhere(self, flight: Flight, prefix: str, limit: int) -> MultipleResults[Any]:
        return self.page(prefix, flight.after, limit, flight.cursor)

    # Snapshots.

    @rule(target=snapshots)
    def dump(self) -> tuple[bytes, dict[str, Kept]]:
        snapshot = self.kv.namespace.dump()
        assert self.kv.namespace.dump() == snapshot
        return snapshot, deepcopy(self.live())

    @rule(snapshot=snapshots)
    def load(self, snapshot: tuple[bytes, dict[str, Kept]]) -> None:
        self.kv.namespace.load(snapshot[0])
        self.model = deepcopy(snapshot[1])

    @invariant()
    def the_engine_is_sound(self) -> None:
        self.kv.namespace.store.engine._check()


class MachineOverAChain(Machine):
    """The same, the long way."""

    over = "chain"


async def joined(stream: ReadableStream) -> bytes:
    return b"".join([chunk async for chunk in stream])


def listed(name: str, kept: Kept) -> dict[str, Any]:
    items = {"name": name, "expiration": kept.expiration, "metadata": kept.metadata}
    return {item: value for item, value in items.items() if value is not None}


SETTINGS = settings(max_examples=100, stateful_step_count=40, deadline=None)

TestOverTheEngine = Machine.TestCase
TestOverTheEngine.settings = SETTINGS
TestOverAChain = MachineOverAChain.TestCase
TestOverAChain.settings = SETTINGS
