"""A namespace's records as bytes: msgpack behind a magic word, a version and a checksum."""

from collections.abc import Iterable
from typing import cast

import msgpack

from pykvbinding.storage.envelope import HEAD_BYTES, seal, unseal
from pykvbinding.storage.record import Record

MAGIC = b"pykvbinding\x00"
VERSION = 1


def dump_records(items: Iterable[tuple[str, Record]]) -> bytes:
    """A snapshot of `items`, in their order. Text stays text and bytes stay bytes."""
    rows = [[name, r.value, r.metadata, r.expiration] for name, r in items]
    body = cast("bytes", msgpack.packb(rows))
    return seal(MAGIC, VERSION, body)


def load_records(snapshot: bytes) -> list[tuple[str, Record]]:
    """The items of a snapshot.

    Raises: ValueError for bytes that are truncated, foreign or of a newer version.
    """
    if not isinstance(snapshot, bytes):
        raise TypeError(
            f"load() takes bytes from kv.namespace.dump(), not {type(snapshot).__name__}"
        )
    if len(snapshot) < len(MAGIC) and MAGIC.startswith(snapshot):
        raise _damaged()
    if not snapshot.startswith(MAGIC):
        raise ValueError(
            "load() takes the bytes that kv.namespace.dump() returned; these are others"
        )
    if len(snapshot) < len(MAGIC) + HEAD_BYTES:
        raise _damaged()
    version, body = unseal(MAGIC, snapshot)
    if version > VERSION:
        raise ValueError(
            f"this snapshot is of version {version} and this pykvbinding reads up to {VERSION}; "
            "nothing was loaded. Upgrade pykvbinding, or dump() with this version"
        )
    if version < 1 or body is None:
        raise _damaged()
    return [(name, Record(*fields)) for name, *fields in msgpack.unpackb(body)]


def _damaged() -> ValueError:
    return ValueError("this snapshot is truncated or damaged; nothing was loaded. dump() it again")
