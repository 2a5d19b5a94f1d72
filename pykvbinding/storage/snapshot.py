"""Snapshots: the records of a namespace as msgpack, in an envelope."""

from collections.abc import Iterable
from typing import cast

import msgpack

from pykvbinding.storage.envelope import HEADER_BYTES, unwrap, wrap
from pykvbinding.storage.record import Record

MAGIC = b"pykvbinding\x00"
VERSION = 1


def dump_records(items: Iterable[tuple[str, Record]]) -> bytes:
    """Return a snapshot of `items`, in their order. It preserves text and bytes as such."""
    rows = [[name, r.value, r.metadata, r.expiration] for name, r in items]
    body = cast("bytes", msgpack.packb(rows))
    return wrap(MAGIC, VERSION, body)


def load_records(snapshot: bytes) -> list[tuple[str, Record]]:
    """Return the items of a snapshot.

    Raises: TypeError if `snapshot` is not bytes; ValueError if it is truncated, damaged, not a
    snapshot, or of a newer version.
    """
    if not isinstance(snapshot, bytes):
        raise TypeError(
            f"load() expects bytes returned by kv.namespace.dump(), not {type(snapshot).__name__}"
        )
    if len(snapshot) < len(MAGIC) and MAGIC.startswith(snapshot):
        raise _damaged()
    if not snapshot.startswith(MAGIC):
        raise ValueError("load() expects bytes returned by kv.namespace.dump()")
    if len(snapshot) < len(MAGIC) + HEADER_BYTES:
        raise _damaged()
    version, body = unwrap(MAGIC, snapshot)
    if version > VERSION:
        raise ValueError(
            f"the snapshot has version {version}, but this pykvbinding reads at most version "
            f"{VERSION}; nothing was loaded. Upgrade pykvbinding, or dump() with this version"
        )
    if version < 1 or body is None:
        raise _damaged()
    return [(name, Record(*fields)) for name, *fields in msgpack.unpackb(body)]


def _damaged() -> ValueError:
    return ValueError("the snapshot is truncated or damaged; nothing was loaded. Call dump() again")
