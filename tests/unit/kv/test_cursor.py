"""Cursors: every name comes back, and nothing but what `encode_cursor` wrote is taken."""

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
def test_every_name_comes_back(name: str) -> None:
    assert decode_cursor(encode_cursor(name)) == name


@quick
@given(st.text())
def test_a_cursor_can_stand_in_a_url_as_it_is(name: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]+", encode_cursor(name))


def test_a_cursor_is_the_same_in_every_release() -> None:
    assert encode_cursor("a") == "AWJ3cnBh"


@quick
@given(st.text() | st.text(LETTERS) | st.text(st.characters()))
def test_text_that_is_no_cursor_is_refused(text: str) -> None:
    try:
        name = decode_cursor(text)
    except ValueError:
        return

    assert encode_cursor(name) == text


@quick
@given(st.binary(max_size=20))
def test_bytes_without_our_checksum_are_refused(body: bytes) -> None:
    text = urlsafe_b64encode(body).rstrip(b"=").decode()

    with pytest.raises(ValueError):  # noqa: PT011 -- its text depends on what is wrong
        decode_cursor(text)


@quick
@given(st.text(), st.data())
def test_a_cursor_with_one_other_letter_is_refused(name: str, data: st.DataObject) -> None:
    cursor = encode_cursor(name)
    at = data.draw(st.integers(0, len(cursor) - 1))
    letter = data.draw(st.sampled_from(LETTERS))
    assume(letter != cursor[at])

    with pytest.raises(ValueError):  # noqa: PT011 -- its text depends on what is wrong
        decode_cursor(cursor[:at] + letter + cursor[at + 1 :])


@pytest.mark.parametrize("length", range(len(encode_cursor("user:42"))))
def test_a_truncated_cursor_is_refused(length: int) -> None:
    cursor = encode_cursor("user:42")

    with pytest.raises(ValueError):  # noqa: PT011 -- its text depends on what is wrong
        decode_cursor(cursor[:length])


NAME_WITH_BOTH = "\u07bf\u07ff>>>???"
"""Its cursor holds both letters in which the alphabets of base64 differ."""


def test_a_cursor_in_the_other_alphabet_of_base64_is_refused() -> None:
    cursor = encode_cursor(NAME_WITH_BOTH)
    assert {"-", "_"} <= set(cursor)

    with pytest.raises(ValueError, match=f"^{re.escape(_standard(cursor))}$"):
        decode_cursor(_standard(cursor))


def _standard(cursor: str) -> str:
    return cursor.replace("-", "+").replace("_", "/")


@pytest.mark.parametrize("more", ["=", "==", "====", "\n", " ", "!", "A", "AAAA", "\udc80", "é"])
def test_a_cursor_with_something_behind_it_is_refused(more: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- its text depends on what is wrong
        decode_cursor(encode_cursor("a") + more)


def test_a_cursor_of_another_version_is_refused() -> None:
    # Version 2 with the checksum that would be right for it.
    with pytest.raises(ValueError, match=r"^AklaIbNh$"):
        decode_cursor("AklaIbNh")
