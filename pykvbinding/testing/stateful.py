"""A state machine that compares any KV namespace with a model: a dict and a clock.

The namespace under test has the binding's five methods; the machine calls them and compares the
results with the model::

    class OursMachine(KVNamespaceMachine):
        def make_namespace(self):
            return OurAdapter(clock=self.clock)

    TestOurs = OursMachine.TestCase
"""

import json
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Final, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from pykvbinding.clock import VirtualClock
from pykvbinding.errors import KVError
from pykvbinding.kv.binding import KVNamespace
from pykvbinding.testing.strategies import StrategyCall, colliding_keys

T = TypeVar("T")

KEYS: Final = colliding_keys()

VALUES: Final = st.text(max_size=8).filter(lambda text: not text.startswith("\ufeff")) | st.binary(
    max_size=8
)
"""No text starts with a byte order mark: a multi-key read drops it, a single-key read keeps it."""

JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=4,
)

INVALID_CALLS: Final = (
    StrategyCall(method="put", arguments=("", "v")),
    StrategyCall(method="put", arguments=(".", "v")),
    StrategyCall(method="put", arguments=("..", "v")),
    StrategyCall(method="put", arguments=("k" * 513, "v")),
    StrategyCall(method="put", arguments=("a", "v"), options={"expirationTtl": 59}),
    StrategyCall(method="put", arguments=("a", "v"), options={"expirationTtl": 0}),
    StrategyCall(method="put", arguments=("a", "v"), options={"expiration": 1}),
    StrategyCall(method="put", arguments=("a", "v"), options={"metadata": "m" * 1023}),
    StrategyCall(method="delete", arguments=("",)),
    StrategyCall(method="get", arguments=("",)),
    StrategyCall(method="get", arguments=([],)),
    StrategyCall(method="get", arguments=(["a"] * 101,)),
    StrategyCall(method="get", arguments=("a",), options={"cacheTtl": 29}),
    StrategyCall(method="list", options={"limit": 1001}),
)
"""Calls that the platform rejects whatever is stored. They change nothing."""

MAX_EMPTY_PAGES: Final = 100
"""Number of pages without a key that a list may return before it counts as endless."""


@dataclass(slots=True)
class ModelEntry:
    """One key of the model. `expiration` is in seconds since the epoch."""

    value: str | bytes
    metadata: Any = None
    expiration: int | None = None

    @property
    def text(self) -> str:
        """The result of a read of type "text"."""
        return self.value if isinstance(self.value, str) else self.value.decode(errors="replace")

    @property
    def raw(self) -> bytes:
        """The result of a read of type "arrayBuffer"."""
        return self.value.encode() if isinstance(self.value, str) else self.value


class KVNamespaceMachine(RuleBasedStateMachine):
    """Runs random operations on a namespace and compares every result with a sorted dict.

    Override `make_namespace` and, if the namespace needs it, `run`, `now` and `advance`. `teardown`
    closes the event loop that `run` opened: call `super().teardown()` if you override it.
    """

    time_moves: ClassVar[bool] = True
    """False for a namespace whose clock a test cannot advance: then nothing expires."""

    refusal: ClassVar[type[Exception] | None] = KVError
    """The exception for calls that the platform rejects; None to skip these calls."""

    def __init__(self) -> None:
        super().__init__()
        self.clock: VirtualClock = VirtualClock()
        self._runner: Any = None
        self._model: dict[str, ModelEntry] = {}
        self._namespace: Any = self.make_namespace()

    # Methods to override.

    def make_namespace(self) -> Any:
        """Return an empty namespace for one run: an object with the five methods of the binding."""
        return KVNamespace(clock=self.clock)

    def run(self, operation: Coroutine[Any, Any, T]) -> T:
        """Run `operation` on an asyncio event loop, kept for one run, and return its result."""
        if self._runner is None:
            from asyncio import Runner  # not at the top: an overridden `run` may not need it

            self._runner = Runner()
        result: T = self._runner.run(operation)
        return result

    def now(self) -> int:
        """Return the time of the namespace, in whole seconds since the epoch."""
        return self.clock.now_seconds()

    def advance(self, seconds: float) -> None:
        """Advance the clock of the namespace by a whole number of seconds."""
        self.clock.advance(seconds)

    def teardown(self) -> None:
        """Close the event loop."""
        if self._runner is not None:
            self._runner.close()

    # Writes.

    @rule(key=KEYS, value=VALUES)
    def put(self, key: str, value: str | bytes) -> None:
        """Write a value without options, which clears earlier metadata and expiration."""
        self.run(self._namespace.put(key, value))
        self._model[key] = ModelEntry(value)

    @rule(key=KEYS, value=VALUES, metadata=JSON)
    def put_with_metadata(self, key: str, value: str | bytes, metadata: Any) -> None:
        """Write a value with metadata, and read both."""
        self.run(self._namespace.put(key, value, metadata=metadata))
        self._model[key] = ModelEntry(value, metadata)
        self.get_with_metadata(key)

    @rule(keys=st.lists(KEYS, min_size=2, max_size=6, unique=True))
    def put_several(self, keys: list[str]) -> None:
        """Write enough keys for several list pages."""
        for key in keys:
            self.put(key, key)

    @precondition(lambda self: self.time_moves)
    @rule(key=KEYS, value=VALUES, seconds=st.integers(60, 120), absolute=st.booleans())
    def put_expiring(self, key: str, value: str | bytes, seconds: int, absolute: bool) -> None:  # noqa: FBT001
        """Write a value with `expiration` or `expirationTtl`."""
        expiration = self.now() + seconds
        options = {"expiration": expiration} if absolute else {"expirationTtl": seconds}
        self.run(self._namespace.put(key, value, **options))
        self._model[key] = ModelEntry(value, None, expiration)

    @rule(key=KEYS)
    def delete(self, key: str) -> None:
        """Delete a key, which may be missing."""
        self.run(self._namespace.delete(key))
        self._model.pop(key, None)

    @precondition(lambda self: self.refusal is not None)
    @rule(operation=st.sampled_from(INVALID_CALLS))
    def rejects_invalid(self, operation: StrategyCall) -> None:
        """Make a call that the platform rejects."""
        assert self.refusal is not None
        try:
            self.run(operation.apply(self._namespace))
        except self.refusal:
            return
        raise AssertionError(f"{operation!r:.60} was accepted; the platform rejects it")

    @precondition(lambda self: self.time_moves)
    @rule(seconds=st.sampled_from([1, 59, 60, 61]) | st.integers(1, 200))
    def advance_time(self, seconds: int) -> None:
        """Advance the clock, so that keys expire."""
        self.advance(seconds)

    # Reads.

    @rule(key=KEYS)
    def get(self, key: str) -> None:
        """Read a value as text and as bytes."""
        entry = self._live_model().get(key)
        text = self.run(self._namespace.get(key))
        _assert_equal(f"get({key!r})", text, entry and entry.text)
        call = f"get({key!r}, type='arrayBuffer')"
        buffer = self.run(self._namespace.get(key, type="arrayBuffer"))
        raw = None if buffer is None else bytes(buffer)
        if raw != (entry and entry.raw):
            raise _mismatch(call, raw, entry and entry.raw)

    @rule(key=KEYS, tree=JSON)
    def put_and_get_json(self, key: str, tree: Any) -> None:
        """Write JSON text and read it as JSON."""
        self.put(key, json.dumps(tree))
        result = self.run(self._namespace.get(key, type="json"))
        _assert_equal(f"get({key!r}, type='json')", result, tree)

    @rule(key=KEYS)
    def get_with_metadata(self, key: str) -> None:
        """Read a value with its metadata."""
        entry = self._live_model().get(key)
        result = self.run(self._namespace.getWithMetadata(key))
        actual = {"value": result["value"], "metadata": result["metadata"]}
        expected = {"value": entry and entry.text, "metadata": entry and entry.metadata}
        _assert_equal(f"getWithMetadata({key!r})", actual, expected)

    @rule(keys=st.lists(KEYS, min_size=1, max_size=5))
    def get_several(self, keys: list[str]) -> None:
        """Read several keys; the result has every key, with None for a missing one."""
        live = self._live_model()
        entries = {key: live.get(key) for key in keys}
        texts = {key: entry and entry.text for key, entry in entries.items()}
        _assert_equal(f"get({keys!r})", self.run(self._namespace.get(keys)), texts)
        result = self.run(self._namespace.getWithMetadata(keys))
        expected = {
            key: entry and {"value": entry.text, "metadata": entry.metadata}
            for key, entry in entries.items()
        }
        _assert_equal(f"getWithMetadata({keys!r})", result, expected)

    @rule(
        prefix=st.sampled_from(["", "", "a", "a/", "é"]) | KEYS,
        limit=st.sampled_from([1000]) | st.integers(1, 4),
    )
    def list_all(self, prefix: str, limit: int) -> None:
        """Read every page of a list: each live key once, in the order of its UTF-8 bytes."""
        live = self._live_model()
        names = [name for name in sorted(live, key=str.encode) if name.startswith(prefix)]
        call = f"list(prefix={prefix!r}, limit={limit})"
        listed = list(self._list_pages(call, prefix, limit, len(names)))
        _assert_equal(
            f"all pages of {call}", listed, [_list_element(name, live[name]) for name in names]
        )

    def _list_pages(
        self, call: str, prefix: str, limit: int, count: int
    ) -> Iterator[dict[str, Any]]:
        """Yield the keys of all pages.

        Raises: AssertionError for a page that is too long or inconsistent, or an endless list.
        """
        options: dict[str, Any] = {"prefix": prefix, "limit": limit}
        for _ in range(count + MAX_EMPTY_PAGES):
            page = self.run(self._namespace.list(**options))
            if len(page["keys"]) > limit:
                raise AssertionError(f"{call} returned a page of {len(page['keys'])} keys")
            for key in page["keys"]:
                yield {field: value for field, value in key.items() if value is not None}
            options["cursor"] = page.get("cursor")
            if page["list_complete"] is not (options["cursor"] is None):
                cursor = options["cursor"]
                raise AssertionError(
                    f"{call} returned list_complete={page['list_complete']} with cursor={cursor!r}"
                )
            if page["list_complete"]:
                return
        raise AssertionError(f"{call} does not end after {count + MAX_EMPTY_PAGES} pages")

    def _live_model(self) -> dict[str, ModelEntry]:
        now = self.now() if self.time_moves else 0
        return {
            key: entry
            for key, entry in self._model.items()
            if entry.expiration is None or entry.expiration > now
        }


def _list_element(name: str, entry: ModelEntry) -> dict[str, Any]:
    """Return the element of a list page for a key; an absent field is omitted."""
    fields = {"name": name, "expiration": entry.expiration, "metadata": entry.metadata}
    return {field: value for field, value in fields.items() if value is not None}


def _assert_equal(call: str, actual: object, expected: object) -> None:
    if _canonical_json(actual) != _canonical_json(expected):
        raise _mismatch(call, actual, expected)


def _mismatch(call: str, actual: object, expected: object) -> AssertionError:
    return AssertionError(f"{call} returned\n    {actual!r}\ninstead of\n    {expected!r}")


def _canonical_json(value: object) -> str:
    """Return JSON text that distinguishes 1 from True and ignores the order of dict keys."""
    return json.dumps(value, sort_keys=True, default=repr)
