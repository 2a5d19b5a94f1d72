"""What decorators that run a test on many schedules share: its signature, its runs, progress."""

import sys
from collections.abc import Callable, Mapping
from functools import partial, wraps
from inspect import iscoroutinefunction, signature
from typing import Any, TypeAlias

from pykvbinding.clock import SystemClock
from pykvbinding.sim.errors import Vacuous
from pykvbinding.sim.run.run_context import Director, directed
from pykvbinding.sim.run.schedulers import Driver
from pykvbinding.sim.shrink.rerun import capture_exception

Test: TypeAlias = Callable[..., Any]

Call: TypeAlias = Callable[[Driver], object]
"""A test with all its arguments but the schedule."""

SHOW_AFTER_SECONDS = 1.0

SHOW_EVERY_RUNS = 64


def decorated(function: Test, decorator: str, explore: Callable[[Call], None]) -> Any:
    """A test without its parameter `schedule`: `explore` calls it with one driver after another.

    Raises: TypeError for a test without `schedule`, or a coroutine.
    """
    if iscoroutinefunction(function):
        raise TypeError(
            f"{decorator} on {function.__qualname__}: write a plain `def`, for net.run() runs the "
            "handlers on a loop of its own"
        )
    taken = signature(function)
    if "schedule" not in taken.parameters:
        raise TypeError(
            f"{decorator} on {function.__qualname__}: it needs a parameter `schedule`, for "
            "EdgeNetwork(..., schedule=schedule)"
        )
    place = list(taken.parameters).index("schedule")
    others = [each for each in taken.parameters.values() if each.name != "schedule"]

    @wraps(function)
    def run(*args: Any, **named: Any) -> None:
        __tracebackhide__ = True

        def call(driver: Driver) -> object:
            __tracebackhide__ = True
            if len(args) > place:
                return function(*args[:place], driver, *args[place:], **named)
            return function(*args, **named, schedule=driver)

        explore(call)

    vars(run)["__signature__"] = taken.replace(parameters=others)
    return run


def run_once(call: Call, driver: Driver) -> BaseException | None:
    """What a test raises in one run; a ScheduleMismatch, too, for a text that it has not said."""
    __tracebackhide__ = True
    with directed(Director()) as director:
        return capture_exception(partial(call, driver)) or capture_exception(director.check_texts)


def check_number(decorator: str, name: str, value: object, least: int) -> None:
    """Refuse what is no whole number, or too small.

    Raises: ValueError.
    """
    if type(value) is not int or value < least:
        raise ValueError(f"{decorator}({name}={value!r}): give a whole number, {least} or more")


def check_exercised(
    name: str, labels: Mapping[str, bool], schedules: int, *, is_used: bool
) -> None:
    """Refuse a search that has shown nothing.

    `is_used` tells whether a network ran by its schedule, `labels` whether each event that
    `net.sometimes` names has happened, and `schedules` how many distinct ones were tried.

    Raises: Vacuous.
    """
    if not is_used:
        raise Vacuous(
            f"{name} made no network with its schedule: EdgeNetwork(..., schedule=schedule) is "
            "missing"
        )
    missing = [label for label, happened in labels.items() if not happened]
    if missing:
        raise Vacuous(
            f"{', '.join(map(repr, missing))} never happened in any of the {schedules:,} distinct "
            "schedules"
        )


def spelled(count: int) -> str:
    """A number as one reads it: 2,520 and 5.8e10."""
    if count < 1_000_000:
        return f"{count:,}"
    digits, exponent = f"{count:.1e}".split("e+") if count < 1e300 else (">1", "300")
    return f"{digits}e{int(exponent)}"


class Progress:
    """A line on the terminal about a test that takes its time."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._clock = SystemClock()
        self._is_shown = False
        self._begun = self._clock.now() if sys.stderr.isatty() else None

    def show(self, runs: int) -> None:
        """Say how far it is, now and then."""
        if self._begun is None or runs % SHOW_EVERY_RUNS:
            return
        seconds = self._clock.now() - self._begun
        if seconds >= SHOW_AFTER_SECONDS:
            self._is_shown = True
            sys.stderr.write(f"\r{self._name}: {runs:,} schedules in {seconds:.0f} s")

    def clear(self) -> None:
        """Leave the line as it was."""
        if self._is_shown:
            sys.stderr.write("\r\x1b[K")
