"""A namespace's records as bytes: msgpack behind a magic word, a version and a checksum."""

from collections.abc import Iterable
from typing import cast

import msgpack

from pykvbinding import misuse
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
        raise misuse.snapshot_not_bytes(snapshot)
    if len(snapshot) < len(MAGIC) and MAGIC.startswith(snapshot):
        raise misuse.snapshot_damaged()
    if not snapshot.startswith(MAGIC):
        raise misuse.snapshot_foreign()
    if len(snapshot) < len(MAGIC) + HEAD_BYTES:
        raise misuse.snapshot_damaged()
    version, body = unseal(MAGIC, snapshot)
    if version > VERSION:
        raise misuse.snapshot_newer(version, VERSION)
    if version < 1 or body is None:
        raise misuse.snapshot_damaged()
    return [(name, Record(*fields)) for name, *fields in msgpack.unpackb(body)]
