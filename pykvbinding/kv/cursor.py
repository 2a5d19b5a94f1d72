"""The cursor of a list: opaque, URL-safe text that encodes the last name of a page."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from zlib import crc32

VERSION = b"\x01"


def encode_cursor(name: str) -> str:
    """Return the cursor after `name`. It depends on no state, so it survives a restart.

    >>> encode_cursor("a")
    'AWJ3cnBh'
    """
    raw = name.encode()
    body = VERSION + crc32(VERSION + raw).to_bytes(4, "big") + raw
    return urlsafe_b64encode(body).rstrip(b"=").decode("ascii")


def decode_cursor(cursor: str) -> str:
    """Return the name after which the next page starts.

    Raises: ValueError if `encode_cursor` did not return `cursor`.
    """
    raw = cursor.encode()
    body = urlsafe_b64decode(raw + b"=" * (-len(raw) % 4))
    name = body[5:].decode()
    if encode_cursor(name) != cursor:
        raise ValueError(cursor)
    return name
