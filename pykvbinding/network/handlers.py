"""The part of a network for tests that run handlers: invocations, sessions and guarantees."""

from collections.abc import Callable
from typing import Any

from pykvbinding.sim.check.guarantees import check
from pykvbinding.sim.check.result import GuaranteeArgument, GuaranteeViolation, Report
from pykvbinding.sim.render.timeline import Timeline
from pykvbinding.sim.run.harness import Harness, Session
from pykvbinding.sim.run.invocation import Invocation
from pykvbinding.sim.trace import Trace


class HandlerMixin:
    """The part of an `EdgeNetwork` that runs handlers."""

    _harness: Harness

    def start(
        self,
        function: Callable[..., Any],
        *args: Any,
        at: str | None = None,
        session: str | None = None,
    ) -> Invocation:
        """Begin an invocation of `function(env, *args)` in a location; `run` runs it.

        Invocations are numbered from 1 in start order. Schedules use these numbers.
        """
        return self._harness.instrument().start(function, *args, at=at, session=session)

    def run(self) -> None:
        """Run every invocation to its end, in virtual time, by the network's schedule.

        Raises: what a handler raised; ScheduleMismatch, TooManySteps, Deadlock. A KVError that
        escapes a handler is not raised: it is the `error` of the invocation, because the platform
        answers 500.
        """
        self._harness.instrument().run()

    def session(self, name: str, at: str | None = None) -> Session:
        """Return the session of this name, moved to a location if one is given."""
        return self._harness.instrument().session(name, at)

    def external_effect(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return `function` as an effect outside KV that handlers await: a scheduling point."""
        return self._harness.instrument().external_effect(function)

    def shared(self) -> None:
        """Declare that handlers share more than KV and external effects, such as a global.

        `@every_schedule` treats two operations on different keys as independent, and tries only one
        of their orders. After this call it tries every order.
        """
        self._harness.instrument().disable_reduction()

    def check(self, *guarantees: GuaranteeArgument) -> Report:
        """Check the run so far against guarantees: `net.check(no_lost_updates)`.

        Returns: the report, which distinguishes guarantees that were not refuted from those that
        nothing exercised.
        Raises: the error of the first broken guarantee, with the timeline of the run;
        ScheduleMismatch if the run did not reach a token of its schedule.
        """
        __tracebackhide__ = True
        self._harness.simulation.check_schedule_exhausted()
        if any(map(_depends_on_order, guarantees)):
            self._harness.disable_reduction()
        trace = self.trace
        picture = "" if self._harness.is_silent else lambda _: str(Timeline(trace))
        try:
            return check(trace, *guarantees, picture=picture)
        except GuaranteeViolation as error:
            self._harness.add_replay_note(error)
            raise

    def sometimes(self, label: str, happened: bool | None = None) -> bool:  # noqa: FBT001
        """Declare that an event must happen in at least one run of a search.

        Without `happened`, `label` is one of "stale read", "refused write", "accepted write", "time
        passes", "overwrite", "overtaken write", "empty page"; any other label happens when the test
        reaches this line. `@every_schedule` fails if it happens in no run. Under `@given` it is an
        event of Hypothesis.

        Returns: whether the event has happened in this run.
        """
        return self._harness.instrument().sometimes(label, happened)

    @property
    def schedule(self) -> str:
        """The schedule of the run so far."""
        return self._harness.simulation.schedule

    @property
    def timeline(self) -> Timeline:
        """The timeline of the run so far: `print(net.timeline)`, `net.timeline.html(path)`."""
        return Timeline(self.trace)

    @property
    def trace(self) -> Trace:
        """The trace of the run so far, which guarantees and timelines use."""
        return self._harness.build_trace()


def _depends_on_order(guarantee: GuaranteeArgument) -> bool:
    """Return whether a guarantee depends on all events before an operation was invoked.

    It then distinguishes orders that no handler can, so a search has to try each of them.
    """
    name = getattr(guarantee, "name", "")
    return name.startswith(("linearizable", "fresh(versions=")) or "(within=0" in name
