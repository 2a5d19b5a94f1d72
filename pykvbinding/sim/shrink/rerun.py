"""The body of a test: the function that was given a schedule, and how to run it again."""

import gc
import io
import logging
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from copy import deepcopy
from dataclasses import dataclass, is_dataclass
from types import CellType, CodeType, FrameType, FunctionType
from typing import Any

from pykvbinding.sim.run.run_context import Director, directed
from pykvbinding.sim.run.schedulers import Driver

_MUTABLE = (list, dict, set, bytearray, tuple)


@dataclass(frozen=True)
class Body:
    """A function, and how to call it again on another schedule than it was given."""

    function: Callable[..., Any]
    positional: tuple[Any, ...]
    named: dict[str, Any]
    schedule: object

    @property
    def drawing(self) -> str:
        """What among its arguments goes on to draw; "" if nothing does."""
        for value in (*self.positional, *self.named.values()):
            if value is not self.schedule and type(value).__module__.startswith("hypothesis."):
                return "st.data()" if type(value).__name__ == "DataObject" else repr(value)
        return ""

    def run(self, driver: Driver) -> BaseException | None:
        """Call it, in silence, and return what it raised."""
        with _silence(), directed(Director(is_rehearsal=True)):
            positional = [self._copied(value, driver) for value in self.positional]
            named = {name: self._copied(value, driver) for name, value in self.named.items()}
            return failure(lambda: self.function(*positional, **named))

    def _copied(self, value: Any, driver: Driver) -> Any:
        if value is self.schedule:
            return driver
        is_data = is_dataclass(value) and not isinstance(value, type)
        if isinstance(value, _MUTABLE) or is_data:
            with suppress(Exception):  # what cannot be copied is given as it is
                return deepcopy(value)
        return value


def failure(call: Callable[[], object]) -> BaseException | None:
    """What a call raises. An interrupt passes."""
    __tracebackhide__ = True
    try:
        call()
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        return error
    return None


@contextmanager
def _silence() -> Iterator[None]:
    """Nothing is printed, logged, or told as a warning; one that is an error stays that."""
    level = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with (
            redirect_stdout(io.StringIO()),
            redirect_stderr(io.StringIO()),
            warnings.catch_warnings(record=True),
        ):
            yield
    finally:
        logging.disable(level)


def find_body(schedule: object) -> Body | None:
    """The outermost function that has the schedule as an argument."""
    frame: FrameType | None = sys._getframe()
    found: FrameType | None = None
    while frame is not None:
        module = frame.f_globals.get("__name__", "").partition(".")[0]
        if module not in ("hypothesis", "pykvbinding"):
            values = frame.f_locals
            if any(values.get(name) is schedule for name in _parameters(frame.f_code)):
                found = frame
        frame = frame.f_back
    return None if found is None else _body(found, schedule)


def _parameters(code: CodeType) -> tuple[str, ...]:
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


def _body(frame: FrameType, schedule: object) -> Body:
    code, values = frame.f_code, frame.f_locals
    names = _parameters(code)
    positional = [values[name] for name in names[: code.co_argcount]]
    named = {name: values[name] for name in names[code.co_argcount :]}
    rest = len(names)
    if code.co_flags & 0x04:  # *args
        positional += values[code.co_varnames[rest]]
        rest += 1
    if code.co_flags & 0x08:  # **named
        named |= values[code.co_varnames[rest]]
    return Body(_function(frame), tuple(positional), named, schedule)


def _function(frame: FrameType) -> FunctionType:
    """The function that a frame is a call of, with the variables that it shares with others."""
    code, values = frame.f_code, frame.f_locals
    for function in gc.get_referrers(code):
        if isinstance(function, FunctionType) and function.__code__ is code:
            cells = zip(code.co_freevars, function.__closure__ or (), strict=True)
            if all(_content(cell) is values.get(name) for name, cell in cells):
                return function
    closure = tuple(CellType(values.get(name)) for name in code.co_freevars)
    return FunctionType(code, frame.f_globals, code.co_name, None, closure)


def _content(cell: CellType) -> object:
    try:
        return cell.cell_contents
    except ValueError:  # nothing in it yet
        return None
