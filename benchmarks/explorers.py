"""Side by side with other explorers of schedules, on the toy that all of them know: a lost update.

Two coroutines read a count and write it back, one higher, into a store that has a single copy. For
simloom (0.5, Python 3.12 or newer) and frontrun (0.7) that is a dict with a pause in each
operation; both run it unmodified, the first by seeds, the second by partial-order reduction. For us
it is a network in which nothing is stale and nothing refused: what we do besides, no other has.
Each does what it does by default: simloom keeps the tape of the failure, frontrun replays it ten
times, and we look for the simplest schedule that fails so when we search systematically.
"""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any, Final

from benchmarks.row import Row, Skipped
from benchmarks.sizes import Sizes
from benchmarks.timer import compare, timed
from pykvbinding import EdgeNetwork, Limits
from pykvbinding.sim import every_schedule

SEARCHES: Final = 10
"""Searches by seeds, each from a seed of its own: the first failure may be near or far."""

MOST: Final = 1000
"""Seeds of one search."""

UNLIMITED: Final = Limits(writes_per_second_per_key=None)


class Shelf:
    """A store with one copy, each operation of which lets others go on first."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    async def get(self, key: str) -> str | None:
        """Read one key."""
        await asyncio.sleep(0)
        return self.values.get(key)

    async def put(self, key: str, value: str) -> None:
        """Write one key."""
        await asyncio.sleep(0)
        self.values[key] = value


async def visit(kv: Any) -> None:
    """Count a visit, as one should not."""
    count = int(await kv.get("visits") or 0)
    await kv.put("visits", str(count + 1))


async def visit_here(env: Any) -> None:
    """The same as a handler."""
    await visit(env.KV)


def simloom(sizes: Sizes) -> Iterator[Row | Skipped]:
    """A search by seeds, until one shows it."""
    if find_spec("simloom") is None:
        reason = "simloom is not installed (it needs Python 3.12)"
        yield Skipped(name="simloom", reason=reason)
        return
    explore: Any = import_module("simloom").explore

    async def both() -> None:
        shelf = Shelf()
        await asyncio.gather(visit(shelf), visit(shelf))
        assert shelf.values["visits"] == "2"

    def theirs(seed: int) -> int:
        return int(explore(both, runs=MOST, start_seed=seed).runs)

    row = compare(
        "lost update by seeds",
        timed(partial(_searches, _by_seeds)),
        timed(partial(_searches, theirs)),
        against=f"simloom {version('simloom')}",
        rounds=sizes.peer_rounds,
        operations=SEARCHES,
    )
    yield _counted(row, _searches(_by_seeds), _searches(theirs), SEARCHES)


def frontrun(sizes: Sizes) -> Iterator[Row | Skipped]:
    """A systematic search, until it has come to it."""
    if find_spec("frontrun") is None:
        yield Skipped(name="frontrun", reason="frontrun is not installed")
        return
    explore: Any = import_module("frontrun").explore

    async def search() -> int:
        found = await explore(setup=Shelf, workers=visit, count=2, invariant=_is_right)
        assert not found.property_holds
        return int(found.num_explored)

    def theirs() -> int:
        return asyncio.run(search())

    row = compare(
        "lost update by search",
        timed(_by_search),
        timed(theirs),
        against=f"frontrun {version('frontrun')}",
        rounds=sizes.peer_rounds,
    )
    yield _counted(row, _by_search(), theirs(), 1)


def _searches(search: Callable[[int], int]) -> int:
    """How many schedules some searches have taken together."""
    return sum(search(number * MOST) for number in range(SEARCHES))


def _by_seeds(start: int) -> int:
    """How many schedules it takes us from that seed on."""
    runs = 1
    while _left(start + runs - 1) == "2":
        runs += 1
    return runs


def _by_search() -> int:
    """How many schedules it takes us, one after another; then it is polished."""
    tried: list[str | bytes | None] = []

    @every_schedule(time_jumps=0)
    def every_visit_counts(schedule: Any) -> None:
        tried.append(_left(schedule))
        assert tried[-1] == "2"

    try:
        every_visit_counts()
    except AssertionError:
        return tried.index("1") + 1
    raise RuntimeError("no update was lost")


def _left(schedule: Any) -> str | bytes | None:
    """What two visits have left under a schedule, with one copy of everything."""
    net = EdgeNetwork("LHR", schedule=schedule, limits=UNLIMITED, stale_reads=False, time_jumps=0)
    net.start(visit_here)
    net.start(visit_here)
    net.run()
    return net.latest("visits")


def _is_right(shelf: Shelf) -> bool:
    return shelf.values["visits"] == "2"


def _counted(row: Row, ours: int, theirs: int, searches: int) -> Row:
    """The row with how many schedules each of the two has tried."""
    told = f"{ours / searches:.1f} schedules, they {theirs / searches:.1f}"
    return replace(row, name=f"{row.name}: {told}")
