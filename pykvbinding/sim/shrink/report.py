"""Failure report: the shrunk run, its timeline and the line that replays it."""

from collections.abc import Sequence
from contextlib import suppress

from pykvbinding.sim.render.timeline import Timeline
from pykvbinding.sim.run.schedulers import Scheduler
from pykvbinding.sim.shrink.determinism import explain_nondeterminism, first_divergence
from pykvbinding.sim.shrink.shrinker import Run, RunResult, execute, shrink_from
from pykvbinding.sim.trace import Trace

_REPLAY = "Replay:"


def shrink_and_annotate(
    failure: BaseException,
    run: Run,
    first: Scheduler,
    *,
    origin: str,
    schedules: Sequence[str],
    traces: Sequence[Trace],
) -> BaseException:
    """Return the failure of the simplest run that fails in the same way as the given run.

    `origin` describes where the failure was found; `schedules` and `traces` are those of its
    networks. If `first` does not reproduce the failure, return it with a note about the
    first difference.
    """
    start = execute(run, first)
    if not start.has_same_failure(failure):
        divergence = first_divergence(traces, start.traces)
        return annotate(failure, origin, schedules, [explain_nondeterminism(divergence)])
    shrunk = shrink_from(run, start)
    reported = execute(run, shrunk.replay_scheduler(), is_silent=False)
    return attach_timeline(reported if reported.has_same_failure(failure) else shrunk, origin)


def attach_timeline(reported: RunResult, origin: str) -> BaseException:
    """Return the error of a run with its schedules, and with its timeline if it has none yet."""
    error = reported.error
    assert error is not None
    picture = "" if has_timeline(error) else render_all(reported)
    return annotate(error, origin, reported.schedules, [picture] if picture else [])


def annotate(
    error: BaseException, origin: str, schedules: Sequence[str], notes: Sequence[str]
) -> BaseException:
    """Add the schedules of the run and further notes to an error, and set its `schedule`."""
    replay = (
        " and ".join(f'schedule="{text}"' for text in schedules) or "no network has made a choice"
    )
    with suppress(AttributeError):  # frozen exceptions reject attributes
        for text in (f"{origin}. {_REPLAY} {replay}", *notes):
            error.add_note(text)
        error.schedule = schedules[-1] if schedules else ""  # type: ignore[attr-defined]
    return error


def render_all(reported: RunResult) -> str:
    """Return the timeline and the replay line of each network of a run."""
    return "\n\n".join(Timeline(trace).text(color=False) for trace in reported.traces)


def has_timeline(error: BaseException | None) -> bool:
    """Return whether the error message contains a timeline, as those of guarantees do."""
    return _REPLAY in str(error)


def format_schedules(schedules: Sequence[str]) -> str:
    """Return schedules as Python literals, joined if there are several."""
    return " and ".join(map(repr, schedules))
