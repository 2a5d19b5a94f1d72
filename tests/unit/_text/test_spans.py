"""Lines in colour: how they are cut and painted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pykvbinding._text.glyphs import ASCII, UNICODE, Glyphs, width
from pykvbinding._text.spans import STYLES, Line, Span, fit_line, paint

SPANS = st.builds(Span, st.text("ab 日", max_size=6), st.sampled_from(["", *STYLES, "bold red"]))


def text(line: Line) -> str:
    return "".join(span.text for span in line)


@given(st.lists(SPANS, max_size=5), st.integers(3, 20), st.sampled_from([UNICODE, ASCII]))
def test_a_line_is_cut_as_its_text_is(line: Line, columns: int, glyphs: Glyphs) -> None:
    fitted = fit_line(line, columns, glyphs)

    assert text(fitted) == glyphs.fit(text(line).rstrip(), columns)
    assert width(text(fitted)) <= columns


@given(st.lists(SPANS, max_size=5))
def test_spans_before_the_cut_keep_their_style(line: Line) -> None:
    fitted = fit_line(line, 4, UNICODE)

    assert [span.style for span in fitted] == [span.style for span in line[: len(fitted)]]


@pytest.mark.parametrize("line", [[], [Span("")], [Span(" ", "bold"), Span("  ")]])
def test_a_line_of_blanks_is_empty(line: Line) -> None:
    assert fit_line(line, 80, UNICODE) == []


def test_a_span_may_have_several_styles() -> None:
    assert paint([Span("x", "bold yellow")], colours=True) == "\x1b[1;33mx\x1b[0m"


@pytest.mark.parametrize("span", [Span("x"), Span("  ", "red"), Span("", "red")])
def test_blanks_and_plain_text_have_no_codes(span: Span) -> None:
    assert paint([span], colours=True) == span.text


def test_without_colours_styles_do_nothing() -> None:
    assert paint([Span("x", "red"), Span("y", "bold")], colours=False) == "xy"
