"""Lines of styled text, and their conversion to ANSI escape codes."""

from collections.abc import Iterable
from typing import Final, NamedTuple, TypeAlias

from pykvbinding._text.glyphs import GlyphSet, display_width

STYLES: Final = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "magenta": "35",
    "cyan": "36",
}
"""The ANSI codes (SGR parameters) of the styles of a `StyledText`."""


class StyledText(NamedTuple):
    """Text in one style: names of `STYLES`, separated by spaces, or "" for no style."""

    text: str
    style: str = ""


StyledLine: TypeAlias = list[StyledText]


def truncate_line(line: Iterable[StyledText], columns: int, glyphs: GlyphSet) -> StyledLine:
    """Return the line without trailing blanks, truncated to `columns` columns with an ellipsis.

    >>> from pykvbinding._text.glyphs import ASCII
    >>> line = [StyledText("GET", "bold"), StyledText(" /notes "), StyledText(" ")]
    >>> truncate_line(line, 8, ASCII)
    [StyledText(text='GET', style='bold'), StyledText(text=' /...', style='')]
    """
    spans = list(line)
    while spans and not spans[-1].text.strip():
        spans.pop()
    if not spans:
        return []
    spans[-1] = spans[-1]._replace(text=spans[-1].text.rstrip())
    if sum(display_width(span.text) for span in spans) <= columns:
        return spans
    remaining, cut = columns, 0
    while (needed := display_width(spans[cut].text)) <= remaining - display_width(glyphs.ellipsis):
        remaining -= needed
        cut += 1
    text, style = spans[cut]
    return [*spans[:cut], StyledText(glyphs.truncate(f"{text}   ", remaining), style)]


def paint(line: Iterable[StyledText], *, colours: bool) -> str:
    """Return the text of a line; with `colours`, as spans between ANSI escape codes.

    >>> paint([StyledText("GET", "bold"), StyledText(" /notes")], colours=True)
    '\\x1b[1mGET\\x1b[0m /notes'
    """
    return "".join(_paint_span(span) if colours else span.text for span in line)


def _paint_span(span: StyledText) -> str:
    codes = ";".join(STYLES[name] for name in span.style.split())
    return f"\x1b[{codes}m{span.text}\x1b[0m" if codes and span.text.strip() else span.text
