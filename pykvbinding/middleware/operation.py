"""Operations: their kinds, the entries of the history, and the table of operations."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from pykvbinding._text.tables import pluralize, shorten, table
from pykvbinding.clock import NANOSECONDS
from pykvbinding.storage.record import ReadResult, Value

KINDS: Final = ("get", "put", "delete", "list")
"""Bulk reads and getWithMetadata are of the kind "get", as the service counts them."""

WIDTH = 100
"""The maximum width of the table, in columns."""

NAME_WIDTH = 16
"""The maximum width of a location, a namespace, or the versions of one operation."""

OPERATION_WIDTH = 40
"""The maximum width of the kind and the key of one operation."""

MIN_RESULT_WIDTH = 24

HEADINGS = ("#", "at", "took", "where", "namespace", "operation", "version", "cache", "result")
NUMERIC_HEADINGS = ("#", "at", "took", "version")


@dataclass(slots=True, init=False, eq=False)
class HistoryEntry:
    """One recorded operation; `to_operation` converts it to the public `Operation`.

    It has no `__init__`: the layer that records operations assigns every field, which takes half
    the time of a call with arguments.
    """

    number: int
    namespace: str
    location: str | None
    kind: str
    key: str | tuple[str, ...]
    """The key, the keys of a bulk read, or the prefix of a list."""

    argument: Any
    """The `cache_ttl` of a get, the record of a put, `(after, limit)` of a list, else `None`."""

    invoked_nanoseconds: int
    returned_nanoseconds: int | None
    result: Any
    """The result of the next store; `None` while the operation is in flight and after an error."""

    error: str | None


@dataclass(slots=True)
class Operation:
    """One operation: its arguments, times, location and result.

    A bulk read is one operation: its `key` is empty, `keys` has the names, and `version`,
    `cache_status` and `value` are tuples in the same order. The `key` of a list is its prefix, the
    `value` of a list the names on the page.
    """

    number: int
    """Counts from 1, in the order of the invocations."""

    kind: str
    """"get", "put", "delete" or "list"."""

    namespace: str
    """The title of the namespace."""

    location: str | None
    """`None` outside a simulated network."""

    invoked_nanoseconds: int
    returned_nanoseconds: int | None
    """Nanoseconds since the epoch; `None` while the operation is in flight."""

    outcome: str | None
    """The string "ok" or the text of the error; `None` while the operation is in flight."""

    key: str = ""
    keys: tuple[str, ...] = ()
    """The keys of a bulk read; empty for anything else."""

    version: int | tuple[int | None, ...] | None = None
    """The version read or written; `None` if versions are not tracked."""

    cache_status: str | tuple[str | None, ...] | None = None
    value: Value | tuple[Value | None, ...] | None = None
    """The value read or to be written; `None` for a missing key and a failed read."""

    cache_ttl_seconds: int | None = None
    """The cacheTtl of a get."""

    after: str | None = None
    """The name after which the page of a list starts."""

    limit: int | None = None
    """The limit of a list."""

    @property
    def invoked(self) -> float:
        """The time of the invocation, in seconds since the epoch."""
        return self.invoked_nanoseconds / NANOSECONDS

    @property
    def returned(self) -> float | None:
        """The time of the result, in seconds since the epoch; `None` while it is in flight."""
        returned = self.returned_nanoseconds
        return None if returned is None else returned / NANOSECONDS


def check_kind(where: str, kind: object) -> None:
    """Check that `kind` is a kind of operation, or `None` for any kind.

    Raises: ValueError that lists the four kinds.
    """
    if kind is not None and kind not in KINDS:
        raise ValueError(
            f'{where}: unknown operation kind {kind!r}; expected "get" (one key or several), '
            '"put", "delete" or "list"'
        )


def to_operation(entry: HistoryEntry) -> Operation:
    """Return the public form of an entry."""
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


def render_operations(operations: Sequence[Operation]) -> list[str]:
    """Return the lines of a table; times are in seconds since the first operation."""
    if not operations:
        return ["(no operations)"]
    start = operations[0].invoked_nanoseconds
    is_coarse = all(
        (each.invoked_nanoseconds - start) % 1_000_000 == _duration_ns(each) % 1_000_000 == 0
        for each in operations
    )
    digits = 3 if is_coarse else 6
    has_namespaces = len({each.namespace for each in operations}) > 1
    rows = [
        (
            str(each.number),
            f"{(each.invoked_nanoseconds - start) / NANOSECONDS:+.{digits}f}",
            f"{_duration_ns(each) / NANOSECONDS:.{digits}f}" if _duration_ns(each) else "",
            shorten(_escape_unprintable(each.location or ""), NAME_WIDTH),
            shorten(_escape_unprintable(each.namespace), NAME_WIDTH) if has_namespaces else "",
            shorten(f"{each.kind} {_format_keys(each)}", OPERATION_WIDTH),
            shorten(_join_values(each.version), NAME_WIDTH),
            shorten(_join_values(each.cache_status), NAME_WIDTH),
        )
        for each in operations
    ]
    used = len(table(HEADINGS, [(*row, ".") for row in rows], right=NUMERIC_HEADINGS)[0])
    max_length = max(WIDTH - used + len(HEADINGS[-1]), MIN_RESULT_WIDTH)
    results = [shorten(_format_result(each, max_length), max_length) for each in operations]
    complete = [(*row, result) for row, result in zip(rows, results, strict=True)]
    return [shorten(line, WIDTH) for line in table(HEADINGS, complete, right=NUMERIC_HEADINGS)]


def _set_read_result(operation: Operation, result: ReadResult | dict[str, ReadResult]) -> None:
    """Set the version, the cache status and the value of a read."""
    if isinstance(result, ReadResult):
        operation.version, operation.cache_status = result.version, result.cache_status
        operation.value = _result_value(result)
        return
    results = [result[key] for key in operation.keys]
    operation.version = tuple(each.version for each in results)
    operation.cache_status = tuple(each.cache_status for each in results)
    operation.value = tuple(map(_result_value, results))


def _result_value(result: ReadResult) -> Value | None:
    return None if result.record is None else result.record.value


def _duration_ns(operation: Operation) -> int:
    """Return the nanoseconds from invocation to result, 0 while the operation is in flight."""
    returned = operation.returned_nanoseconds
    return 0 if returned is None else returned - operation.invoked_nanoseconds


def _format_keys(operation: Operation) -> str:
    """Return the key or the keys as one line."""
    if operation.keys:
        return f"[{', '.join(map(_escape_unprintable, operation.keys))}]"
    return _escape_unprintable(operation.key)


def _escape_unprintable(name: str) -> str:
    return name if name.isprintable() else repr(name)


def _join_values(value: object) -> str:
    """Join the values of a bulk read; a common value is shown once."""
    if not isinstance(value, tuple):
        return "" if value is None else str(value)
    distinct = dict.fromkeys("-" if each is None else str(each) for each in value)
    if len(distinct) == 1:
        return "".join(distinct).replace("-", "")
    return ", ".join("-" if each is None else str(each) for each in value)


def _format_result(operation: Operation, max_length: int) -> str:
    """Format the result: the written value for a put, the error for a failed operation."""
    kind, outcome, value = operation.kind, operation.outcome, operation.value
    if outcome == "ok" and kind == "list" and isinstance(value, tuple):
        names = ", ".join(map(_escape_unprintable, map(str, value)))
        return f"{pluralize(len(value), 'name')}: {names}" if value else "no names"
    if outcome == "ok":
        return "" if kind == "delete" else _format_value(value, max_length)
    status = "(in flight)" if outcome is None else " ".join(outcome.split())
    return f"{status}: {_format_value(value, max_length)}" if kind == "put" else status


def _format_value(value: object, max_length: int) -> str:
    """Return the `repr` of a value, truncated to `max_length`."""
    if isinstance(value, str | bytes):
        return shorten(repr(value[:max_length]), max_length)
    if isinstance(value, tuple):
        return ", ".join(_format_value(each, max_length) for each in value)
    return repr(value)
