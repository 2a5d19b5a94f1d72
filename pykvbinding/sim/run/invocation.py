"""One invocation of a handler: its location, its session and its outcome."""

import asyncio
from collections.abc import Coroutine
from contextvars import ContextVar
from typing import Any

from pykvbinding.errors import KVError
from pykvbinding.sim.schedule import OperationToken


class Invocation:
    """A handler that was started in a network. Invocations are numbered from 1, in start order.

    `result` is the return value of the handler. If the handler lets a `KVError` escape, the
    platform would answer 500: then `error` is that exception, and `result` raises it.
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
        self.default_token: OperationToken = OperationToken(invocation=number)
        """The token of nearly all its operations."""

        self.operation_count = 0
        """How many operations it has begun."""

        self.aborted = False

    @property
    def done(self) -> bool:
        """True if the handler has finished."""
        return self.task is not None and self.task.done()

    @property
    def error(self) -> KVError | None:
        """The KVError that the handler let escape; `None` if there is none (yet)."""
        error = self._exception() if self.done else None
        return error if isinstance(error, KVError) else None

    @property
    def result(self) -> Any:
        """The return value of the handler.

        Raises: what the handler raised; RuntimeError before it has finished.
        """
        if self.task is None or not self.task.done():
            raise RuntimeError(f"{self} has not finished; call net.run() first")
        return self.task.result()

    def unexpected_exception(self) -> BaseException | None:
        """Return the exception of a finished handler, unless it is a KVError or due to an abort."""
        error = self._exception() if self.done and not self.aborted else None
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


# A task and the tasks that it creates inherit the context, so it identifies the invocation.
CURRENT: ContextVar[Invocation | None] = ContextVar("pykvbinding_simulated", default=None)


async def run_in_context(invocation: Invocation, handler: Coroutine[Any, Any, Any]) -> Any:
    """Run the handler in a context whose current invocation is `invocation`."""
    CURRENT.set(invocation)
    return await handler
