"""The one seam of chance: every non-determinism is a choice of one among n."""

from random import Random
from typing import Protocol


class ChoiceSource(Protocol):
    """Whoever decides what may go several ways."""

    def choose(self, n: int, label: str) -> int:
        """A number from 0 to `n` - 1. 0 is the ordinary thing; `label` says what is decided."""
        ...


class SeededChoice:
    """Choices from a seed: the same seed gives the same run, on every version of Python.

    >>> SeededChoice(7).choose(6, "die") == SeededChoice(7).choose(6, "die")
    True
    """

    __slots__ = ("_bits", "seed")

    def __init__(self, seed: int) -> None:
        self.seed = seed
        # The Mersenne Twister is specified; what `Random` builds on top of it has changed before.
        self._bits = Random(seed).getrandbits  # noqa: S311 -- nothing secret

    def choose(self, n: int, label: str) -> int:  # noqa: ARG002 -- for the drivers that show it
        """A number from 0 to `n` - 1, all equally likely."""
        return self._bits(64) * n >> 64

    def __repr__(self) -> str:
        return f"SeededChoice({self.seed})"
