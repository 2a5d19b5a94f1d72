"""The exceptions of simulated runs and of searches.

Exception
├── ScheduleMismatch   a schedule does not fit the run: it is for another program
├── TooManySteps       the run does not end
├── Deadlock           every invocation waits, and nothing can wake one
├── NotSimulated       a handler used what cannot be repeated: a socket, a thread, a real wait
└── NotDeterministic   a repeated run took another course
AssertionError
├── SearchLimitReached the search stopped before it had tried every schedule
└── NothingExercised   the search never produced an event that the test asks for
BaseException
├── Pruned             the rest of this run is covered by an equivalent run
└── Refusal            NotSimulated inside the handler: `except Exception` does not catch it
"""


class ScheduleMismatch(Exception):
    """A schedule does not fit the program; the message names the token and the valid ones."""


class TooManySteps(Exception):
    """A run does not end, for example because of a retry that never sleeps."""


class Deadlock(Exception):
    """Every invocation waits, and nothing can wake one."""


class NotSimulated(Exception):
    """A handler did something whose outcome a simulation cannot decide."""


class SearchLimitReached(AssertionError):
    """The search reached its limit before it had tried every schedule."""


class NotDeterministic(Exception):
    """A test behaves differently in two runs on the same schedule."""


class NothingExercised(AssertionError):
    """A search tried every schedule, but an event that the test asks for never happened."""


class Pruned(BaseException):
    """Ends a run that an equivalent run covers. Only the search catches it."""


class Refusal(BaseException):
    """Raised in a handler that does something that is not simulated."""

    def __init__(self, call: str, where: str, instead: str) -> None:
        super().__init__(f"{call} at {where} is not simulated. {instead}")
