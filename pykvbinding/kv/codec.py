"""Encoding and decoding of values and metadata: between callers and stores."""

from typing import Any

from pykvbinding import errors, usage_warnings
from pykvbinding.js.core.coercion import (
    SCALARS,
    as_buffer,
    is_encodable,
    merge_surrogates,
    to_string,
)
from pykvbinding.js.core.json import JsonParser, JsonSerializer, JsonValue, replace_infinities
from pykvbinding.js.core.proxy import to_python_value
from pykvbinding.js.streams.readable import ReadableStream, Source, split_chunks
from pykvbinding.kv.validation import check_value_length
from pykvbinding.limits import Limits
from pykvbinding.storage.record import Value

MAX_DRAIN_FACTOR = 16
"""A stream over the limit is read on to report its length, up to this multiple of the limit."""

BYTE_ORDER_MARK = "\ufeff"


def encode_value(key: str, value: object) -> Value | Source:
    """Return the value to store; for a stream, its chunks, which the caller reads.

    A str is stored unchanged, or, if it has a lone surrogate, which UTF-8 cannot encode, as the
    bytes that V8 writes. Another scalar is stored as its JavaScript string.

    Raises: KVError, "KV put() accepts only strings, …" or an error of the stream.
    """
    if isinstance(value, str):
        text = str.__str__(value)
        return text if is_encodable(text) else _encode_surrogates(text)
    if isinstance(value, bytes):
        return bytes(value)
    if isinstance(value, ReadableStream):
        return value.take()
    value = to_python_value(value)
    if value is None:
        usage_warnings.warn(usage_warnings.value_is_none(key), "value-is-none")
    if value is None or isinstance(value, SCALARS):
        return to_string(value)
    view = as_buffer(value)
    if view is None:
        raise errors.value_wrong_type()
    return view.tobytes()


def _encode_surrogates(text: str) -> Value:
    """Convert surrogate pairs to characters, and lone surrogates to the bytes that V8 writes."""
    merged = merge_surrogates(text)
    return merged if is_encodable(merged) else merged.encode("utf-8", "surrogatepass")


def check_value(value: Value, limits: Limits) -> None:
    """Reject a value that is longer than the limit.

    Raises: KVError, "KV PUT failed: 413 Value length of …"
    """
    length = len(value)
    if isinstance(value, str) and not value.isascii() and 4 * length > limits.max_value_bytes:
        length = len(value.encode())
    check_value_length(length, limits)


async def read_stream(source: Source, limits: Limits) -> bytes:
    """Read all bytes of a stream.

    Raises: KVError if the stream is too long, and any exception of the stream.
    """
    chunks: list[bytes] = []
    length = 0
    while (chunk := await source.next()) is not None:
        length += len(chunk)
        if length <= limits.max_value_bytes:
            chunks.append(chunk)
        elif length > MAX_DRAIN_FACTOR * limits.max_value_bytes:
            break
    check_value_length(length, limits)
    return b"".join(chunks)


def encode_metadata(key: str, metadata: object) -> str | None:
    """Return the JSON text of `metadata`, `None` if it is absent or becomes null in JSON.

    Raises: KVError, "Do not know how to serialize a BigInt".
    """
    if metadata is None:
        return None
    serializer = JsonSerializer()
    text = serializer.stringify(metadata)
    if text is None:
        raise errors.metadata_function()
    for was, becomes in serializer.lossy_values:
        usage_warnings.warn(usage_warnings.metadata_changed(key, was, becomes), "metadata-changed")
    # Documented: "any metadata will only be returned if the given key has non-null metadata".
    return None if text == "null" else text


class Decoder:
    """Converts stored values to the results of reads. Its only state is a JSON parser."""

    def __init__(self) -> None:
        self._parser = JsonParser()

    def value(self, key: str, value: Value, response_type: str) -> Any:
        """Decode a value to str, memoryview, ReadableStream or parsed JSON.

        Raises: KVError if the type is unknown, or, named "SyntaxError", if the value is not JSON.
        """
        if response_type == "text":
            return as_text(value)
        if response_type == "json":
            return self._json(key, as_text(value))
        if response_type == "arrayBuffer":
            return memoryview(bytearray(as_bytes(value)))  # writable: a copy for the caller
        if response_type == "stream":
            return ReadableStream(split_chunks(as_bytes(value)))
        raise errors.response_type_unknown()

    def bulk_value(self, key: str, value: Value, response_type: str) -> Any:
        """Decode a value of a bulk read: without byte order mark, and JSON is converted twice.

        Raises: KVError, "… At least one of the requested keys corresponds to a non-json value".
        """
        text = as_text(value).removeprefix(BYTE_ORDER_MARK)
        if response_type == "text":
            return text
        try:
            return replace_infinities(self._json(key, text))
        except errors.KVError:
            raise errors.bulk_not_json() from None

    def metadata(self, metadata: str | None) -> JsonValue:
        """Parse the text that `encode_metadata` returned."""
        return None if metadata is None else self._parser.parse(metadata)

    def _json(self, key: str, text: str) -> JsonValue:
        value = self._parser.parse(text)
        for digits in self._parser.inexact_integers[:1]:
            usage_warnings.warn(
                usage_warnings.digits_lost(key, digits, float(digits)), "digits-lost"
            )
        return value


def as_text(value: Value) -> str:
    """Return a stored value as text; invalid UTF-8 becomes U+FFFD, as WHATWG specifies."""
    return value if isinstance(value, str) else value.decode("utf-8", "replace")


def as_bytes(value: Value) -> bytes:
    """Return a stored value as bytes."""
    return value.encode() if isinstance(value, str) else value
