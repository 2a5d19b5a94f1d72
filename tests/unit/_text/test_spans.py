"""Styled lines: truncation and ANSI codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pykvbinding._text.glyphs import ASCII, UNICODE, GlyphSet, display_width
from pykvbinding._text.spans import STYLES, StyledLine, StyledText, paint, truncate_line

SPANS = st.builds(
    StyledText, st.text("ab 日", max_size=6), st.sampled_from(["", *STYLES, "bold red"])
)


def text(line: StyledLine) -> str:
    return "".join(span.text for span in line)


@given(st.lists(SPANS, max_size=5), st.integers(3, 20), st.sampled_from([UNICODE, ASCII]))
def test_a_line_is_truncated_like_its_text(
    line: StyledLine, columns: int, glyphs: GlyphSet
) -> None:
    fitted = truncate_line(line, columns, glyphs)

    assert text(fitted) == glyphs.truncate(text(line).rstrip(), columns)
    assert display_width(text(fitted)) <= columns


@given(st.lists(SPANS, max_size=5))
def test_spans_before_the_ellipsis_keep_their_style(line: StyledLine) -> None:
    fitted = truncate_line(line, 4, UNICODE)

    assert [span.style for span in fitted] == [span.style for span in line[: len(fitted)]]


@pytest.mark.parametrize(
    "line", [[], [StyledText("")], [StyledText(" ", "bold"), StyledText("  ")]]
)
def test_a_line_of_blanks_is_empty(line: StyledLine) -> None:
    assert truncate_line(line, 80, UNICODE) == []


def test_a_span_may_have_several_styles() -> None:
    assert paint([StyledText("x", "bold yellow")], colours=True) == "\x1b[1;33mx\x1b[0m"


@pytest.mark.parametrize("span", [StyledText("x"), StyledText("  ", "red"), StyledText("", "red")])
def test_blanks_and_unstyled_text_have_no_codes(span: StyledText) -> None:
    assert paint([span], colours=True) == span.text


def test_styles_are_ignored_without_colours() -> None:
    assert paint([StyledText("x", "red"), StyledText("y", "bold")], colours=False) == "xy"
