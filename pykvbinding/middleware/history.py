"""The history: the operations of an account in the order of their invocation."""

import json
from base64 import b64encode
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from itertools import count, islice
from typing import overload

from pykvbinding._text.tables import pluralize
from pykvbinding.clock import Clock
from pykvbinding.middleware.operation import (
    HistoryEntry,
    Operation,
    check_kind,
    render_operations,
    to_operation,
)
from pykvbinding.storage.record import ListPage, ReadResult, Record
from pykvbinding.storage.store import Store


class History:
    """The operations of one account: a sequence, oldest first; `print` shows a table.

    It keeps the newest `max_operations` operations; `dropped` is the number of the others. The
    layers append to `entries`.

    Raises: ValueError if `max_operations` is less than 1.
    """

    __slots__ = ("_number_before", "clock", "entries", "max_operations", "next_number")

    def __init__(self, clock: Clock, max_operations: int = 10_000) -> None:
        if type(max_operations) is not int or max_operations < 1:
            raise ValueError(
                f"History(max_operations={max_operations!r}): pass a whole number, 1 or more"
            )
        self.max_operations: int = max_operations
        self.clock: Clock = clock
        self.entries: deque[HistoryEntry] = deque(maxlen=max_operations)
        self.next_number: Callable[[], int] = count(1).__next__
        self._number_before = 0

    def __len__(self) -> int:
        return len(self.entries)

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[Operation]:
        return map(self._operation, list(self.entries))

    @overload
    def __getitem__(self, index: int) -> Operation: ...
    @overload
    def __getitem__(self, index: slice) -> list[Operation]: ...

    def __getitem__(self, index: int | slice) -> Operation | list[Operation]:
        if isinstance(index, slice):
            return [self._operation(entry) for entry in list(self.entries)[index]]
        return self._operation(self.entries[index])

    @property
    def dropped(self) -> int:
        """The number of operations that are no longer kept."""
        return self._operation(self.entries[0]).number - 1 if self.entries else 0

    def tail(self, n: int = 1) -> list[Operation]:
        """Return the newest `n` operations, oldest first."""
        newest = list(islice(reversed(self.entries), n))
        return [self._operation(entry) for entry in reversed(newest)]

    def count(self, kind: str | None = None) -> int:
        """Return the number of kept operations, of one kind or of all kinds.

        Raises: ValueError for an unknown kind.
        """
        check_kind("History.count", kind)
        return sum(kind in (None, entry.kind) for entry in self.entries)

    def gets(self, key: str | None = None) -> list[Operation]:
        """Return the reads, or those of one key, including bulk reads with this key."""
        return self._select("get", key)

    def puts(self, key: str | None = None) -> list[Operation]:
        """Return the puts, or those of one key."""
        return self._select("put", key)

    def deletes(self, key: str | None = None) -> list[Operation]:
        """Return the deletes, or those of one key."""
        return self._select("delete", key)

    def lists(self, prefix: str | None = None) -> list[Operation]:
        """Return the lists, or those of one prefix."""
        return self._select("list", prefix)

    def clear(self) -> None:
        """Remove all operations and restart the numbers at 1."""
        self.entries.clear()  # in place: the layers keep a reference to it
        self._number_before = self.next_number()

    def to_jsonl(self) -> str:
        """Return the kept operations as JSON Lines: one object per operation, with every field.

        Bytes are objects with one item, `base64`.
        """
        return "".join(json.dumps(asdict(operation), default=_to_json) + "\n" for operation in self)

    def table(self, last: int | None = None) -> str:
        """Return a table of the newest `last` operations, or of all.

        Times are in seconds since the first operation of the table. The table has at most 100
        columns: keys and values are truncated, and empty columns are omitted.
        """
        operations = list(self) if last is None else self.tail(last)
        lines = render_operations(operations)
        earlier = self.dropped + len(self) - len(operations)
        if earlier:
            lines.insert(0, f"({pluralize(earlier, 'earlier operation')} not shown)")
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.table()

    def __repr__(self) -> str:
        return f"<History: {pluralize(len(self), 'operation')}>"

    def _operation(self, entry: HistoryEntry) -> Operation:
        operation = to_operation(entry)
        operation.number -= self._number_before
        return operation

    def _select(self, kind: str, key: str | None) -> list[Operation]:
        operations = (self._operation(entry) for entry in self.entries if entry.kind == kind)
        return [
            operation
            for operation in operations
            if key is None or key == operation.key or key in operation.keys
        ]


class HistoryStore:
    """The layer that records operations in the history; one per namespace and location."""

    __slots__ = ("_append", "_inner", "_location", "_namespace", "_next_number", "_now")

    def __init__(
        self, inner: Store, history: History, namespace: str, location: str | None = None
    ) -> None:
        self._inner = inner
        self._namespace = namespace
        self._location = location
        self._append = history.entries.append
        self._next_number = history.next_number
        self._now = history.clock.now_nanoseconds

    async def get(self, key: str, cache_ttl: int) -> ReadResult:
        """Read one key."""
        # `_begin` inlined: the call would be a third of the cost of this layer.
        now = self._now
        entry = HistoryEntry()
        entry.number = self._next_number()
        entry.namespace = self._namespace
        entry.location = self._location
        entry.kind = "get"
        entry.key = key
        entry.argument = cache_ttl
        entry.invoked_nanoseconds = now()
        entry.returned_nanoseconds = entry.result = entry.error = None
        self._append(entry)
        try:
            result = await self._inner.get(key, cache_ttl)
        except BaseException as error:
            self._fail(entry, error)
            raise
        entry.returned_nanoseconds = now()
        entry.result = result
        return result

    async def get_many(self, keys: Sequence[str], cache_ttl: int) -> dict[str, ReadResult]:
        """Read several keys."""
        entry = self._begin("get", tuple(keys), cache_ttl)
        try:
            result = await self._inner.get_many(keys, cache_ttl)
        except BaseException as error:
            self._fail(entry, error)
            raise
        self._end(entry, result)
        return result

    async def put(self, key: str, record: Record) -> int | None:
        """Write one key."""
        entry = self._begin("put", key, record)
        try:
            version = await self._inner.put(key, record)
        except BaseException as error:
            self._fail(entry, error)
            raise
        self._end(entry, version)
        return version

    async def delete(self, key: str) -> int | None:
        """Delete one key."""
        entry = self._begin("delete", key)
        try:
            version = await self._inner.delete(key)
        except BaseException as error:
            self._fail(entry, error)
            raise
        self._end(entry, version)
        return version

    async def list(self, prefix: str, after: str | None, limit: int) -> ListPage:
        """Read one page."""
        entry = self._begin("list", prefix, (after, limit))
        try:
            page = await self._inner.list(prefix, after, limit)
        except BaseException as error:
            self._fail(entry, error)
            raise
        self._end(entry, page)
        return page

    def _begin(
        self, kind: str, key: str | tuple[str, ...], argument: object = None
    ) -> HistoryEntry:
        """Record the invocation of an operation."""
        entry = HistoryEntry()
        entry.number = self._next_number()
        entry.namespace = self._namespace
        entry.location = self._location
        entry.kind = kind
        entry.key = key
        entry.argument = argument
        entry.invoked_nanoseconds = self._now()
        entry.returned_nanoseconds = entry.result = entry.error = None
        self._append(entry)
        return entry

    def _end(self, entry: HistoryEntry, result: object) -> None:
        """Record the result of an operation."""
        entry.returned_nanoseconds = self._now()
        entry.result = result

    def _fail(self, entry: HistoryEntry, error: BaseException) -> None:
        """Record that an operation raised an error or was cancelled."""
        entry.returned_nanoseconds = self._now()
        entry.error = str(error) or type(error).__name__


def _to_json(value: object) -> dict[str, str]:
    """Convert a value that JSON cannot represent: bytes."""
    assert isinstance(value, bytes)
    return {"base64": b64encode(value).decode("ascii")}
