"""Parser for one line of a recorded history: a JSON object that describes one operation.

The fields, with the names that `History.to_jsonl` uses as alternatives:

| field                            | meaning                                                      |
|----------------------------------|--------------------------------------------------------------|
| `kind`                           | "get", "put", "delete" or "list"                             |
| `at`, `returned_nanoseconds`     | when the response arrived; null: it never arrived            |
| `asked`, `invoked_nanoseconds`   | when the operation was called; default: same as `at`         |
| `key`, or `keys`                 | the key or the keys; for a list, `prefix` or `key`           |
| `value`                          | text, null if absent, {"base64": …}; or a list of these      |
| `version`                        | from 1; 0 if the key did not exist yet; or a list of these   |
| `session`, `invocation`          | who made the operation: any text or number                   |
| `location`                       | where it was made                                            |
| `binding`, `namespace`           | default: "KV"                                                |
| `outcome`                        | default: "ok"; otherwise the text of the error               |
| `cache_ttl`, `cache_ttl_seconds` | of a read, in seconds                                        |

Instants are seconds since the epoch, or ISO 8601 texts with a time zone. Other fields are ignored.
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
from pykvbinding.sim.trace import OperationKind
from pykvbinding.storage.record import Value

KINDS = ("get", "put", "delete", "list")

HistoryInput: TypeAlias = str | PathLike[str] | Iterable[str]


@dataclass(slots=True)
class KeyValueVersion:
    """One key of a recorded operation. `version` is `None` if it was not recorded."""

    key: str
    value: Value | None
    version: int | None


@dataclass(slots=True, kw_only=True)
class HistoryLine:
    """One line. `at` is `None` for an operation that never received a response."""

    kind: OperationKind
    invoked: int
    at: int | None
    session: str | None
    invocation: str | None
    location: str | None
    binding: str
    outcome: str
    cache_ttl: float | None
    prefix: str | None = None
    keys: list[KeyValueVersion] = field(default_factory=list)

    @property
    def is_write(self) -> bool:
        """True for an operation that changes a key."""
        return self.kind in ("put", "delete")

    @property
    def is_acknowledged(self) -> bool:
        """True if the caller received a response that the operation succeeded."""
        return self.at is not None and self.outcome == "ok"


def read_lines(source: HistoryInput, session: str) -> Iterator[HistoryLine]:
    """Yield the operations of a file, a text or an iterable of lines; blank lines are skipped.

    Raises: ValueError that names the line and the problem.
    """
    if isinstance(source, str) and (not source or "\n" in source or source.startswith("{")):
        where, lines = "line ", source.split("\n")
    elif isinstance(source, str | PathLike):
        where, lines = f"{source}:", Path(source).read_text(encoding="utf-8").split("\n")
    else:
        where, lines = "line ", list(source)
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _LineParser(f"{where}{number}", line).parse(session)


class _LineParser:
    """Parser for one line; `where` identifies the line in errors."""

    def __init__(self, where: str, line: str) -> None:
        self.where = where
        try:
            # Decimals keep seconds since the epoch exact to the nanosecond; floats do not.
            fields = json.loads(line, parse_float=Decimal)
        except ValueError as error:
            raise _not_json(where, str(error)) from None
        if not isinstance(fields, dict):
            raise _not_json(where, "not a JSON object")
        self.fields = fields

    def parse(self, session: str) -> HistoryLine:
        """Return the operation that the line describes."""
        kind = self.fields.get("kind")
        if kind not in KINDS:
            raise _invalid_field(self.where, "kind", kind, f"one of {', '.join(KINDS)}")
        at = self._instant("at", "returned_nanoseconds")
        invoked = self._instant("asked", "invoked_nanoseconds", otherwise=at)
        if invoked is None or (at is not None and invoked > at):
            expected = "the instant at which it was called, not after `at`"
            raise _invalid_field(self.where, "asked", self.fields.get("asked"), expected)
        line = HistoryLine(
            kind=cast("OperationKind", kind),
            invoked=invoked,
            at=at,
            session=self._label(session),
            invocation=self._label("invocation"),
            location=self._label("location"),
            binding=self._label("binding") or self._label("namespace") or "KV",
            outcome=self._label("outcome") or "ok",
            cache_ttl=self._number("cache_ttl") or self._number("cache_ttl_seconds"),
        )
        if kind == "list":
            line.prefix = self._label("prefix") or self._label("key") or ""
        else:
            line.keys = list(self._keys())
        return line

    def _number(self, name: str) -> float | None:
        value: object = self.fields.get(name)
        if value is None:
            return None
        if _is_number(value):
            return float(value)
        raise _invalid_field(self.where, name, value, "a number")

    def _label(self, name: str) -> str | None:
        value = self.fields.get(name)
        return None if value is None else str(value)

    def _instant(self, name: str, exact: str, otherwise: int | None = None) -> int | None:
        """Return nanoseconds since the epoch; `otherwise` if the field is missing."""
        nanoseconds: object = self.fields.get(exact)
        if nanoseconds is not None:
            if not isinstance(nanoseconds, int) or isinstance(nanoseconds, bool):
                raise _invalid_field(self.where, exact, nanoseconds, "an integer")
            return nanoseconds
        if name not in self.fields:
            if otherwise is None and exact not in self.fields:
                raise self._invalid_instant(name, None)
            return otherwise
        value: object = self.fields[name]
        if _is_number(value):
            return round(value * NANOSECONDS)
        if isinstance(value, str):
            return self._parse_iso_instant(name, value)
        if value is not None:
            raise self._invalid_instant(name, value)
        return None

    def _parse_iso_instant(self, name: str, text: str) -> int:
        try:
            return (datetime.fromisoformat(text) - EPOCH) // timedelta(microseconds=1) * 1000
        except (ValueError, TypeError):  # not a date, or a date without a time zone
            pass
        raise self._invalid_instant(name, text)

    def _invalid_instant(self, name: str, value: object) -> ValueError:
        expected = 'seconds since the epoch or "2026-01-30T12:00:00Z"'
        return _invalid_field(self.where, name, value, expected)

    def _keys(self) -> Iterator[KeyValueVersion]:
        keys, value, version = (self.fields.get(name) for name in ("keys", "value", "version"))
        if not keys:
            keys, value, version = [self.fields.get("key")], [value], [version]
        values = [None] * len(keys) if value is None else value
        versions = [None] * len(keys) if version is None else version
        for name, several in (("value", values), ("version", versions)):
            if not isinstance(several, list) or len(several) != len(keys):
                raise _invalid_field(self.where, name, several, "a list as long as `keys`")
        for fields in zip(keys, values, versions, strict=True):
            yield self._key_value_version(*fields)

    def _key_value_version(self, key: object, value: object, version: object) -> KeyValueVersion:
        if not isinstance(key, str):
            raise _invalid_field(self.where, "key", key, "a string")
        if version is not None and (type(version) is not int or version < 0):
            raise _invalid_field(self.where, "version", version, "an integer")
        return KeyValueVersion(key, self._parse_value(value), version)

    def _parse_value(self, fields: object) -> Value | None:
        if fields is None or isinstance(fields, str):
            return fields
        if not isinstance(fields, dict) or fields.keys() != {"base64"}:
            return json.dumps(
                fields, sort_keys=True, default=float
            )  # the log contains the parsed value
        try:
            return b64decode(fields["base64"], validate=True)
        except (ValueError, TypeError):
            pass
        raise _invalid_field(self.where, "value", fields, "bytes in base64")


def _not_json(where: str, reason: str) -> ValueError:
    return ValueError(f"{where} is not an operation: {reason}. Write one JSON object per line")


def _invalid_field(where: str, name: str, value: object, expected: str) -> ValueError:
    return ValueError(f"{where}: {name} is {value!r}; expected {expected}")


def _is_number(value: object) -> TypeGuard[int | Decimal]:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)
