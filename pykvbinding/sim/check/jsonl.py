"""One operation as a line of a recorded history tells it: JSON with the names of several writers.

What a line may have, with the names that `History.to_jsonl` gives to the same:

| field                            | what                                                         |
|----------------------------------|--------------------------------------------------------------|
| `kind`                           | "get", "put", "delete" or "list"                             |
| `at`, `returned_nanoseconds`     | when its answer was there; null: it never came               |
| `asked`, `invoked_nanoseconds`   | when it was called; left out, it took no time                |
| `key`, or `keys`                 | the name, or the names; of a list `prefix` or `key`          |
| `value`                          | text, null for nothing, {"base64": …}; a list of them        |
| `version`                        | from 1, 0 for the absence before; a list of them             |
| `session`, `invocation`          | whose operation it was: any text or number                   |
| `location`                       | where it was made                                            |
| `binding`, `namespace`           | "KV" unless told                                             |
| `outcome`                        | "ok" unless told, or the text of the error                   |
| `cache_ttl`, `cache_ttl_seconds` | of a read, in seconds                                        |

Instants are seconds since the epoch, or texts as of ISO 8601 with a time zone; all else is ignored.
"""

import json
from base64 import b64decode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from os import PathLike
from pathlib import Path
from typing import TypeAlias, TypeGuard, cast

from pykvbinding.clock import EPOCH, NANOSECONDS
from pykvbinding.sim.trace import Kind
from pykvbinding.storage.record import Value

KINDS = ("get", "put", "delete", "list")

Source: TypeAlias = str | PathLike[str] | Iterable[str]


@dataclass(slots=True)
class Glimpse:
    """One key of a recorded operation. `version` is `None` where nobody counted."""

    key: str
    value: Value | None
    version: int | None


@dataclass(slots=True, kw_only=True)
class Row:
    """One line. `at` is `None` for an operation whose answer never came."""

    kind: Kind
    asked: int
    at: int | None
    session: str | None
    invocation: str | None
    location: str | None
    binding: str
    outcome: str
    cache_ttl: float | None
    prefix: str | None = None
    glimpses: list[Glimpse] = field(default_factory=list)

    @property
    def is_write(self) -> bool:
        """Whether it changes a key."""
        return self.kind in ("put", "delete")

    @property
    def is_acknowledged(self) -> bool:
        """Whether its caller was told that it took effect."""
        return self.at is not None and self.outcome == "ok"


def read_rows(source: Source, session: str) -> Iterator[Row]:
    """The operations of a file, a text or lines; blank lines are none.

    Raises: ValueError that names the line and what is wrong with it.
    """
    if isinstance(source, str) and (not source or "\n" in source or source.startswith("{")):
        where, lines = "line ", source.split("\n")
    elif isinstance(source, str | PathLike):
        where, lines = f"{source}:", Path(source).read_text(encoding="utf-8").split("\n")
    else:
        where, lines = "line ", list(source)
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _Line(f"{where}{number}", line).row(session)


class _Line:
    """One line while it is read; `where` names it in errors."""

    def __init__(self, where: str, line: str) -> None:
        self.where = where
        try:
            # Seconds since the epoch are exact to the nanosecond as decimals, not as floats.
            told = json.loads(line, parse_float=Decimal)
        except ValueError as error:
            raise _not_json(where, str(error)) from None
        if not isinstance(told, dict):
            raise _not_json(where, "it is no object")
        self.told = told

    def row(self, session: str) -> Row:
        """What the line tells."""
        kind = self.told.get("kind")
        if kind not in KINDS:
            raise _wrong_field(self.where, "kind", kind, f"one of {', '.join(KINDS)}")
        at = self._instant("at", "returned_nanoseconds")
        asked = self._instant("asked", "invoked_nanoseconds", otherwise=at)
        if asked is None or (at is not None and asked > at):
            right = "the instant at which it was called, not after `at`"
            raise _wrong_field(self.where, "asked", self.told.get("asked"), right)
        row = Row(
            kind=cast("Kind", kind),
            asked=asked,
            at=at,
            session=self._label(session),
            invocation=self._label("invocation"),
            location=self._label("location"),
            binding=self._label("binding") or self._label("namespace") or "KV",
            outcome=self._label("outcome") or "ok",
            cache_ttl=self._number("cache_ttl") or self._number("cache_ttl_seconds"),
        )
        if kind == "list":
            row.prefix = self._label("prefix") or self._label("key") or ""
        else:
            row.glimpses = list(self._glimpses())
        return row

    def _number(self, name: str) -> float | None:
        value: object = self.told.get(name)
        if value is None:
            return None
        if _is_number(value):
            return float(value)
        raise _wrong_field(self.where, name, value, "a number")

    def _label(self, name: str) -> str | None:
        value = self.told.get(name)
        return None if value is None else str(value)

    def _instant(self, name: str, exact: str, otherwise: int | None = None) -> int | None:
        """Nanoseconds since the epoch; `otherwise` if there is no such field."""
        nanoseconds: object = self.told.get(exact)
        if nanoseconds is not None:
            if not isinstance(nanoseconds, int) or isinstance(nanoseconds, bool):
                raise _wrong_field(self.where, exact, nanoseconds, "a whole number")
            return nanoseconds
        if name not in self.told:
            if otherwise is None and exact not in self.told:
                raise self._no_instant(name, None)
            return otherwise
        value: object = self.told[name]
        if _is_number(value):
            return round(value * NANOSECONDS)
        if isinstance(value, str):
            return self._parsed(name, value)
        if value is not None:
            raise self._no_instant(name, value)
        return None

    def _parsed(self, name: str, text: str) -> int:
        try:
            return (datetime.fromisoformat(text) - EPOCH) // timedelta(microseconds=1) * 1000
        except (ValueError, TypeError):  # no date, or none with a time zone
            pass
        raise self._no_instant(name, text)

    def _no_instant(self, name: str, value: object) -> ValueError:
        right = 'seconds since the epoch or "2026-01-30T12:00:00Z"'
        return _wrong_field(self.where, name, value, right)

    def _glimpses(self) -> Iterator[Glimpse]:
        keys, value, version = (self.told.get(name) for name in ("keys", "value", "version"))
        if not keys:
            keys, value, version = [self.told.get("key")], [value], [version]
        values = [None] * len(keys) if value is None else value
        versions = [None] * len(keys) if version is None else version
        for name, several in (("value", values), ("version", versions)):
            if not isinstance(several, list) or len(several) != len(keys):
                raise _wrong_field(self.where, name, several, "a list as long as `keys`")
        for each in zip(keys, values, versions, strict=True):
            yield self._glimpse(*each)

    def _glimpse(self, key: object, value: object, version: object) -> Glimpse:
        if not isinstance(key, str):
            raise _wrong_field(self.where, "key", key, "a text")
        if version is not None and (type(version) is not int or version < 0):
            raise _wrong_field(self.where, "version", version, "a whole number")
        return Glimpse(key, self._value(value), version)

    def _value(self, told: object) -> Value | None:
        if told is None or isinstance(told, str):
            return told
        if not isinstance(told, dict) or told.keys() != {"base64"}:
            return json.dumps(told, sort_keys=True, default=float)  # a log that has parsed it
        try:
            return b64decode(told["base64"], validate=True)
        except (ValueError, TypeError):
            pass
        raise _wrong_field(self.where, "value", told, "bytes in base64")


def _not_json(where: str, why: str) -> ValueError:
    return ValueError(f"{where} is no operation: {why}. Write a JSON object on a line of its own")


def _wrong_field(where: str, name: str, value: object, right: str) -> ValueError:
    return ValueError(f"{where}: {name} is {value!r}; it has to be {right}")


def _is_number(value: object) -> TypeGuard[int | Decimal]:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)
