"""A binary envelope: a magic word, a version and a checksum before the body."""

from zlib import crc32

HEADER_BYTES = 2 + 4
"""The size of the version and the checksum (both big-endian), which follow the magic word."""


def wrap(magic: bytes, version: int, body: bytes) -> bytes:
    """Return `body` in an envelope that identifies its format and version and detects damage."""
    return magic + version.to_bytes(2, "big") + crc32(body).to_bytes(4, "big") + body


def unwrap(magic: bytes, envelope: bytes) -> tuple[int, bytes | None]:
    """Return the version and the body of an envelope; the body is `None` if it is damaged."""
    start = len(magic) + HEADER_BYTES
    version = int.from_bytes(envelope[len(magic) : len(magic) + 2], "big")
    body, checksum = envelope[start:], envelope[start - 4 : start]
    is_intact = len(envelope) >= start and crc32(body) == int.from_bytes(checksum, "big")
    return version, body if is_intact else None
