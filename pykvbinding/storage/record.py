"""The values that a binding and its stores exchange, and their sizes in bytes."""

from dataclasses import dataclass
from typing import TypeAlias

Value: TypeAlias = str | bytes
"""A stored value: bytes, or a `str` that UTF-8 can encode. A `str` is encoded only on demand."""


@dataclass(slots=True)
class Record:
    """One version of one key.

    It has slots and is not frozen, because creating a frozen instance costs more than a `get`.
    `metadata` is JSON text as written by `JSON.stringify`, so it is not shared with the caller;
    `expiration` is in whole seconds since the epoch. Both are `None` if absent.
    """

    value: Value
    metadata: str | None = None
    expiration: int | None = None


@dataclass(slots=True)
class ReadResult:
    """The result of a read: the record (`None` for a missing key) and its origin.

    `cache_status` is MISS, HIT, REVALIDATE or STALE, or `None` if no cache was used.
    `version` is the number of writes of the key (0: never written), or `None` if not tracked.
    """

    record: Record | None
    cache_status: str | None = None
    version: int | None = None


@dataclass(slots=True)
class ListPage:
    """One page of a list: key names in the order of their UTF-8 bytes.

    `records` contains the records that have metadata or an expiration, by name.
    `next_after` is the name after which the next page starts, `None` on the last page.
    `versions` has the versions of the keys that were examined, `None` if not tracked.
    """

    names: list[str]
    records: dict[str, Record]
    next_after: str | None
    cache_status: str | None = None
    versions: dict[str, int] | None = None


def byte_length(value: Value) -> int:
    """Return the length of a value, a key or a metadata text in UTF-8."""
    if isinstance(value, str) and not value.isascii():
        return len(value.encode())
    return len(value)


def record_size(key: str, record: Record | None) -> int:
    """Return the total size of a key, its value and its metadata; 0 without a record."""
    if record is None:
        return 0
    size = byte_length(key) + byte_length(record.value)
    return size if record.metadata is None else size + byte_length(record.metadata)
