"""The exceptions of simulated runs and of searches.

Exception
├── ScheduleMismatch   a schedule says what this run cannot do, so it is of another program
├── TooManySteps       the run does not come to an end
├── Deadlock           everything waits, and nothing is left that could go on
├── NotSimulated       a handler did what cannot be repeated: a socket, a thread, a real wait
└── NotDeterministic   a run that was repeated went otherwise
AssertionError
├── Unfinished         the search was cut off before it had tried everything
└── Vacuous            the search has shown nothing: what it was to show never happened
BaseException
├── Cut                the rest of this run has been tried already
└── Refusal            NotSimulated as the handler meets it: `except Exception` lets it through
"""


class ScheduleMismatch(Exception):
    """A schedule that does not fit the program: it names the token, and what would fit."""


class TooManySteps(Exception):
    """A run that does not end, such as a retry that never sleeps."""


class Deadlock(Exception):
    """Every invocation waits, and there is nothing that could wake one."""


class NotSimulated(Exception):
    """A handler did something whose outcome a simulation cannot decide."""


class Unfinished(AssertionError):
    """A search that reached its limit: what it has not tried is not proved."""


class NotDeterministic(Exception):
    """A test does not do the same again on the same schedule."""


class Vacuous(AssertionError):
    """A search that has tried everything, and not what it was meant to try."""


class Cut(BaseException):
    """Ends a run that a search has no use for. Only the search catches it."""


class Refusal(BaseException):
    """What a handler meets where it does something that is not simulated."""

    def __init__(self, call: str, where: str, instead: str) -> None:
        super().__init__(f"{call} at {where} is not simulated. {instead}")
