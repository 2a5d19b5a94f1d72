"""The kinds of operation, one operation as the history keeps it, and the table of several."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from pykvbinding._text.tables import pluralize, shorten, table
from pykvbinding.clock import NANOSECONDS
from pykvbinding.storage.record import ReadResult, Value

KINDS: Final = ("get", "put", "delete", "list")
"""A read of several keys is a get, as is getWithMetadata: that is how the service counts them."""

WIDTH = 100
"""Columns that the table fits into."""

NAME_WIDTH = 16
"""Columns for a location, a namespace, or the versions of one operation."""

ASKED_WIDTH = 40
"""Columns for the kind and the key of one operation."""

LEAST_RESULT_WIDTH = 24

HEADINGS = ("#", "at", "took", "where", "namespace", "operation", "version", "cache", "result")
NUMBERS = ("#", "at", "took", "version")


@dataclass(slots=True, init=False, eq=False)
class HistoryEntry:
    """One operation while it is recorded; `to_operation` makes the `Operation` that users see.

    It has no `__init__`: the layer that records operations assigns every field, which takes half
    the time of a call with arguments.
    """

    number: int
    namespace: str
    location: str | None
    kind: str
    key: str | tuple[str, ...]
    """The key, the keys of a read of several keys, or the prefix of a list."""

    argument: Any
    """The `cache_ttl` of a get, the record of a put, `(after, limit)` of a list, else `None`."""

    invoked_nanoseconds: int
    returned_nanoseconds: int | None
    result: Any
    """What the next store returned; `None` while the operation is in flight and after an error."""

    error: str | None


@dataclass(slots=True)
class Operation:
    """One operation: what was asked, when, from where, and what came of it.

    A read of several keys is one operation: its `key` is empty, `keys` has the names, and
    `version`, `cache_status` and `value` are tuples in the same order. The `key` of a list is its
    prefix and its `value` the names on the page.
    """

    number: int
    """From 1, in the order of the invocations."""

    kind: str
    """"get", "put", "delete" or "list"."""

    namespace: str
    """The title."""

    location: str | None
    """`None` outside a simulated network."""

    invoked_nanoseconds: int
    returned_nanoseconds: int | None
    """Since the epoch; `None` while the operation is in flight."""

    outcome: str | None
    """"ok", or the error's text; `None` while the operation is in flight."""

    key: str = ""
    keys: tuple[str, ...] = ()
    """Of a read of several keys; empty for anything else."""

    version: int | tuple[int | None, ...] | None = None
    """The version read or written, where versions are counted."""

    cache_status: str | tuple[str | None, ...] | None = None
    value: Value | tuple[Value | None, ...] | None = None
    """What was read, or was to be written; `None` for a missing key and a read that failed."""

    cache_ttl_seconds: int | None = None
    """Of a get."""

    after: str | None = None
    """Of a list: its page starts beyond this name."""

    limit: int | None = None
    """Of a list."""

    @property
    def invoked(self) -> float:
        """When it began, in seconds since the epoch."""
        return self.invoked_nanoseconds / NANOSECONDS

    @property
    def returned(self) -> float | None:
        """When its answer was there, in seconds since the epoch; `None` while it is in flight."""
        returned = self.returned_nanoseconds
        return None if returned is None else returned / NANOSECONDS


def check_kind(where: str, kind: object) -> None:
    """Check that `kind` is one of the kinds, or `None`, which is any of them.

    Raises: ValueError that names the four.
    """
    if kind is not None and kind not in KINDS:
        raise ValueError(
            f'{where}: {kind!r} is no kind of operation; they are "get" (of one key or several), '
            '"put", "delete" and "list"'
        )


def to_operation(entry: HistoryEntry) -> Operation:
    """The operation of an entry, in the form that users see."""
    kind, argument, result = entry.kind, entry.argument, entry.result
    operation = Operation(
        number=entry.number,
        kind=kind,
        namespace=entry.namespace,
        location=entry.location,
        invoked_nanoseconds=entry.invoked_nanoseconds,
        returned_nanoseconds=entry.returned_nanoseconds,
        outcome=None if entry.returned_nanoseconds is None else entry.error or "ok",
    )
    if isinstance(entry.key, tuple):
        operation.keys = entry.key
    else:
        operation.key = entry.key
    if kind == "get":
        operation.cache_ttl_seconds = argument
        if result is not None:
            _set_read_result(operation, result)
    elif kind == "put":
        operation.version, operation.value = result, argument.value
    elif kind == "delete":
        operation.version = result
    else:
        operation.after, operation.limit = argument
        if result is not None:
            operation.value, operation.cache_status = tuple(result.names), result.cache_status
    return operation


def operations_table(operations: Sequence[Operation]) -> list[str]:
    """The lines of an aligned table; times are in seconds from the first operation."""
    if not operations:
        return ["(no operations)"]
    start = operations[0].invoked_nanoseconds
    is_coarse = all(
        (each.invoked_nanoseconds - start) % 1_000_000 == _took(each) % 1_000_000 == 0
        for each in operations
    )
    digits = 3 if is_coarse else 6
    several = len({each.namespace for each in operations}) > 1
    rows = [
        (
            str(each.number),
            f"{(each.invoked_nanoseconds - start) / NANOSECONDS:+.{digits}f}",
            f"{_took(each) / NANOSECONDS:.{digits}f}" if _took(each) else "",
            shorten(_printable(each.location or ""), NAME_WIDTH),
            shorten(_printable(each.namespace), NAME_WIDTH) if several else "",
            shorten(f"{each.kind} {_what(each)}", ASKED_WIDTH),
            shorten(_joined(each.version), NAME_WIDTH),
            shorten(_joined(each.cache_status), NAME_WIDTH),
        )
        for each in operations
    ]
    taken = len(table(HEADINGS, [(*row, ".") for row in rows], right=NUMBERS)[0])
    room = max(WIDTH - taken + len(HEADINGS[-1]), LEAST_RESULT_WIDTH)
    results = [shorten(_result(each, room), room) for each in operations]
    whole = [(*row, result) for row, result in zip(rows, results, strict=True)]
    return [shorten(line, WIDTH) for line in table(HEADINGS, whole, right=NUMBERS)]


def _set_read_result(operation: Operation, result: ReadResult | dict[str, ReadResult]) -> None:
    """Set the version, the cache status and the value of a read."""
    if isinstance(result, ReadResult):
        operation.version, operation.cache_status = result.version, result.cache_status
        operation.value = _value(result)
        return
    found = [result[key] for key in operation.keys]
    operation.version = tuple(each.version for each in found)
    operation.cache_status = tuple(each.cache_status for each in found)
    operation.value = tuple(map(_value, found))


def _value(found: ReadResult) -> Value | None:
    return None if found.record is None else found.record.value


def _took(operation: Operation) -> int:
    """Nanoseconds from its invocation to its answer, 0 while it is in flight."""
    returned = operation.returned_nanoseconds
    return 0 if returned is None else returned - operation.invoked_nanoseconds


def _what(operation: Operation) -> str:
    """The key, or the keys, on one line."""
    if operation.keys:
        return f"[{', '.join(map(_printable, operation.keys))}]"
    return _printable(operation.key)


def _printable(name: str) -> str:
    return name if name.isprintable() else repr(name)


def _joined(value: object) -> str:
    """One for all if all are the same, else each."""
    if not isinstance(value, tuple):
        return "" if value is None else str(value)
    distinct = dict.fromkeys("-" if each is None else str(each) for each in value)
    if len(distinct) == 1:
        return "".join(distinct).replace("-", "")
    return ", ".join("-" if each is None else str(each) for each in value)


def _result(operation: Operation, room: int) -> str:
    """What came back; for a put what was written, and for what failed the error."""
    kind, outcome, value = operation.kind, operation.outcome, operation.value
    if outcome == "ok" and kind == "list" and isinstance(value, tuple):
        names = ", ".join(map(_printable, map(str, value)))
        return f"{pluralize(len(value), 'name')}: {names}" if value else "no names"
    if outcome == "ok":
        return "" if kind == "delete" else _shown(value, room)
    told = "(in flight)" if outcome is None else " ".join(outcome.split())
    return f"{told}: {_shown(value, room)}" if kind == "put" else told


def _shown(value: object, room: int) -> str:
    """A value as Python writes it, without writing all of a large one."""
    if isinstance(value, str | bytes):
        return shorten(repr(value[:room]), room)
    if isinstance(value, tuple):
        return ", ".join(_shown(each, room) for each in value)
    return repr(value)
