"""Encoding and decoding of values and metadata."""

from array import array
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pykvbinding import KVError, KVUsageWarning, Limits, ReadableStream
from pykvbinding.js.core.js_dict import JsDict
from pykvbinding.js.streams.readable import Source
from pykvbinding.kv.codec import (
    MAX_DRAIN_FACTOR,
    Decoder,
    as_bytes,
    as_text,
    check_value,
    encode_metadata,
    encode_value,
    read_stream,
)

PROPERTY = settings(deadline=None)
NOT_JSON = (
    "KV GET_BULK failed: 400 At least one of the requested keys corresponds to a non-json value"
)
WRONG_TYPE = (
    "KV put() accepts only strings, ArrayBuffers, ArrayBufferViews, and ReadableStreams as values."
)
UNKNOWN_TYPE = (
    'Unknown response type. Possible types are "text", "arrayBuffer", "json", and "stream".'
)


def _stored(value: Any) -> str | bytes:
    stored = encode_value("key", value)
    assert isinstance(stored, str | bytes)
    return stored


@PROPERTY
@given(st.text())
def test_text_round_trips(text: str) -> None:
    stored = _stored(text)

    assert Decoder().value("key", stored, "text") == text
    assert bytes(Decoder().value("key", stored, "arrayBuffer")) == text.encode()


@PROPERTY
@given(st.text(st.characters() | st.characters(categories=["Cs"])))
def test_text_is_decoded_as_utf_8(text: str) -> None:
    units = text.encode("utf-16-le", "surrogatepass")
    merged = units.decode("utf-16-le", "surrogatepass")
    wanted = "".join("\ufffd" * 3 if "\ud800" <= c <= "\udfff" else c for c in merged)

    assert Decoder().value("key", _stored(text), "text") == wanted


def test_a_surrogate_pair_becomes_one_character() -> None:
    assert _stored("\ud83d\ude00") == "😀"


def test_a_lone_surrogate_is_stored_as_the_bytes_that_v8_writes() -> None:
    assert _stored("a\ud800") == b"a\xed\xa0\x80"


@PROPERTY
@given(st.binary())
def test_bytes_round_trip(value: bytes) -> None:
    stored = _stored(value)

    assert bytes(Decoder().value("key", stored, "arrayBuffer")) == value
    assert Decoder().value("key", stored, "text") == value.decode("utf-8", "replace")


@pytest.mark.parametrize("kind", [bytearray, memoryview, lambda value: array("B", value)])
def test_a_buffer_is_stored_as_its_bytes(kind: Callable[[bytes], Any]) -> None:
    stored = _stored(kind(b"\x00\xff"))

    assert stored == b"\x00\xff"
    assert type(stored) is bytes


def test_a_subclass_of_bytes_is_stored_as_plain_bytes() -> None:
    tagged = type("Tagged", (bytes,), {})

    assert type(_stored(tagged(b"a"))) is bytes


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *((4.5, "4.5"), (1.0, "1"), (-0.0, "0"), (7, "7"), (2**64, "18446744073709551616")),
        *((True, "true"), (float("nan"), "NaN"), (float("-inf"), "-Infinity")),
    ],
)
def test_a_number_is_stored_as_its_text(value: Any, text: str) -> None:
    assert _stored(value) == text


def test_none_is_stored_as_the_text_null_with_a_warning() -> None:
    with pytest.warns(KVUsageWarning, match=r"^put\('key', None\): production stores the text"):
        stored = _stored(None)

    assert stored == "null"


@pytest.mark.parametrize("value", [{}, [], {1}, object(), print])
def test_rejects_other_values(value: Any) -> None:
    with pytest.raises(KVError) as caught:
        encode_value("key", value)

    assert (caught.value.name, str(caught.value)) == ("TypeError", WRONG_TYPE)


def test_a_stream_is_encoded_without_reading_it() -> None:
    stream = ReadableStream([b"a"])

    source = encode_value("key", stream)

    assert isinstance(source, Source)
    assert stream.locked
    assert not source.disturbed


@pytest.mark.parametrize("value", ["a" * 8, "é" * 4, "é", "😀" * 2, "éa", b"\xff" * 8, ""])
def test_accepts_a_value_of_exactly_the_limit(value: str | bytes) -> None:
    check_value(value, Limits(max_value_bytes=8))


@pytest.mark.parametrize(
    ("value", "length"), [("a" * 9, 9), ("é" * 5, 10), ("😀aé" * 2, 14), (b"\xff" * 9, 9)]
)
def test_rejects_a_value_over_the_limit(value: str | bytes, length: int) -> None:
    with pytest.raises(KVError) as caught:
        check_value(value, Limits(max_value_bytes=8))

    message = f"KV PUT failed: 413 Value length of {length} exceeds limit of 8."
    assert (str(caught.value), caught.value.status) == (message, 413)


class Endless:
    """An infinite iterator of chunks of ten bytes, which counts them."""

    def __init__(self, chunks: int) -> None:
        self.left = chunks
        self.taken = 0

    def __iter__(self) -> Iterator[bytes]:
        while self.left:
            self.left -= 1
            self.taken += 1
            yield b"0123456789"


async def test_a_stream_is_read_completely() -> None:
    assert await read_stream(Source(Endless(3)), Limits(max_value_bytes=30)) == b"0123456789" * 3


async def test_a_stream_over_the_limit_reports_its_total_length() -> None:
    with pytest.raises(KVError) as caught:
        await read_stream(Source(Endless(4)), Limits(max_value_bytes=25))

    assert str(caught.value) == "KV PUT failed: 413 Value length of 40 exceeds limit of 25."


async def test_stops_reading_an_infinite_stream_at_a_multiple_of_the_limit() -> None:
    endless = Endless(1_000_000)

    with pytest.raises(KVError) as caught:
        await read_stream(Source(endless), Limits(max_value_bytes=10))

    assert endless.taken == MAX_DRAIN_FACTOR + 1
    assert str(caught.value) == "KV PUT failed: 413 Value length of 170 exceeds limit of 10."


async def test_an_exception_of_a_stream_propagates() -> None:
    source = Source(1 // number for number in [0])

    with pytest.raises(ZeroDivisionError):
        await read_stream(source, Limits())


@pytest.mark.parametrize(
    ("metadata", "text"),
    [
        *((None, None), ({}, "{}"), (0, "0"), (False, "false"), ("", '""'), ("null", '"null"')),
        *(([None], "[null]"), ({"b": 1, "1": "é"}, '{"1":"é","b":1}')),
    ],
)
def test_metadata_is_stored_as_json(metadata: Any, text: str | None) -> None:
    assert encode_metadata("key", metadata) == text


def test_metadata_that_becomes_null_is_none() -> None:
    with pytest.warns(KVUsageWarning, match=r"contains NaN: production stores null instead"):
        text = encode_metadata("key", float("nan"))

    assert text is None


def test_each_change_of_metadata_gives_a_warning() -> None:
    with pytest.warns(KVUsageWarning) as caught:
        text = encode_metadata("key", {"a": {1}, "b": b"\x01"})

    assert text == '{"a":{},"b":{"0":1}}'
    assert [str(warning.message).split(":")[0] for warning in caught] == [
        "put('key', …, metadata=…) contains a set",
        "put('key', …, metadata=…) contains bytes",
    ]


def test_rejects_a_function_as_metadata() -> None:
    with pytest.raises(KVError) as caught:
        encode_metadata("key", print)

    assert str(caught.value) == "KV PUT failed: 500 Internal Server Error"
    assert caught.value.status == 500


def test_rejects_a_bigint_in_metadata() -> None:
    with pytest.raises(KVError, match=r"^Do not know how to serialize a BigInt$"):
        encode_metadata("key", {"id": 2**53})


def test_metadata_is_parsed_as_in_javascript() -> None:
    metadata = Decoder().metadata('{"a":1.0,"b":{"c":null}}')

    assert metadata == {"a": 1, "b": {"c": None}}
    assert type(metadata) is JsDict
    assert type(metadata.a) is int


def test_missing_metadata_is_none() -> None:
    assert Decoder().metadata(None) is None


@pytest.mark.parametrize("stored", ["é", b"\xc3\xa9"])
def test_a_stored_value_converts_to_text_and_to_bytes(stored: str | bytes) -> None:
    assert (as_text(stored), as_bytes(stored)) == ("é", b"\xc3\xa9")


def test_invalid_utf_8_becomes_replacement_characters() -> None:
    assert as_text(b"a\xff\xe2\x82b") == "a\ufffd\ufffdb"


def test_an_array_buffer_is_a_copy() -> None:
    stored = b"abc"

    view = Decoder().value("key", stored, "arrayBuffer")
    view[0] = 0

    assert type(view) is memoryview
    assert bytes(view) == b"\x00bc"
    assert stored == b"abc"


async def test_a_stream_has_chunks_of_4096_bytes() -> None:
    stream = Decoder().value("key", b"a" * 10_000, "stream")

    assert [len(chunk) async for chunk in stream] == [4096, 4096, 1808]


@pytest.mark.parametrize("stored", ['{"a": [1.0]}', b'{"a": [1.0]}'])
def test_json_is_parsed(stored: str | bytes) -> None:
    assert Decoder().value("key", stored, "json") == {"a": [1]}


def test_invalid_json_is_a_syntax_error() -> None:
    with pytest.raises(KVError) as caught:
        Decoder().value("key", "nope", "json")

    assert caught.value.name == "SyntaxError"
    assert str(caught.value) == "Unexpected token 'o', \"nope\" is not valid JSON"


@pytest.mark.parametrize("response_type", ["", "JSON", "arraybuffer", "null"])
def test_rejects_an_unknown_type(response_type: str) -> None:
    with pytest.raises(KVError) as caught:
        Decoder().value("key", "v", response_type)

    assert (caught.value.name, str(caught.value)) == ("TypeError", UNKNOWN_TYPE)


@pytest.mark.parametrize("read", [Decoder().value, Decoder().bulk_value])
def test_only_the_first_imprecise_integer_gives_a_warning(read: Any) -> None:
    with pytest.warns(KVUsageWarning, match=r"reads the integer 9007199254740993, ") as caught:
        value = read("key", "[9007199254740993, 9007199254740995]", "json")

    assert value == [9007199254740992.0, 9007199254740996.0]
    assert len(caught) == 1


def test_a_byte_order_mark_is_kept_in_text_for_one_key() -> None:
    assert Decoder().value("key", "\ufeffa", "text") == "\ufeffa"


def test_a_byte_order_mark_is_invalid_json_for_one_key() -> None:
    with pytest.raises(KVError, match=r"^Unexpected token '\ufeff', "):
        Decoder().value("key", "\ufeff1", "json")


@pytest.mark.parametrize(
    ("stored", "response_type", "value"),
    [
        ("\ufeffa", "text", "a"),
        ("\ufeff\ufeffa", "text", "\ufeffa"),
        (b"\xef\xbb\xbfa", "text", "a"),
        ("a\ufeff", "text", "a\ufeff"),
        ("\ufeff1", "json", 1),
    ],
    ids=ascii,
)
def test_a_bulk_read_strips_one_byte_order_mark(
    stored: str | bytes, response_type: str, value: Any
) -> None:
    assert Decoder().bulk_value("key", stored, response_type) == value


def test_a_bulk_read_converts_infinities_to_none() -> None:
    assert Decoder().value("key", "[1e400]", "json") == [float("inf")]
    assert Decoder().bulk_value("key", "[1e400]", "json") == [None]


def test_invalid_json_fails_a_bulk_read_without_a_reason() -> None:
    with pytest.raises(KVError) as caught:
        Decoder().bulk_value("key", "nope", "json")

    assert (caught.value.name, str(caught.value)) == ("Error", NOT_JSON)
    assert caught.value.status == 400
