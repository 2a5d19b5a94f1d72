"""Handlers under a schedule: costs of an operation, a run, a full search and shrinking."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, Final

from benchmarks.floor import DictFake
from benchmarks.row import Row
from benchmarks.sizes import Sizes
from benchmarks.timer import compare, drive, measure, repeat
from pykvbinding import EdgeNetwork
from pykvbinding.errors import KVError
from pykvbinding.sim import every_schedule
from pykvbinding.sim.explore.exhaustive import LIMIT, ExhaustiveTest
from pykvbinding.sim.run.schedulers import Scheduler, seeded_scheduler
from pykvbinding.sim.shrink.shrinker import shrink as polish_run

SHORT: Final = 20
LONG: Final = 200
"""Operations of each of two invocations; the difference gives the cost of one operation."""

RUNS: Final = 20

ORDER_ALONE: Final[dict[str, Any]] = {
    "stale_reads": False,
    "unlimited_writes": False,
    "tombstones": False,
    "time_jumps": 0,
}


async def visit(env: Any) -> None:
    """Count a visit with a race condition."""
    count = int(await env.KV.get("visits") or 0)
    await env.KV.put("visits", str(count + 1))


async def work(env: Any, operations: int) -> None:
    """Alternate between reads and writes."""
    for number in range(operations // 2):
        await env.KV.get("shared")
        with suppress(KVError):  # a schedule can reject it
            await env.KV.put(f"key{number}", "1")


async def busy(env: Any, number: int) -> None:
    """Perform three operations; three invocations share one key."""
    shares = number < 3
    await env.KV.get("visits" if shares else f"read{number}")
    await env.KV.put("visits" if shares else f"written{number}", "1")
    await env.KV.put(f"own{number}", "1")


def operation(sizes: Sizes) -> Iterator[Row]:
    """One operation of a handler under a seed, without the fixed cost of a run."""
    rounds = max(1, sizes.rounds // 3)
    yield compare(
        "operation under a schedule",
        partial(_marginal, rounds=3),
        _floor(),
        against="awaited dict.get",
        rounds=rounds,
        floor_operations=1000,
        budget_above_floor=15e-6,
    )


def run(sizes: Sizes) -> Iterator[Row]:
    """A network with two invocations of two operations each, including the trace."""
    yield compare(
        "run of two increments",
        measure(_runs),
        _floor(),
        against="awaited dict.get",
        rounds=sizes.rounds,
        operations=RUNS,
        floor_operations=1000,
    )


def proof(sizes: Sizes) -> Iterator[Row]:
    """All schedules of six invocations of three operations each: orders, versions and time."""
    rounds = max(1, sizes.rounds // 8)
    for name, options, budget in (
        ("6 invocations x 3 operations explored", ORDER_ALONE, 1.0),
        ("6 invocations x 3 operations explored, versions", {"time_jumps": 0}, None),
    ):
        yield compare(
            name,
            measure(_search(options)),
            _floor(),
            against="awaited dict.get",
            rounds=rounds,
            floor_operations=1000,
            budget_above_floor=budget,
        )
    yield _cut_short(sizes.searched)


def _cut_short(limit: int) -> Row:
    """Search with versions and a time jump; the row has the number of schedules.

    Time can pass before each operation, so few orders are equivalent and the search is too large to
    finish.
    """
    search = _search({"time_jumps": 1}, limit=limit)
    row = compare(
        "6 x 3 and a time jump",
        measure(search),
        _floor(),
        against="awaited dict.get",
        rounds=1,
        floor_operations=1000,
    )
    proof = search.result
    assert proof is not None
    end = "all" if proof.is_finished else "not all"
    return replace(row, name=f"{row.name}: {proof.distinct:,} runs, {end}")


def polish(sizes: Sizes) -> Iterator[Row]:
    """Shrinking of a random failure, in the case of the zoo that takes longest.

    The result is the mean over several failures, without the rendering of the timeline.
    """
    rows = [
        compare(
            f"polish of {case.__name__}",
            measure(partial(_polish, case, list(_failing(case, sizes.failures)))),
            _floor(),
            against="awaited dict.get",
            rounds=max(1, sizes.rounds // 8),
            operations=sizes.failures,
            floor_operations=1000,
            budget_above_floor=50e-3,
        )
        for case in _zoo()
    ]
    yield max(rows, key=lambda row: row.subject)


def _zoo() -> list[Any]:
    """Return the modules of `examples/zoo`, which is not a package."""
    folder = Path(__file__).parent.parent / "examples" / "zoo"
    cases = []
    for path in sorted(folder.glob("case_*.py")):
        spec = spec_from_file_location(path.stem, path)
        assert spec is not None
        assert spec.loader is not None
        cases.append(module_from_spec(spec))
        spec.loader.exec_module(cases[-1])
    return cases


def _failing(case: Any, count: int) -> Iterator[int]:
    seeds = (
        seed for seed in itertools.count() if _make_play(case)(seeded_scheduler(seed)) is not None
    )
    return itertools.islice(seeds, count)


def _polish(case: Any, seeds: list[int]) -> None:
    for seed in seeds:
        polish_run(_make_play(case), seeded_scheduler(seed))


def _make_play(case: Any) -> Callable[[Scheduler], BaseException | None]:
    def play(scheduler: Scheduler) -> BaseException | None:
        try:
            case.play(scheduler)
        except case.BREAKS as error:
            failure: BaseException = error
            return failure
        return None

    return play


def _floor() -> Callable[[], float]:
    fake = DictFake()
    fake.values = {"shared": "1"}
    return measure(lambda: drive(repeat(partial(fake.get, "shared"), 1000)))


def _marginal(rounds: int) -> float:
    """Return the difference between a long run and a short one, per operation."""
    long, short = (
        min(measure(partial(_run_work, operations))() for _ in range(rounds))
        for operations in (LONG, SHORT)
    )
    return (long - short) / (2 * (LONG - SHORT))


def _run_work(operations: int) -> None:
    net = EdgeNetwork("LHR", "NRT", schedule=7)
    net.start(work, operations, at="LHR")
    net.start(work, operations, at="NRT")
    net.run()


def _runs() -> None:
    for seed in range(RUNS):
        net = EdgeNetwork("LHR", "NRT", schedule=seed)
        net.start(visit, at="LHR")
        net.start(visit, at="NRT")
        net.run()


def _search(options: dict[str, Any], limit: int = LIMIT) -> ExhaustiveTest:
    @every_schedule(limit=limit, complete=limit == LIMIT)
    def body(schedule: Any) -> None:
        net = EdgeNetwork("LHR", schedule=schedule, **options)
        for number in range(6):
            net.start(busy, number)
        net.run()

    return body
