"""How a request reads in the log: one line, and under it the KV operations that it made."""

import json
from collections import Counter
from collections.abc import Sequence

from pykvbinding._text.glyphs import Glyphs, pad, width
from pykvbinding._text.spans import Line, Span
from pykvbinding._text.tables import counted
from pykvbinding.kv.options import DEFAULT_CACHE_TTL
from pykvbinding.middleware.operation import HistoryEntry
from pykvbinding.storage.record import ListPage, ReadResult, Record, byte_length

MOST_OPERATIONS = 12
"""Of one request that are shown; one more would be no shorter than "... and 1 more"."""

INDENT = "    "
GAP = "   "

LEAST_CALL_COLUMNS = 24
LEAST_RESULT_COLUMNS = 12

STYLE_OF_CACHE = {"HIT": "green", "MISS": "yellow", "REVALIDATE": "cyan", "STALE": "magenta"}


def request_line(
    method: str, target: str, status: int, seconds: float, location: str | None = None
) -> Line:
    """`GET /notes/1 200 in 1.2 ms`; `location` is None where there is only one."""
    style = "green" if status < 300 else "cyan" if status < 400 else "yellow"
    took = f" in {duration(seconds)}"
    where = f" at {location}" if location else ""
    return [
        Span(method, "bold"),
        Span(f" {target} "),
        Span(str(status), style if status < 500 else "red"),
        Span(took + where, "dim"),
    ]


def operation_lines(entries: Sequence[HistoryEntry], columns: int, glyphs: Glyphs) -> list[Line]:
    """A line for each operation: the call, what came of it, and what the cache said."""
    shown = entries if len(entries) <= MOST_OPERATIONS + 1 else entries[:MOST_OPERATIONS]
    rows = [(_call(entry, glyphs), _result(entry, glyphs), _cache(entry)) for entry in shown]
    longest_cache = max((width(cache) for *_, cache in rows), default=0)
    room = columns - len(INDENT) - 2 * len(GAP) - longest_cache
    call_columns = max((width(call) for call, *_ in rows), default=0)
    result_columns = max((width(result) for _, (result, _), _ in rows), default=0)
    result_columns = min(result_columns, max(room - call_columns, LEAST_RESULT_COLUMNS))
    call_columns = min(call_columns, max(room - result_columns, LEAST_CALL_COLUMNS))
    lines: list[Line] = []
    for call, (result, style), cache in rows:
        fitted = glyphs.fit(call, call_columns, end=")")
        lines.append(
            [
                Span(INDENT + pad(fitted, call_columns) + GAP),
                Span(pad(glyphs.fit(result, result_columns), result_columns) + GAP, style),
                Span(cache, STYLE_OF_CACHE.get(cache, "dim")),
            ]
        )
    left = entries[len(shown) :]
    if left:
        text = f"{INDENT}{glyphs.dots} and {len(left)} more: {_summary(left)}"
        lines.append([Span(text, "dim")])
    return lines


def duration(seconds: float) -> str:
    """A time that took so long, in ms or s."""
    if seconds >= 10:
        return f"{seconds:.0f} s"
    if seconds >= 1:
        return f"{seconds:.1f} s"
    return f"{seconds * 1e3:.0f} ms" if seconds >= 0.01 else f"{seconds * 1e3:.1f} ms"


def size(number: int) -> str:
    """So many bytes: `12 B`, `1.1 kB`, `25 MB`."""
    if number < 1000:
        return f"{number} B"
    for factor, unit in ((1e3, "kB"), (1e6, "MB")):
        if number < 999.5 * factor:
            return f"{number / factor:.{0 if number >= 9.95 * factor else 1}f} {unit}"
    return f"{number / 1e9:.1f} GB"


def _call(entry: HistoryEntry, glyphs: Glyphs) -> str:
    """The operation as it was called: what the store was asked, whatever method asked it."""
    kind, key, argument = entry.kind, entry.key, entry.argument
    name = f"{entry.namespace}.{kind}"
    if isinstance(key, tuple):
        shown = f"[{', '.join(_quoted(each, glyphs) for each in key)}]"
    else:
        shown = _quoted(key, glyphs)
    if kind == "list":
        after, limit = argument
        parts = [f"prefix={shown}"] if key else []
        parts += [f"limit={limit}"] if limit != 1000 else []
        parts += [f"cursor={glyphs.dots}"] if after is not None else []
        return f"{name}({', '.join(parts)})"
    if kind == "get" and argument != DEFAULT_CACHE_TTL:
        shown += f", cacheTtl={argument}"
    return f"{name}({shown})"


def _quoted(key: str, glyphs: Glyphs) -> str:
    return f'"{glyphs.plain(key)}"' if '"' not in key else json.dumps(key, ensure_ascii=True)


def _result(entry: HistoryEntry, glyphs: Glyphs) -> Span:
    kind, result = entry.kind, entry.result
    if entry.error is not None:
        return Span(glyphs.plain(entry.error), "red")
    if entry.returned_nanoseconds is None:
        return Span("not finished", "dim")
    if kind == "put":
        return Span(_written(entry.argument), "dim")
    if kind == "delete":
        return Span("", "dim")
    if isinstance(result, ListPage):
        more = ", more to come" if result.next_after is not None else ""
        return Span(f"{counted(len(result.names), 'name')}{more}", "dim")
    if isinstance(result, ReadResult):
        record = result.record
        return Span("None" if record is None else size(byte_length(record.value)), "dim")
    there = sum(found.record is not None for found in result.values())
    return Span(f"{there} of {len(result)}", "dim")


def _written(record: Record) -> str:
    with_what = ["metadata"] if record.metadata is not None else []
    with_what += ["expiration"] if record.expiration is not None else []
    written = size(byte_length(record.value))
    return f"{written}, {' and '.join(with_what)}" if with_what else written


def _cache(entry: HistoryEntry) -> str:
    result = entry.result
    if isinstance(result, dict):
        told = [found.cache_status for found in result.values() if found.cache_status]
        return ", ".join(f"{number} {status}" for status, number in Counter(told).items())
    status: str | None = getattr(result, "cache_status", None)
    return status or ""


def _summary(entries: Sequence[HistoryEntry]) -> str:
    kinds = Counter(entry.kind for entry in entries)
    return ", ".join(counted(number, kind) for kind, number in kinds.items())
