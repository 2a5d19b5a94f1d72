"""The single source of nondeterminism: every random decision is a choice among *n* options."""

from random import Random
from typing import Protocol


class ChoiceSource(Protocol):
    """Decides among the possible outcomes at a choice point."""

    def choose(self, n: int, label: str) -> int:
        """Return a number from 0 to `n` - 1. 0 is the default outcome; `label` names the choice."""
        ...


class SeededChoice:
    """Pseudo-random choices: the same seed gives the same run on every version of Python.

    >>> SeededChoice(7).choose(6, "die") == SeededChoice(7).choose(6, "die")
    True
    """

    __slots__ = ("_bits", "seed")

    def __init__(self, seed: int) -> None:
        self.seed: int = seed
        # `getrandbits` is specified (Mersenne Twister); the other methods of `Random` have changed.
        self._bits = Random(seed).getrandbits  # noqa: S311 -- not for cryptography

    def choose(self, n: int, label: str) -> int:  # noqa: ARG002 -- used by other sources
        """Return a number from 0 to `n` - 1; all are equally likely."""
        return self._bits(64) * n >> 64

    def __repr__(self) -> str:
        return f"SeededChoice({self.seed})"
