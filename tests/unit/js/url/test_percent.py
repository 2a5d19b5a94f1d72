"""%XX: which part of a URL shows which characters so, and how forms are read and written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pykvbinding.js.url import percent

PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))


def encoded_by(part: percent.PercentEncodeSet) -> str:
    return "".join(letter for letter in PRINTABLE if part.encode(letter) != letter)


def test_each_part_has_characters_of_its_own() -> None:
    assert encoded_by(percent.CONTROL) == ""
    assert encoded_by(percent.FRAGMENT) == ' "<>`'
    assert encoded_by(percent.QUERY) == ' "#<>'
    assert encoded_by(percent.SPECIAL_QUERY) == " \"#'<>"
    assert encoded_by(percent.PATH) == ' "#<>?^`{}'
    assert encoded_by(percent.USERINFO) == ' "#/:;<=>?@[\\]^`{|}'


def test_controls_and_what_is_not_ascii_are_never_shown() -> None:
    assert percent.CONTROL.encode("\0\x1f\x7fé😀") == "%00%1F%7F%C3%A9%F0%9F%98%80"


@pytest.mark.parametrize(
    ("text", "decoded"),
    [("a", "a"), ("%41%c3%A9", "Aé"), ("%", "%"), ("%4", "%4"), ("%zz", "%zz"), ("%ff", "\ufffd")],
)
def test_what_is_no_xx_stays(text: str, decoded: str) -> None:
    assert percent.decode(text) == decoded


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_a_form_encodes_it_decodes(text: str) -> None:
    assert percent.read_form(f"x={percent.encode_form(text)}") == [("x", text)]
