"""The test function that received a schedule, and how to call it again."""

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

from pykvbinding.sim.run.run_context import RunContext, use_run_context
from pykvbinding.sim.run.schedulers import Scheduler

_MUTABLE = (list, dict, set, bytearray, tuple)


@dataclass(frozen=True)
class RerunnableTest:
    """A function, and its arguments, to be called again with another schedule."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    schedule: object

    @property
    def undrawn_argument(self) -> str:
        """The argument that draws during the test; "" if there is none."""
        for value in (*self.args, *self.kwargs.values()):
            if value is not self.schedule and type(value).__module__.startswith("hypothesis."):
                return "st.data()" if type(value).__name__ == "DataObject" else repr(value)
        return ""

    def run(self, driver: Scheduler) -> BaseException | None:
        """Call the function without output, and return its exception."""
        with _silence(), use_run_context(RunContext(is_silent=True)):
            args = [self._copy(value, driver) for value in self.args]
            kwargs = {name: self._copy(value, driver) for name, value in self.kwargs.items()}
            return capture_exception(lambda: self.function(*args, **kwargs))

    def _copy(self, value: Any, driver: Scheduler) -> Any:
        if value is self.schedule:
            return driver
        is_data = is_dataclass(value) and not isinstance(value, type)
        if isinstance(value, _MUTABLE) or is_data:
            with suppress(Exception):  # pass uncopyable values unchanged
                return deepcopy(value)
        return value


def capture_exception(call: Callable[[], object]) -> BaseException | None:
    """Return the exception that a call raises. KeyboardInterrupt and SystemExit propagate."""
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
    """Suppress output, logging and warnings; warnings that are errors remain errors."""
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


def find_test_function(schedule: object) -> RerunnableTest | None:
    """Return the outermost function that has the schedule as an argument."""
    frame: FrameType | None = sys._getframe()
    outermost: FrameType | None = None
    while frame is not None:
        module = frame.f_globals.get("__name__", "").partition(".")[0]
        if module not in ("hypothesis", "pykvbinding"):
            values = frame.f_locals
            if any(values.get(name) is schedule for name in _parameters(frame.f_code)):
                outermost = frame
        frame = frame.f_back
    return None if outermost is None else _test_body(outermost, schedule)


def _parameters(code: CodeType) -> tuple[str, ...]:
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


def _test_body(frame: FrameType, schedule: object) -> RerunnableTest:
    code, values = frame.f_code, frame.f_locals
    names = _parameters(code)
    args = [values[name] for name in names[: code.co_argcount]]
    kwargs = {name: values[name] for name in names[code.co_argcount :]}
    rest = len(names)
    if code.co_flags & 0x04:  # *args
        args += values[code.co_varnames[rest]]
        rest += 1
    if code.co_flags & 0x08:  # **kwargs
        kwargs |= values[code.co_varnames[rest]]
    return RerunnableTest(_function(frame), tuple(args), kwargs, schedule)


def _function(frame: FrameType) -> FunctionType:
    """Return the function of a frame, with its closure variables."""
    code, values = frame.f_code, frame.f_locals
    for function in gc.get_referrers(code):
        if isinstance(function, FunctionType) and function.__code__ is code:
            cells = zip(code.co_freevars, function.__closure__ or (), strict=True)
            if all(_cell_content(cell) is values.get(name) for name, cell in cells):
                return function
    closure = tuple(CellType(values.get(name)) for name in code.co_freevars)
    return FunctionType(code, frame.f_globals, code.co_name, None, closure)


def _cell_content(cell: CellType) -> object:
    try:
        return cell.cell_contents
    except ValueError:  # empty cell
        return None
