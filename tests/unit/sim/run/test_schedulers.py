"""Schedulers: default, random and per network, and the checks of a replayed text."""

from contextlib import suppress
from typing import Any

import pytest

from pykvbinding import EdgeNetwork, Env
from pykvbinding.choices import SeededChoice
from pykvbinding.sim import ScheduleMismatch
from pykvbinding.sim.run.schedulers import (
    DefaultScheduler,
    PerNetworkScheduler,
    RandomScheduler,
    ReplayScheduler,
    Scheduler,
    seeded_scheduler,
)
from pykvbinding.sim.schedule import AdvanceTime
from tests.support.handlers import look, names, store, visit


class Last:
    """A source of choices that always takes the last alternative."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, str]] = []

    def choose(self, n: int, label: str) -> int:
        self.asked.append((n, label))
        return n - 1


@pytest.mark.parametrize(
    "scheduler",
    [
        DefaultScheduler(),
        seeded_scheduler(1),
        ReplayScheduler("1"),
        PerNetworkScheduler(lambda _: DefaultScheduler()),
    ],
)
def test_each_scheduler_implements_the_protocol(scheduler: object) -> None:
    assert isinstance(scheduler, Scheduler)


def test_the_default_scheduler_returns_0() -> None:
    scheduler = DefaultScheduler()

    assert scheduler.next([], 5) == 0
    assert scheduler.choose(3, "version") == 0
    scheduler.check_exhausted(1)


def test_chooses_even_among_one_alternative() -> None:
    choice = Last()
    net = EdgeNetwork("LHR", schedule=RandomScheduler(choice))
    net.start(look)
    net.run()

    assert choice.asked == [(1, "operation"), (1, "version")]


def test_the_passage_of_time_is_the_last_alternative() -> None:
    choice = Last()
    net = EdgeNetwork("LHR", schedule=RandomScheduler(choice), time_jumps=1)

    async def store_and_look(env: Env) -> None:
        await store(env)
        await look(env)

    net.start(store_and_look)
    net.run()

    assert net.schedule == "1 +1 1~1"
    assert choice.asked == [(1, "operation"), (2, "operation"), (1, "operation"), (2, "version")]


def test_time_passes_only_if_it_may() -> None:
    assert RandomScheduler(Last()).next([], 7) == AdvanceTime(7)
    assert RandomScheduler(SeededChoice(1)).choose(1, "operation") == 0


def run(schedule: str, *handlers: Any) -> EdgeNetwork:
    net = EdgeNetwork("LHR", "NRT", schedule=schedule)
    for handler in handlers:
        net.start(handler, at="LHR")
    net.run()
    return net


MISMATCHES: list[tuple[str, list[Any], str]] = [
    (
        "3",
        [look, look],
        "token 1, '3', .*: invocation 3 has no operation to complete; those that can",
    ),
    ("1 1", [look, look], "token 2, '1', .*; those that can go on are 2"),
    ("1:2", [look, look], "invocation 1:2 has no operation to complete; .* are 1, 2"),
    ("1 2~2", [store, look], "token 2, '2~2', .*: that read may return 2 versions"),
    ("1~1", [look], "that read may return 1 versions, counted from 0"),
    ("1~0,1", [look], "that operation reads 1 keys"),
    ("1~1", [store], "that operation reads 0 keys"),
    ("1 2~1", [look, look], "that read may return 1 versions"),
    ("1!", [store], "that operation would not be refused"),
    ("1!", [look], "that operation would not be refused"),
    ("1?", [store], "that operation cannot fail"),
    ("1%", [names], "that operation skips no tombstones"),
    ("1@NRT", [look], "that operation stays in its location"),
    ("1<", [store], "that operation cannot be inserted before another"),
]


@pytest.mark.parametrize(("schedule", "handlers", "why"), MISMATCHES)
def test_the_error_names_a_token_that_does_not_fit(
    schedule: str, handlers: list[Any], why: str
) -> None:
    with pytest.raises(ScheduleMismatch, match=why):
        run(schedule, *handlers)


def test_the_error_has_the_token_its_position_and_the_reason() -> None:
    with pytest.raises(ScheduleMismatch) as caught:
        run("1 2~1", look, look)

    assert str(caught.value) == (
        "token 2, '2~1', does not fit this run: that read may return 1 versions, counted from 0"
    )


@pytest.mark.parametrize("schedule", ["1 2 2", "1 +5", "1 2 2 +1 1"])
def test_the_error_names_a_token_that_was_never_reached(schedule: str) -> None:
    token = "token 2, '+5'" if "5" in schedule else "token 3, '2'"

    with pytest.raises(ScheduleMismatch) as caught:
        run(schedule, look, *([look] if schedule[2] == "2" else []))

    assert str(caught.value) == f"{token}, was never reached: the run ended before it"


def test_accepts_remaining_tokens_of_later_invocations() -> None:
    net = run("1 1 2 2 +61", visit)

    net.start(visit)
    with pytest.raises(ScheduleMismatch, match="token 5, '\\+61'"):
        net.run()


def test_makes_default_choices_after_the_end_of_the_text() -> None:
    net = run("2", visit, visit)

    assert net.latest("visits") == "1"
    assert [event.token for event in net.trace.events] == ["2", "2", "1", "1"]


def test_raises_a_mismatch_that_the_handler_catches() -> None:
    async def swallow(env: Env) -> None:
        for _ in range(3):
            with suppress(BaseException):
                await env.KV.get("k")

    with pytest.raises(ScheduleMismatch, match="may return 1 versions"):
        run("1~1", swallow)


def test_uses_one_scheduler_per_network() -> None:
    texts = iter(["2", "1 1~1"])
    scheduler = PerNetworkScheduler(lambda _: ReplayScheduler(next(texts)))
    first, second = (EdgeNetwork("LHR", "NRT", schedule=scheduler) for _ in range(2))
    first.start(look)
    first.start(look)

    async def store_and_look(env: Env) -> str | None:
        await store(env)
        seen: str | None = await look(env)
        return seen

    invocation = second.start(store_and_look)
    second.run()
    first.run()

    assert (first.schedule, second.schedule) == ("2", "1 1~1")
    assert invocation.result is None


def test_a_text_is_exhausted_after_its_last_token() -> None:
    text = ReplayScheduler("1 +5 1")
    net = EdgeNetwork("LHR", schedule=text)
    net.start(visit)

    assert not text.is_exhausted
    net.run()

    assert text.is_exhausted
    assert not text.is_refused
    assert str(text) == "1 +5 1"


def test_a_text_records_that_a_token_did_not_fit() -> None:
    left, wrong = ReplayScheduler("1 1"), ReplayScheduler("1~1")
    for text in (left, wrong):
        net = EdgeNetwork("LHR", schedule=text)
        net.start(look)
        with pytest.raises(ScheduleMismatch):
            net.run()

    assert left.is_refused
    assert wrong.is_refused
