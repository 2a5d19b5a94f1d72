"""Rehearsals: Hypothesis's last run of a failing test shows the simplest schedule, not the drawn.

When the test makes its network, the test itself is run on what was drawn, polished, and only then
goes on, on the polished schedule: so its own assertions, and what pytest tells of them, are about
that. Hypothesis takes the runs in between for a part of the last one.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from hypothesis.control import current_build_context, note

from pykvbinding.sim.run.schedulers import Driver
from pykvbinding.sim.shrink.determinism import explain_nondeterminism, first_divergence
from pykvbinding.sim.shrink.replay import Recording, RecordingReplayer
from pykvbinding.sim.shrink.report import format_schedules, has_timeline, render_all
from pykvbinding.sim.shrink.rerun import RerunnableTest, find_test_function
from pykvbinding.sim.shrink.shrinker import execute, shrink_from

_DRAWS_MORE = (
    "Not polished: {} draws while the test runs, so the test cannot be run again on another "
    "schedule. Draw everything in @given to see the simplest schedule."
)


def is_final() -> bool:
    """Whether this is the run that Hypothesis shows."""
    return bool(current_build_context().is_final)


def rehearse(
    schedule: object, drawn: Driver, again: Callable[[], Driver]
) -> tuple[Driver, str] | None:
    """The driver for the run that is shown, and its text; `None` where nothing can be rehearsed.

    `drawn` decides as Hypothesis has drawn, and so does each that `again` makes.
    """
    body = find_test_function(schedule)
    if body is None:
        return None
    if body.undrawn_argument:
        note(_DRAWS_MORE.format(body.undrawn_argument))
        return None
    run = partial(_run, body)
    with _not_final():
        first = execute(run, drawn)
        second = execute(run, again())
    parted = first_divergence(first.traces, second.traces)
    if parted:
        note(explain_nondeterminism(parted))
        return again(), ""
    if first.error is None:
        return None  # what fails is further out than what was found
    with _not_final():
        best = shrink_from(run, first)
        shown = execute(run, best.replay_scheduler(), is_rehearsal=False)
    if not has_timeline(shown.error):
        note(render_all(shown))
    return best.replay_scheduler(), format_schedules(best.schedules)


def why_flaky(schedule: object, recording: Recording) -> str:
    """What to tell of a test that, as Hypothesis has found, draws differently at times."""
    body = find_test_function(schedule)
    parted = []
    if body is not None and not body.undrawn_argument:
        run = partial(_run, body)
        with _not_final():
            first, second = (execute(run, RecordingReplayer(*recording)) for _ in range(2))
        parted = first_divergence(first.traces, second.traces)
    return explain_nondeterminism(parted)


def _run(body: RerunnableTest, driver: Driver) -> BaseException | None:
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
