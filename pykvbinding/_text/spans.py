"""Lines of text in colour."""

from collections.abc import Iterable
from typing import Final, NamedTuple, TypeAlias

from pykvbinding._text.glyphs import Glyphs, width

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
"""The ANSI codes (SGR parameters) of the styles of a `Span`."""


class Span(NamedTuple):
    """Text in one style: names of `STYLES`, separated by spaces; "" for none."""

    text: str
    style: str = ""


Line: TypeAlias = list[Span]


def fit_line(line: Iterable[Span], columns: int, glyphs: Glyphs) -> Line:
    """Return the line without blanks at its end, cut to `columns` columns, with dots if it is cut.

    >>> from pykvbinding._text.glyphs import ASCII
    >>> fit_line([Span("GET", "bold"), Span(" /notes "), Span(" ")], 8, ASCII)
    [Span(text='GET', style='bold'), Span(text=' /...', style='')]
    """
    spans = list(line)
    while spans and not spans[-1].text.strip():
        spans.pop()
    if not spans:
        return []
    spans[-1] = spans[-1]._replace(text=spans[-1].text.rstrip())
    if sum(width(span.text) for span in spans) <= columns:
        return spans
    room, cut = columns, 0
    while (taken := width(spans[cut].text)) <= room - width(glyphs.dots):
        room -= taken
        cut += 1
    text, style = spans[cut]
    return [*spans[:cut], Span(glyphs.fit(f"{text}   ", room), style)]


def paint(line: Iterable[Span], *, colours: bool) -> str:
    """Return the text of a line; with `colours`, each span between the ANSI codes of its style.

    >>> paint([Span("GET", "bold"), Span(" /notes")], colours=True)
    '\\x1b[1mGET\\x1b[0m /notes'
    """
    return "".join(_painted(span) if colours else span.text for span in line)


def _painted(span: Span) -> str:
    codes = ";".join(STYLES[name] for name in span.style.split())
    return f"\x1b[{codes}m{span.text}\x1b[0m" if codes and span.text.strip() else span.text
