"""`SystemClock` and `VirtualClock`: time and errors."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import time_machine
from freezegun import freeze_time

from pykvbinding import SystemClock, VirtualClock
from tests.support.assertions import exactly

START = 1_700_000_000
NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
NOON_SECONDS = 1_893_499_200

BACKWARDS = (
    "a clock cannot move backwards. To start at an earlier time, create another clock: "
    "VirtualClock(start)"
)


# SystemClock


def test_freezegun_changes_the_system_clock() -> None:
    clock = SystemClock()

    with freeze_time(NOON) as frozen:
        before = clock.now(), clock.now_seconds()
        frozen.tick(timedelta(seconds=1.75))
        after = clock.now(), clock.now_seconds()

    assert before == (NOON_SECONDS, NOON_SECONDS)
    assert after == (NOON_SECONDS + 1.75, NOON_SECONDS + 1)


def test_time_machine_changes_the_system_clock() -> None:
    clock = SystemClock()

    with time_machine.travel(NOON, tick=False) as traveller:
        before = clock.now(), clock.now_seconds()
        traveller.shift(1.75)
        after = clock.now(), clock.now_seconds()

    assert before == (NOON_SECONDS, NOON_SECONDS)
    assert after == (NOON_SECONDS + 1.75, NOON_SECONDS + 1)


async def test_the_system_clock_sleeps_on_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    await SystemClock().sleep(1.5)

    assert slept == [1.5]


def test_the_system_clock_returns_whole_nanoseconds(monkeypatch: pytest.MonkeyPatch) -> None:
    # Not with time-machine: its oldest supported versions round to a float.
    monkeypatch.setattr(time, "time_ns", lambda: NOON_SECONDS * 10**9 + 1_750_001_000)

    assert SystemClock().now_nanoseconds() == NOON_SECONDS * 10**9 + 1_750_001_000


def test_repr_of_the_system_clock() -> None:
    assert repr(SystemClock()) == "SystemClock()"


# VirtualClock: start and moves


def test_the_default_start_is_that_of_the_recorded_programs() -> None:
    assert VirtualClock().now() == START


@pytest.mark.parametrize(
    ("start", "now"),
    [
        (0, 0.0),
        (-1.5, -1.5),
        (START, START),
        (START + 0.5, START + 0.5),
        (NOON, NOON_SECONDS),
        (NOON.astimezone(timezone(timedelta(hours=-8))), NOON_SECONDS),
        (NOON.replace(microsecond=250_000), NOON_SECONDS + 0.25),
        (datetime(1969, 12, 31, 23, 59, tzinfo=UTC), -60),
    ],
    ids=str,
)
def test_accepts_a_number_or_an_aware_datetime_as_the_start(
    start: float | datetime, now: float
) -> None:
    assert VirtualClock(start).now() == now


@pytest.mark.parametrize(("start", "whole"), [(0.0, 0), (1.999, 1), (-0.5, -1), (-1, -1)])
def test_now_seconds_is_rounded_down(start: float, whole: int) -> None:
    assert VirtualClock(start).now_seconds() == whole


@pytest.mark.parametrize("start", [1700000000.6264606])
def test_now_returns_exactly_the_start(start: float) -> None:
    assert VirtualClock(start).now() == start


@pytest.mark.parametrize(
    ("start", "nanoseconds"),
    [(0, 0), (START, START * 10**9), (-1.5, -1_500_000_000), (0.1, 100_000_000)],
)
def test_a_virtual_clock_returns_whole_nanoseconds(start: float, nanoseconds: int) -> None:
    now = VirtualClock(start).now_nanoseconds()

    assert (now, type(now)) == (nanoseconds, int)


def test_repeated_moves_are_exact() -> None:
    clock = VirtualClock(START)

    for _ in range(1000):
        clock.advance(0.000_000_001)
    for _ in range(10):
        clock.advance(0.1)

    assert clock.now_nanoseconds() == (START + 1) * 10**9 + 1000


def test_a_virtual_clock_does_not_run() -> None:
    clock = VirtualClock()

    assert clock.now() == clock.now()


@pytest.mark.parametrize(
    ("move", "passed"),
    [
        (lambda clock: clock.advance(), 0),
        (lambda clock: clock.advance(90), 90),
        (lambda clock: clock.advance(0.25), 0.25),
        (lambda clock: clock.advance(seconds=1), 1),
        (lambda clock: clock.advance(minutes=1.5), 90),
        (lambda clock: clock.advance(hours=2), 7200),
        (lambda clock: clock.advance(days=1), 86400),
        (lambda clock: clock.advance(1, minutes=1, hours=1, days=1), 90061),
        (lambda clock: clock.advance(-30, minutes=1), 30),
        (lambda clock: clock.advance(timedelta(days=1, seconds=1, milliseconds=500)), 86401.5),
        (lambda clock: clock.advance(timedelta(seconds=1), minutes=1), 61),
        (lambda clock: clock.move_to(START), 0),
        (lambda clock: clock.move_to(START + 60), 60),
        (lambda clock: clock.move_to(START + 0.5), 0.5),
        (lambda clock: clock.move_to(NOON), NOON_SECONDS - START),
    ],
)
def test_advance_moves_the_clock_by_the_duration(
    move: Callable[[VirtualClock], None], passed: float
) -> None:
    clock = VirtualClock(START)

    move(clock)

    assert clock.now() - START == passed


@pytest.mark.parametrize(("unit", "seconds"), [("minutes", 20), ("hours", 1200), ("days", 28800)])
def test_a_third_of_a_unit_is_rounded_to_whole_seconds(unit: str, seconds: int) -> None:
    clock = VirtualClock(0)

    clock.advance(**{unit: 1 / 3})

    assert clock.now_seconds() == seconds


def test_repr_shows_the_time() -> None:
    assert repr(VirtualClock(START)) == "VirtualClock(1700000000.0)"


# VirtualClock: errors


@pytest.mark.parametrize(
    ("move", "how"),
    [
        (lambda clock: clock.advance(-1), "advance by -1 s"),
        (lambda clock: clock.advance(30, minutes=-1), "advance by -30 s"),
        (lambda clock: clock.advance(timedelta(seconds=-0.5)), "advance by -0.5 s"),
        (lambda clock: clock.move_to(59), "move_to to 59, but it is 60"),
        (lambda clock: clock.move_to(59.5), "move_to to 59.5, but it is 60"),
        (
            lambda clock: clock.move_to(datetime(1970, 1, 1, tzinfo=UTC)),
            "move_to to 1970-01-01 00:00:00+00:00, but it is 60",
        ),
    ],
)
def test_rejects_moves_backwards(move: Callable[[VirtualClock], None], how: str) -> None:
    clock = VirtualClock(60)

    with pytest.raises(ValueError, match=exactly(f"VirtualClock.{how}: {BACKWARDS}")):
        move(clock)

    assert clock.now() == 60


def test_move_to_reports_the_current_time() -> None:
    text = f"VirtualClock.move_to to 1699999999, but it is 1700000000: {BACKWARDS}"

    with pytest.raises(ValueError, match=exactly(text)):
        VirtualClock(START).move_to(START - 1)


async def test_rejects_a_negative_sleep(clock: VirtualClock) -> None:
    text = f"VirtualClock.sleep for -0.1 s: {BACKWARDS}"

    with pytest.raises(ValueError, match=exactly(text)):
        await clock.sleep(-0.1)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
@pytest.mark.parametrize(
    "use",
    [
        VirtualClock,
        lambda value: VirtualClock().move_to(value),
        lambda value: VirtualClock().advance(value),
        lambda value: VirtualClock().advance(minutes=value),
        lambda value: asyncio.run(VirtualClock().sleep(value)),
    ],
)
def test_rejects_a_time_that_is_not_finite(use: Callable[[float], object], value: float) -> None:
    with pytest.raises(
        ValueError, match=rf"^{value} is not a valid time; pass a finite number of seconds$"
    ):
        use(value)


@pytest.mark.parametrize(
    "use", [VirtualClock, lambda instant: VirtualClock().move_to(instant)], ids=["start", "move_to"]
)
def test_rejects_a_naive_datetime(use: Callable[[datetime], object]) -> None:
    naive = datetime(2030, 1, 1)  # noqa: DTZ001, RUF100 -- the error under test
    text = (
        "datetime.datetime(2030, 1, 1, 0, 0) has no time zone. "
        "Write datetime(..., tzinfo=UTC) or value.astimezone()"
    )

    with pytest.raises(ValueError, match=exactly(text)):
        use(naive)


@pytest.mark.parametrize("wrong", ["1", None, True, [1], timedelta(1)], ids=repr)
@pytest.mark.parametrize(
    "use", [VirtualClock, lambda instant: VirtualClock().move_to(instant)], ids=["start", "move_to"]
)
def test_rejects_a_value_that_is_not_an_instant(
    use: Callable[[Any], object], wrong: object
) -> None:
    text = (
        "an instant must be a number of seconds since the epoch or an aware datetime, "
        f"not {wrong!r}. "
        "Write VirtualClock(1_700_000_000) or clock.move_to(datetime(2030, 1, 1, tzinfo=UTC))"
    )

    with pytest.raises(TypeError, match=exactly(text)):
        use(wrong)


@pytest.mark.parametrize("wrong", ["1", None, True, [1], NOON], ids=repr)
@pytest.mark.parametrize(
    "use",
    [
        lambda wrong: VirtualClock().advance(wrong),
        lambda wrong: VirtualClock().advance(hours=wrong),
        lambda wrong: asyncio.run(VirtualClock().sleep(wrong)),
    ],
    ids=["advance", "hours", "sleep"],
)
def test_rejects_a_value_that_is_not_a_duration(
    use: Callable[[Any], object], wrong: object
) -> None:
    text = (
        f"a duration must be a number of seconds or a timedelta, not {wrong!r}. "
        "Write clock.advance(90), clock.advance(minutes=1.5) or clock.advance(timedelta(...))"
    )

    with pytest.raises(TypeError, match=exactly(text)):
        use(wrong)


def test_rejects_a_timedelta_with_a_unit() -> None:
    with pytest.raises(
        TypeError, match=r"^a duration must be a number of seconds or a timedelta, not"
    ):
        VirtualClock().advance(minutes=timedelta(seconds=1))  # type: ignore[arg-type]


def test_a_large_negative_duration_is_shown_completely() -> None:
    with pytest.raises(ValueError, match=r"^VirtualClock\.advance by -1234567 s: "):
        VirtualClock().advance(-1234567)


def test_rejects_a_duration_that_overflows() -> None:
    with pytest.raises(
        ValueError, match=r"^inf is not a valid time; pass a finite number of seconds$"
    ):
        VirtualClock().advance(days=1e308)
