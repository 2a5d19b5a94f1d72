"""How much every benchmark does."""

from dataclasses import dataclass
from random import Random
from typing import Final

TEXT: Final = "a short text of forty characters or so .."
"""The value of every small entry."""

SEED: Final = 20_260_426


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """The defaults are for a verdict; `QUICK` only shows that everything runs."""

    rounds: int = 25
    keys: int = 50_000
    """Keys of the rows of single operations."""

    many: int = 1_000_000
    """Keys of the rows of large namespaces."""

    many_rounds: int = 3
    expiring: int = 100_000
    pages: int = 50
    """Lists in one round."""

    locations: int = 300
    network_keys: int = 100_000
    reads: int = 1_000_000
    """Reads spread over all locations."""

    traffic: int = 1_000_000
    """Operations of the mixture."""

    large_bytes: int = 25 * 1024 * 1024
    starts: int = 20
    """Interpreters started, with the import and without it."""

    searched: int = 10_000
    """Schedules at most of a proof that does not come to its end."""

    failures: int = 10
    """Of each case of the zoo, to be polished."""

    peer_operations: int = 1_000
    peer_pages: int = 50
    peer_rounds: int = 5


QUICK: Final = Sizes(
    rounds=1,
    keys=2_000,
    many=10_000,
    many_rounds=1,
    expiring=1_000,
    pages=2,
    locations=20,
    network_keys=1_000,
    reads=2_000,
    traffic=2_000,
    large_bytes=1024 * 1024,
    starts=1,
    searched=100,
    failures=1,
    peer_operations=10,
    peer_pages=1,
    peer_rounds=1,
)


def names(count: int) -> list[str]:
    """So many keys, in order; those that agree in all but three digits are 1,000."""
    return [f"item/{number:07d}" for number in range(count)]


def shuffled(keys: list[str]) -> list[str]:
    """The same keys in an order that is the same in every run."""
    return Random(SEED).sample(keys, len(keys))
