"""Glyph sets: symbols, values, keys and display widths."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pykvbinding._text.glyphs import ASCII, UNICODE, GlyphSet, display_width, pad, wrap

ALPHABETS = pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
GLYPHS = st.sampled_from((UNICODE, ASCII))


@pytest.mark.parametrize(
    ("number", "unicode", "ascii"),
    [(0, "test", "test"), (1, "①", "(1)"), (20, "⑳", "(20)"), (21, "(21)", "(21)")],
)
def test_an_invocation_is_named_by_its_number(number: int, unicode: str, ascii: str) -> None:
    assert (UNICODE.number(number), ASCII.number(number)) == (unicode, ascii)


@pytest.mark.parametrize(
    ("text", "columns"),
    [("", 0), ("abc", 3), ("é", 1), ("日本", 4), ("e\u0301", 1), ("①→◄…", 4), ("🙂", 2)],
)
def test_display_width_counts_terminal_columns(text: str, columns: int) -> None:
    assert display_width(text) == columns


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
def test_a_value_is_quoted_and_escaped(value: str | bytes | None, shown: str) -> None:
    assert UNICODE.value(value, 32) == shown


def test_ascii_escapes_other_characters() -> None:
    assert ASCII.value("日", 32) == '"\\u65e5"'


def test_a_long_value_keeps_its_beginning_and_its_quotes() -> None:
    assert UNICODE.value("abcdefghij" * 1000, 10) == '"abcdefg…"'
    assert ASCII.value("abcdefghij", 10) == '"abcde..."'
    assert UNICODE.value(b"abcdefghij", 10) == 'b"abcdef…"'


@given(GLYPHS, st.text() | st.binary(), st.integers(6, 40))
def test_a_value_never_exceeds_its_width(
    glyphs: GlyphSet, value: str | bytes, columns: int
) -> None:
    assert display_width(glyphs.value(value, columns)) <= columns


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
def test_a_key_is_quoted_only_if_ambiguous(key: str, shown: str) -> None:
    assert UNICODE.key(key, 32) == shown


def test_a_long_key_keeps_both_ends() -> None:
    assert UNICODE.key("customers:0000000001:profile", 13) == "custom…rofile"


@given(GLYPHS, st.text(), st.integers(6, 40))
def test_a_key_never_exceeds_its_width(glyphs: GlyphSet, key: str, columns: int) -> None:
    assert display_width(glyphs.key(key, columns)) <= columns


@given(GLYPHS, st.text(), st.integers(0, 20))
def test_truncates_a_text(glyphs: GlyphSet, text: str, columns: int) -> None:
    assert display_width(glyphs.truncate(text, columns)) <= columns


@ALPHABETS
def test_does_not_truncate_a_text_that_fits(glyphs: GlyphSet) -> None:
    assert glyphs.truncate("日本", 4) == "日本"


def test_omits_the_ellipsis_if_it_does_not_fit() -> None:
    assert ASCII.truncate("abcdef", 2) == "ab"


def test_padding_counts_columns() -> None:
    assert pad("日", 4) == "日  "


@given(st.text("ab 日"), st.integers(2, 12))
def test_wrapped_lines_fit_and_keep_all_words(text: str, columns: int) -> None:
    lines = wrap(text, columns)

    assert max(map(display_width, lines)) <= columns
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_wraps_between_words_if_possible() -> None:
    assert wrap("one two three", 8) == ["one two", "three"]
    assert wrap("abcdefgh ij", 5) == ["abcde", "fgh", "ij"]


def test_keeps_a_character_wider_than_the_line() -> None:
    assert wrap("日本", 1) == ["日", "本"]
