"""The zoo: handlers that look right but are not, each with a failing schedule and a fix.

`python -m pytest examples/zoo` runs it. Each case is a file: the handler and its assumption;
`play`, which runs it under a schedule and checks the property that it breaks; the shortest failing
schedule; and `play_fixed`, the same with a handler that passes on every schedule.
"""
# ruff: noqa: D103 -- the names of tests are sentences

import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from pykvbinding.sim import Schedule, every_schedule, schedules

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from draw import CASES, picture  # noqa: E402

QUICKLY = settings(
    max_examples=200,
    database=None,
    deadline=None,
    phases=[Phase.generate],  # the schedule is shrunk by our own shrinker
    suppress_health_check=list(HealthCheck),
)

each_case = pytest.mark.parametrize("case", CASES, ids=[case.__name__ for case in CASES])


@each_case
def test_the_shortest_schedule_breaks_the_handler(case: ModuleType) -> None:
    with pytest.raises(case.BREAKS):
        case.play(case.SHORTEST)


@each_case
def test_the_timeline_matches_the_golden_picture(case: ModuleType) -> None:
    drawn = (HERE / "pictures" / f"{case.__name__}.txt").read_text(encoding="utf-8")

    assert picture(case) == drawn


@each_case
def test_hypothesis_shrinks_to_the_shortest_schedule(case: ModuleType) -> None:
    @QUICKLY
    @given(schedules())
    def find(schedule: Schedule) -> None:
        case.play(schedule)

    with pytest.raises(case.BREAKS) as broken:
        find()

    told = str(broken.value) + "\n".join(getattr(broken.value, "__notes__", []))
    assert f'@example("{case.SHORTEST}")' in told


@pytest.mark.long
@each_case
def test_hypothesis_finds_the_failure_soon_with_any_seed(case: ModuleType) -> None:
    needed = sorted(examples_until_found(case, number) for number in range(20))

    assert needed[17] <= 100
    assert needed[19] <= 200


def examples_until_found(case: ModuleType, number: int) -> int:
    """Return how many examples Hypothesis tries until one breaks a case."""
    tried = 0
    found: list[int] = []

    @seed(number)
    @QUICKLY
    @given(schedules())
    def find(schedule: Schedule) -> None:
        nonlocal tried
        tried += 1
        try:
            case.play(schedule)
        except case.BREAKS:
            found.append(tried)
            raise

    with pytest.raises(case.BREAKS):
        find()
    return found[0]


PROVED = [case for case in CASES if case.__name__ != "case_10b_backoff"]


@pytest.mark.parametrize("case", PROVED, ids=[case.__name__ for case in PROVED])
def test_the_fix_passes_on_every_schedule(case: ModuleType) -> None:
    @every_schedule(limit=20_000)
    def prove(schedule: Schedule) -> None:
        case.play_fixed(schedule)

    prove()


@pytest.mark.parametrize("seed", range(300))
def test_the_fix_of_the_backoff_passes_on_300_schedules(seed: int) -> None:
    backoff = next(case for case in CASES if case.__name__ == "case_10b_backoff")

    backoff.play_fixed(seed, seed=seed)


def test_the_fix_of_the_session_fails_with_a_staleness_grace() -> None:
    session = next(case for case in CASES if case.__name__ == "case_04_revoked_session")

    @every_schedule
    def prove(schedule: Schedule) -> None:
        session.play_fixed(schedule, staleness_grace_seconds=30)

    with pytest.raises(session.BREAKS):
        prove()


def test_there_are_fourteen_cases() -> None:
    assert len(CASES) == 14
