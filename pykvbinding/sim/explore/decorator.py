"""Common parts of the decorators that run a test on many schedules: signature, runs, progress."""

import sys
from collections.abc import Callable, Mapping
from functools import partial, wraps
from inspect import iscoroutinefunction, signature
from typing import Any, TypeAlias

from pykvbinding.clock import SystemClock
from pykvbinding.sim.errors import NothingExercised
from pykvbinding.sim.run.run_context import RunContext, use_run_context
from pykvbinding.sim.run.schedulers import Scheduler
from pykvbinding.sim.shrink.rerun import capture_exception

Test: TypeAlias = Callable[..., Any]

Call: TypeAlias = Callable[[Scheduler], object]
"""A test with all its arguments but the schedule."""

PROGRESS_AFTER_SECONDS = 1.0

RUNS_PER_UPDATE = 64


def make_explorer(function: Test, decorator: str, explore: Callable[[Call], None]) -> Any:
    """Return a test without the parameter `schedule`; `explore` calls it once per scheduler.

    Raises: TypeError for a test without `schedule`, or a coroutine.
    """
    if iscoroutinefunction(function):
        raise TypeError(
            f"{decorator} on {function.__qualname__}: write a plain `def`, because net.run() "
            "runs the handlers on its own event loop"
        )
    test_signature = signature(function)
    if "schedule" not in test_signature.parameters:
        raise TypeError(
            f"{decorator} on {function.__qualname__}: add a parameter `schedule` and pass it "
            "on: EdgeNetwork(..., schedule=schedule)"
        )
    index = list(test_signature.parameters).index("schedule")
    parameters = [
        parameter
        for parameter in test_signature.parameters.values()
        if parameter.name != "schedule"
    ]

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> None:
        __tracebackhide__ = True

        def call(scheduler: Scheduler) -> object:
            __tracebackhide__ = True
            if len(args) > index:
                return function(*args[:index], scheduler, *args[index:], **kwargs)
            return function(*args, **kwargs, schedule=scheduler)

        explore(call)

    vars(run)["__signature__"] = test_signature.replace(parameters=parameters)
    return run


def run_once(call: Call, scheduler: Scheduler) -> BaseException | None:
    """Return what a test raises in one run, or the ScheduleMismatch of an unfinished text."""
    __tracebackhide__ = True
    with use_run_context(RunContext()) as context:
        return capture_exception(partial(call, scheduler)) or capture_exception(
            context.check_texts_exhausted
        )


def check_number(decorator: str, name: str, value: object, minimum: int) -> None:
    """Check that an argument is a whole number of at least `minimum`.

    Raises: ValueError.
    """
    if type(value) is not int or value < minimum:
        raise ValueError(f"{decorator}({name}={value!r}): give a whole number, {minimum} or more")


def check_exercised(
    name: str, labels: Mapping[str, bool], schedules: int, *, is_used: bool
) -> None:
    """Check that a search has exercised something.

    `is_used` is whether a network used its schedule, `labels` whether each event named by
    `net.sometimes` has happened, and `schedules` the number of distinct schedules.

    Raises: NothingExercised.
    """
    if not is_used:
        raise NothingExercised(
            f"{name} created no network with its schedule; write "
            "EdgeNetwork(..., schedule=schedule)"
        )
    missing = [label for label, happened in labels.items() if not happened]
    if missing:
        raise NothingExercised(
            f"{', '.join(map(repr, missing))} never happened in any of the {schedules:,} distinct "
            "schedules"
        )


def format_count(count: int) -> str:
    """Format a number for reading: 2,520 and 5.8e10."""
    if count < 1_000_000:
        return f"{count:,}"
    digits, exponent = f"{count:.1e}".split("e+") if count < 1e300 else (">1", "300")
    return f"{digits}e{int(exponent)}"


class Progress:
    """A progress line on the terminal for a slow test."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._clock = SystemClock()
        self._is_visible = False
        self._started_at = self._clock.now() if sys.stderr.isatty() else None

    def update(self, runs: int) -> None:
        """Update the line, once every `RUNS_PER_UPDATE` runs."""
        if self._started_at is None or runs % RUNS_PER_UPDATE:
            return
        seconds = self._clock.now() - self._started_at
        if seconds >= PROGRESS_AFTER_SECONDS:
            self._is_visible = True
            sys.stderr.write(f"\r{self._name}: {runs:,} schedules in {seconds:.0f} s")

    def clear(self) -> None:
        """Clear the line."""
        if self._is_visible:
            sys.stderr.write("\r\x1b[K")
