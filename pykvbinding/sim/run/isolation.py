"""The isolation of one run: its thread, its virtual time, and the refusal of calls."""

import datetime
import os
import random
import sys
import threading
import time
import warnings
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any, NoReturn, Protocol

from pykvbinding.clock import VirtualClock
from pykvbinding.sim.errors import NotSimulated, Refusal

OUTSIDE = "Replace it with a fake in the test, and await the fake through net.external_effect(...)."

_STANDARD = Path(os.__file__).parent.as_posix()
_OWN = Path(__file__).parents[2].as_posix()


class IsolatedRun(Protocol):
    """The part of a run that its isolation uses."""

    clock: VirtualClock
    runs: int

    def abort(self, error: BaseException) -> None:
        """Make the run raise `error`."""
        ...


class Isolation:
    """The isolation of one run.

    `started` is the instant at which the loop's time was 0, in nanoseconds since the epoch. The
    isolation `is_suspended` while a scheduler runs.
    """

    def __init__(self, run: IsolatedRun, started: int) -> None:
        self.is_suspended = False
        self._run = run
        self._started = started
        self._seeded_random: random.Random | None = None
        self._time_machine: Any = None
        self._last_time_ns = 0
        self._zone: datetime.tzinfo = datetime.UTC

    @property
    def now(self) -> float:
        """Seconds since the epoch."""
        return self._run.clock.now()

    @property
    def now_nanoseconds(self) -> int:
        """Nanoseconds since the epoch."""
        return self._run.clock.now_nanoseconds()

    @property
    def monotonic_nanoseconds(self) -> int:
        """Nanoseconds since the loop was created."""
        return self.now_nanoseconds - self._started

    @property
    def seeded_random(self) -> random.Random:
        """The source of randomness; it repeats in every run."""
        if self._seeded_random is None:
            self._seeded_random = random.Random(self._run.runs)  # noqa: S311 -- it has to repeat
        return self._seeded_random

    def refuse(self, call: str, instead: str) -> NoReturn:
        """Refuse a call of a handler, and abort the run even if the handler catches the error.

        Raises: Refusal.
        """
        refusal = Refusal(call, _caller_location(sys._getframe(2)), instead)
        self._run.abort(NotSimulated(str(refusal)))
        raise refusal

    def sync_time(self) -> None:
        """Move time-machine to the time of the clock, if the clock has moved."""
        if self._time_machine is not None and self._last_time_ns != self.now_nanoseconds:
            self._last_time_ns = self.now_nanoseconds
            self._time_machine.move_to(self._destination())

    def start_time_machine(self) -> Any:
        """Start time-machine at the time of the clock.

        Returns: an object with `stop()`; `None` while freezegun is active, because they cannot be
        combined.
        Raises: ImportError without time-machine.
        """
        if datetime.datetime.__name__ == "FakeDatetime":
            warnings.warn(
                "freezegun is active: in handlers, time.time() and datetime.now() return its "
                "time and not the network's. Move net.clock instead of freezing, or freeze with "
                "time-machine",
                stacklevel=2,
            )
            return None
        self._last_time_ns = self.now_nanoseconds
        self._zone = UTC_HERE if time.tzname == ("UTC", "UTC") else datetime.UTC
        traveller = time_machine().travel(self._destination(), tick=False)
        self._time_machine = traveller.start()
        return traveller

    def _destination(self) -> datetime.datetime:
        return as_datetime(self._last_time_ns).replace(tzinfo=self._zone)


# The active isolations by thread id: two simulations may run concurrently.
ISOLATIONS: dict[int, Isolation] = {}


def current_isolation() -> Isolation | None:
    """Return the active isolation of the calling thread."""
    isolation = ISOLATIONS.get(threading.get_ident())
    return None if isolation is None or isolation.is_suspended else isolation


def refuse(call: str, instead: str) -> NoReturn:
    """Refuse a call that the loop of a simulation does not implement.

    Raises: Refusal, or NotSimulated outside a run.
    """
    isolation = current_isolation()
    if isolation is None:
        raise NotSimulated(f"{call} on the loop of a simulation is not simulated. {instead}")
    isolation.refuse(call, instead)


def time_machine() -> ModuleType:
    """Return the time-machine library.

    It is imported here because a network that runs no handlers does not need it, and because the
    import takes 40 ms.

    Raises: ImportError if it is not installed.
    """
    try:
        import time_machine
    except ImportError:
        raise ImportError(
            "handlers of an EdgeNetwork run in virtual time, which needs time-machine: "
            "pip install 'pykvbinding[testing]'",
            name="time_machine",
        ) from None
    return time_machine


def _caller_location(frame: FrameType) -> str:
    """Return the file and line of the innermost frame that belongs to no library."""
    innermost = f"{frame.f_code.co_filename}:{frame.f_lineno}"
    current: FrameType | None = frame
    while current is not None:
        path = Path(current.f_code.co_filename).as_posix()
        if not path.startswith((_STANDARD, _OWN, "<")) and "site-packages" not in path:
            return f"{current.f_code.co_filename}:{current.f_lineno}"
        current = current.f_back
    return innermost


def as_datetime(nanoseconds: int) -> datetime.datetime:
    """Convert an instant to a datetime, in microseconds, at most the latest one."""
    try:
        return _EPOCH + datetime.timedelta(microseconds=nanoseconds // 1000)
    except OverflowError:
        return _LATEST


class _Utc(datetime.tzinfo):
    """UTC, as an object different from `datetime.UTC`.

    For a destination in `datetime.UTC`, time-machine also sets the local time zone to UTC, as a
    Worker has it. This takes longer than the rest of the call, and is unnecessary if the local time
    zone is UTC already.
    """

    def utcoffset(self, _: datetime.datetime | None) -> datetime.timedelta:
        return datetime.timedelta(0)

    def dst(self, _: datetime.datetime | None) -> None:
        return None

    def tzname(self, _: datetime.datetime | None) -> str:
        return "UTC"


UTC_HERE = _Utc()

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_LATEST = datetime.datetime(9999, 12, 30, tzinfo=datetime.UTC)
