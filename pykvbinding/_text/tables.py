"""Aligned columns of text, and pluralized nouns."""

from collections.abc import Sequence

GAP = "  "
"""Separator between the columns of a table."""


def table(
    headings: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[str] = ()
) -> list[str]:
    """Return the lines of a table: the headings, then the rows. Empty columns are omitted.

    `right` lists the headings of the right-aligned columns.
    """
    columns = []
    for number, heading in enumerate(headings):
        cells = [row[number] for row in rows]
        if not any(cells):
            continue
        width = max(len(heading), *map(len, cells))
        align = str.rjust if heading in right else str.ljust
        columns.append([align(cell, width) for cell in (heading, *cells)])
    return [GAP.join(cells).rstrip() for cells in zip(*columns, strict=True)]


def shorten(text: str, max_length: int) -> str:
    """Return the text, shortened to `max_length` characters with "..." at the end."""
    return text if len(text) <= max_length else text[: max_length - 3] + "..."


def pluralize(number: int, noun: str) -> str:
    """Return a number and its noun: "1 key", "2 keys"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
