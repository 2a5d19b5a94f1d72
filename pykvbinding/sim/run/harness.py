"""Runs handlers in one network: invocations, sessions, and the schedule that orders them."""

from collections.abc import Callable, Iterable
from inspect import isawaitable
from typing import Any, TypeAlias

from pykvbinding.clock import VirtualClock
from pykvbinding.env import Env
from pykvbinding.middleware.rate_limit import WriteRateLimiter
from pykvbinding.middleware.versions import VersionLog
from pykvbinding.sim.anomalies import AllowedAnomalies
from pykvbinding.sim.errors import Deadlock, ScheduleMismatch, TooManySteps
from pykvbinding.sim.run.adversary import Adversary, Renumber
from pykvbinding.sim.run.invocation import CURRENT, Invocation
from pykvbinding.sim.run.isolation import time_machine
from pykvbinding.sim.run.run_context import register_network
from pykvbinding.sim.run.schedulers import (
    DefaultScheduler,
    ExhaustiveScheduler,
    NetworkObserver,
    ReplayScheduler,
    Scheduler,
    seeded_scheduler,
)
from pykvbinding.sim.run.simulation import Simulation
from pykvbinding.sim.trace import Commit, Event, LapseEffect, Trace

Schedule: TypeAlias = "str | int | Scheduler | None"


TIME_JUMPS = 4
"""How often time may pass while operations could still complete."""

BUILTIN_EVENTS: dict[str, Callable[[Event], bool]] = {
    "stale read": lambda event: (
        event.kind == "get" and any(look.is_stale for look in event.accesses)
    ),
    "refused write": lambda event: "429" in event.outcome,
    "accepted write": lambda event: "accepted" in event.deviations,
    "time passes": lambda event: event.kind == "lapse",
    "overwrite": lambda event: (
        event.kind == "put"
        and event.accesses[0].version is not None
        and event.accesses[0].latest > 0
    ),
    "overtaken write": lambda event: "overtakes" in event.deviations,
    "empty page": lambda event: event.kind == "list" and "tombstones" in event.deviations,
}
"""The events that `sometimes` detects in a run, by label."""


REPLAY_NOTE = (
    'schedule={seed} was schedule="{text}". Decorate the test with @some_schedules(seeds=[{seed}]) '
    "to see the simplest schedule with this failure."
)


class Session:
    """The requests of one user, in order. Guarantees such as read-your-writes apply to sessions."""

    def __init__(self, harness: "Harness", name: str, at: str) -> None:
        self._harness = harness
        self.name = name
        self.location = at

    def start(self, function: Callable[..., Any], *args: Any) -> Invocation:
        """Begin an invocation, which `net.run()` runs."""
        return self._harness.start(function, *args, at=self.location, session=self.name)

    def call(self, function: Callable[..., Any], *args: Any) -> Any:
        """Run an invocation to its end, and others as far as the schedule runs them first.

        Returns: what the handler returned.
        Raises: what the handler raised, including a KVError.
        """
        invocation = self.start(function, *args)
        self._harness.run_until(invocation)
        return invocation.result

    def move_to(self, location: str) -> None:
        """Send the following requests to this location."""
        self._harness.check_location(location)
        self.location = location

    def __repr__(self) -> str:
        return f"<Session {self.name!r} at {self.location}>"


class Harness:
    """Runs the handlers of one network; `schedule` makes every decision."""

    def __init__(
        self,
        clock: VirtualClock,
        locations: tuple[str, ...],
        env: Callable[[str], Env],
        ledgers: Callable[[], Iterable[tuple[str, VersionLog]]],
        on_instrument: Callable[[], None],
        *,
        schedule: Schedule,
        anomalies: AllowedAnomalies,
        time_jumps: int | None,
        max_steps: int,
    ) -> None:
        self.clock = clock
        self.anomalies = anomalies
        self.is_adversarial = schedule is not None
        self.is_instrumented = schedule is not None
        """Whether every operation is a scheduling point, for which its chain needs layers."""
        self.trace = Trace(
            start=clock.now_nanoseconds(),
            staleness_grace_seconds=anomalies.staleness_grace_seconds,
            locations=locations,
        )
        self.seed = schedule if isinstance(schedule, int) else None
        scheduler = make_scheduler(schedule)
        is_object = scheduler is schedule  # cheaper than the check of the protocol
        self._exhaustive_scheduler = (
            scheduler if is_object and isinstance(scheduler, ExhaustiveScheduler) else None
        )
        self.is_silent = False
        """Whether a failure of this run is not shown, so that no timeline is drawn."""

        if self._exhaustive_scheduler is not None:
            time_jumps = self._exhaustive_scheduler.attach_network(anomalies, time_jumps)
        self.simulation = Simulation(
            clock,
            self._next_deadline,
            self._find_lapse_effects,
            self.trace,
            scheduler=scheduler,
            time_jumps=TIME_JUMPS if time_jumps is None else time_jumps,
            max_steps=max_steps,
            racing_writes=anomalies.racing_writes,
        )
        self.adversaries: dict[str, Adversary] = {}
        self._locations = locations
        self._env = env
        self._ledgers = ledgers
        self._on_instrument = on_instrument
        self._sessions: dict[str, Session] = {}
        self._raised: set[int] = set()
        if isinstance(scheduler, NetworkObserver):
            scheduler.on_network_created(self)
        register_network(self)

    def instrument(self) -> "Harness":
        """Make every following operation a scheduling point."""
        if not self.is_instrumented:
            self.is_instrumented = True
            self._on_instrument()
        return self

    def adversary(
        self, id: str, ledger: VersionLog, rate: WriteRateLimiter | None, renumber: Renumber
    ) -> Adversary:
        """Create the adversary of a namespace, for all locations."""
        self.adversaries[id] = Adversary(
            ledger,
            rate,
            self.clock,
            self.anomalies,
            self.simulation.choose,
            self._locations,
            renumber,
        )
        return self.adversaries[id]

    def disable_reduction(self) -> None:
        """Make an exhaustive search try every order of operations."""
        if self._exhaustive_scheduler is not None:
            self._exhaustive_scheduler.disable_reduction()

    def candidate_locations(self, home: str) -> tuple[str, ...]:
        """Return the locations that may carry out an operation of `home`, home first."""
        return self.anomalies.candidate_locations(home, self._locations)

    def check_location(self, location: str) -> None:
        """Check that the network has this location.

        Raises: LookupError.
        """
        self._env(location)

    def start(
        self,
        function: Callable[..., Any],
        *args: Any,
        at: str | None = None,
        session: str | None = None,
    ) -> Invocation:
        """Begin `function(env, *args)` in a location, by default the first one.

        Raises: TypeError if `function` is not a coroutine function; ImportError without
        time-machine.
        """
        time_machine()  # before a coroutine is created that would never be awaited
        if CURRENT.get() is not None:
            self.disable_reduction()  # a handler starts another one: numbers depend on order
        location = self._locations[0] if at is None else at
        env = self._env(location)
        number = len(self.simulation.invocations) + 1
        name = getattr(function, "__name__", type(function).__name__)
        handler = function(env, *args)
        return self.simulation.start(name, location, session or f"#{number}", handler)

    def run(self) -> None:
        """Run all invocations to their ends.

        Raises: what a handler raised, once: the first in start order, except a KVError.
        """
        self._run()

    def run_until(self, invocation: Invocation) -> None:
        """Run until one invocation is done; its exception is left to the caller."""
        self._raised.add(invocation.number)
        self._run(invocation)

    def session(self, name: str, at: str | None) -> Session:
        """Return the session of this name, in a location if one is given."""
        session = self._sessions.get(name)
        if session is None:
            location = self._locations[0] if at is None else at
            self.check_location(location)
            session = self._sessions[name] = Session(self, name, location)
        elif at is not None:
            session.move_to(at)
        return session

    def external_effect(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return `function` as a coroutine function whose calls are scheduling points."""
        name = getattr(function, "__name__", type(function).__name__)

        async def call(*args: Any, **kwargs: Any) -> Any:
            simulation = self.simulation
            operation = await simulation.wait("external", "", (name,))
            now = self.clock.now_nanoseconds()
            event = Event(number=len(self.trace.events) + 1, kind="external", at=now, invoked=now)
            event.name = name
            if operation is not None:
                event.invoked = operation.invoked
                event.invocation = operation.invocation.number
                event.session = operation.invocation.session
                event.location = operation.invocation.location
            self.trace.events.append(event)
            # The effect happens now, except for the part of a coroutine after its first await.
            token = simulation.complete(operation)
            event.token = "" if token is None else str(token)
            event.deviations = () if operation is None else operation.deviations()
            try:
                result = function(*args, **kwargs)
                return await result if isawaitable(result) else result
            except BaseException as error:
                event.outcome = str(error)
                raise

        call.__name__ = name
        return call

    def sometimes(self, label: str, happened: bool | None) -> bool:  # noqa: FBT001
        """Return whether an event has happened, and report it to the scheduler."""
        if happened is None:
            has_happened = BUILTIN_EVENTS.get(label)
            happened = True if has_happened is None else any(map(has_happened, self.trace.events))
        remember = getattr(self.simulation.scheduler, "sometimes", None)
        if remember is not None:
            remember(label, happened)
        return happened

    def build_trace(self) -> Trace:
        """Return the trace so far, with versions and schedule."""
        self.trace.schedule = self.simulation.schedule
        writers = {
            (event.binding, look.key, look.version): event.number
            for event in self.trace.events
            if event.kind in ("put", "delete")
            for look in event.accesses
        }
        for binding, ledger in self._ledgers():
            for key in ledger:
                self.trace.commits[binding, key] = [
                    Commit(
                        version=version.number,
                        at=version.committed_ns,
                        value=None if version.record is None else version.record.value,
                        event=writers.get((binding, key, version.number)),
                    )
                    for version in ledger.versions(key)
                ]
        return self.trace

    def _run(self, until: Invocation | None = None) -> None:
        """Run; raise an exception of a handler first, which may have caused any other error."""
        schedule_error = None
        try:
            self.simulation.run(until)
        except (Deadlock, ScheduleMismatch, TooManySteps) as error:
            schedule_error = error
        except BaseException as error:
            if isinstance(self.simulation.scheduler, NetworkObserver):
                self.simulation.scheduler.on_abort(error)
            raise
        for invocation in self.simulation.invocations:
            capture_exception = invocation.unexpected_exception()
            if capture_exception is not None and invocation.number not in self._raised:
                self._raised.add(invocation.number)
                self.add_replay_note(capture_exception)
                raise capture_exception
        if schedule_error is not None:
            raise schedule_error

    def add_replay_note(self, error: BaseException) -> None:
        """Add a note to an error under a seed: the schedule, and the decorator that shrinks it."""
        if self.seed is None:
            return
        note = REPLAY_NOTE.format(seed=self.seed, text=self.simulation.schedule)
        if note not in getattr(error, "__notes__", ()):
            error.add_note(note)

    def _next_deadline(self) -> int | None:
        """Return the next instant at which a state that depends on time changes."""
        now = self.clock.now_nanoseconds()
        deadlines = [adversary.deadlines.next(now) for adversary in self.adversaries.values()]
        return min((instant for instant in deadlines if instant is not None), default=None)

    def _find_lapse_effects(self, before: int, until: int) -> list[LapseEffect]:
        """Return the effects of time from after `before` to `until`."""
        bindings = {id(ledger): binding for binding, ledger in self._ledgers()}
        effects = []
        for adversary in self.adversaries.values():
            for effect in adversary.deadlines.expiring_between(before, until):
                effect.binding = bindings[id(adversary.ledger)]
                effects.append(effect)
        return effects


def make_scheduler(schedule: Schedule) -> Scheduler:
    """Return the scheduler for the `schedule` argument of a network.

    Raises: TypeError if `schedule` is not a schedule.
    """
    if schedule is None:
        return DefaultScheduler()
    if isinstance(schedule, NetworkObserver):
        return schedule  # type: ignore[return-value]
    if isinstance(schedule, str):
        return ReplayScheduler(schedule)
    if isinstance(schedule, int) and not isinstance(schedule, bool):
        return seeded_scheduler(schedule)
    if isinstance(schedule, ExhaustiveScheduler | Scheduler):
        return schedule
    raise TypeError(
        f'schedule={schedule!r}: give a text such as "1 1 2~1 +1", a seed, a schedule drawn by '
        "schedules(), or None"
    )
