"""The shrinker on the bug zoo: failing seeds shrink to the shortest schedule, in few runs."""

from importlib import import_module
from itertools import count, islice
from types import ModuleType

import pytest

from pykvbinding.sim.run.schedulers import Scheduler, seeded_scheduler
from pykvbinding.sim.shrink.shrinker import shrink
from tests.support.paths import ROOT

CASES = [
    import_module(f"examples.zoo.{path.stem}")
    for path in sorted((ROOT / "examples" / "zoo").glob("case_*.py"))
]
MAX_RUNS = 60
"""A run takes half a millisecond, so shrinking takes 30 ms."""


@pytest.mark.parametrize("failures", [2, pytest.param(40, marks=pytest.mark.long)])
@pytest.mark.parametrize("case", CASES, ids=[case.__name__.rpartition(".")[2] for case in CASES])
def test_every_failing_seed_shrinks_to_the_shortest_schedule(
    case: ModuleType, failures: int
) -> None:
    runs: list[Scheduler] = []

    def run(driver: Scheduler) -> BaseException | None:
        runs.append(driver)
        try:
            case.play(driver)
        except case.BREAKS as error:
            failure: BaseException = error
            return failure
        return None

    failing = (number for number in count() if run(seeded_scheduler(number)) is not None)
    for number in islice(failing, failures):
        runs.clear()
        assert shrink(run, seeded_scheduler(number)).schedule == case.SHORTEST
        assert len(runs) <= MAX_RUNS
