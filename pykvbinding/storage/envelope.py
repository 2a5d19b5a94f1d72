"""Sealed bytes: a body behind a magic word, a version and a checksum."""

from zlib import crc32

HEADER_BYTES = 2 + 4
"""The version and the checksum, big-endian, between the magic word and the body."""


def wrap(magic: bytes, version: int, body: bytes) -> bytes:
    """`body` with what tells whether it is ours, which form it has, and whether it is whole."""
    return magic + version.to_bytes(2, "big") + crc32(body).to_bytes(4, "big") + body


def unwrap(magic: bytes, sealed: bytes) -> tuple[int, bytes | None]:
    """The version and the body of what begins with `magic`; no body if it is not whole."""
    start = len(magic) + HEADER_BYTES
    version = int.from_bytes(sealed[len(magic) : len(magic) + 2], "big")
    body, checksum = sealed[start:], sealed[start - 4 : start]
    is_whole = len(sealed) >= start and crc32(body) == int.from_bytes(checksum, "big")
    return version, body if is_whole else None
