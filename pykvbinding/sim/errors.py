"""What a simulated run refuses, and every text with which it does.

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

from collections.abc import Sequence


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


def not_a_token(word: str) -> ValueError:
    return ValueError(
        f"{word!r} is no token of a schedule; write 2 (invocation 2 goes on), 2~1 (its read is one "
        "version older), 2! (its write is accepted within the second), 2? (it fails after taking "
        "effect), 2< (it comes in before an earlier write), or +61 (61 s pass)"
    )


def schedule_wrong_type(schedule: object) -> TypeError:
    return TypeError(
        f'schedule={schedule!r}: give a text such as "1 1 2~1 +1", a seed, what schedules() draws, '
        "or None"
    )


def token_does_not_fit(token: str, position: int, why: str) -> ScheduleMismatch:
    return ScheduleMismatch(f"token {position}, {token!r}, does not fit this run: {why}")


def tokens_left(tokens: Sequence[str], position: int) -> ScheduleMismatch:
    return ScheduleMismatch(
        f"token {position}, {tokens[0]!r}, was never reached: the run had ended before it"
    )


def too_many_steps(steps: int) -> TooManySteps:
    return TooManySteps(
        f"{steps:,} operations in one run, and no end. Does a retry loop spin without sleeping? "
        "EdgeNetwork(max_steps=...) allows more"
    )


def never_idle(turns: int) -> TooManySteps:
    return TooManySteps(
        f"{turns:,} turns of the event loop without waiting for anything. Does a handler loop over "
        "asyncio.sleep(0)? Time passes only when all wait"
    )


def deadlock(waiting: Sequence[str]) -> Deadlock:
    return Deadlock(
        f"{', '.join(waiting)} cannot go on: no operation, no timer and no other invocation is "
        "left to wake them"
    )


def loop_is_running() -> RuntimeError:
    return RuntimeError(
        "a simulation runs its own event loop, and one is running already: call net.run() from a "
        "plain `def test_...`, not from a coroutine"
    )


def not_a_coroutine(function: object) -> TypeError:
    return TypeError(
        f"{function!r} did not return a coroutine: net.start takes an `async def` that is called "
        "with the env of its location"
    )


def not_finished(name: str) -> RuntimeError:
    return RuntimeError(f"{name} has not finished; call net.run() first")


# Fences.

FREEZEGUN = (
    "freezegun is active: in handlers, time.time() and datetime.now() tell its time and not the "
    "network's. Move net.clock instead of freezing, or freeze with time-machine"
)


def outside_of_a_run(call: str, instead: str) -> NotSimulated:
    return NotSimulated(f"{call} on the loop of a simulation is not simulated. {instead}")


# Searches.


def test_is_coroutine(decorator: str, name: str) -> TypeError:
    return TypeError(
        f"{decorator} on {name}: write a plain `def`, for net.run() runs the handlers on a "
        "loop of its own"
    )


def test_without_schedule(decorator: str, name: str) -> TypeError:
    return TypeError(
        f"{decorator} on {name}: it needs a parameter `schedule`, for "
        "EdgeNetwork(..., schedule=schedule)"
    )


def search_wrong_number(decorator: str, name: str, value: object, least: int) -> ValueError:
    return ValueError(f"{decorator}({name}={value!r}): give a whole number, {least} or more")


def schedule_unused(name: str) -> Vacuous:
    return Vacuous(
        f"{name} made no network with its schedule: EdgeNetwork(..., schedule=schedule) is missing"
    )


def never_happened(labels: Sequence[str], runs: int) -> Vacuous:
    return Vacuous(
        f"{', '.join(map(repr, labels))} never happened in any of the {runs:,} distinct schedules"
    )


def unfinished(limit: int, distinct: int) -> Unfinished:
    return Unfinished(
        f"no failure in {limit:,} runs ({distinct:,} distinct schedules), but that is not all of "
        "them. Make the test smaller, raise @every_schedule(limit=...), or let complete=False take "
        "that for enough"
    )


def diverged(schedule: str, now: str, before: str) -> NotDeterministic:
    return NotDeterministic(
        f"after the schedule {schedule!r} the test came to {now}; the same schedule has led to "
        f"{before} before. Does a handler look at the wall clock, random, uuid or a global of its "
        "module, or the test at a fixture that it changes?"
    )


def search_unknown(call: str, search: object, known: Sequence[str]) -> ValueError:
    names = " or ".join(f'"{name}"' for name in known)
    return ValueError(f"{call}(search={search!r}): searches are {names}")


def seeds_wrong(seeds: object) -> ValueError:
    return ValueError(
        f"@some_schedules(seeds={seeds!r}): give a number of seeds, 1 or more, or the seeds "
        "themselves, as in seeds=[7]"
    )
