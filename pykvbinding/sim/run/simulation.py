"""The simulation: which operation completes next, and when time passes.

Handlers run freely until all of them wait. Then one thing happens: an operation gets its turn, or,
if a driver says so or nothing else is left, time passes. An operation takes effect at its turn, at
once; so a run is told completely by its turns and by what each of them chose.
"""

import asyncio
from asyncio import events
from collections.abc import Callable, Iterable
from contextlib import suppress
from inspect import CORO_CREATED, getcoroutinestate, iscoroutine
from typing import Any

from pykvbinding.clock import VirtualClock
from pykvbinding.sim.errors import Deadlock, TooManySteps
from pykvbinding.sim.run.event_loop import SimulationLoop
from pykvbinding.sim.run.invocation import CURRENT, Invocation, run_as
from pykvbinding.sim.run.isolation import Fence
from pykvbinding.sim.run.patches import fenced
from pykvbinding.sim.run.pending import PLAIN, Turn, without_races
from pykvbinding.sim.run.schedulers import SAID, VERSION, WHERE, Driver, Ordinary
from pykvbinding.sim.schedule import Lapse, Token, spell
from pykvbinding.sim.trace import Event, InvocationSpan, LapseEffect, Trace

MAX_STEPS = 10_000

MOST_CLEANUPS = 10
"""How often a handler that is cancelled may begin to wait for something else."""


class Simulation:
    """The invocations of one network and their turns.

    A driver may look at `time_jumps`, how often time may still pass while operations could
    complete; `runs`, how often `run` was called; and `until`, the invocation at whose end it stops.

    `next_deadline` tells the next instant (nanoseconds since the epoch) at which something that
    depends on time changes: a second for writes, a copy that ages out, an expiration; `ended`,
    which of those lie after one instant and not after another. At most `time_jumps` times does time
    pass while operations could still complete. Without `racing_writes`, writes of one key that are
    under way at once get their turns in the order in which their invocations were started.
    """

    def __init__(
        self,
        clock: VirtualClock,
        next_deadline: Callable[[], int | None],
        ended: Callable[[int, int], list[LapseEffect]],
        trace: Trace,
        *,
        driver: Driver | None = None,
        time_jumps: int = 4,
        max_steps: int = MAX_STEPS,
        racing_writes: bool = True,
    ) -> None:
        self.clock = clock
        self.trace = trace
        self.driver: Driver = Ordinary() if driver is None else driver
        self.invocations: list[Invocation] = []
        self.tokens: list[Token] = []
        self._next_deadline = next_deadline
        self._ended = ended
        self.time_jumps: int = time_jumps
        self.runs: int = 0
        self._max_steps = max_steps
        self._racing_writes = racing_writes
        self._steps = 0
        self._waiting: list[Turn] = []
        self._turn: Turn | None = None
        self._last: Invocation | None = None
        self.until: Invocation | None = None
        self._loop: SimulationLoop | None = None
        self._is_closing = False
        self._error: BaseException | None = None
        self._handlers: list[Any] = []
        self._modules: dict[int, dict[str, Any]] = {}
        self._told = 0
        self._fence: Fence | None = None

    # Invocations.

    def start(self, name: str, location: str, session: str, handler: Any) -> Invocation:
        """Begin an invocation; it runs when the loop does.

        Raises: TypeError for what is no coroutine.
        """
        if not asyncio.iscoroutine(handler):
            raise TypeError(
                f"{handler!r} did not return a coroutine: net.start takes an `async def` that is "
                "called with the env of its location"
            )
        invocation = Invocation(self, len(self.invocations) + 1, name, location, session)
        self.invocations.append(invocation)
        now = self.clock.now_nanoseconds()
        act = InvocationSpan(
            number=invocation.number, name=name, location=location, session=session, started=now
        )
        self.trace.invocations.append(act)
        if iscoroutine(handler):  # and not one that is compiled
            self._handlers.append(handler)
            assert handler.cr_frame is not None
            names = handler.cr_frame.f_globals
            self._modules[id(names)] = names
        invocation.task = self._own_loop().create_task(run_as(invocation, handler))
        invocation.task.add_done_callback(lambda task: self._note_end(act, task))
        return invocation

    def run(self, until: Invocation | None = None) -> None:
        """Let everything happen until nothing does, or until one invocation is done.

        Raises: Deadlock, TooManySteps, ScheduleMismatch, NotSimulated.
        """
        if events._get_running_loop() is not None:
            raise RuntimeError(
                "a simulation runs its own event loop, and one is running already: call net.run() "
                "from a plain `def test_...`, not from a coroutine"
            )
        loop = self._own_loop()
        self._steps = 0
        self.runs += 1
        self.until = until
        try:
            if until is None or not until.done:
                self._run_fenced(loop)
            if self._error is not None:
                raise self._error
        except BaseException:
            self.close()
            raise
        finally:
            self.until = None
        if until is None:
            self.driver.check_end(len(self.invocations))

    def abort(self, error: BaseException) -> None:
        """Have `run` raise this, whatever the handler makes of it that has met it."""
        if self._error is None:
            self._error = error
            self._cut_off()
        self._own_loop().stop()

    def check_said(self) -> None:
        """Refuse a schedule of which something was never reached, once all invocations are done.

        Raises: ScheduleMismatch.
        """
        if all(invocation.done for invocation in self.invocations):
            self.driver.check_end(len(self.invocations))

    @property
    def is_closed(self) -> bool:
        """Whether the run was given up."""
        return self._loop is not None and self._loop.is_closed()

    def close(self) -> None:
        """Cancel what is left, so that nothing of it happens later.

        Nothing is decided meanwhile: an operation that a handler still begins is cancelled too.
        """
        loop = self._loop
        if loop is None or loop.is_closed():
            return
        self._is_closing = True
        # `run` raises what there is to tell; asyncio would tell of tasks that nobody has looked at.
        loop.set_exception_handler(lambda *_: None)
        self._cut_off()
        for handler in self._handlers:
            if getcoroutinestate(handler) == CORO_CREATED:
                handler.close()  # or it would complain that nobody has awaited it
        for _ in range(MOST_CLEANUPS):
            tasks = asyncio.all_tasks(loop)
            if not tasks:
                break
            for task in tasks:
                task.cancel()
            with suppress(TooManySteps):
                self._run_fenced(loop)  # until it is idle: handlers may clean up
        loop.close()

    def _run_fenced(self, loop: SimulationLoop) -> None:
        with fenced(self, loop.started, self._modules.values()) as self._fence:
            loop.run_forever()

    def _cut_off(self) -> None:
        for invocation in self.invocations:
            invocation.was_cut_off |= not invocation.done

    # Turns.

    async def wait(
        self,
        kind: str,
        binding: str,
        keys: Iterable[str],
        places: tuple[str, ...] = (),
        space: str = "",
    ) -> Turn | None:
        """Return when it is this operation's turn; at once, with `None`, outside an invocation."""
        invocation = CURRENT.get()
        if invocation is None or invocation.simulation is not self:
            return None
        if self._is_closing or self._error is not None:
            raise asyncio.CancelledError
        alarm = self._own_loop().create_future()
        now = self.clock.now_nanoseconds()
        invocation.operations += 1
        turn = Turn(
            invocation,
            kind,
            binding,
            tuple(keys),
            now,
            alarm,
            after=len(self.trace.events),
            ticket=invocation.operations,
            places=places,
            space=space,
        )
        self._waiting.append(turn)
        try:
            await alarm
        except BaseException:
            with suppress(ValueError):  # its turn may have come already
                self._waiting.remove(turn)
            raise
        return turn

    def choose(self, n: int, label: str) -> int:
        """What the operation whose turn it is does, of `n` things; outside of turns the first."""
        turn, fence = self._turn, self._fence
        if turn is None or fence is None:
            return 0
        try:
            fence.is_lifted = True
            index = self.driver.choose(n, label)
        except BaseException as error:
            self.abort(error)  # a handler may swallow it, or go on
            raise
        finally:
            fence.is_lifted = False
        if label == VERSION:
            turn.older.append(index)
        elif label == WHERE:
            turn.location = turn.places[index] if index else None
        else:
            setattr(turn, SAID[label], bool(index))
        return index

    def finish(self, turn: Turn | None) -> Token | None:
        """The operation has taken effect; what it was, in the language of schedules."""
        self._turn = None
        if turn is None:
            return None
        self._last = turn.invocation
        deviates = turn.deviates = turn.deviations()
        # The quick way to what `token` says of nearly all operations.
        token = turn.invocation.move if turn.nth == 1 and deviates in PLAIN else turn.token()
        self.tokens.append(token)
        if deviates:
            self._told = len(self.tokens)
        return token

    @property
    def schedule(self) -> str:
        """What has happened, up to the last thing that was not ordinary."""
        return spell(self.tokens[: self._told])

    # The loop.

    def _own_loop(self) -> SimulationLoop:
        if self._loop is None:
            self._loop = SimulationLoop(self.clock, self._be_idle)
        return self._loop

    def _be_idle(self, timer: int | None) -> None:
        """Make one thing happen."""
        assert self._loop is not None
        if self._is_closing or (self.until is not None and self.until.done):
            self._loop.stop()
            return
        timer = _sooner(timer, self.clock.next_deadline())
        turns = self._in_order()
        if turns:
            self._steps += 1
            if self._steps > self._max_steps:
                raise TooManySteps(
                    f"{self._max_steps:,} operations in one run, and no end. Does a retry loop "
                    "spin without sleeping? EdgeNetwork(max_steps=...) allows more"
                )
            self._take(turns, timer)
        elif timer is not None:
            self._move_to(max(timer, self.clock.now_nanoseconds()))
        else:
            stuck = [str(each) for each in self.invocations if not each.done]
            if stuck:
                raise Deadlock(
                    f"{', '.join(stuck)} cannot go on: no operation, no timer and no other "
                    "invocation is left to wake them"
                )
            self._loop.stop()

    def _take(self, turns: list[Turn], timer: int | None) -> None:
        now = self.clock.now_nanoseconds()
        deadline = _sooner(timer, self._next_deadline()) if self.time_jumps > 0 else None
        lapse = None if deadline is None else deadline - now
        assert self._fence is not None
        try:
            self._fence.is_lifted = True
            decided = self.driver.next(turns, lapse)
        finally:
            self._fence.is_lifted = False
        if isinstance(decided, Lapse):
            self.time_jumps -= 1
            self._pass(decided)
            return
        turn = turns[decided]
        turn.out_of_order = decided > 0
        self._waiting.remove(turn)
        self._turn = turn
        turn.alarm.set_result(None)

    def _pass(self, lapse: Lapse) -> None:
        """Let time pass: sleepers wake, and everything ages."""
        self.tokens.append(lapse)
        self._told = len(self.tokens)
        asked = self.clock.now_nanoseconds()
        at = asked + lapse.nanoseconds
        event = Event(
            number=len(self.trace.events) + 1,
            kind="lapse",
            at=at,
            invoked=asked,
            lapse_effects=self._ends(asked, at),
            token=str(lapse),
            deviations=("time",),
        )
        self.trace.events.append(event)
        self._move_to(at)

    def _ends(self, before: int, until: int) -> tuple[LapseEffect, ...]:
        """What a lapse of time puts an end to."""
        ends = self._ended(before, until)
        for at, context in self._own_loop().due(until):
            invocation = context.get(CURRENT)
            if invocation is not None:
                ends.append(LapseEffect(kind="timer", at=at, invocation=invocation.number))
        return tuple(sorted(ends, key=lambda end: end.at))

    def _move_to(self, instant: int) -> None:
        assert self._fence is not None
        self.clock.move_to_nanoseconds(instant)
        self._fence.follow()

    def _in_order(self) -> list[Turn]:
        """The operations in flight: of the invocation that moved last, then in start order."""
        if len(self._waiting) == 1:
            self._waiting[0].nth = 1
            return self._waiting.copy()
        counts: dict[int, int] = {}
        for turn in self._waiting:
            number = turn.invocation.number
            counts[number] = turn.nth = counts.get(number, 0) + 1
        last = self._last
        waiting = self._waiting if self._racing_writes else without_races(self._waiting)
        # Those of one invocation wait in the order in which they came, and sorting keeps that.
        return sorted(
            waiting, key=lambda turn: 0 if turn.invocation is last else turn.invocation.number
        )

    def _note_end(self, act: InvocationSpan, task: "asyncio.Task[Any]") -> None:
        act.ended = self.clock.now_nanoseconds()
        if task.cancelled():
            act.outcome = "cancelled"
            return
        error = task.exception()
        act.outcome = repr(task.result()) if error is None else f"{type(error).__name__}: {error}"


def _sooner(first: int | None, second: int | None) -> int | None:
    return second if first is None else first if second is None else min(first, second)
