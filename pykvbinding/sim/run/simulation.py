"""The simulation of one network: which operation completes next, and when time passes.

Handlers run until all of them wait. Then one thing happens: an operation completes, or time passes,
if the scheduler decides so or if nothing else is left. An operation takes effect at once when it is
scheduled. The order of the operations and the choices of each therefore describe a run fully.
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
from pykvbinding.sim.run.invocation import CURRENT, Invocation, run_in_context
from pykvbinding.sim.run.isolation import Isolation
from pykvbinding.sim.run.patches import isolated
from pykvbinding.sim.run.pending import NO_DEVIATIONS, PendingOperation, first_write_per_key
from pykvbinding.sim.run.schedulers import (
    LOCATION,
    TOKEN_FIELD,
    VERSION,
    DefaultScheduler,
    Scheduler,
)
from pykvbinding.sim.schedule import AdvanceTime, Token, format_schedule
from pykvbinding.sim.trace import Event, InvocationSpan, LapseEffect, Trace

MAX_STEPS = 10_000

MAX_CLEANUPS = 10
"""How often a cancelled handler may begin to wait for something else."""


class Simulation:
    """The invocations of one network and their pending operations.

    A scheduler may read `time_jumps`, how often time may still pass while operations could
    complete; `runs`, how often `run` was called; and `until`, the invocation at whose end it stops.

    `next_deadline()` returns the next instant (nanoseconds since the epoch) at which a state that
    depends on time changes: a key can be written again, a copy is too old, a value expires.
    `find_lapse_effects(before, until)` returns those after `before` and not after `until`. Time
    passes at most `time_jumps` times while operations could still complete. Without
    `racing_writes`, concurrent writes of one key complete in the start order of their invocations.
    """

    def __init__(
        self,
        clock: VirtualClock,
        next_deadline: Callable[[], int | None],
        find_lapse_effects: Callable[[int, int], list[LapseEffect]],
        trace: Trace,
        *,
        scheduler: Scheduler | None = None,
        time_jumps: int = 4,
        max_steps: int = MAX_STEPS,
        racing_writes: bool = True,
    ) -> None:
        self.clock = clock
        self.trace = trace
        self.scheduler: Scheduler = DefaultScheduler() if scheduler is None else scheduler
        self.invocations: list[Invocation] = []
        self.tokens: list[Token] = []
        self._next_deadline = next_deadline
        self._find_lapse_effects = find_lapse_effects
        self.time_jumps: int = time_jumps
        self.runs: int = 0
        self._max_steps = max_steps
        self._racing_writes = racing_writes
        self._steps = 0
        self._pending: list[PendingOperation] = []
        self._current_operation: PendingOperation | None = None
        self._last_invocation: Invocation | None = None
        self.until: Invocation | None = None
        self._loop: SimulationLoop | None = None
        self._is_closing = False
        self._error: BaseException | None = None
        self._handlers: list[Any] = []
        self._modules: dict[int, dict[str, Any]] = {}
        self._tokens_shown = 0
        self._isolation: Isolation | None = None

    # Invocations.

    def start(self, name: str, location: str, session: str, handler: Any) -> Invocation:
        """Begin an invocation; it runs when the loop does.

        Raises: TypeError if `handler` is not a coroutine.
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
        if iscoroutine(handler):  # not a compiled one
            self._handlers.append(handler)
            assert handler.cr_frame is not None
            module_globals = handler.cr_frame.f_globals
            self._modules[id(module_globals)] = module_globals
        invocation.task = self._own_loop().create_task(run_in_context(invocation, handler))
        invocation.task.add_done_callback(lambda task: self._record_end(act, task))
        return invocation

    def run(self, until: Invocation | None = None) -> None:
        """Run until every invocation is done, or until the invocation `until` is.

        Raises: Deadlock, TooManySteps, ScheduleMismatch, NotSimulated.
        """
        if events._get_running_loop() is not None:
            raise RuntimeError(
                "a simulation runs its own event loop, and another one is running: call net.run() "
                "from a plain `def test_...`, not from a coroutine"
            )
        loop = self._own_loop()
        self._steps = 0
        self.runs += 1
        self.until = until
        try:
            if until is None or not until.done:
                self._run_isolated(loop)
            if self._error is not None:
                raise self._error
        except BaseException:
            self.close()
            raise
        finally:
            self.until = None
        if until is None:
            self.scheduler.check_exhausted(len(self.invocations))

    def abort(self, error: BaseException) -> None:
        """Make `run` raise `error`, even if the handler that caused it catches it."""
        if self._error is None:
            self._error = error
            self._abort_invocations()
        self._own_loop().stop()

    def check_schedule_exhausted(self) -> None:
        """Check that every token of the schedule was reached, once all invocations are done.

        Raises: ScheduleMismatch.
        """
        if all(invocation.done for invocation in self.invocations):
            self.scheduler.check_exhausted(len(self.invocations))

    @property
    def is_closed(self) -> bool:
        """True if the run was aborted."""
        return self._loop is not None and self._loop.is_closed()

    def close(self) -> None:
        """Cancel the remaining tasks, so that they have no effect later.

        An operation that a handler begins during this is cancelled as well.
        """
        loop = self._loop
        if loop is None or loop.is_closed():
            return
        self._is_closing = True
        # `run` raises the error; asyncio must not log tasks whose exception was never retrieved.
        loop.set_exception_handler(lambda *_: None)
        self._abort_invocations()
        for handler in self._handlers:
            if getcoroutinestate(handler) == CORO_CREATED:
                handler.close()  # otherwise Python warns that it was never awaited
        for _ in range(MAX_CLEANUPS):
            tasks = asyncio.all_tasks(loop)
            if not tasks:
                break
            for task in tasks:
                task.cancel()
            with suppress(TooManySteps):
                self._run_isolated(loop)  # until it is idle: handlers may clean up
        loop.close()

    def _run_isolated(self, loop: SimulationLoop) -> None:
        with isolated(self, loop.started, self._modules.values()) as self._isolation:
            loop.run_forever()

    def _abort_invocations(self) -> None:
        for invocation in self.invocations:
            invocation.aborted |= not invocation.done

    # Operations.

    async def wait(
        self,
        kind: str,
        binding: str,
        keys: Iterable[str],
        candidate_locations: tuple[str, ...] = (),
        namespace_id: str = "",
    ) -> PendingOperation | None:
        """Wait until the scheduler picks the operation; return `None` outside an invocation."""
        invocation = CURRENT.get()
        if invocation is None or invocation.simulation is not self:
            return None
        if self._is_closing or self._error is not None:
            raise asyncio.CancelledError
        wakeup = self._own_loop().create_future()
        now = self.clock.now_nanoseconds()
        invocation.operation_count += 1
        operation = PendingOperation(
            invocation,
            kind,
            binding,
            tuple(keys),
            now,
            wakeup,
            after=len(self.trace.events),
            sequence_id=invocation.operation_count,
            candidate_locations=candidate_locations,
            namespace_id=namespace_id,
        )
        self._pending.append(operation)
        try:
            await wakeup
        except BaseException:
            with suppress(ValueError):  # the scheduler may have picked it already
                self._pending.remove(operation)
            raise
        return operation

    def choose(self, n: int, label: str) -> int:
        """Choose one of `n` effects of the current operation; 0 if there is none."""
        operation, isolation = self._current_operation, self._isolation
        if operation is None or isolation is None:
            return 0
        try:
            isolation.is_suspended = True
            index = self.scheduler.choose(n, label)
        except BaseException as error:
            self.abort(error)  # a handler may catch it
            raise
        finally:
            isolation.is_suspended = False
        if label == VERSION:
            operation.versions_behind.append(index)
        elif label == LOCATION:
            operation.location = operation.candidate_locations[index] if index else None
        else:
            setattr(operation, TOKEN_FIELD[label], bool(index))
        return index

    def complete(self, operation: PendingOperation | None) -> Token | None:
        """Record that the operation has taken effect; return its token."""
        self._current_operation = None
        if operation is None:
            return None
        self._last_invocation = operation.invocation
        deviates = operation.deviates = operation.deviations()
        is_default = operation.index == 1 and deviates in NO_DEVIATIONS  # nearly always
        token = operation.invocation.default_token if is_default else operation.token()
        self.tokens.append(token)
        if deviates:
            self._tokens_shown = len(self.tokens)
        return token

    @property
    def schedule(self) -> str:
        """The schedule so far, up to the last choice that was not the default."""
        return format_schedule(self.tokens[: self._tokens_shown])

    # The loop.

    def _own_loop(self) -> SimulationLoop:
        if self._loop is None:
            self._loop = SimulationLoop(self.clock, self._on_idle)
        return self._loop

    def _on_idle(self, timer: int | None) -> None:
        """Complete one operation, or let time pass, or stop the loop."""
        assert self._loop is not None
        if self._is_closing or (self.until is not None and self.until.done):
            self._loop.stop()
            return
        timer = _earlier(timer, self.clock.next_deadline())
        operations = self._operations_in_order()
        if operations:
            self._steps += 1
            if self._steps > self._max_steps:
                raise TooManySteps(
                    f"the run did not end within {self._max_steps:,} operations. Does a retry loop "
                    "spin without sleeping? EdgeNetwork(max_steps=...) allows more"
                )
            self._schedule_next(operations, timer)
        elif timer is not None:
            self._move_to(max(timer, self.clock.now_nanoseconds()))
        else:
            blocked = [str(invocation) for invocation in self.invocations if not invocation.done]
            if blocked:
                raise Deadlock(
                    f"{', '.join(blocked)} cannot go on: no operation, no timer and no other "
                    "invocation is left to wake them"
                )
            self._loop.stop()

    def _schedule_next(self, operations: list[PendingOperation], timer: int | None) -> None:
        now = self.clock.now_nanoseconds()
        deadline = _earlier(timer, self._next_deadline()) if self.time_jumps > 0 else None
        lapse = None if deadline is None else deadline - now
        assert self._isolation is not None
        try:
            self._isolation.is_suspended = True
            decision = self.scheduler.next(operations, lapse)
        finally:
            self._isolation.is_suspended = False
        if isinstance(decision, AdvanceTime):
            self.time_jumps -= 1
            self._advance_time(decision)
            return
        operation = operations[decision]
        operation.out_of_order = decision > 0
        self._pending.remove(operation)
        self._current_operation = operation
        operation.wakeup.set_result(None)

    def _advance_time(self, lapse: AdvanceTime) -> None:
        """Let time pass, by a decision of the scheduler."""
        self.tokens.append(lapse)
        self._tokens_shown = len(self.tokens)
        invoked = self.clock.now_nanoseconds()
        at = invoked + lapse.nanoseconds
        event = Event(
            number=len(self.trace.events) + 1,
            kind="lapse",
            at=at,
            invoked=invoked,
            lapse_effects=self._lapse_effects(invoked, at),
            token=str(lapse),
            deviations=("time",),
        )
        self.trace.events.append(event)
        self._move_to(at)

    def _lapse_effects(self, before: int, until: int) -> tuple[LapseEffect, ...]:
        """Return the effects of a lapse of time, in order."""
        effects = self._find_lapse_effects(before, until)
        for at, context in self._own_loop().timers_due(until):
            invocation = context.get(CURRENT)
            if invocation is not None:
                effects.append(LapseEffect(kind="timer", at=at, invocation=invocation.number))
        return tuple(sorted(effects, key=lambda effect: effect.at))

    def _move_to(self, instant: int) -> None:
        assert self._isolation is not None
        self.clock.move_to_nanoseconds(instant)
        self._isolation.sync_time()

    def _operations_in_order(self) -> list[PendingOperation]:
        """Return the pending operations: of the last invocation first, then in start order."""
        if len(self._pending) == 1:
            self._pending[0].index = 1
            return self._pending.copy()
        counts: dict[int, int] = {}
        for operation in self._pending:
            number = operation.invocation.number
            counts[number] = operation.index = counts.get(number, 0) + 1
        last = self._last_invocation
        candidates = self._pending if self._racing_writes else first_write_per_key(self._pending)
        # Those of one invocation are in the order in which they began, and sorting is stable.
        return sorted(
            candidates,
            key=lambda operation: (
                0 if operation.invocation is last else operation.invocation.number
            ),
        )

    def _record_end(self, act: InvocationSpan, task: "asyncio.Task[Any]") -> None:
        act.ended = self.clock.now_nanoseconds()
        if task.cancelled():
            act.outcome = "cancelled"
            return
        error = task.exception()
        act.outcome = repr(task.result()) if error is None else f"{type(error).__name__}: {error}"


def _earlier(first: int | None, second: int | None) -> int | None:
    return second if first is None else first if second is None else min(first, second)
