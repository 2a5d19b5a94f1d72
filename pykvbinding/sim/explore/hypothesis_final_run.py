"""Rehearsals: Hypothesis's last run of a failing test shows the simplest schedule, not the drawn.

When the test makes its network, the test itself is run on what was drawn, polished, and only then
goes on, on the polished schedule: so its own assertions, and what pytest tells of them, are about
that. Hypothesis takes the runs in between for a part of the last one.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from hypothesis.control import current_build_context, note

from pykvbinding.sim.run.schedulers import Scheduler
from pykvbinding.sim.shrink.determinism import divergence, why_twice
from pykvbinding.sim.shrink.replay import Replay, Script
from pykvbinding.sim.shrink.report import pictures, quoted, shows_picture
from pykvbinding.sim.shrink.rerun import Body, find_body
from pykvbinding.sim.shrink.shrinker import attempt, polished

_DRAWS_MORE = (
    "Not polished: {} draws while the test runs, so the test cannot be run again on another "
    "schedule. Draw everything in @given to see the simplest schedule."
)


def is_final() -> bool:
    """Whether this is the run that Hypothesis shows."""
    return bool(current_build_context().is_final)


def rehearse(
    schedule: object, drawn: Scheduler, again: Callable[[], Scheduler]
) -> tuple[Scheduler, str] | None:
    """The driver for the run that is shown, and its text; `None` where nothing can be rehearsed.

    `drawn` decides as Hypothesis has drawn, and so does each that `again` makes.
    """
    body = find_body(schedule)
    if body is None:
        return None
    if body.drawing:
        note(_DRAWS_MORE.format(body.drawing))
        return None
    run = partial(_run, body)
    with _not_final():
        first = attempt(run, drawn)
        second = attempt(run, again())
    parted = divergence(first.traces, second.traces)
    if parted:
        note(why_twice(parted))
        return again(), ""
    if first.error is None:
        return None  # what fails is further out than what was found
    with _not_final():
        best = polished(run, first)
        shown = attempt(run, best.driver(), is_silent=False)
    if not shows_picture(shown.error):
        note(pictures(shown))
    return best.driver(), quoted(best.schedules)


def why_flaky(schedule: object, script: Script) -> str:
    """What to tell of a test that, as Hypothesis has found, draws differently at times."""
    body = find_body(schedule)
    parted = []
    if body is not None and not body.drawing:
        run = partial(_run, body)
        with _not_final():
            first, second = (attempt(run, Replay(*script)) for _ in range(2))
        parted = divergence(first.traces, second.traces)
    return why_twice(parted)


def _run(body: Body, driver: Scheduler) -> BaseException | None:
    _forget_targets()
    try:
        return body.run(driver)
    finally:
        _forget_targets()


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
