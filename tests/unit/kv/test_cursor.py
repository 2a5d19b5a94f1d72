"""Cursors: they round-trip, and text that `encode_cursor` did not return is rejected."""

import re
from base64 import urlsafe_b64encode

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pykvbinding.kv.cursor import decode_cursor, encode_cursor

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

quick = settings(max_examples=100, deadline=None)


@quick
@given(st.text())
def test_every_name_round_trips(name: str) -> None:
    assert decode_cursor(encode_cursor(name)) == name


@quick
@given(st.text())
def test_a_cursor_is_url_safe(name: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]+", encode_cursor(name))


def test_the_format_of_cursors_is_stable() -> None:
    assert encode_cursor("a") == "AWJ3cnBh"


@quick
@given(st.text() | st.text(LETTERS) | st.text(st.characters()))
def test_rejects_text_that_is_not_a_cursor(text: str) -> None:
    try:
        name = decode_cursor(text)
    except ValueError:
        return

    assert encode_cursor(name) == text


@quick
@given(st.binary(max_size=20))
def test_rejects_a_wrong_checksum(body: bytes) -> None:
    text = urlsafe_b64encode(body).rstrip(b"=").decode()

    with pytest.raises(ValueError):  # noqa: PT011 -- its text depends on what is wrong
        decode_cursor(text)


@quick
@given(st.text(), st.data())
def test_rejects_a_cursor_with_one_changed_character(name: str, data: st.DataObject) -> None:
    cursor = encode_cursor(name)
    at = data.draw(st.integers(0, len(cursor) - 1))
    letter = data.draw(st.sampled_from(LETTERS))
    assume(letter != cursor[at])

    with pytest.raises(ValueError):  # noqa: PT011 -- its text depends on what is wrong
        decode_cursor(cursor[:at] + letter + cursor[at + 1 :])


@pytest.mark.parametrize("length", range(len(encode_cursor("user:42"))))
def test_rejects_a_truncated_cursor(length: int) -> None:
    cursor = encode_cursor("user:42")

    with pytest.raises(ValueError):  # noqa: PT011 -- its text depends on what is wrong
        decode_cursor(cursor[:length])


NAME_WITH_BOTH = "\u07bf\u07ff>>>???"
"""Its cursor contains both characters in which the base64 alphabets differ."""


def test_rejects_a_cursor_in_the_standard_base64_alphabet() -> None:
    cursor = encode_cursor(NAME_WITH_BOTH)
    assert {"-", "_"} <= set(cursor)

    with pytest.raises(ValueError, match=f"^{re.escape(_standard(cursor))}$"):
        decode_cursor(_standard(cursor))


def _standard(cursor: str) -> str:
    return cursor.replace("-", "+").replace("_", "/")


@pytest.mark.parametrize("suffix", ["=", "==", "====", "\n", " ", "!", "A", "AAAA", "\udc80", "é"])
def test_rejects_trailing_characters(suffix: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- its text depends on what is wrong
        decode_cursor(encode_cursor("a") + suffix)


def test_rejects_another_version() -> None:
    # Version 2 with a valid checksum.
    with pytest.raises(ValueError, match=r"^AklaIbNh$"):
        decode_cursor("AklaIbNh")
