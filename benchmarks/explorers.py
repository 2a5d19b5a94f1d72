"""Comparison with other schedule explorers on a common example, a lost update.

Two coroutines increment a counter in a store without replication. For simloom (0.5, Python 3.12 or
newer) and frontrun (0.7) the store is a dict that yields in each operation; simloom tries seeds,
frontrun uses partial-order reduction. For pykvbinding it is a network without stale reads and
rejected writes. Each tool runs with its defaults: simloom records the failing run, frontrun replays
it ten times, and the systematic search of pykvbinding shrinks the failing schedule.
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
from benchmarks.timer import compare, measure
from pykvbinding import EdgeNetwork, Limits
from pykvbinding.sim import every_schedule

SEARCHES: Final = 10
"""The number of searches by seeds; each starts at another seed, because the effort varies."""

MAX_SEEDS: Final = 1000
"""The maximum number of seeds of one search."""

UNLIMITED: Final = Limits(writes_per_second_per_key=None)


class SharedStore:
    """A store without replication whose operations yield to other coroutines."""

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
    """Count a visit with a race condition."""
    count = int(await kv.get("visits") or 0)
    await kv.put("visits", str(count + 1))


async def visit_here(env: Any) -> None:
    """Do the same as a handler."""
    await visit(env.KV)


def simloom(sizes: Sizes) -> Iterator[Row | Skipped]:
    """Search by seeds until a run fails."""
    if find_spec("simloom") is None:
        reason = "simloom is not installed (it needs Python 3.12)"
        yield Skipped(name="simloom", reason=reason)
        return
    explore: Any = import_module("simloom").explore

    async def both() -> None:
        store = SharedStore()
        await asyncio.gather(visit(store), visit(store))
        assert store.values["visits"] == "2"

    def theirs(seed: int) -> int:
        return int(explore(both, runs=MAX_SEEDS, start_seed=seed).runs)

    row = compare(
        "lost update by seeds",
        measure(partial(_run_searches, _by_seeds)),
        measure(partial(_run_searches, theirs)),
        against=f"simloom {version('simloom')}",
        rounds=sizes.peer_rounds,
        operations=SEARCHES,
    )
    yield _add_counts(row, _run_searches(_by_seeds), _run_searches(theirs), SEARCHES)


def frontrun(sizes: Sizes) -> Iterator[Row | Skipped]:
    """Search systematically until a run fails."""
    if find_spec("frontrun") is None:
        yield Skipped(name="frontrun", reason="frontrun is not installed")
        return
    explore: Any = import_module("frontrun").explore

    async def search() -> int:
        result = await explore(setup=SharedStore, workers=visit, count=2, invariant=_is_right)
        assert not result.property_holds
        return int(result.num_explored)

    def theirs() -> int:
        return asyncio.run(search())

    row = compare(
        "lost update by search",
        measure(_by_search),
        measure(theirs),
        against=f"frontrun {version('frontrun')}",
        rounds=sizes.peer_rounds,
    )
    yield _add_counts(row, _by_search(), theirs(), 1)


def _run_searches(search: Callable[[int], int]) -> int:
    """Return the total number of schedules of all searches."""
    return sum(search(number * MAX_SEEDS) for number in range(SEARCHES))


def _by_seeds(start: int) -> int:
    """Return the number of seeds that pykvbinding needs, beginning at `start`."""
    runs = 1
    while _run_visits(start + runs - 1) == "2":
        runs += 1
    return runs


def _by_search() -> int:
    """Return the number of schedules that pykvbinding needs; the failure is then shrunk."""
    tried: list[str | bytes | None] = []

    @every_schedule(time_jumps=0)
    def every_visit_counts(schedule: Any) -> None:
        tried.append(_run_visits(schedule))
        assert tried[-1] == "2"

    try:
        every_visit_counts()
    except AssertionError:
        return tried.index("1") + 1
    raise RuntimeError("no update was lost")


def _run_visits(schedule: Any) -> str | bytes | None:
    """Return the stored count after two visits under a schedule, without stale reads."""
    net = EdgeNetwork("LHR", schedule=schedule, limits=UNLIMITED, stale_reads=False, time_jumps=0)
    net.start(visit_here)
    net.start(visit_here)
    net.run()
    return net.latest("visits")


def _is_right(store: SharedStore) -> bool:
    return store.values["visits"] == "2"


def _add_counts(row: Row, ours: int, theirs: int, searches: int) -> Row:
    """Add the numbers of schedules that both tools have tried to the name of the row."""
    schedules = f"{ours / searches:.1f} schedules, they {theirs / searches:.1f}"
    return replace(row, name=f"{row.name}: {schedules}")
