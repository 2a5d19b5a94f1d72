"""Time: the clock of the machine, and one that a test moves by hand.

Instants are kept as whole nanoseconds since the epoch, so ten sleeps of 0.1 s are one second.
"""

import time
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from math import isfinite
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, Future

NANOSECONDS = 1_000_000_000
"""In one second."""

SECONDS_PER_DAY = 86400

DEFAULT_START_SECONDS = 1_700_000_000
"""Where a `VirtualClock` starts: 2023-11-14 22:13:20 UTC, as in every recorded program."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Clock(Protocol):
    """What the emulator asks of time."""

    def now(self) -> float:
        """Seconds since the epoch."""
        ...

    def now_seconds(self) -> int:
        """Whole seconds since the epoch, rounded down: the unit of every expiration."""
        ...

    def now_nanoseconds(self) -> int:
        """Whole nanoseconds since the epoch: what ages are computed from, without rounding."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return when `seconds` have passed on this clock."""
        ...


class SystemClock:
    """The clock of the machine.

    It looks `time` up at each call, so freezegun and time-machine both move it.
    """

    __slots__ = ()

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time()

    def now_seconds(self) -> int:
        """Whole seconds since the epoch, rounded down."""
        return time.time_ns() // NANOSECONDS

    def now_nanoseconds(self) -> int:
        """Whole nanoseconds since the epoch."""
        return time.time_ns()

    async def sleep(self, seconds: float) -> None:
        """Sleep on the running asyncio loop."""
        import asyncio  # not at the top: importing it takes longer than importing this library

        await asyncio.sleep(seconds)

    def __repr__(self) -> str:
        return "SystemClock()"


class VirtualClock:
    """A clock that stands still until the test moves it.

    `start` is in seconds since the epoch, or an aware `datetime`. With `autojump=True` the clock
    jumps to the next sleeper as soon as asyncio has nothing else to run, so `await clock.sleep(60)`
    takes no time at all; without it, sleepers wait for `advance` or `move_to`.

    >>> clock = VirtualClock(1_700_000_000)
    >>> clock.advance(minutes=1, seconds=0.5); clock.now()
    1700000060.5
    """

    __slots__ = ("_autojump", "_jumper", "_now", "_sleepers", "_tickets")

    def __init__(
        self, start: float | datetime = DEFAULT_START_SECONDS, *, autojump: bool = False
    ) -> None:
        self._now = _instant(start)
        self._autojump = autojump
        self._jumper: AbstractEventLoop | None = None
        self._sleepers: list[tuple[int, int, Future[None]]] = []
        self._tickets = 0

    def now(self) -> float:
        """Seconds since the epoch."""
        return self._now / NANOSECONDS

    def now_seconds(self) -> int:
        """Whole seconds since the epoch, rounded down."""
        return self._now // NANOSECONDS

    def now_nanoseconds(self) -> int:
        """Whole nanoseconds since the epoch."""
        return self._now

    def advance(
        self,
        seconds: float | timedelta = 0,
        *,
        minutes: float = 0,
        hours: float = 0,
        days: float = 0,
    ) -> None:
        """Move forward and wake the sleepers whose time has come, earliest first.

        Raises: ValueError for a negative duration, TypeError for one that is no duration.
        """
        duration = _duration(seconds)
        for amount, unit_seconds in ((minutes, 60), (hours, 3600), (days, SECONDS_PER_DAY)):
            duration += _duration(amount, unit_seconds)
        if duration < 0:
            raise _backwards("advance", f"by {duration / NANOSECONDS:.15g} s")
        self._move(self._now + duration)

    def move_to(self, instant: float | datetime) -> None:
        """Move forward to an instant: seconds since the epoch, or an aware `datetime`.

        Raises: ValueError for an instant in the past or a naive `datetime`.
        """
        target = _instant(instant)
        if target < self._now:
            raise _backwards("move_to", f"to {instant}, and it is {self.now():.15g}")
        self._move(target)

    def move_to_nanoseconds(self, instant: int) -> None:
        """As `move_to`, for an instant in whole nanoseconds since the epoch, not in the past."""
        self._move(instant)

    def next_alarm(self) -> int | None:
        """When the next sleeper wakes, in nanoseconds since the epoch; `None` if nobody sleeps."""
        sleepers = self._sleepers
        while sleepers and sleepers[0][2].done():
            heappop(sleepers)
        return sleepers[0][0] if sleepers else None

    async def sleep(self, seconds: float) -> None:
        """Return when this clock has moved by `seconds`. Needs a running asyncio loop.

        Raises: ValueError for a negative duration.
        """
        import asyncio  # not at the top: importing it takes longer than importing this library

        duration = _duration(seconds)
        if duration < 0:
            raise _backwards("sleep", f"for {seconds} s")
        if duration == 0:
            await asyncio.sleep(0)
            return
        loop = asyncio.get_running_loop()
        if self._autojump:
            self._start_jumping(loop)
        alarm = loop.create_future()
        self._tickets += 1
        heappush(self._sleepers, (self._now + duration, self._tickets, alarm))
        await alarm

    def _move(self, target: int) -> None:
        self._now = target
        while self._sleepers and self._sleepers[0][0] <= target:
            alarm = heappop(self._sleepers)[2]
            # Done: its task was cancelled. Closed: its loop went away without cancelling it.
            if not alarm.done() and not alarm.get_loop().is_closed():
                alarm.set_result(None)

    def _start_jumping(self, loop: "AbstractEventLoop") -> None:
        if not hasattr(loop, "_ready"):
            raise RuntimeError(
                f"VirtualClock(autojump=True) cannot tell when a {type(loop).__name__} is idle; "
                "it needs asyncio's own event loop. Without autojump, call clock.advance(seconds)"
            )
        if self._jumper is not loop:
            self._jumper = loop
            loop.call_soon(self._jump_when_idle, loop, 0)

    def _jump_when_idle(self, loop: "AbstractEventLoop", quiet_turns: int) -> None:
        """Jump once the loop had nothing else to run for two turns.

        One turn is not enough: only the start of the next one collects due timers and input.
        """
        alarm = self.next_alarm()
        if alarm is None:
            self._jumper = None
            return
        # What is left to run in this turn; no public name tells it, on any version up to 3.14.
        quiet_turns = 0 if loop._ready else quiet_turns + 1  # type: ignore[attr-defined]
        if quiet_turns > 1:
            quiet_turns = 0
            self._move(alarm)
        loop.call_soon(self._jump_when_idle, loop, quiet_turns)

    def __repr__(self) -> str:
        return f"VirtualClock({self.now()!r})"


def _backwards(method: str, how: str) -> ValueError:
    return ValueError(
        f"VirtualClock.{method} {how}: a clock never runs backwards. "
        "Start a new one where you need it: VirtualClock(start)"
    )


def _duration(seconds: float | timedelta, unit_seconds: int = 1) -> int:
    """A duration in whole nanoseconds, of a number of units or a timedelta (in no unit)."""
    if isinstance(seconds, timedelta) and unit_seconds == 1:
        whole_seconds = seconds.days * SECONDS_PER_DAY + seconds.seconds
        return whole_seconds * NANOSECONDS + seconds.microseconds * 1000
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise TypeError(
            f"a duration is a number of seconds or a timedelta, not {seconds!r}. Write "
            "clock.advance(90), clock.advance(minutes=1.5) or clock.advance(timedelta(...))"
        )
    seconds *= unit_seconds
    if isinstance(seconds, float) and not isfinite(seconds):
        raise ValueError(f"{seconds} is no time: give a finite number of seconds")
    whole_seconds = int(seconds)  # apart from the fraction, or the product would round
    return whole_seconds * NANOSECONDS + round((seconds - whole_seconds) * NANOSECONDS)


def _instant(instant: float | datetime) -> int:
    """An instant in whole nanoseconds since the epoch."""
    if isinstance(instant, datetime):
        if instant.tzinfo is None:
            raise ValueError(
                f"{instant!r} names no time zone, so no instant. "
                "Write datetime(..., tzinfo=UTC) or value.astimezone()"
            )
        return _duration(instant - EPOCH)
    if isinstance(instant, bool) or not isinstance(instant, int | float):
        raise TypeError(
            "an instant is a number of seconds since the epoch or an aware datetime, not "
            f"{instant!r}. Write VirtualClock(1_700_000_000) or "
            "clock.move_to(datetime(2030, 1, 1, tzinfo=UTC))"
        )
    return _duration(instant)
