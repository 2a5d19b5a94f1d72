"""Shrinks the schedule in Hypothesis's final run, so that the reported failure is the shrunk one.

As soon as the test creates its network, the test is run on the drawn schedule, the schedule is
shrunk, and the test continues on the shrunk schedule. Its assertions, and pytest's report of them,
are therefore about that schedule. Hypothesis sees the runs in between as a part of the final one.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from hypothesis.control import current_build_context, note

from pykvbinding.sim.run.schedulers import Scheduler
from pykvbinding.sim.shrink.determinism import explain_nondeterminism, first_divergence
from pykvbinding.sim.shrink.replay import Recording, RecordingReplayer
from pykvbinding.sim.shrink.report import format_schedules, has_timeline, render_all
from pykvbinding.sim.shrink.rerun import RerunnableTest, find_test_function
from pykvbinding.sim.shrink.shrinker import execute, shrink_from

_DRAWS_DURING_TEST = (
    "Not shrunk: {} draws while the test runs, so the test cannot be run again on another "
    "schedule. Draw everything in @given to see the simplest schedule."
)


def is_final() -> bool:
    """Return whether this is the run that Hypothesis reports."""
    return bool(current_build_context().is_final)


def shrink_final_example(
    schedule: object, scheduler: Scheduler, make_again: Callable[[], Scheduler]
) -> tuple[Scheduler, str] | None:
    """Return the scheduler of the reported run and its text; `None` if it cannot be shrunk.

    `scheduler` decides as Hypothesis has drawn, and so does each that `make_again` makes.
    """
    body = find_test_function(schedule)
    if body is None:
        return None
    if body.undrawn_argument:
        note(_DRAWS_DURING_TEST.format(body.undrawn_argument))
        return None
    run = partial(_run, body)
    with _not_final():
        first = execute(run, scheduler)
        second = execute(run, make_again())
    differences = first_divergence(first.traces, second.traces)
    if differences:
        note(explain_nondeterminism(differences))
        return make_again(), ""
    if first.error is None:
        return None  # the failure is outside the function that was found
    with _not_final():
        best = shrink_from(run, first)
        shown = execute(run, best.replay_scheduler(), is_silent=False)
    if not has_timeline(shown.error):
        note(render_all(shown))
    return best.replay_scheduler(), format_schedules(best.schedules)


def explain_flakiness(schedule: object, script: Recording) -> str:
    """Explain why Hypothesis found that a test draws differently in different runs."""
    body = find_test_function(schedule)
    differences = []
    if body is not None and not body.undrawn_argument:
        run = partial(_run, body)
        with _not_final():
            first, second = (execute(run, RecordingReplayer(*script)) for _ in range(2))
        differences = first_divergence(first.traces, second.traces)
    return explain_nondeterminism(differences)


def _run(body: RerunnableTest, scheduler: Scheduler) -> BaseException | None:
    _forget_targets()
    try:
        return body.run(scheduler)
    finally:
        _forget_targets()


def _forget_targets() -> None:
    """Reset the targets: Hypothesis allows each label once per run."""
    getattr(current_build_context().data, "target_observations", {}).clear()


@contextmanager
def _not_final() -> Iterator[None]:
    """Suppress the reports of Hypothesis in the `with` block."""
    context = current_build_context()
    before = context.is_final
    context.is_final = False
    try:
        yield
    finally:
        context.is_final = before
