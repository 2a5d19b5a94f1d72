"""Permissions: which of the behaviours that the documentation permits a schedule may choose.

The numbers are the rows of the fidelity model (P1 to P19); each cites its sentence in `contract`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from pykvbinding.clock import SECONDS_PER_DAY

TOMBSTONE_TTL = SECONDS_PER_DAY
"""Seconds. Ours: the documentation says only "recently"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Permissions:
    """What an adversarial network may do. The defaults are the letter of the documentation."""

    stale_reads: bool = True
    """P1, P12: another version than the newest, for `cacheTtl` after it was replaced."""

    grace: float = 0
    """P2: how many seconds "60 seconds or more" is more; `inf` is the letter."""

    own_stale: bool = True
    """P3: the location of a write may still see the version before."""

    negative_stale: bool = True
    """P4: a location may still see nothing where a key was created."""

    cold_stale: bool = True
    """P5: so may a location that reads the key for the first time, from an upper tier."""

    early_refresh: bool = True
    """P6: a location may see a newer version before its copy has aged."""

    flap: bool = True
    """P7: reads of one location may go back to an older version."""

    long_cache_ttl: bool = True
    """P8: a long `cacheTtl` makes its own reads staler; without, all count as the default."""

    unlimited_writes: bool = True
    """P11: a write within a second of another may be accepted; it need not be refused."""

    list_lag: bool = True
    """P15: a list may show each key in a version of its own."""

    tombstone_ttl: float = TOMBSTONE_TTL
    """P16: for so many seconds a page may count keys that were deleted, and so be short or empty.

    Ours: the documentation says only "recently".
    """

    torn_reads: bool = True
    """P17: keys of one bulk read may come from different moments."""

    faults: bool = False
    """P18: a write may fail after taking effect."""

    roam: bool = False
    """P19: an operation of a session may be carried out by another location."""

    def places(self, home: str, locations: Iterable[str]) -> tuple[str, ...]:
        """The locations that may carry out an operation, home first; none if it cannot roam."""
        if not self.roam:
            return ()
        others = tuple(location for location in locations if location != home)
        return (home, *others) if others else ()
