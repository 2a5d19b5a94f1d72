"""The consistency contract: the versions that a read may return by the documentation, and why.

The sentences are from the Workers KV documentation (seed document 004); `...` is an omission.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pykvbinding.clock import NANOSECONDS
from pykvbinding.middleware.versions import Version
from pykvbinding.storage.record import Value

NEWEST = "If concurrent writes are made to the same key, the last write will take precedence."
UPDATED = (
    "writes or updates to the key made in other locations may take up to 60 seconds "
    "(or the duration of the `cacheTtl`) to display"
)
CREATED = (
    "Negative lookups indicating that the key does not exist are also cached, so the same delay "
    "exists noticing a value is created as when a value is changed."
)
DELETED = (
    "it may take some time for the key to be deleted from various points in the Cloudflare global "
    "network"
)
OR_MORE = "Changes may take up to 60 seconds or more to be visible in other ... locations"
EXPIRED = "Expiration always takes precedence."

MAX_VALUE_CHARACTERS = 40
"""The maximum length of a value in printed output."""

WIDTH = 100
"""The maximum line length of printed output, in columns."""

_INDENT = " " * 7


@dataclass(frozen=True, slots=True)
class AllowedVersion:
    """One version that a read may return.

    `value` is the stored value (str or bytes), `None` if the key was absent, deleted or has
    expired. `version` is the number of writes up to this version; 0 is the absence before the
    first one. `age` is the time in seconds since it was written, infinite if it has always existed.
    `until` is the number of seconds for which it may still be read, `None` for the newest version.
    `justification` is the sentence of the documentation that allows it.
    """

    value: Value | None
    version: int
    age: float
    until: float | None
    justification: str

    def __repr__(self) -> str:
        until = "" if self.until is None else f", until=+{_format_seconds(self.until)}"
        return f"AllowedVersion(v{self.version} {_format_value(self.value)}{until})"


class AllowedReads(list[AllowedVersion]):
    """The versions that a read may return, newest first; `print` shows a line for each, and why."""

    def __init__(self, versions: Sequence[AllowedVersion] = (), title: str = "may_read") -> None:
        super().__init__(versions)
        self._title = title

    @property
    def values(self) -> list[Value | None]:
        """The values only, newest first."""
        return [allowed.value for allowed in self]

    def __repr__(self) -> str:
        values = [_format_value(allowed.value) for allowed in self]
        width = max(map(len, values), default=0)
        lines = [f"{self._title}:"]
        for allowed, value in zip(self, values, strict=True):
            lines.append(f"  v{allowed.version:<3} {value:<{width}}  {_format_times(allowed)}")
            if allowed.until is not None:
                lines += _wrap(allowed.justification)
        return "\n".join(lines)


def allowed_versions(
    versions: Sequence[Version], now_ns: int, ttl: float, grace: float = 0
) -> list[AllowedVersion]:
    """Return the versions that a read at `now_ns` may return, newest first.

    `now_ns` is in nanoseconds since the epoch. `ttl` (the read's cacheTtl) and `grace` (the amount
    of "or more", the one number that the documentation leaves open) are in seconds. A version may
    be read until `ttl + grace` after the commit of the next one.
    """
    # In whole nanoseconds, like the caches: a float cannot represent years with this precision.
    limit_ns, ttl_ns = _nanoseconds(ttl + grace), _nanoseconds(ttl)
    newest = EXPIRED if versions[-1].is_expired(now_ns) else NEWEST
    allowed = [_allowed_version(versions[-1], now_ns, None, newest)]
    superseded_ns: float = math.inf
    for number in range(len(versions) - 2, -1, -1):
        version, successor = versions[number], versions[number + 1]
        if successor.committed_ns is None:
            break  # superseded before the first recorded operation
        # A version can be below another one in commit order and yet have been written after it.
        if successor.committed_ns < superseded_ns:
            superseded_ns = successor.committed_ns
        since = now_ns - superseded_ns
        if since >= limit_ns:
            break  # all older versions were superseded at the same time or earlier
        sentence = find_justification(version, successor, now_ns) if since < ttl_ns else OR_MORE
        until = (limit_ns - since) / NANOSECONDS
        allowed.append(_allowed_version(version, now_ns, until, sentence))
    return allowed


def superseded_at(versions: Sequence[Version], number: int) -> int | None:
    """Return when a version, not the newest, was superseded, in nanoseconds since the epoch.

    That is when the earliest of the versions above it was written; `None` if that was before the
    first recorded operation. Runtime complexity: O(versions above it).
    """
    if versions[number + 1].committed_ns is None:
        return None
    return min(version.committed_ns or 0 for version in versions[number + 1 :])


def _nanoseconds(seconds: float) -> float:
    return seconds if seconds == math.inf else round(seconds * NANOSECONDS)


def find_justification(version: Version, successor: Version, now_ns: int) -> str:
    """Return the sentence that allows reading a version although it has been superseded."""
    if version.is_expired(now_ns):
        return EXPIRED
    if version.record is None:
        return CREATED
    return DELETED if successor.record is None else UPDATED


def _allowed_version(
    version: Version, now_ns: int, until: float | None, justification: str
) -> AllowedVersion:
    record = None if version.is_expired(now_ns) else version.record
    committed_ns = version.committed_ns
    return AllowedVersion(
        value=None if record is None else record.value,
        version=version.number,
        age=math.inf if committed_ns is None else (now_ns - committed_ns) / NANOSECONDS,
        until=until,
        justification=justification,
    )


def _format_times(allowed: AllowedVersion) -> str:
    age = allowed.age
    written = "from the start" if age == math.inf else f"written {_format_seconds(age)} ago"
    if allowed.until is None:
        return f"{written}, the newest"
    if allowed.until == math.inf:
        return f"{written}, may be seen forever"
    return f"{written}, may be seen for {_format_seconds(allowed.until)} more"


def _format_seconds(seconds: float) -> str:
    return f"{seconds:.12g} s"


def _format_value(value: Value | None) -> str:
    text = repr(value)
    return text if len(text) <= MAX_VALUE_CHARACTERS else f"{text[:MAX_VALUE_CHARACTERS]}…"


def _wrap(sentence: str) -> list[str]:
    from textwrap import wrap  # late import: only printing needs it

    return wrap(f'"{sentence}"', WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT)
