"""Model of the text timeline before layout: rows, titles and styles."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pykvbinding._text.glyphs import GlyphSet, display_width

GAP = 2
"""Columns between columns."""

REMARKS = 26
"""Minimum width for annotations beside a row."""

INSTANT = "t(s)"
CENTRAL = "central"
"""Headings of the first two columns."""

HEAD = "bold"
FAINT = "dim"
STALE = "yellow"
ERROR = "red"
CHOSEN = "bold yellow"
"""Styles of a `StyledText`."""

_LANES = ("cyan", "magenta", "blue", "green")


@dataclass(slots=True, kw_only=True)
class TextRow:
    """One line of the timeline. `lane` is its invocation, `None` for a line that concerns all."""

    instant: str = ""
    central: str = ""
    lane: int | None = None
    text: str = ""
    annotations: str = ""
    chosen: bool = False
    style: str = ""
    active: frozenset[int] = frozenset()
    """The invocations that are running."""

    cells: dict[int, str] = field(default_factory=dict)
    """Texts of several lanes in one row: the outcomes of the invocations."""


def lane_style(invocation: int) -> str:
    """Return the style of an invocation; the test itself, 0, has none."""
    return _LANES[(invocation - 1) % len(_LANES)] if invocation else ""


@dataclass(slots=True)
class TextTable:
    """Rows, and the available width in columns.

    `titles` has the title of each lane in order, `outcomes` the result of its invocation.
    """

    rows: Sequence[TextRow]
    titles: dict[int, str]
    outcomes: dict[int, str]
    glyphs: GlyphSet
    columns: int

    @property
    def instant_width(self) -> int:
        """Width of the column of instants."""
        return max([len(INSTANT), *(display_width(row.instant) for row in self.rows)])

    @property
    def central_width(self) -> int:
        """Width of the column of the central stores."""
        return max([len(CENTRAL), *(display_width(row.central) for row in self.rows)])

    @property
    def body_start(self) -> int:
        """First column of the part that differs between layouts."""
        return GAP + self.instant_width + GAP + self.central_width + GAP

    @property
    def annotation_width(self) -> int:
        """Minimum width of the annotations, with their marks."""
        has_any = any(row.annotations for row in self.rows)
        return display_width(self.glyphs.chosen) + 1 + (REMARKS if has_any else 0)

    def text_width(self) -> int:
        """Return the width of the widest operation."""
        return max([10, *(display_width(row.text) for row in self.rows if row.lane is not None)])
