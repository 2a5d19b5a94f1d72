"""The sizes of the benchmarks, and their keys."""

from dataclasses import dataclass
from random import Random
from typing import Final

TEXT: Final = "a short text of forty characters or so .."
"""The value of every small entry."""

SEED: Final = 20_260_426


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """The sizes of a meaningful run; `QUICK` only checks that all benchmarks work."""

    rounds: int = 25
    keys: int = 50_000
    """The number of keys for single operations."""

    many: int = 1_000_000
    """The number of keys of large namespaces."""

    many_rounds: int = 3
    expiring: int = 100_000
    pages: int = 50
    """The number of lists per round."""

    locations: int = 300
    network_keys: int = 100_000
    reads: int = 1_000_000
    """The number of reads in all locations."""

    traffic: int = 1_000_000
    """The number of operations of the mixture."""

    large_bytes: int = 25 * 1024 * 1024
    starts: int = 20
    """The number of started interpreters, with the import and without it."""

    searched: int = 10_000
    """The maximum number of schedules of a search that does not finish."""

    failures: int = 10
    """The number of failures to shrink per case of the zoo."""

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


def make_keys(count: int) -> list[str]:
    """Return `count` keys in order; 1,000 keys each share all but the last three digits."""
    return [f"item/{number:07d}" for number in range(count)]


def shuffle(keys: list[str]) -> list[str]:
    """Return the keys in a random order, which is the same in every run."""
    return Random(SEED).sample(keys, len(keys))
