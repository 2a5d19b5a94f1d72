"""What a network offers to a test that runs handlers in it: invocations, sessions, and verdicts."""

from collections.abc import Callable
from typing import Any

from pykvbinding.sim.check.guarantees import check
from pykvbinding.sim.check.result import GuaranteeArgument, GuaranteeViolation, Report
from pykvbinding.sim.render.timeline import Timeline
from pykvbinding.sim.run.harness import Session, Stage
from pykvbinding.sim.run.invocation import Invocation
from pykvbinding.sim.trace import Trace


class HandlerMixin:
    """The part of an `EdgeNetwork` that is about handlers."""

    _stage: Stage

    def start(
        self,
        function: Callable[..., Any],
        *args: Any,
        at: str | None = None,
        session: str | None = None,
    ) -> Invocation:
        """Begin an invocation of `function(env, *args)` in a location; `run` lets it run.

        Invocations are numbered from 1 in the order in which they start: so schedules name them.
        """
        return self._stage.instrument().start(function, *args, at=at, session=session)

    def run(self) -> None:
        """Let every invocation run to its end, in virtual time, by the network's schedule.

        Raises: what a handler raised. A KVError that a handler lets out is its outcome instead, as
        the platform answers 500: `invocation.error`. ScheduleMismatch, TooManySteps, Deadlock.
        """
        self._stage.instrument().run()

    def session(self, name: str, at: str | None = None) -> Session:
        """The session of that name, moved to a location if one is named."""
        return self._stage.instrument().session(name, at)

    def external(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """`function` as an effect outside of KV, for handlers to await: a point of the schedule."""
        return self._stage.instrument().external(function)

    def shared(self) -> None:
        """Say that handlers share more than KV and `external` effects, such as a module's global.

        `@every_schedule` takes two operations on different keys for independent, and tries only one
        of their orders; after this, each order.
        """
        self._stage.instrument().share()

    def check(self, *guarantees: GuaranteeArgument) -> Report:
        """Hold what has happened so far against guarantees: `net.check(no_lost_updates)`.

        Raises: the error of the first one that is broken, with the picture of the run;
        ScheduleMismatch for what a schedule says and the run never reached. Else the report, which
        tells those that were not refuted from those that nothing exercised.
        """
        __tracebackhide__ = True
        self._stage.simulation.check_said()
        if any(map(_asks_what_came_first, guarantees)):
            self._stage.share()
        trace = self.trace
        picture = "" if self._stage.is_rehearsal else lambda _: str(Timeline(trace))
        try:
            return check(trace, *guarantees, picture=picture)
        except GuaranteeViolation as error:
            self._stage.explain(error)
            raise

    def sometimes(self, label: str, happened: bool | None = None) -> bool:  # noqa: FBT001
        """Say that a run is to show something at least once, or the search has shown nothing.

        Without `happened`, `label` is one of "stale read", "refused write", "accepted write", "time
        passes", "overwrite", "overtaken write", "empty page", or anything that happens by reaching
        this line. `@every_schedule` fails if no run has shown it; under `@given` it becomes
        an event.
        """
        return self._stage.instrument().sometimes(label, happened)

    @property
    def schedule(self) -> str:
        """What has happened so far, in the language of schedules."""
        return self._stage.simulation.schedule

    @property
    def timeline(self) -> Timeline:
        """The picture of what has happened: `print(net.timeline)`, `net.timeline.html(path)`."""
        return Timeline(self.trace)

    @property
    def trace(self) -> Trace:
        """Every operation so far, as guarantees and pictures see it."""
        return self._stage.told()


def _asks_what_came_first(guarantee: GuaranteeArgument) -> bool:
    """Whether a guarantee looks at all that had happened when an operation was asked.

    Then it tells orders apart that no handler can: a search has to try each of them.
    """
    name = getattr(guarantee, "name", "")
    return name.startswith(("linearizable", "fresh(versions=")) or "(within=0" in name
