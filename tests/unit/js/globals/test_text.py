"""Tests of text encodings, base64 and percent-encoding, against Python's codecs."""

import base64
from typing import Any
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pykvbinding.errors import JsException
from pykvbinding.js.globals import text as texts
from pykvbinding.js.globals.text import TextDecoder, TextEncoder
from pykvbinding.js.types.typed_array import Uint8Array

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXT)
def test_an_encoded_text_is_decoded_to_the_same(text: str) -> None:
    data = TextEncoder().encode(text)

    assert data.to_bytes() == text.encode()
    assert TextDecoder("utf-8", {"ignoreBOM": True}).decode(data) == text


@given(TEXT, st.integers(0, 9))
def test_a_character_may_be_split_over_several_calls(text: str, size: int) -> None:
    decoder = TextDecoder("utf-8", {"ignoreBOM": True})
    data = text.encode()
    parts = [data[:size], data[size : 2 * size], data[2 * size :]]

    result = "".join(decoder.decode(Uint8Array(part), {"stream": True}) for part in parts)

    assert result + decoder.decode() == text


@pytest.mark.parametrize(
    ("label", "encoding", "data", "text"),
    [
        ("utf-8", "utf-8", b"\xef\xbb\xbfa\xff", "a\ufffd"),
        (" UTF8 ", "utf-8", b"a", "a"),
        (None, "utf-8", b"a", "a"),
        ("latin1", "windows-1252", b"\x80\xe9", "€é"),
        ("utf-16le", "utf-16le", b"a\0", "a"),
        ("utf-16be", "utf-16be", b"\0a", "a"),
    ],
)
def test_bytes_are_decoded_in_the_encoding_of_the_label(
    label: Any, encoding: str, data: bytes, text: str
) -> None:
    decoder = TextDecoder(label)

    assert (decoder.encoding, decoder.decode(Uint8Array(data))) == (encoding, text)


def test_a_fatal_decoder_rejects_invalid_bytes() -> None:
    decoder = TextDecoder("utf-8", {"fatal": True})

    with pytest.raises(JsException, match=r"^Failed to decode input\."):
        decoder.decode(Uint8Array(b"\xff"))
    assert decoder.decode(Uint8Array(b"a")) == "a"


def test_rejects_a_python_buffer_which_arrives_as_a_proxy() -> None:
    with pytest.raises(JsException, match="parameter 1 is not of type 'Array'"):
        TextDecoder().decode(b"abc")


def test_a_lone_surrogate_is_encoded_as_a_replacement_character() -> None:
    assert TextEncoder().encode("\ud800é\ud83d\ude00").to_bytes() == "\ufffdé😀".encode()
    assert TextEncoder().encode(None).to_bytes() == b""


def test_encodeinto_writes_the_whole_characters_that_fit() -> None:
    target = Uint8Array(6)

    written = TextEncoder().encodeInto("a😀éé", target)

    assert written.to_py() == {"read": 3, "written": 5}
    assert target.to_bytes() == "a😀".encode() + b"\0"
    assert TextEncoder().encodeInto("ab", Uint8Array(9)).to_py() == {"read": 2, "written": 2}


@given(st.binary())
def test_decoded_base64_equals_the_data(data: bytes) -> None:
    text = data.decode("latin-1")

    assert texts.btoa(text) == base64.b64encode(data).decode()
    assert texts.atob(texts.btoa(text)) == text
    assert texts.atob(texts.btoa(text).rstrip("=")) == text


@pytest.mark.parametrize("text", ["*", "YQ=", "YQ===", "Y", "YQ==YQ==", "=", "Y=Q="])
def test_rejects_invalid_base64(text: str) -> None:
    with pytest.raises(JsException, match=r"atob\(\) called with invalid base64-encoded data"):
        texts.atob(text)


@given(TEXT)
def test_encodeuri_functions_agree_with_quote(text: str) -> None:
    assert texts.encode_uri_component(text) == quote(text, safe="-_.!~*'()")
    assert texts.encode_uri(text) == quote(text, safe="-_.!~*'();/?:@&=+$,#")
    assert texts.decode_uri_component(texts.encode_uri_component(text)) == text


@given(TEXT)
def test_decodeuricomponent_agrees_with_unquote(text: str) -> None:
    escaped = quote(text, safe="")

    assert texts.decode_uri_component(escaped) == unquote(escaped)


def test_rejects_an_unknown_encoding() -> None:
    with pytest.raises(JsException, match=r'^"foo" is not a valid encoding\.'):
        TextDecoder("foo")


def test_btoa_rejects_characters_beyond_latin_1() -> None:
    with pytest.raises(
        JsException, match=r"^btoa\(\) can only operate on characters in the Latin1"
    ):
        texts.btoa("日")


def test_decodeuri_keeps_escaped_delimiters() -> None:
    assert texts.decode_uri("%2F%20%3f") == "%2F %3F"
