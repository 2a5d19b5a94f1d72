"""What is shown of a test that fails: its simplest run, with a picture and how to replay it."""

from collections.abc import Sequence
from contextlib import suppress

from pykvbinding.sim.render.timeline import Timeline
from pykvbinding.sim.run.schedulers import Scheduler
from pykvbinding.sim.shrink.determinism import divergence, why_twice
from pykvbinding.sim.shrink.shrinker import Attempt, Run, attempt, polished
from pykvbinding.sim.trace import Trace

_REPLAY = "Replay:"


def simplest(
    failure: BaseException,
    run: Run,
    first: Scheduler,
    *,
    found: str,
    schedules: Sequence[str],
    traces: Sequence[Trace],
) -> BaseException:
    """The failure of the simplest run that fails in the same way as one that was found.

    `found` tells where; `schedules` and `traces` are those of its networks. A failure that does not
    come again under `first` is told as it came, with where it parts.
    """
    start = attempt(run, first)
    if not start.fails_like(failure):
        parted = divergence(traces, start.traces)
        return told(failure, found, schedules, [why_twice(parted)])
    best = polished(run, start)
    shown = attempt(run, best.driver(), is_silent=False)
    return with_picture(shown if shown.fails_like(failure) else best, found)


def with_picture(shown: Attempt, found: str) -> BaseException:
    """The error of a run with its schedules, and with the picture if it has none yet."""
    error = shown.error
    assert error is not None
    picture = "" if shows_picture(error) else pictures(shown)
    return told(error, found, shown.schedules, [picture] if picture else [])


def told(
    error: BaseException, found: str, schedules: Sequence[str], more: Sequence[str]
) -> BaseException:
    """An error with the schedules of its run, as a note and as its `schedule`, and more notes."""
    replay = " and ".join(f'schedule="{text}"' for text in schedules) or "no network has decided"
    with suppress(AttributeError):  # one that is frozen
        for text in (f"{found}. {_REPLAY} {replay}", *more):
            error.add_note(text)
        error.schedule = schedules[-1] if schedules else ""  # type: ignore[attr-defined]
    return error


def pictures(shown: Attempt) -> str:
    """What is shown of a run, with the line that replays it; for each of its networks."""
    return "\n\n".join(Timeline(trace).text(color=False) for trace in shown.traces)


def shows_picture(error: BaseException | None) -> bool:
    """Whether an error has the picture already, as those of guarantees have."""
    return _REPLAY in str(error)


def quoted(schedules: Sequence[str]) -> str:
    """Schedules as values; of one network simply its own."""
    return " and ".join(map(repr, schedules))
