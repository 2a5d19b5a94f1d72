"""Rehearsals: Hypothesis's last run of a failing test shows the simplest schedule, not the drawn.

When the test makes its network, the test itself is run on what was drawn, polished, and only then
goes on, on the polished schedule: so its own assertions, and what pytest tells of them, are about
that. Hypothesis takes the runs in between for a part of the last one.
"""

import gc
import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from copy import deepcopy
from dataclasses import dataclass, is_dataclass
from types import CellType, CodeType, FrameType, FunctionType
from typing import Any

from hypothesis.control import current_build_context, note

from pykvbinding.sim.drivers import Driver
from pykvbinding.sim.polish import Attempt, attempt, polish
from pykvbinding.sim.replay import Act, Replay
from pykvbinding.sim.timeline import Timeline
from pykvbinding.sim.trace import Event, Trace
from pykvbinding.sim.twice import parting

_MUTABLE = (list, dict, set, bytearray, tuple)

_NOT_DETERMINISTIC = (
    "The test is not deterministic: on one schedule it does different things. A handler that asks "
    "the wall clock, `random`, `uuid`, or something that is left from an earlier run (a module's "
    "global) does; give it what it needs as an argument."
)

_DRAWS_MORE = (
    "Not polished: {} draws while the test runs, so the test cannot be run again on another "
    "schedule. Draw everything in @given to see the simplest schedule."
)

_SEVERAL = (
    "Not polished: the test gives one drawn schedule to {} networks. Draw one for each network to "
    "see the simplest."
)


@dataclass(frozen=True)
class Body:
    """The function that was given a schedule, and how to call it again on another."""

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
        _forget_targets()
        positional = [self._copied(value, driver) for value in self.positional]
        named = {name: self._copied(value, driver) for name, value in self.named.items()}
        try:
            with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
                self.function(*positional, **named)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            return error
        finally:
            _forget_targets()
        return None

    def _copied(self, value: Any, driver: Driver) -> Any:
        if value is self.schedule:
            return driver
        is_data = is_dataclass(value) and not isinstance(value, type)
        return deepcopy(value) if isinstance(value, _MUTABLE) or is_data else value


def is_final() -> bool:
    """Whether this is the run that Hypothesis shows."""
    return bool(current_build_context().is_final)


def rehearse(
    schedule: object, drawn: Driver, again: Callable[[], Driver]
) -> tuple[Driver, str] | None:
    """The driver for the run that is shown, and its text; `None` where nothing can be rehearsed.

    `drawn` decides as Hypothesis has drawn, and so does each that `again` makes.
    """
    body = find_body(schedule)
    if body is None:
        return None
    if body.drawing:
        note(_DRAWS_MORE.format(body.drawing))
        return None
    with _not_final():
        first = attempt(body.run, drawn)
        second = attempt(body.run, again())
    diverged = divergence(first, second)
    if diverged:
        note("\n".join([_NOT_DETERMINISTIC, *diverged]))
        return again(), ""
    if first.error is None:
        return None  # what fails is further out than what was found
    if len(first.recorded.stages) > 1:
        note(_SEVERAL.format(len(first.recorded.stages)))
        return again(), ""
    with _not_final():
        best = polish(body.run, Replay(first.acts))
    if "Replay:" not in str(best.error):
        note(picture(best.trace))
    return best.driver(), best.schedule


def picture(trace: Trace) -> str:
    """What is shown of a run, with the line that replays it."""
    return Timeline(trace).text(color=False)


def why_flaky(schedule: object, acts: tuple[Act, ...]) -> str:
    """What to tell of a test that, as Hypothesis has found, draws differently at times."""
    body = find_body(schedule)
    lines = [_NOT_DETERMINISTIC]
    if body is not None and not body.drawing:
        with _not_final():
            lines += divergence(*(attempt(body.run, Replay(acts)) for _ in range(2)))
    return "\n".join(lines)


def divergence(first: Attempt, second: Attempt) -> list[str]:
    """Where two runs of one schedule part, as lines; none if they do not."""
    ours, theirs = (
        [_told(event) for stage in each.recorded.stages for event in stage.told().events]
        for each in (first, second)
    )
    parted = parting(ours, theirs)
    if parted is None:
        return []
    number, one, other = parted
    return [
        "Run twice on one schedule, it parts here:",
        f"  operation {number} was  {one}",
        f"  and then  {other}",
    ]


def _told(event: Event) -> str:
    if event.kind == "lapse":
        return event.token
    subject = event.name or event.prefix or ""
    looks = ", ".join(f"{look.key!r}: {look.value!r}" for look in event.looks)
    said = " ".join(part for part in (event.kind, subject, looks) if part)
    outcome = "" if event.outcome == "ok" else f" -> {event.outcome}"
    return f"{said}{outcome} by invocation {event.invocation}"


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


def _forget_targets() -> None:
    """Hypothesis lets a run name each target once."""
    getattr(current_build_context().data, "target_observations", {}).clear()


@contextmanager
def _not_final() -> Iterator[None]:
    """Have Hypothesis show nothing of what happens."""
    context = current_build_context()
    before = context.is_final
    context.is_final = False
    try:
        yield
    finally:
        context.is_final = before
