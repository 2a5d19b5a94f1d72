"""Aligned columns of text, and nouns with their number."""

from collections.abc import Sequence

GAP = "  "
"""Between the columns of a table."""


def table(
    headings: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[str] = ()
) -> list[str]:
    """Return the lines of a table: headings first, columns that are empty throughout left out.

    `right` has the headings of the columns that are aligned to the right.
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


def shortened(text: str, most: int) -> str:
    """Return the text in at most `most` characters; three points replace the rest."""
    return text if len(text) <= most else text[: most - 3] + "..."


def counted(number: int, noun: str) -> str:
    """Return a number and its noun: "1 key", "2 keys"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
