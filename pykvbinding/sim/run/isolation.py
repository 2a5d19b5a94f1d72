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

OUTSIDE = "Put a stand-in of the test in its place, and await that through net.external(...)."

_STANDARD = Path(os.__file__).parent.as_posix()
_OWN = Path(__file__).parents[2].as_posix()


class Fenced(Protocol):
    """What a fence has to know of the run around which it stands."""

    clock: VirtualClock
    runs: int

    def abort(self, error: BaseException) -> None:
        """Have the run raise this."""
        ...


class Fence:
    """The fence of one run.

    `started` is when the loop's time was 0, in nanoseconds since the epoch. It `is_lifted` while
    somebody decides.
    """

    def __init__(self, run: Fenced, started: int) -> None:
        self.is_lifted = False
        self._run = run
        self._started = started
        self._chance: random.Random | None = None
        self._travel: Any = None
        self._told = 0
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
        """Nanoseconds since the loop was made."""
        return self.now_nanoseconds - self._started

    @property
    def chance(self) -> random.Random:
        """What is left to chance, the same in every run."""
        if self._chance is None:
            self._chance = random.Random(self._run.runs)  # noqa: S311 -- it has to repeat
        return self._chance

    def refuse(self, call: str, instead: str) -> NoReturn:
        """Refuse a call, here and, whatever the handler makes of it, out of the run.

        Raises: Refusal.
        """
        refusal = Refusal(call, _standing(sys._getframe(2)), instead)
        self._run.abort(NotSimulated(str(refusal)))
        raise refusal

    def follow(self) -> None:
        """Move time-machine to the time of the clock, if that has moved."""
        if self._travel is not None and self._told != self.now_nanoseconds:
            self._told = self.now_nanoseconds
            self._travel.move_to(self._destination())

    def travel(self) -> Any:
        """Start time-machine at the time of the clock.

        Returns: what stops it; `None` while freezegun is active, which cannot be combined with it.
        Raises: ImportError without time-machine.
        """
        if datetime.datetime.__name__ == "FakeDatetime":
            warnings.warn(
                "freezegun is active: in handlers, time.time() and datetime.now() tell its time "
                "and not the network's. Move net.clock instead of freezing, or freeze with "
                "time-machine",
                stacklevel=2,
            )
            return None
        self._told = self.now_nanoseconds
        self._zone = UTC_HERE if time.tzname == ("UTC", "UTC") else datetime.UTC
        traveller = time_machine().travel(self._destination(), tick=False)
        self._travel = traveller.start()
        return traveller

    def _destination(self) -> datetime.datetime:
        return as_datetime(self._told).replace(tzinfo=self._zone)


# What stands at the fence. A fence is found by its thread: two may run at once.
FENCES: dict[int, Fence] = {}


def inside() -> Fence | None:
    """The fence in which the caller is."""
    fence = FENCES.get(threading.get_ident())
    return None if fence is None or fence.is_lifted else fence


def refuse(call: str, instead: str) -> NoReturn:
    """Refuse a call that the loop of a run has not, whoever makes it.

    Raises: Refusal, or NotSimulated outside of a run.
    """
    fence = inside()
    if fence is None:
        raise NotSimulated(f"{call} on the loop of a simulation is not simulated. {instead}")
    fence.refuse(call, instead)


def time_machine() -> ModuleType:
    """Return the time-machine library.

    It is imported here because a network that runs no handlers does without it, and because the
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


# Where a call stands, and when.


def _standing(frame: FrameType) -> str:
    """The file and line of the innermost frame that is of nobody's library."""
    first = f"{frame.f_code.co_filename}:{frame.f_lineno}"
    at: FrameType | None = frame
    while at is not None:
        path = Path(at.f_code.co_filename).as_posix()
        if not path.startswith((_STANDARD, _OWN, "<")) and "site-packages" not in path:
            return f"{at.f_code.co_filename}:{at.f_lineno}"
        at = at.f_back
    return first


def as_datetime(nanoseconds: int) -> datetime.datetime:
    """An instant, to the microsecond; the last one there is, if it lies beyond."""
    try:
        return _EPOCH + datetime.timedelta(microseconds=nanoseconds // 1000)
    except OverflowError:
        return _LATEST


class _Utc(datetime.tzinfo):
    """UTC, and yet not `datetime.UTC`.

    For an instant in that, time-machine makes it the local time zone too, as a Worker has it. That
    takes longer than all else, and is needless where it is so anyway.
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
