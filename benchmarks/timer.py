"""Alternating measurement of a subject and its floor, under the same conditions."""

import gc
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from time import get_clock_info, perf_counter, process_time
from typing import Any, Final, TypeAlias

from benchmarks.row import Row

Contestant: TypeAlias = Callable[[], float]
"""Runs one round and returns its duration in seconds."""

Drive: TypeAlias = Callable[[Coroutine[Any, Any, object]], object]
"""Runs one coroutine to completion."""


Clock: TypeAlias = Callable[[], float]

CPU_CLOCK: Final[Clock] = (
    process_time if get_clock_info("process_time").resolution <= 1e-6 else perf_counter
)
"""Does not count the time of other processes; on Windows its resolution is too low."""


def measure(run: Callable[[], object], clock: Clock = CPU_CLOCK) -> Contestant:
    """Return a contestant that calls `run()` in each round."""
    return measure_prepared(lambda: run, clock)


def measure_prepared(
    prepare: Callable[[], Callable[[], object]], clock: Clock = CPU_CLOCK
) -> Contestant:
    """Return a contestant that calls `prepare()()` in each round; `prepare()` is not measured."""

    def play() -> float:
        run = prepare()
        gc.collect()  # not measured; the collector stays enabled, as it is for users
        start = clock()
        run()
        return clock() - start

    return play


def race(floor: Contestant, subject: Contestant, rounds: int) -> tuple[float, float]:
    """Return the best durations of both, which alternate in going first."""
    floors: list[float] = []
    subjects: list[float] = []
    for number in range(rounds):
        if number % 2:
            subjects.append(subject())
            floors.append(floor())
        else:
            floors.append(floor())
            subjects.append(subject())
    return min(floors), min(subjects)


def compare(
    name: str,
    subject: Contestant,
    floor: Contestant,
    *,
    against: str,
    rounds: int,
    operations: int = 1,
    floor_operations: int | None = None,
    budget: float | None = None,
    budget_above_floor: float | None = None,
) -> Row:
    """Measure both; `floor_operations` per round of the floor is `operations` by default."""
    best_floor, best_subject = race(floor, subject, rounds)
    return Row(
        name=name,
        against=against,
        subject=best_subject / operations,
        floor=best_floor / (floor_operations or operations),
        budget=budget,
        budget_above_floor=budget_above_floor,
    )


def drive(coroutine: Coroutine[Any, Any, object]) -> object:
    """Run a coroutine that never waits, without an event loop."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value
    coroutine.close()
    raise RuntimeError("The coroutine waited for something.")


async def for_each(operation: Callable[[Any], Awaitable[object]], arguments: Iterable[Any]) -> None:
    """Await `operation(argument)` for every argument."""
    for argument in arguments:
        await operation(argument)


async def put_each(
    put: Callable[[str, Any], Awaitable[object]], keys: Iterable[str], value: object
) -> None:
    """Await `put(key, value)` for every key."""
    for key in keys:
        await put(key, value)


async def repeat(operation: Callable[[], Awaitable[object]], times: int) -> None:
    """Await `operation()` `times` times."""
    for _ in range(times):
        await operation()
