"""The event loop of a simulation: virtual time, no I/O, and a hook that runs when it is idle.

It is asyncio's own loop with a selector that never blocks. When nothing is ready, the selector
calls `idle`. The scheduler makes its decisions only there.
"""

import asyncio
from asyncio import base_events
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextvars import Context
from itertools import count
from math import ulp
from typing import Any, NoReturn

from pykvbinding.clock import NANOSECONDS, VirtualClock
from pykvbinding.sim.errors import TooManySteps
from pykvbinding.sim.run.isolation import OUTSIDE, refuse

RESOLUTION = 1e-9
"""Seconds by which a timer may be early: the resolution of the loop's time as a float."""

MAX_ITERATIONS = 100_000
"""Iterations of the loop in which something is always ready, so that no time can pass."""


class OrderedTask(asyncio.Task[Any]):
    """A task hashed by creation order, so that iterating over a set is deterministic.

    asyncio keeps tasks in sets and iterates over them in the order of their hashes. The default
    hash is an address, which differs from run to run.
    """

    def __init__(self, coroutine: Coroutine[Any, Any, Any], number: int, **options: Any) -> None:
        self._number = number
        super().__init__(coroutine, **options)
        # An aborted run leaves pending tasks; asyncio must not report them as well.
        self._log_destroy_pending = False

    def __hash__(self) -> int:
        return self._number

    def __eq__(self, other: object) -> bool:
        return self is other


class _Selector:
    """A selector without I/O: it calls the loop's idle hook instead of waiting."""

    def __init__(self, loop: "SimulationLoop") -> None:
        self._loop = loop

    def select(self, timeout: float | None) -> tuple[()]:
        """Run once per iteration; `timeout` is 0 if something is ready."""
        if timeout == 0:
            self._loop.check_progress()
        else:
            self._loop.on_idle()
        return ()


class SimulationLoop(base_events.BaseEventLoop):
    """asyncio's loop on a `VirtualClock`.

    The loop calls `idle` when nothing is ready, with the instant of the next timer (nanoseconds
    since the epoch, `None` if there is none). `idle` makes something ready, moves the clock, stops
    the loop, or raises, which ends the run with that error. `started` is the instant at which the
    loop's time was 0, in the same unit.
    """

    # The private names of asyncio that this class uses, the same from 3.11 to 3.14.
    _selector: _Selector
    _clock_resolution: float
    _scheduled: list[asyncio.TimerHandle]

    def __init__(self, clock: VirtualClock, idle: Callable[[int | None], None]) -> None:
        super().__init__()
        self._clock = clock
        self.started: int = clock.now_nanoseconds()
        self._idle = idle
        self._iterations = 0
        self._next_task_number = count(1).__next__
        self._selector = _Selector(self)
        self._clock_resolution = RESOLUTION
        self.set_debug(False)
        self.set_task_factory(self._make_task)  # type: ignore[arg-type]

    def time(self) -> float:
        """Seconds since the loop was created: near zero, a float distinguishes nanoseconds."""
        return (self._clock.now_nanoseconds() - self.started) / NANOSECONDS

    def on_idle(self) -> None:
        """Run the idle hook."""
        self._iterations = 0
        timer = self._scheduled[0].when() if self._scheduled else None
        if timer is None:
            self._idle(None)
            return
        # The timer is not due yet, but after months a float cannot represent nanoseconds.
        instant = self.started + round(timer * NANOSECONDS)
        self._idle(max(instant, self._clock.now_nanoseconds() + 1))
        self._clock_resolution = max(RESOLUTION, 2 * ulp(self.time()))

    def timers_due(self, instant: int) -> Iterator[tuple[int, Context]]:
        """Yield the time and the context of each timer that is due at an instant."""
        for handle in self._scheduled:
            at = self.started + round(handle.when() * NANOSECONDS)
            if at <= instant and not handle.cancelled():
                yield at, handle._context  # type: ignore[attr-defined]

    def check_progress(self) -> None:
        """Detect a program that never lets time pass.

        Raises: TooManySteps.
        """
        self._iterations += 1
        if self._iterations > MAX_ITERATIONS:
            raise TooManySteps(
                f"{MAX_ITERATIONS:,} iterations of the event loop without waiting for anything. "
                "Does a handler loop over asyncio.sleep(0)? Time passes only when every handler "
                "waits"
            )

    def _make_task(
        self, _: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, Any], **options: Any
    ) -> OrderedTask:
        return OrderedTask(coroutine, self._next_task_number(), loop=self, **options)

    def _process_events(self, event_list: Iterable[Any]) -> None:
        """Do nothing: a simulation has no I/O events."""

    def _write_to_self(self) -> None:
        """Do nothing: the loop never blocks, so it needs no self-pipe."""

    def __del__(self) -> None:
        """Close the loop silently: it holds no resources, and networks are never closed."""
        if not self.is_closed():
            self.close()


def _refusing(call: str) -> Callable[..., Any]:
    def refuse_call(*_: Any, **__: Any) -> NoReturn:
        refuse(call, OUTSIDE)

    return refuse_call


for _name, _call in {
    "run_in_executor": "run_in_executor (or asyncio.to_thread)",
    "add_reader": "loop.add_reader",
    "add_writer": "loop.add_writer",
    "add_signal_handler": "loop.add_signal_handler",
    "create_connection": "loop.create_connection",
    "create_server": "loop.create_server",
    "create_datagram_endpoint": "loop.create_datagram_endpoint",
    "getaddrinfo": "loop.getaddrinfo",
    "sock_connect": "loop.sock_connect",
    "subprocess_exec": "asyncio.create_subprocess_exec",
    "subprocess_shell": "asyncio.create_subprocess_shell",
}.items():
    setattr(SimulationLoop, _name, _refusing(_call))
