"""A state machine that compares a namespace, yours too, with a dict and a clock.

What you test has the binding's five methods; the machine calls them and knows the answers::

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
from pykvbinding.testing.strategies import Operation, few_keys

T = TypeVar("T")

KEYS: Final = few_keys()

VALUES: Final = st.text(max_size=8).filter(lambda text: not text.startswith("\ufeff")) | st.binary(
    max_size=8
)
"""No text that starts with a byte order mark: a multi-key read drops it, a single one does not."""

JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=4,
)

REFUSED: Final = (
    Operation(method="put", arguments=("", "v")),
    Operation(method="put", arguments=(".", "v")),
    Operation(method="put", arguments=("..", "v")),
    Operation(method="put", arguments=("k" * 513, "v")),
    Operation(method="put", arguments=("a", "v"), options={"expirationTtl": 59}),
    Operation(method="put", arguments=("a", "v"), options={"expirationTtl": 0}),
    Operation(method="put", arguments=("a", "v"), options={"expiration": 1}),
    Operation(method="put", arguments=("a", "v"), options={"metadata": "m" * 1023}),
    Operation(method="delete", arguments=("",)),
    Operation(method="get", arguments=("",)),
    Operation(method="get", arguments=([],)),
    Operation(method="get", arguments=(["a"] * 101,)),
    Operation(method="get", arguments=("a",), options={"cacheTtl": 29}),
    Operation(method="list", options={"limit": 1001}),
)
"""What the platform refuses whatever is stored. Afterwards everything is as it was."""

EMPTY_PAGES: Final = 100
"""So many pages without a key may come before a list that never ends is called that."""


@dataclass(slots=True)
class Kept:
    """What the model knows of one key. `expiration` is in seconds since the epoch."""

    value: str | bytes
    metadata: Any = None
    expiration: int | None = None

    @property
    def text(self) -> str:
        """The value as a read of type "text" shows it."""
        return self.value if isinstance(self.value, str) else self.value.decode(errors="replace")

    @property
    def raw(self) -> bytes:
        """The value as a read of type "arrayBuffer" shows it."""
        return self.value.encode() if isinstance(self.value, str) else self.value


class KVNamespaceMachine(RuleBasedStateMachine):
    """Any sequence of operations on a namespace answers as on a dict that is sorted when listed.

    Override `make_namespace`; where yours needs it, `run`, `now` and `advance`. `teardown` closes
    the loop that `run` opened: call `super().teardown()` if you override it.
    """

    time_moves: ClassVar[bool] = True
    """False for a namespace whose time no test can move: then nothing expires."""

    refusal: ClassVar[type[Exception] | None] = KVError
    """What is raised for what the platform refuses; None if that is not to be compared."""

    def __init__(self) -> None:
        super().__init__()
        self.clock: VirtualClock = VirtualClock()
        self._runner: Any = None
        self._kept: dict[str, Kept] = {}
        self._namespace: Any = self.make_namespace()

    # What to override.

    def make_namespace(self) -> Any:
        """An empty namespace, for one run: an object with the five methods of the binding."""
        return KVNamespace(clock=self.clock)

    def run(self, operation: Coroutine[Any, Any, T]) -> T:
        """What `operation` returns: awaited on an asyncio loop that lasts for one run."""
        if self._runner is None:
            from asyncio import Runner  # not at the top: who overrides `run` may not need it

            self._runner = Runner()
        answer: T = self._runner.run(operation)
        return answer

    def now(self) -> int:
        """Whole seconds since the epoch, on the clock of the namespace."""
        return self.clock.now_seconds()

    def advance(self, seconds: float) -> None:
        """Let time pass for the namespace. `seconds` is whole."""
        self.clock.advance(seconds)

    def teardown(self) -> None:
        """Close the loop."""
        if self._runner is not None:
            self._runner.close()

    # Writes.

    @rule(key=KEYS, value=VALUES)
    def put(self, key: str, value: str | bytes) -> None:
        """A write without options forgets the metadata and expiration of the one before."""
        self.run(self._namespace.put(key, value))
        self._kept[key] = Kept(value)

    @rule(key=KEYS, value=VALUES, metadata=JSON)
    def put_with_metadata(self, key: str, value: str | bytes, metadata: Any) -> None:
        """Metadata belongs to one write."""
        self.run(self._namespace.put(key, value, metadata=metadata))
        self._kept[key] = Kept(value, metadata)
        self.get_with_metadata(key)

    @rule(keys=st.lists(KEYS, min_size=2, max_size=6, unique=True))
    def put_several(self, keys: list[str]) -> None:
        """Enough keys for several pages."""
        for key in keys:
            self.put(key, key)

    @precondition(lambda self: self.time_moves)
    @rule(key=KEYS, value=VALUES, seconds=st.integers(60, 120), absolute=st.booleans())
    def put_expiring(self, key: str, value: str | bytes, seconds: int, absolute: bool) -> None:  # noqa: FBT001
        """Both spellings of an expiration."""
        expiration = self.now() + seconds
        options = {"expiration": expiration} if absolute else {"expirationTtl": seconds}
        self.run(self._namespace.put(key, value, **options))
        self._kept[key] = Kept(value, None, expiration)

    @rule(key=KEYS)
    def delete(self, key: str) -> None:
        """A key that is not there is no error."""
        self.run(self._namespace.delete(key))
        self._kept.pop(key, None)

    @precondition(lambda self: self.refusal is not None)
    @rule(operation=st.sampled_from(REFUSED))
    def is_refused(self, operation: Operation) -> None:
        """What the platform refuses is refused."""
        assert self.refusal is not None
        try:
            self.run(operation.apply(self._namespace))
        except self.refusal:
            return
        raise AssertionError(f"{operation!r:.60} was accepted; the platform refuses it")

    @precondition(lambda self: self.time_moves)
    @rule(seconds=st.sampled_from([1, 59, 60, 61]) | st.integers(1, 200))
    def time_passes(self, seconds: int) -> None:
        """Expired keys are gone at the very second."""
        self.advance(seconds)

    # Reads.

    @rule(key=KEYS)
    def get(self, key: str) -> None:
        """A value as text and as bytes."""
        kept = self._live().get(key)
        text = self.run(self._namespace.get(key))
        _agree(f"get({key!r})", text, kept and kept.text)
        call = f"get({key!r}, type='arrayBuffer')"
        buffer = self.run(self._namespace.get(key, type="arrayBuffer"))
        raw = None if buffer is None else bytes(buffer)
        if raw != (kept and kept.raw):
            raise _disagreement(call, raw, kept and kept.raw)

    @rule(key=KEYS, tree=JSON)
    def put_and_get_json(self, key: str, tree: Any) -> None:
        """Text that is JSON, read as what it means."""
        self.put(key, json.dumps(tree))
        answer = self.run(self._namespace.get(key, type="json"))
        _agree(f"get({key!r}, type='json')", answer, tree)

    @rule(key=KEYS)
    def get_with_metadata(self, key: str) -> None:
        """Value and metadata are of one write."""
        kept = self._live().get(key)
        entry = self.run(self._namespace.getWithMetadata(key))
        shown = {"value": entry["value"], "metadata": entry["metadata"]}
        expected = {"value": kept and kept.text, "metadata": kept and kept.metadata}
        _agree(f"getWithMetadata({key!r})", shown, expected)

    @rule(keys=st.lists(KEYS, min_size=1, max_size=5))
    def get_several(self, keys: list[str]) -> None:
        """Every key is in the answer, None if it is not there."""
        live = self._live()
        found = {key: live.get(key) for key in keys}
        texts = self.run(self._namespace.get(keys))
        _agree(f"get({keys!r})", texts, {key: kept and kept.text for key, kept in found.items()})
        entries = self.run(self._namespace.getWithMetadata(keys))
        expected = {
            key: kept and {"value": kept.text, "metadata": kept.metadata}
            for key, kept in found.items()
        }
        _agree(f"getWithMetadata({keys!r})", entries, expected)

    @rule(
        prefix=st.sampled_from(["", "", "a", "a/", "é"]) | KEYS,
        limit=st.sampled_from([1000]) | st.integers(1, 4),
    )
    def list_all(self, prefix: str, limit: int) -> None:
        """Every page of a list: each live key once, in the order of its UTF-8 bytes."""
        live = self._live()
        names = [name for name in sorted(live, key=str.encode) if name.startswith(prefix)]
        call = f"list(prefix={prefix!r}, limit={limit}), every page,"
        listed = list(self._listed(call, prefix, limit, len(names)))
        _agree(call, listed, [_shown(name, live[name]) for name in names])

    def _listed(self, call: str, prefix: str, limit: int, count: int) -> Iterator[dict[str, Any]]:
        """What all pages list; too much of it, if the list does not end where it should."""
        options: dict[str, Any] = {"prefix": prefix, "limit": limit}
        for _ in range(count + EMPTY_PAGES):
            page = self.run(self._namespace.list(**options))
            if len(page["keys"]) > limit:
                raise AssertionError(f"{call} has a page of {len(page['keys'])} keys")
            for key in page["keys"]:
                yield {item: value for item, value in key.items() if value is not None}
            options["cursor"] = page.get("cursor")
            if page["list_complete"] is not (options["cursor"] is None):
                complete = page["list_complete"]
                raise AssertionError(f"{call} has list_complete={complete} and {options}")
            if page["list_complete"]:
                return
        raise AssertionError(f"{call} does not end after {count + EMPTY_PAGES} pages")

    def _live(self) -> dict[str, Kept]:
        now = self.now() if self.time_moves else 0
        return {
            key: kept
            for key, kept in self._kept.items()
            if kept.expiration is None or kept.expiration > now
        }


def _shown(name: str, kept: Kept) -> dict[str, Any]:
    """How a list shows a key: with what there is."""
    items = {"name": name, "expiration": kept.expiration, "metadata": kept.metadata}
    return {item: value for item, value in items.items() if value is not None}


def _agree(call: str, answer: object, expected: object) -> None:
    if _spelled(answer) != _spelled(expected):
        raise _disagreement(call, answer, expected)


def _disagreement(call: str, answer: object, expected: object) -> AssertionError:
    return AssertionError(
        f"{call} answered\n    {answer!r}\nand after what was done it should be\n    {expected!r}"
    )


def _spelled(value: object) -> str:
    """What tells 1 from True, and does not see the order of names."""
    return json.dumps(value, sort_keys=True, default=repr)
