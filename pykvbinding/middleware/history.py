"""What has happened: every operation of an account, in the order in which they were invoked."""

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
    operations_table,
    to_operation,
)
from pykvbinding.storage.record import ListPage, ReadResult, Record
from pykvbinding.storage.store import Store


class History:
    """The operations of one account: a sequence, oldest first, that prints as a table.

    It keeps the newest `most` of them, and `dropped` counts the others. `entries` is what the
    layers write.

    Raises: ValueError for a `most` below 1.
    """

    __slots__ = ("_number_before", "clock", "entries", "most", "next_number")

    def __init__(self, clock: Clock, most: int = 10_000) -> None:
        if type(most) is not int or most < 1:
            raise ValueError(
                f"History(most={most!r}): give a whole number of operations to keep, 1 or more"
            )
        self.most: int = most
        self.clock: Clock = clock
        self.entries: deque[HistoryEntry] = deque(maxlen=most)
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
        """How many operations are no longer kept."""
        return self._operation(self.entries[0]).number - 1 if self.entries else 0

    def last(self, n: int = 1) -> list[Operation]:
        """The newest `n` operations, oldest first."""
        newest = list(islice(reversed(self.entries), n))
        return [self._operation(entry) for entry in reversed(newest)]

    def count(self, kind: str | None = None) -> int:
        """How many operations of a kind are kept, or of all kinds.

        Raises: ValueError for a kind that is none.
        """
        check_kind("History.count", kind)
        return sum(kind in (None, entry.kind) for entry in self.entries)

    def gets(self, key: str | None = None) -> list[Operation]:
        """The reads, or those of one key, alone or among several."""
        return self._of("get", key)

    def puts(self, key: str | None = None) -> list[Operation]:
        """The puts, or those of one key."""
        return self._of("put", key)

    def deletes(self, key: str | None = None) -> list[Operation]:
        """The deletes, or those of one key."""
        return self._of("delete", key)

    def lists(self, prefix: str | None = None) -> list[Operation]:
        """The lists, or those of one prefix."""
        return self._of("list", prefix)

    def clear(self) -> None:
        """Forget everything and count from 1 again."""
        self.entries.clear()  # in place: the layers hold on to it, as to `next_number`
        self._number_before = self.next_number()

    def to_jsonl(self) -> str:
        """Every operation kept, a JSON object on a line of its own, with every field of it.

        Bytes are objects with one item, `base64`.
        """
        return "".join(json.dumps(asdict(operation), default=_as_json) + "\n" for operation in self)

    def table(self, last: int | None = None) -> str:
        """The newest `last` operations, or all: aligned, times in seconds from the first of them.

        At most 100 columns; keys and values are shortened, and what all lines lack is left out.
        """
        shown = list(self) if last is None else self.last(last)
        lines = operations_table(shown)
        earlier = self.dropped + len(self) - len(shown)
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

    def _of(self, kind: str, key: str | None) -> list[Operation]:
        operations = (self._operation(entry) for entry in self.entries if entry.kind == kind)
        return [each for each in operations if key is None or key == each.key or key in each.keys]


class HistoryStore:
    """The layer that writes the history; one for each namespace and each place."""

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
        # `_begin`, written out: the call would cost a third of what this layer does.
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
            found = await self._inner.get(key, cache_ttl)
        except BaseException as error:
            self._fail(entry, error)
            raise
        entry.returned_nanoseconds = now()
        entry.result = found
        return found

    async def get_many(self, keys: Sequence[str], cache_ttl: int) -> dict[str, ReadResult]:
        """Read several keys."""
        entry = self._begin("get", tuple(keys), cache_ttl)
        try:
            found = await self._inner.get_many(keys, cache_ttl)
        except BaseException as error:
            self._fail(entry, error)
            raise
        self._end(entry, found)
        return found

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
        """Remove one key."""
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
        """Record that an operation was invoked."""
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
        """Record that an operation returned."""
        entry.returned_nanoseconds = self._now()
        entry.result = result

    def _fail(self, entry: HistoryEntry, error: BaseException) -> None:
        """Record that an operation raised, or was cancelled."""
        entry.returned_nanoseconds = self._now()
        entry.error = str(error) or type(error).__name__


def _as_json(value: object) -> dict[str, str]:
    """What JSON has no words for: a value that is not text."""
    assert isinstance(value, bytes)
    return {"base64": b64encode(value).decode("ascii")}
