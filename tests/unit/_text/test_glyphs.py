"""The characters of a picture: signs, values, keys, widths."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pykvbinding._text.glyphs import ASCII, UNICODE, Glyphs, pad, width, wrap

ALPHABETS = pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
GLYPHS = st.sampled_from((UNICODE, ASCII))


@pytest.mark.parametrize(
    ("number", "unicode", "ascii"),
    [(0, "test", "test"), (1, "①", "(1)"), (20, "⑳", "(20)"), (21, "(21)", "(21)")],
)
def test_an_invocation_is_called_by_its_number(number: int, unicode: str, ascii: str) -> None:
    assert (UNICODE.number(number), ASCII.number(number)) == (unicode, ascii)


@pytest.mark.parametrize(
    ("text", "columns"),
    [("", 0), ("abc", 3), ("é", 1), ("日本", 4), ("e\u0301", 1), ("①→◄…", 4), ("🙂", 2)],
)
def test_a_width_is_what_a_terminal_takes(text: str, columns: int) -> None:
    assert width(text) == columns


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "null"),
        ("1", '"1"'),
        ("", '""'),
        ('{"a": 1}', "'{\"a\": 1}'"),
        ('it\'s "so"', '"it\'s "so""'),
        ("a\nb\x1b[0m", '"a\\nb\\x1b[0m"'),
        ("back\\slash", '"back\\\\slash"'),
        ("\u202eevil", '"\\u202eevil"'),
        (b"a\x00\\", 'b"a\\x00\\x5c"'),
        ("日本語", '"日本語"'),
    ],
)
def test_a_value_is_quoted_and_nothing_in_it_acts(value: str | bytes | None, shown: str) -> None:
    assert UNICODE.value(value, 32) == shown


def test_ascii_spells_other_letters_out() -> None:
    assert ASCII.value("日", 32) == '"\\u65e5"'


def test_a_long_value_keeps_its_start_and_its_quotes() -> None:
    assert UNICODE.value("abcdefghij" * 1000, 10) == '"abcdefg…"'
    assert ASCII.value("abcdefghij", 10) == '"abcde..."'
    assert UNICODE.value(b"abcdefghij", 10) == 'b"abcdef…"'


@given(GLYPHS, st.text() | st.binary(), st.integers(6, 40))
def test_a_value_is_never_wider_than_its_room(
    glyphs: Glyphs, value: str | bytes, columns: int
) -> None:
    assert width(glyphs.value(value, columns)) <= columns


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("visits", "visits"),
        ("user:日本", "user:日本"),
        ("", '""'),
        ("two words", '"two words"'),
        ("a,b", '"a,b"'),
        ("tab\t", '"tab\\t"'),
    ],
)
def test_a_key_is_bare_unless_somebody_could_misread_it(key: str, shown: str) -> None:
    assert UNICODE.key(key, 32) == shown


def test_a_long_key_keeps_both_ends() -> None:
    assert UNICODE.key("customers:0000000001:profile", 13) == "custom…rofile"


@given(GLYPHS, st.text(), st.integers(6, 40))
def test_a_key_is_never_wider_than_its_room(glyphs: Glyphs, key: str, columns: int) -> None:
    assert width(glyphs.key(key, columns)) <= columns


@given(GLYPHS, st.text(), st.integers(0, 20))
def test_a_text_is_cut_to_fit(glyphs: Glyphs, text: str, columns: int) -> None:
    assert width(glyphs.fit(text, columns)) <= columns


@ALPHABETS
def test_a_text_that_fits_is_left_alone(glyphs: Glyphs) -> None:
    assert glyphs.fit("日本", 4) == "日本"


def test_where_dots_have_no_room_there_are_none() -> None:
    assert ASCII.fit("abcdef", 2) == "ab"


def test_padding_counts_columns() -> None:
    assert pad("日", 4) == "日  "


@given(st.text("ab 日"), st.integers(2, 12))
def test_wrapped_lines_are_narrow_and_lose_nothing(text: str, columns: int) -> None:
    lines = wrap(text, columns)

    assert max(map(width, lines)) <= columns
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_words_stay_whole_where_that_is_possible() -> None:
    assert wrap("one two three", 8) == ["one two", "three"]
    assert wrap("abcdefgh ij", 5) == ["abcde", "fgh", "ij"]


def test_a_letter_that_has_no_room_is_still_written() -> None:
    assert wrap("日本", 1) == ["日", "本"]
