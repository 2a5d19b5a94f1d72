"""The values that a binding and its stores exchange, and their size in bytes."""

from dataclasses import dataclass
from typing import TypeAlias

Value: TypeAlias = str | bytes
"""A stored value: `str` that UTF-8 can encode, or bytes. Encoded only when bytes are asked for."""


@dataclass(slots=True)
class Record:
    """One version of one key.

    Slotted and not frozen: creating a frozen one costs more than a whole `get`.
    `metadata` is JSON text as `JSON.stringify` writes it, so nothing is shared with the caller;
    `expiration` is in whole seconds since the epoch. `None` means that there is none.
    """

    value: Value
    metadata: str | None = None
    expiration: int | None = None


@dataclass(slots=True)
class Found:
    """The answer to a read: the record (`None` for a missing key) and where it came from.

    `cache_status` is MISS, HIT, REVALIDATE or STALE, and `None` where no cache was asked.
    `version` counts the writes of the key (0: never written), and is `None` where nobody counts.
    """

    record: Record | None
    cache_status: str | None = None
    version: int | None = None


@dataclass(slots=True)
class Page:
    """One page of a list: names in the order of their UTF-8 bytes.

    `annotated` holds those of the page's records that have metadata or an expiration, by name.
    `after` is where the next page starts (names greater than it), `None` on the last page.
    `versions` are those of the keys that were looked at, `None` where nobody counts.
    """

    names: list[str]
    annotated: dict[str, Record]
    after: str | None
    cache_status: str | None = None
    versions: dict[str, int] | None = None


def byte_length(value: Value) -> int:
    """Return the length of a value, a key or a metadata text in bytes of UTF-8."""
    if isinstance(value, str) and not value.isascii():
        return len(value.encode())
    return len(value)


def size_of(key: str, record: Record | None) -> int:
    """Return the bytes of a key, its value and its metadata together; 0 without a record."""
    if record is None:
        return 0
    size = byte_length(key) + byte_length(record.value)
    return size if record.metadata is None else size + byte_length(record.metadata)
