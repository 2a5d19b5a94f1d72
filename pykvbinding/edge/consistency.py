"""The contract: which versions of a key the documentation permits a read to return, and why.

The sentences are those of the Workers KV documentation (seed document 004); `...` is left out.
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

SHOWN_CHARACTERS = 40
"""Of a value, where a version is printed."""

WIDTH = 100
"""Columns of what is printed."""

_INDENT = " " * 7


@dataclass(frozen=True, slots=True)
class AllowedVersion:
    """One version that a read may return.

    `value` is as it was stored (str or bytes), `None` if the read shows nothing: the key was
    absent, deleted, or has expired. `version` counts the writes of the key from 1; 0 is the absence
    before them. `age` is in seconds since it was written, infinite for what has always been so.
    `until` is how many more seconds it may be seen, `None` for the newest version.
    `justification` is the sentence of the documentation that permits it.
    """

    value: Value | None
    version: int
    age: float
    until: float | None
    justification: str

    def __repr__(self) -> str:
        until = "" if self.until is None else f", until=+{_seconds(self.until)}"
        return f"AllowedVersion(v{self.version} {_shown(self.value)}{until})"


class AllowedReads(list[AllowedVersion]):
    """The versions that a read may return, newest first. Prints a line for each, and why."""

    def __init__(self, versions: Sequence[AllowedVersion] = (), title: str = "may_read") -> None:
        super().__init__(versions)
        self._title = title

    @property
    def values(self) -> list[Value | None]:
        """The values alone, newest first."""
        return [allowed.value for allowed in self]

    def __repr__(self) -> str:
        values = [_shown(allowed.value) for allowed in self]
        width = max(map(len, values), default=0)
        lines = [f"{self._title}:"]
        for allowed, value in zip(self, values, strict=True):
            lines.append(f"  v{allowed.version:<3} {value:<{width}}  {_when(allowed)}")
            if allowed.until is not None:
                lines += _wrapped(allowed.justification)
        return "\n".join(lines)


def allowed_versions(
    versions: Sequence[Version], now: int, ttl: float, grace: float = 0
) -> list[AllowedVersion]:
    """What a read at `now` may return, newest first.

    `now` is in nanoseconds since the epoch, `ttl` (the read's cacheTtl) and `grace` (how much "or
    more" is, the one number that the documentation leaves open) in seconds. A version may be
    seen until `ttl + grace` has passed since the next one was committed.
    """
    # In whole nanoseconds, as caches count: a float of a year has no room for one.
    most, ordinary = _nanoseconds(ttl + grace), _nanoseconds(ttl)
    newest = EXPIRED if versions[-1].is_expired(now) else NEWEST
    answer = [_allowed_version(versions[-1], now, None, newest)]
    replaced: float = math.inf
    for number in range(len(versions) - 2, -1, -1):
        version, successor = versions[number], versions[number + 1]
        if successor.committed is None:
            break  # it has been replaced since before anybody looked
        # One that is below another in the order of commits may have been written after it.
        if successor.committed < replaced:
            replaced = successor.committed
        since = now - replaced
        if since >= most:
            break  # whatever is older was replaced no later
        justification = find_justification(version, successor, now) if since < ordinary else OR_MORE
        answer.append(_allowed_version(version, now, (most - since) / NANOSECONDS, justification))
    return answer


def superseded_at(versions: Sequence[Version], number: int) -> int | None:
    """When a version, not the newest, was replaced, in nanoseconds since the epoch.

    That is when the first of those above it was written; `None` if it was before anybody looked.
    Runtime complexity: O(versions above it).
    """
    if versions[number + 1].committed is None:
        return None
    return min(version.committed or 0 for version in versions[number + 1 :])


def _nanoseconds(seconds: float) -> float:
    return seconds if seconds == math.inf else round(seconds * NANOSECONDS)


def find_justification(version: Version, successor: Version, now: int) -> str:
    """The sentence that permits a version to be read although it has been replaced."""
    if version.is_expired(now):
        return EXPIRED
    if version.record is None:
        return CREATED
    return DELETED if successor.record is None else UPDATED


def _allowed_version(
    version: Version, now: int, until: float | None, justification: str
) -> AllowedVersion:
    shown = None if version.is_expired(now) else version.record
    committed = version.committed
    return AllowedVersion(
        value=None if shown is None else shown.value,
        version=version.number,
        age=math.inf if committed is None else (now - committed) / NANOSECONDS,
        until=until,
        justification=justification,
    )


def _when(allowed: AllowedVersion) -> str:
    written = "always so" if allowed.age == math.inf else f"written {_seconds(allowed.age)} ago"
    if allowed.until is None:
        return f"{written}, the newest"
    if allowed.until == math.inf:
        return f"{written}, may be seen for ever"
    return f"{written}, may be seen for {_seconds(allowed.until)} more"


def _seconds(seconds: float) -> str:
    return f"{seconds:.12g} s"


def _shown(value: Value | None) -> str:
    text = repr(value)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"


def _wrapped(sentence: str) -> list[str]:
    from textwrap import wrap  # not at the top: only printing needs it

    return wrap(f'"{sentence}"', WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT)
