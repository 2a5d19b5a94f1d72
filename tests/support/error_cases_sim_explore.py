"""For every error of searches a call that raises it, and what it must say."""

from collections.abc import Callable
from typing import Any

from pykvbinding import KVNamespace
from pykvbinding.network.edge_network import EdgeNetwork
from pykvbinding.sim.errors import NotDeterministic, Unfinished, Vacuous
from pykvbinding.sim.explore.exhaustive import every_schedule
from tests.support.error_cases import Case

Ignored = KVNamespace


async def look(env: Any, key: str) -> None:
    await env.KV.get(key)


def searching(body: Callable[..., object], **options: Any) -> Callable[[Ignored], object]:
    body.__name__ = body.__qualname__ = "test_it"
    return lambda _: every_schedule(**options)(body)()


async def coroutine(schedule: Any) -> None: ...


def without_schedule() -> None: ...


def without_network(schedule: Any) -> None: ...


def waiting_for_nothing(schedule: Any) -> None:
    EdgeNetwork("LHR", schedule=schedule).sometimes("overwrite")


def two_effects(schedule: Any) -> None:
    net = EdgeNetwork("LHR", schedule=schedule)
    effect = net.external(str)

    async def act(env: Any) -> None:
        await effect()

    net.start(act)
    net.start(act)
    net.run()


def changing() -> Callable[[Any], None]:
    keys = iter("ab")

    def body(schedule: Any) -> None:
        key = next(keys)
        net = EdgeNetwork("LHR", schedule=schedule, time_jumps=0)
        net.shared()
        net.start(look, key)
        net.start(look, key)
        net.run()

    return body


def again(_: Ignored) -> None:
    searching(changing())(_)


CASES: dict[str, Case] = {
    "test_is_coroutine": (
        searching(coroutine),
        TypeError(
            "@every_schedule on test_it: write a plain `def`, for net.run() runs the handlers on a "
            "loop of its own"
        ),
    ),
    "test_without_schedule": (
        searching(without_schedule),
        TypeError(
            "@every_schedule on test_it: it needs a parameter `schedule`, for "
            "EdgeNetwork(..., schedule=schedule)"
        ),
    ),
    "search_wrong_number": (
        searching(without_network, limit=0),
        ValueError("@every_schedule(limit=0): give a whole number, 1 or more"),
    ),
    "schedule_unused": (
        searching(without_network),
        Vacuous(
            "test_it made no network with its schedule: EdgeNetwork(..., schedule=schedule) is "
            "missing"
        ),
    ),
    "never_happened": (
        searching(waiting_for_nothing),
        Vacuous("'overwrite' never happened in any of the 1 distinct schedules"),
    ),
    "unfinished": (
        searching(two_effects, limit=1),
        Unfinished(
            "no failure in 1 runs (1 distinct schedules), but that is not all of them. Make the "
            "test smaller, raise @every_schedule(limit=...), or let complete=False take that for "
            "enough"
        ),
    ),
    "diverged": (
        again,
        NotDeterministic(
            "after the schedule '' the test came to a choice between 1 get b, 2 get b; the same "
            "schedule has led to a choice between 1 get a, 2 get a before. Does a handler look at "
            "the wall clock, random, uuid or a global of its module, or the test at a fixture that "
            "it changes?"
        ),
    ),
}
