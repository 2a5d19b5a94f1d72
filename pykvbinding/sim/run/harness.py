"""The stage of one network: invocations, sessions, and the schedule by which they meet."""

from collections.abc import Callable, Iterable
from inspect import isawaitable
from typing import Any, TypeAlias

from pykvbinding.clock import VirtualClock
from pykvbinding.env import Env
from pykvbinding.middleware.rate_limit import WriteRate
from pykvbinding.middleware.versions import Ledger
from pykvbinding.sim.anomalies import Permissions
from pykvbinding.sim.errors import Deadlock, ScheduleMismatch, TooManySteps
from pykvbinding.sim.run.adversary import Adversary, Renumber
from pykvbinding.sim.run.invocation import CURRENT, Invocation
from pykvbinding.sim.run.isolation import time_machine
from pykvbinding.sim.run.run_context import announce
from pykvbinding.sim.run.schedulers import (
    Driver,
    Ordinary,
    Searcher,
    Spoken,
    Watcher,
    by_seed,
)
from pykvbinding.sim.run.simulation import Simulation
from pykvbinding.sim.trace import Commit, Event, LapseEffect, Trace

Schedule: TypeAlias = "str | int | Driver | None"


TIME_JUMPS = 4
"""How often time may pass while operations could still complete."""

HAPPENINGS: dict[str, Callable[[Event], bool]] = {
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
"""What a run can show by itself, by the label that `sometimes` knows it under."""


BY_SEED = (
    'schedule={seed} was schedule="{text}". With @some_schedules(seeds=[{seed}]) over the test, it '
    "shows the simplest schedule that fails so."
)


class Session:
    """One user's way through the network: what it does, it does in this order.

    Guarantees such as read-your-writes are about sessions.
    """

    def __init__(self, stage: "Stage", name: str, at: str) -> None:
        self._stage = stage
        self.name = name
        self.location = at

    def start(self, function: Callable[..., Any], *args: Any) -> Invocation:
        """Begin an invocation, which `net.run()` lets run."""
        return self._stage.start(function, *args, at=self.location, session=self.name)

    def call(self, function: Callable[..., Any], *args: Any) -> Any:
        """Run an invocation to its end, and whatever else a schedule lets run meanwhile.

        Returns what it returned. Raises: what it raised, a KVError too.
        """
        invocation = self.start(function, *args)
        self._stage.run_until(invocation)
        return invocation.result

    def move_to(self, location: str) -> None:
        """From now on, its requests arrive there."""
        self._stage.check_location(location)
        self.location = location

    def __repr__(self) -> str:
        return f"<Session {self.name!r} at {self.location}>"


class Stage:
    """Where handlers run in one network; `schedule` decides what may go several ways."""

    def __init__(
        self,
        clock: VirtualClock,
        locations: tuple[str, ...],
        env: Callable[[str], Env],
        ledgers: Callable[[], Iterable[tuple[str, Ledger]]],
        on_instrument: Callable[[], None],
        *,
        schedule: Schedule,
        permissions: Permissions,
        time_jumps: int | None,
        max_steps: int,
    ) -> None:
        self.clock = clock
        self.permissions = permissions
        self.is_adversarial = schedule is not None
        self.is_instrumented = schedule is not None
        """Whether every operation is a point of the schedule, for which its chain has layers."""
        self.trace = Trace(
            start=clock.now_nanoseconds(),
            staleness_grace_seconds=permissions.grace,
            locations=locations,
        )
        self.seed = schedule if isinstance(schedule, int) else None
        driver = driver_of(schedule)
        is_object = driver is schedule  # checking a protocol takes longer than looking
        self._searcher = driver if is_object and isinstance(driver, Searcher) else None
        self.is_rehearsal = False
        """Whether nobody will see what fails here."""

        if self._searcher is not None:
            time_jumps = self._searcher.adopt(permissions, time_jumps)
        self.simulation = Simulation(
            clock,
            self._next_deadline,
            self._ended,
            self.trace,
            driver=driver,
            time_jumps=TIME_JUMPS if time_jumps is None else time_jumps,
            max_steps=max_steps,
            racing_writes=permissions.racing_writes,
        )
        self.adversaries: dict[str, Adversary] = {}
        self._locations = locations
        self._env = env
        self._ledgers = ledgers
        self._on_instrument = on_instrument
        self._sessions: dict[str, Session] = {}
        self._raised: set[int] = set()
        if isinstance(driver, Watcher):
            driver.opened(self)
        announce(self)

    def instrument(self) -> "Stage":
        """Make every operation from now on a point of the schedule."""
        if not self.is_instrumented:
            self.is_instrumented = True
            self._on_instrument()
        return self

    def adversary(
        self, id: str, ledger: Ledger, rate: WriteRate | None, renumber: Renumber
    ) -> Adversary:
        """A new one who decides about a namespace, in every location."""
        self.adversaries[id] = Adversary(
            ledger,
            rate,
            self.clock,
            self.permissions,
            self.simulation.choose,
            self._locations,
            renumber,
        )
        return self.adversaries[id]

    def share(self) -> None:
        """Tell a search that it has to try every order."""
        if self._searcher is not None:
            self._searcher.share()

    def places(self, home: str) -> tuple[str, ...]:
        """The locations that may carry out an operation of one, home first."""
        return self.permissions.places(home, self._locations)

    def check_location(self, location: str) -> None:
        """Refuse a location that the network does not have."""
        self._env(location)

    def start(
        self,
        function: Callable[..., Any],
        *args: Any,
        at: str | None = None,
        session: str | None = None,
    ) -> Invocation:
        """Begin `function(env, *args)` in a location (the first, if none is named).

        Raises: TypeError for what is no coroutine function; ImportError without time-machine.
        """
        time_machine()  # before there is a coroutine that would never be awaited
        if CURRENT.get() is not None:
            self.share()  # a handler starts another one: the order gives them their numbers
        location = self._locations[0] if at is None else at
        env = self._env(location)
        number = len(self.simulation.invocations) + 1
        name = getattr(function, "__name__", type(function).__name__)
        handler = function(env, *args)
        return self.simulation.start(name, location, session or f"#{number}", handler)

    def run(self) -> None:
        """Let all invocations run to their ends.

        Raises: what a handler raised, the first in start order, once; but for a KVError.
        """
        self._run()

    def run_until(self, invocation: Invocation) -> None:
        """Let invocations run until one of them is done; what it raised is left to the caller."""
        self._raised.add(invocation.number)
        self._run(invocation)

    def session(self, name: str, at: str | None) -> Session:
        """The session of that name, at a location."""
        known = self._sessions.get(name)
        if known is None:
            location = self._locations[0] if at is None else at
            self.check_location(location)
            known = self._sessions[name] = Session(self, name, location)
        elif at is not None:
            known.move_to(at)
        return known

    def external(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """An effect outside of KV as a point at which a run can go otherwise."""
        name = getattr(function, "__name__", type(function).__name__)

        async def call(*args: Any, **named: Any) -> Any:
            simulation = self.simulation
            turn = await simulation.wait("external", "", (name,))
            now = self.clock.now_nanoseconds()
            event = Event(number=len(self.trace.events) + 1, kind="external", at=now, invoked=now)
            event.name = name
            if turn is not None:
                event.invoked = turn.asked
                event.invocation = turn.invocation.number
                event.session = turn.invocation.session
                event.location = turn.invocation.location
            self.trace.events.append(event)
            # It takes effect now, but for what its coroutine does after that.
            token = simulation.finish(turn)
            event.token = "" if token is None else str(token)
            event.deviations = () if turn is None else turn.deviations()
            try:
                result = function(*args, **named)
                return await result if isawaitable(result) else result
            except BaseException as error:
                event.outcome = str(error)
                raise

        call.__name__ = name
        return call

    def sometimes(self, label: str, happened: bool | None) -> bool:  # noqa: FBT001
        """Whether something has happened; whoever drives the run remembers it over all runs."""
        if happened is None:
            seen = HAPPENINGS.get(label)
            happened = True if seen is None else any(map(seen, self.trace.events))
        remember = getattr(self.simulation.driver, "sometimes", None)
        if remember is not None:
            remember(label, happened)
        return happened

    def told(self) -> Trace:
        """The trace so far, complete with versions and schedule."""
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
                        at=version.committed,
                        value=None if version.record is None else version.record.value,
                        event=writers.get((binding, key, version.number)),
                    )
                    for version in ledger.versions(key)
                ]
        return self.trace

    def _run(self, until: Invocation | None = None) -> None:
        """Run; what a handler raised comes first, for the rest may come of it."""
        trouble = None
        try:
            self.simulation.run(until)
        except (Deadlock, ScheduleMismatch, TooManySteps) as error:
            trouble = error
        except BaseException as error:
            if isinstance(self.simulation.driver, Watcher):
                self.simulation.driver.cut_off(error)
            raise
        for invocation in self.simulation.invocations:
            failure = invocation.failure()
            if failure is not None and invocation.number not in self._raised:
                self._raised.add(invocation.number)
                self.explain(failure)
                raise failure
        if trouble is not None:
            raise trouble

    def explain(self, error: BaseException) -> None:
        """Add a note to an error under a seed: its text, and the decorator that shrinks it."""
        if self.seed is None:
            return
        note = BY_SEED.format(seed=self.seed, text=self.simulation.schedule)
        if note not in getattr(error, "__notes__", ()):
            error.add_note(note)

    def _next_deadline(self) -> int | None:
        """The next instant at which something that depends on time changes."""
        now = self.clock.now_nanoseconds()
        found = [adversary.deadlines.next(now) for adversary in self.adversaries.values()]
        return min((instant for instant in found if instant is not None), default=None)

    def _ended(self, before: int, until: int) -> list[LapseEffect]:
        """What ends after one instant and not after another."""
        bindings = {id(ledger): binding for binding, ledger in self._ledgers()}
        ends = []
        for adversary in self.adversaries.values():
            for end in adversary.deadlines.between(before, until):
                end.binding = bindings[id(adversary.ledger)]
                ends.append(end)
        return ends


def driver_of(schedule: Schedule) -> Driver:
    """Who decides, for a schedule as it was given.

    Raises: TypeError for what is none.
    """
    if schedule is None:
        return Ordinary()
    if isinstance(schedule, Watcher):
        return schedule  # type: ignore[return-value]
    if isinstance(schedule, str):
        return Spoken(schedule)
    if isinstance(schedule, int) and not isinstance(schedule, bool):
        return by_seed(schedule)
    if isinstance(schedule, Searcher | Driver):
        return schedule
    raise TypeError(
        f'schedule={schedule!r}: give a text such as "1 1 2~1 +1", a seed, what schedules() draws, '
        "or None"
    )
