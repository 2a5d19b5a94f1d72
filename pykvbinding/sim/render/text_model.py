"""What the text is made of before it is laid out: rows, titles, and their styles."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pykvbinding._text.glyphs import Glyphs, width

GAP = 2
"""Columns between columns."""

REMARKS = 26
"""Fewest columns in which remarks may stand beside a row."""

INSTANT = "t(s)"
CENTRAL = "central"
"""What stands above the first two columns."""

HEAD = "bold"
FAINT = "dim"
STALE = "yellow"
ERROR = "red"
CHOSEN = "bold yellow"
"""Styles of a `Span`, by what they mark."""

_LANES = ("cyan", "magenta", "blue", "green")


@dataclass(slots=True, kw_only=True)
class Row:
    """One line of the story. `lane` is the invocation whose it is, `None` for what concerns all."""

    instant: str = ""
    central: str = ""
    lane: int | None = None
    text: str = ""
    remarks: str = ""
    chosen: bool = False
    style: str = ""
    alive: frozenset[int] = frozenset()
    """Invocations that have begun and not ended."""

    cells: dict[int, str] = field(default_factory=dict)
    """Texts of several lanes at once: what the invocations came to."""


def lane_style(invocation: int) -> str:
    """Return the style of an invocation; the test itself, 0, has none."""
    return _LANES[(invocation - 1) % len(_LANES)] if invocation else ""


@dataclass(slots=True)
class Sheet:
    """Rows, and how many columns there are for them.

    `titles` has the title of every lane, in order, and `endings` what its invocation came to.
    """

    rows: Sequence[Row]
    titles: dict[int, str]
    endings: dict[int, str]
    glyphs: Glyphs
    columns: int

    @property
    def instants(self) -> int:
        """How wide the instants are."""
        return max([len(INSTANT), *(width(row.instant) for row in self.rows)])

    @property
    def central(self) -> int:
        """How wide the column of the central stores is."""
        return max([len(CENTRAL), *(width(row.central) for row in self.rows)])

    @property
    def body(self) -> int:
        """Where the part begins that the layouts differ in."""
        return GAP + self.instants + GAP + self.central + GAP

    @property
    def remarks(self) -> int:
        """The columns that remarks take at least, with their signs."""
        has_any = any(row.remarks for row in self.rows)
        return width(self.glyphs.chosen) + 1 + (REMARKS if has_any else 0)

    def text_width(self) -> int:
        """How wide the widest operation is."""
        return max([10, *(width(row.text) for row in self.rows if row.lane is not None)])
