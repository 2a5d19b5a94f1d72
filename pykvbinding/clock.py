"""Clocks: the system clock, and a virtual clock that a test advances.

Instants are stored as whole nanoseconds since the epoch, so ten sleeps of 0.1 s add up to exactly
one second.
"""

import time
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from math import isfinite
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, Future

NANOSECONDS = 1_000_000_000
"""Nanoseconds per second."""

SECONDS_PER_DAY = 86400

DEFAULT_START_SECONDS = 1_700_000_000
"""The default start of a `VirtualClock`: 2023-11-14 22:13:20 UTC, as in every recorded program."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Clock(Protocol):
    """The interface of a clock: the current time, and sleeping."""

    def now(self) -> float:
        """Return the seconds since the epoch."""
        ...

    def now_seconds(self) -> int:
        """Return the whole seconds since the epoch, rounded down: the unit of expirations."""
        ...

    def now_nanoseconds(self) -> int:
        """Return the whole nanoseconds since the epoch, from which ages are computed exactly."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait until `seconds` have passed on this clock."""
        ...


class SystemClock:
    """The system clock.

    It calls the functions of `time` each time, so freezegun and time-machine both affect it.
    """

    __slots__ = ()

    def now(self) -> float:
        """Return the seconds since the epoch."""
        return time.time()

    def now_seconds(self) -> int:
        """Return the whole seconds since the epoch, rounded down."""
        return time.time_ns() // NANOSECONDS

    def now_nanoseconds(self) -> int:
        """Return the whole nanoseconds since the epoch."""
        return time.time_ns()

    async def sleep(self, seconds: float) -> None:
        """Sleep on the running asyncio loop."""
        import asyncio  # not at the top: importing it takes longer than importing pykvbinding

        await asyncio.sleep(seconds)

    def __repr__(self) -> str:
        return "SystemClock()"


class VirtualClock:
    """A clock whose time changes only when the test advances it.

    `start` is in seconds since the epoch, or an aware `datetime`. With `autojump=True` the clock
    jumps to the next deadline as soon as asyncio has nothing else to run, so that
    `await clock.sleep(60)` returns immediately; without it, sleepers wait for `advance` or
    `move_to`.

    >>> clock = VirtualClock(1_700_000_000)
    >>> clock.advance(minutes=1, seconds=0.5); clock.now()
    1700000060.5
    """

    __slots__ = ("_autojump", "_autojump_loop", "_now", "_sequence", "_sleepers")

    def __init__(
        self, start: float | datetime = DEFAULT_START_SECONDS, *, autojump: bool = False
    ) -> None:
        self._now = _instant(start)
        self._autojump = autojump
        self._autojump_loop: AbstractEventLoop | None = None
        self._sleepers: list[tuple[int, int, Future[None]]] = []
        self._sequence = 0

    def now(self) -> float:
        """Return the seconds since the epoch."""
        return self._now / NANOSECONDS

    def now_seconds(self) -> int:
        """Return the whole seconds since the epoch, rounded down."""
        return self._now // NANOSECONDS

    def now_nanoseconds(self) -> int:
        """Return the whole nanoseconds since the epoch."""
        return self._now

    def advance(
        self,
        seconds: float | timedelta = 0,
        *,
        minutes: float = 0,
        hours: float = 0,
        days: float = 0,
    ) -> None:
        """Move the clock forward and wake the sleepers whose deadline is reached, earliest first.

        Raises: ValueError if the duration is negative or not finite, TypeError if it is not a
        number or a timedelta.
        """
        duration = _duration(seconds)
        for amount, unit_seconds in ((minutes, 60), (hours, 3600), (days, SECONDS_PER_DAY)):
            duration += _duration(amount, unit_seconds)
        if duration < 0:
            raise _moves_backwards("advance", f"by {duration / NANOSECONDS:.15g} s")
        self._move(self._now + duration)

    def move_to(self, instant: float | datetime) -> None:
        """Move the clock forward to an instant: seconds since the epoch, or an aware `datetime`.

        Raises: ValueError if the instant is in the past, or is a naive `datetime`.
        """
        target = _instant(instant)
        if target < self._now:
            raise _moves_backwards("move_to", f"to {instant}, but it is {self.now():.15g}")
        self._move(target)

    def move_to_nanoseconds(self, instant: int) -> None:
        """As `move_to`, for whole nanoseconds since the epoch, which must not be in the past."""
        self._move(instant)

    def next_deadline(self) -> int | None:
        """Return the next sleeper's deadline in nanoseconds since the epoch, or `None`."""
        sleepers = self._sleepers
        while sleepers and sleepers[0][2].done():
            heappop(sleepers)
        return sleepers[0][0] if sleepers else None

    async def sleep(self, seconds: float) -> None:
        """Wait until this clock has advanced by `seconds`. Requires a running asyncio loop.

        Raises: ValueError if the duration is negative.
        """
        import asyncio  # not at the top: importing it takes longer than importing pykvbinding

        duration = _duration(seconds)
        if duration < 0:
            raise _moves_backwards("sleep", f"for {seconds} s")
        if duration == 0:
            await asyncio.sleep(0)
            return
        loop = asyncio.get_running_loop()
        if self._autojump:
            self._start_autojump(loop)
        alarm = loop.create_future()
        self._sequence += 1
        heappush(self._sleepers, (self._now + duration, self._sequence, alarm))
        await alarm

    def _move(self, target: int) -> None:
        self._now = target
        while self._sleepers and self._sleepers[0][0] <= target:
            alarm = heappop(self._sleepers)[2]
            # Done: its task was cancelled. Closed: its loop was closed without cancelling it.
            if not alarm.done() and not alarm.get_loop().is_closed():
                alarm.set_result(None)

    def _start_autojump(self, loop: "AbstractEventLoop") -> None:
        if not hasattr(loop, "_ready"):
            raise RuntimeError(
                f"VirtualClock(autojump=True) cannot detect when a {type(loop).__name__} is idle; "
                "it requires asyncio's own event loop. Without autojump, call "
                "clock.advance(seconds)"
            )
        if self._autojump_loop is not loop:
            self._autojump_loop = loop
            loop.call_soon(self._jump_when_idle, loop, 0)

    def _jump_when_idle(self, loop: "AbstractEventLoop", idle_iterations: int) -> None:
        """Jump to the next deadline after two consecutive idle iterations of the loop.

        One iteration is not enough: due timers and input are collected at the start of the next.
        """
        alarm = self.next_deadline()
        if alarm is None:
            self._autojump_loop = None
            return
        # The callbacks that remain in this iteration. Up to 3.14 no public name exposes them.
        idle_iterations = 0 if loop._ready else idle_iterations + 1  # type: ignore[attr-defined]
        if idle_iterations > 1:
            idle_iterations = 0
            self._move(alarm)
        loop.call_soon(self._jump_when_idle, loop, idle_iterations)

    def __repr__(self) -> str:
        return f"VirtualClock({self.now()!r})"


def _moves_backwards(method: str, how: str) -> ValueError:
    return ValueError(
        f"VirtualClock.{method} {how}: a clock cannot move backwards. "
        "To start at an earlier time, create another clock: VirtualClock(start)"
    )


def _duration(seconds: float | timedelta, unit_seconds: int = 1) -> int:
    """Return a number of units, or a timedelta (which has no unit), in whole nanoseconds."""
    if isinstance(seconds, timedelta) and unit_seconds == 1:
        whole_seconds = seconds.days * SECONDS_PER_DAY + seconds.seconds
        return whole_seconds * NANOSECONDS + seconds.microseconds * 1000
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise TypeError(
            f"a duration must be a number of seconds or a timedelta, not {seconds!r}. Write "
            "clock.advance(90), clock.advance(minutes=1.5) or clock.advance(timedelta(...))"
        )
    seconds *= unit_seconds
    if isinstance(seconds, float) and not isfinite(seconds):
        raise ValueError(f"{seconds} is not a valid time; pass a finite number of seconds")
    whole_seconds = int(
        seconds
    )  # converted apart from the fraction, because the product would be rounded
    return whole_seconds * NANOSECONDS + round((seconds - whole_seconds) * NANOSECONDS)


def _instant(instant: float | datetime) -> int:
    """Return an instant in whole nanoseconds since the epoch."""
    if isinstance(instant, datetime):
        if instant.tzinfo is None:
            raise ValueError(
                f"{instant!r} has no time zone. "
                "Write datetime(..., tzinfo=UTC) or value.astimezone()"
            )
        return _duration(instant - EPOCH)
    if isinstance(instant, bool) or not isinstance(instant, int | float):
        raise TypeError(
            "an instant must be a number of seconds since the epoch or an aware datetime, not "
            f"{instant!r}. Write VirtualClock(1_700_000_000) or "
            "clock.move_to(datetime(2030, 1, 1, tzinfo=UTC))"
        )
    return _duration(instant)
