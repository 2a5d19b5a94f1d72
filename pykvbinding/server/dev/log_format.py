"""Formats a request in the log: one line, and a line for each of its KV operations."""

import json
from collections import Counter
from collections.abc import Sequence

from pykvbinding._text.glyphs import GlyphSet, display_width, pad
from pykvbinding._text.spans import StyledLine, StyledText
from pykvbinding._text.tables import pluralize
from pykvbinding.kv.options import DEFAULT_CACHE_TTL
from pykvbinding.middleware.operation import HistoryEntry
from pykvbinding.storage.record import ListPage, ReadResult, Record, byte_length

MAX_OPERATIONS = 12
"""Maximum shown for one request; a single further one is shown instead of "... and 1 more"."""

INDENT = "    "
GAP = "   "

MIN_CALL_COLUMNS = 24
MIN_RESULT_COLUMNS = 12

CACHE_STYLES = {"HIT": "green", "MISS": "yellow", "REVALIDATE": "cyan", "STALE": "magenta"}


def request_line(
    method: str, target: str, status: int, seconds: float, location: str | None = None
) -> StyledLine:
    """Format `GET /notes/1 200 in 1.2 ms`; `location` is None if there is only one."""
    style = "green" if status < 300 else "cyan" if status < 400 else "yellow"
    elapsed = f" in {duration(seconds)}"
    where = f" at {location}" if location else ""
    return [
        StyledText(method, "bold"),
        StyledText(f" {target} "),
        StyledText(str(status), style if status < 500 else "red"),
        StyledText(elapsed + where, "dim"),
    ]


def operation_lines(
    entries: Sequence[HistoryEntry], columns: int, glyphs: GlyphSet
) -> list[StyledLine]:
    """Format a line for each operation: the call, its result, and the cache status."""
    shown = entries if len(entries) <= MAX_OPERATIONS + 1 else entries[:MAX_OPERATIONS]
    rows = [(_call(entry, glyphs), _result(entry, glyphs), _cache(entry)) for entry in shown]
    longest_cache = max((display_width(cache) for *_, cache in rows), default=0)
    available = columns - len(INDENT) - 2 * len(GAP) - longest_cache
    call_columns = max((display_width(call) for call, *_ in rows), default=0)
    result_columns = max((display_width(result) for _, (result, _), _ in rows), default=0)
    result_columns = min(result_columns, max(available - call_columns, MIN_RESULT_COLUMNS))
    call_columns = min(call_columns, max(available - result_columns, MIN_CALL_COLUMNS))
    lines: list[StyledLine] = []
    for call, (result, style), cache in rows:
        fitted = glyphs.truncate(call, call_columns, end=")")
        lines.append(
            [
                StyledText(INDENT + pad(fitted, call_columns) + GAP),
                StyledText(
                    pad(glyphs.truncate(result, result_columns), result_columns) + GAP, style
                ),
                StyledText(cache, CACHE_STYLES.get(cache, "dim")),
            ]
        )
    hidden = entries[len(shown) :]
    if hidden:
        text = f"{INDENT}{glyphs.ellipsis} and {len(hidden)} more: {_summary(hidden)}"
        lines.append([StyledText(text, "dim")])
    return lines


def duration(seconds: float) -> str:
    """Format a duration in ms or s."""
    if seconds >= 10:
        return f"{seconds:.0f} s"
    if seconds >= 1:
        return f"{seconds:.1f} s"
    return f"{seconds * 1e3:.0f} ms" if seconds >= 0.01 else f"{seconds * 1e3:.1f} ms"


def size(number: int) -> str:
    """Format a number of bytes: `12 B`, `1.1 kB`, `25 MB`."""
    if number < 1000:
        return f"{number} B"
    for factor, unit in ((1e3, "kB"), (1e6, "MB")):
        if number < 999.5 * factor:
            return f"{number / factor:.{0 if number >= 9.95 * factor else 1}f} {unit}"
    return f"{number / 1e9:.1f} GB"


def _call(entry: HistoryEntry, glyphs: GlyphSet) -> str:
    """Format the operation as a call of the store, whichever method of the binding made it."""
    kind, key, argument = entry.kind, entry.key, entry.argument
    name = f"{entry.namespace}.{kind}"
    if isinstance(key, tuple):
        shown = f"[{', '.join(_quoted(name, glyphs) for name in key)}]"
    else:
        shown = _quoted(key, glyphs)
    if kind == "list":
        after, limit = argument
        parts = [f"prefix={shown}"] if key else []
        parts += [f"limit={limit}"] if limit != 1000 else []
        parts += [f"cursor={glyphs.ellipsis}"] if after is not None else []
        return f"{name}({', '.join(parts)})"
    if kind == "get" and argument != DEFAULT_CACHE_TTL:
        shown += f", cacheTtl={argument}"
    return f"{name}({shown})"


def _quoted(key: str, glyphs: GlyphSet) -> str:
    return f'"{glyphs.escape(key)}"' if '"' not in key else json.dumps(key, ensure_ascii=True)


def _result(entry: HistoryEntry, glyphs: GlyphSet) -> StyledText:
    kind, result = entry.kind, entry.result
    if entry.error is not None:
        return StyledText(glyphs.escape(entry.error), "red")
    if entry.returned_nanoseconds is None:
        return StyledText("not finished", "dim")
    if kind == "put":
        return StyledText(_put_result(entry.argument), "dim")
    if kind == "delete":
        return StyledText("", "dim")
    if isinstance(result, ListPage):
        more = ", more to come" if result.next_after is not None else ""
        return StyledText(f"{pluralize(len(result.names), 'name')}{more}", "dim")
    if isinstance(result, ReadResult):
        record = result.record
        return StyledText("None" if record is None else size(byte_length(record.value)), "dim")
    present = sum(found.record is not None for found in result.values())
    return StyledText(f"{present} of {len(result)}", "dim")


def _put_result(record: Record) -> str:
    attributes = ["metadata"] if record.metadata is not None else []
    attributes += ["expiration"] if record.expiration is not None else []
    written = size(byte_length(record.value))
    return f"{written}, {' and '.join(attributes)}" if attributes else written


def _cache(entry: HistoryEntry) -> str:
    result = entry.result
    if isinstance(result, dict):
        statuses = [found.cache_status for found in result.values() if found.cache_status]
        return ", ".join(f"{number} {status}" for status, number in Counter(statuses).items())
    status: str | None = getattr(result, "cache_status", None)
    return status or ""


def _summary(entries: Sequence[HistoryEntry]) -> str:
    kinds = Counter(entry.kind for entry in entries)
    return ", ".join(pluralize(number, kind) for kind, number in kinds.items())
