"""One invocation of a handler: where it runs, and what comes of it."""

import asyncio
from collections.abc import Coroutine
from contextvars import ContextVar
from typing import Any

from pykvbinding.errors import KVError
from pykvbinding.sim.schedule import Move


class Invocation:
    """A handler that was started in a network. Invocations are numbered from 1, in start order.

    `result` is what it returned. A `KVError` that it let out is its outcome, as the platform would
    answer 500: then `error` is that and there is no result.
    """

    def __init__(
        self, simulation: object, number: int, name: str, location: str, session: str
    ) -> None:
        self.simulation = simulation
        self.number = number
        self.name = name
        self.location = location
        self.session = session
        self.task: asyncio.Task[Any] | None = None
        self.move: Move = Move(invocation=number)
        """What nearly all of its operations are, in the language of schedules."""

        self.operations = 0
        """How many it has begun."""

        self.was_cut_off = False

    @property
    def done(self) -> bool:
        """Whether it has come to its end."""
        return self.task is not None and self.task.done()

    @property
    def error(self) -> KVError | None:
        """The KVError that it let out, `None` if it let out none (or has not finished)."""
        error = self._exception() if self.done else None
        return error if isinstance(error, KVError) else None

    @property
    def result(self) -> Any:
        """What it returned.

        Raises: what the handler raised; RuntimeError before it has finished.
        """
        if self.task is None or not self.task.done():
            raise RuntimeError(f"{self} has not finished; call net.run() first")
        return self.task.result()

    def failure(self) -> BaseException | None:
        """What it raised that is no KVError, once it is done; nothing if the run was given up."""
        error = self._exception() if self.done and not self.was_cut_off else None
        return None if isinstance(error, KVError) else error

    def _exception(self) -> BaseException | None:
        assert self.task is not None
        if self.task.cancelled():
            return asyncio.CancelledError()
        return self.task.exception()

    def __repr__(self) -> str:
        return f"<Invocation {self.number}: {self.name} at {self.location}>"

    def __str__(self) -> str:
        return f"invocation {self.number} ({self.name} at {self.location})"


# What follows a task, and the tasks that it makes: whose operation an operation is.
CURRENT: ContextVar[Invocation | None] = ContextVar("pykvbinding_simulated", default=None)


async def run_as(invocation: Invocation, handler: Coroutine[Any, Any, Any]) -> Any:
    """The handler, with everything that it does marked as its own."""
    CURRENT.set(invocation)
    return await handler
