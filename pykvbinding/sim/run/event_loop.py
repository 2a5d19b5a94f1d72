"""A private event loop on which handlers run: virtual time, no input, and a hook when it is idle.

It is asyncio's own loop over a selector that waits for nobody. When nothing is ready, the selector
asks `idle` to make something happen; that is the only place where anything is decided.
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
"""Seconds by which a timer may be early: what a float of the loop's time does not tell."""

MOST_TURNS = 100_000
"""Turns of the loop in which something is always ready, so that no time can pass."""


class NumberedTask(asyncio.Task[Any]):
    """A task whose hash is the number of its birth.

    asyncio keeps tasks in sets, and goes through them in the order of their hashes: by default
    their addresses, which differ from run to run.
    """

    def __init__(self, coroutine: Coroutine[Any, Any, Any], number: int, **options: Any) -> None:
        self._number = number
        super().__init__(coroutine, **options)
        # A run that is given up leaves tasks behind; that is no news to whoever reads its error.
        self._log_destroy_pending = False

    def __hash__(self) -> int:
        return self._number

    def __eq__(self, other: object) -> bool:
        return self is other


class _Selector:
    """Stands where asyncio waits for input: here nothing comes from outside."""

    def __init__(self, loop: "SimulationLoop") -> None:
        self._loop = loop

    def select(self, timeout: float | None) -> tuple[()]:
        """Called once a turn: with 0 if something is ready, else to wait."""
        if timeout == 0:
            self._loop.count_turn()
        else:
            self._loop.be_idle()
        return ()


class SimulationLoop(base_events.BaseEventLoop):
    """asyncio's loop on a `VirtualClock`.

    `idle` is called when nothing is ready, with the instant of the next timer (nanoseconds since
    the epoch, `None` if there is none). It makes something ready, moves the clock, stops the loop,
    or raises, which ends the run with that error. `started` is when its time was 0, in the same
    unit.
    """

    # The private names of asyncio on which this rests, the same from 3.11 to 3.14.
    _selector: _Selector
    _clock_resolution: float
    _scheduled: list[asyncio.TimerHandle]

    def __init__(self, clock: VirtualClock, idle: Callable[[int | None], None]) -> None:
        super().__init__()
        self._clock = clock
        self.started: int = clock.now_nanoseconds()
        self._idle = idle
        self._turns = 0
        self._births = count(1).__next__
        self._selector = _Selector(self)
        self._clock_resolution = RESOLUTION
        self.set_debug(False)
        self.set_task_factory(self._make_task)  # type: ignore[arg-type]

    def time(self) -> float:
        """Seconds since the loop was made: near zero, a float tells nanoseconds apart."""
        return (self._clock.now_nanoseconds() - self.started) / NANOSECONDS

    def be_idle(self) -> None:
        """Have something happen."""
        self._turns = 0
        timer = self._scheduled[0].when() if self._scheduled else None
        if timer is None:
            self._idle(None)
            return
        # It is not due yet; but a float of some months of virtual time has no room for nanoseconds.
        instant = self.started + round(timer * NANOSECONDS)
        self._idle(max(instant, self._clock.now_nanoseconds() + 1))
        self._clock_resolution = max(RESOLUTION, 2 * ulp(self.time()))

    def due(self, instant: int) -> Iterator[tuple[int, Context]]:
        """The timers that are due at an instant: when each of them is, and its context."""
        for handle in self._scheduled:
            at = self.started + round(handle.when() * NANOSECONDS)
            if at <= instant and not handle.cancelled():
                yield at, handle._context  # type: ignore[attr-defined]

    def count_turn(self) -> None:
        """Notice a program that never lets time pass."""
        self._turns += 1
        if self._turns > MOST_TURNS:
            raise TooManySteps(
                f"{MOST_TURNS:,} turns of the event loop without waiting for anything. Does a "
                "handler loop over asyncio.sleep(0)? Time passes only when all wait"
            )

    def _make_task(
        self, _: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, Any], **options: Any
    ) -> NumberedTask:
        return NumberedTask(coroutine, self._births(), loop=self, **options)

    def _process_events(self, event_list: Iterable[Any]) -> None:
        """Nothing comes from outside."""

    def _write_to_self(self) -> None:
        """Nobody sleeps who would have to be woken."""

    def __del__(self) -> None:
        """A network is not closed by hand; its loop holds nothing that would have to be."""
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
