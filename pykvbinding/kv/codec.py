"""Values and metadata: what a caller gives, what a store keeps, what a caller gets back."""

from typing import Any

from pykvbinding import errors, usage_warnings
from pykvbinding.js.core.coercion import (
    SCALARS,
    as_buffer,
    is_encodable,
    merge_surrogates,
    to_string,
)
from pykvbinding.js.core.json import Json, Reader, Writer, without_infinities
from pykvbinding.js.core.proxy import sent
from pykvbinding.js.streams.readable import ReadableStream, Source, cut
from pykvbinding.kv.validation import check_value_length
from pykvbinding.limits import Limits
from pykvbinding.storage.record import Value

DRAIN_FACTOR = 16
"""A stream that is too long is read on to report its length, up to so many times the limit."""

BYTE_ORDER_MARK = "\ufeff"


def encode_value(key: str, value: object) -> Value | Source:
    """What to store for `value`; for a stream, its chunks, which the caller reads.

    A str is stored as given; with a lone surrogate, which UTF-8 cannot say, as the bytes that V8
    writes. Anything else that is text to JavaScript is stored as that text.

    Raises: KVError, "KV put() accepts only strings, …" or a refusal of the stream.
    """
    if isinstance(value, str):
        text = str.__str__(value)
        return text if is_encodable(text) else _encode_surrogates(text)
    if isinstance(value, bytes):
        return bytes(value)
    if isinstance(value, ReadableStream):
        return value.take()
    value = sent(value)
    if value is None:
        usage_warnings.warn(usage_warnings.value_is_none(key), "value-is-none")
    if value is None or isinstance(value, SCALARS):
        return to_string(value)
    view = as_buffer(value)
    if view is None:
        raise errors.value_wrong_type()
    return view.tobytes()


def _encode_surrogates(text: str) -> Value:
    """Text with surrogates: pairs become characters, lone ones the bytes that V8 writes."""
    merged = merge_surrogates(text)
    return merged if is_encodable(merged) else merged.encode("utf-8", "surrogatepass")


def check_value(value: Value, limits: Limits) -> None:
    """Refuse a value of more bytes than the limit.

    Raises: KVError, "KV PUT failed: 413 Value length of …"
    """
    length = len(value)
    if isinstance(value, str) and not value.isascii() and 4 * length > limits.max_value_bytes:
        length = len(value.encode())
    check_value_length(length, limits)


async def read_source(source: Source, limits: Limits) -> bytes:
    """All bytes of a stream.

    Raises: KVError for one that is too long, whatever the stream itself raises.
    """
    chunks: list[bytes] = []
    length = 0
    while (chunk := await source.next()) is not None:
        length += len(chunk)
        if length <= limits.max_value_bytes:
            chunks.append(chunk)
        elif length > DRAIN_FACTOR * limits.max_value_bytes:
            break
    check_value_length(length, limits)
    return b"".join(chunks)


def encode_metadata(key: str, metadata: object) -> str | None:
    """The JSON text of `metadata`, `None` for none, and for what JSON turns into null.

    Raises: KVError, "Do not know how to serialize a BigInt".
    """
    if metadata is None:
        return None
    writer = Writer()
    text = writer.stringify(metadata)
    if text is None:
        raise errors.metadata_function()
    for was, becomes in writer.changed:
        usage_warnings.warn(usage_warnings.metadata_changed(key, was, becomes), "metadata-changed")
    # Documented: "any metadata will only be returned if the given key has non-null metadata".
    return None if text == "null" else text


class Decoder:
    """Turns stored values into what a read returns. Stateless but for its JSON reader."""

    def __init__(self) -> None:
        self._reader = Reader()

    def value(self, key: str, value: Value, response_type: str) -> Any:
        """A single value: str, memoryview, ReadableStream, or what its JSON says.

        Raises: KVError for an unknown type, and named "SyntaxError" for what is not JSON.
        """
        if response_type == "text":
            return text_of(value)
        if response_type == "json":
            return self._json(key, text_of(value))
        if response_type == "arrayBuffer":
            return memoryview(bytearray(bytes_of(value)))  # writable: it is the caller's own
        if response_type == "stream":
            return ReadableStream(cut(bytes_of(value)))
        raise errors.response_type_unknown()

    def value_of_many(self, key: str, value: Value, response_type: str) -> Any:
        """A value of a multi-key read: without a byte order mark, and JSON has passed twice.

        Raises: KVError, "… At least one of the requested keys corresponds to a non-json value".
        """
        text = text_of(value).removeprefix(BYTE_ORDER_MARK)
        if response_type == "text":
            return text
        try:
            return without_infinities(self._json(key, text))
        except errors.KVError:
            raise errors.many_not_json() from None

    def metadata(self, metadata: str | None) -> Json:
        """The metadata that `encode_metadata` wrote."""
        return None if metadata is None else self._reader.parse(metadata)

    def _json(self, key: str, text: str) -> Json:
        value = self._reader.parse(text)
        for digits in self._reader.lost[:1]:
            usage_warnings.warn(
                usage_warnings.digits_lost(key, digits, float(digits)), "digits-lost"
            )
        return value


def text_of(value: Value) -> str:
    """A stored value as text; what is not UTF-8 becomes U+FFFD, as WHATWG decodes."""
    return value if isinstance(value, str) else value.decode("utf-8", "replace")


def bytes_of(value: Value) -> bytes:
    """A stored value as bytes."""
    return value.encode() if isinstance(value, str) else value
