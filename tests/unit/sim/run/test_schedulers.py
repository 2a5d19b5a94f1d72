"""Drivers: chance and the ordinary answer everything, and a text is held to its word."""

from contextlib import suppress
from typing import Any

import pytest

from pykvbinding import EdgeNetwork, Env
from pykvbinding.choices import SeededChoice
from pykvbinding.sim import ScheduleMismatch
from pykvbinding.sim.run.schedulers import Chosen, Driver, Ordinary, Several, Spoken, by_seed
from pykvbinding.sim.schedule import Lapse
from tests.support.handlers import look, names, store, visit


class Last:
    """A choice that always takes the last."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, str]] = []

    def choose(self, n: int, label: str) -> int:
        self.asked.append((n, label))
        return n - 1


@pytest.mark.parametrize(
    "driver", [Ordinary(), by_seed(1), Spoken("1"), Several(lambda _: Ordinary())]
)
def test_each_is_a_driver(driver: object) -> None:
    assert isinstance(driver, Driver)


def test_the_ordinary_is_always_the_first() -> None:
    driver = Ordinary()

    assert driver.next([], 5) == 0
    assert driver.choose(3, "version") == 0
    driver.check_end(1)


def test_a_choice_is_asked_even_where_there_is_one_thing_only() -> None:
    choice = Last()
    net = EdgeNetwork("LHR", schedule=Chosen(choice))
    net.start(look)
    net.run()

    assert choice.asked == [(1, "who"), (1, "version")]


def test_the_last_that_can_be_chosen_is_that_time_passes() -> None:
    choice = Last()
    net = EdgeNetwork("LHR", schedule=Chosen(choice), time_jumps=1)

    async def store_and_look(env: Env) -> None:
        await store(env)
        await look(env)

    net.start(store_and_look)
    net.run()

    assert net.schedule == "1 +1 1~1"
    assert choice.asked == [(1, "who"), (2, "who"), (1, "who"), (2, "version")]


def test_a_lapse_is_the_answer_only_where_time_may_pass() -> None:
    assert Chosen(Last()).next([], 7) == Lapse(7)
    assert Chosen(SeededChoice(1)).choose(1, "who") == 0


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
        "token 1, '3', .*: invocation 3 has no operation to complete; what can",
    ),
    ("1 1", [look, look], "token 2, '1', .*; what can go on is 2"),
    ("1:2", [look, look], "invocation 1:2 has no operation to complete; .* is 1, 2"),
    ("1 2~2", [store, look], "token 2, '2~2', .*: that read may return 2 versions"),
    ("1~1", [look], "that read may return 1 versions, counted from 0"),
    ("1~0,1", [look], "that operation looks at 1 keys"),
    ("1~1", [store], "that operation looks at 0 keys"),
    ("1 2~1", [look, look], "that read may return 1 versions"),
    ("1!", [store], "that operation is not refused anyhow"),
    ("1!", [look], "that operation is not refused anyhow"),
    ("1?", [store], "that operation cannot fail"),
    ("1%", [names], "that operation passes over no tombstones"),
    ("1@NRT", [look], "that operation stays where it is"),
    ("1<", [store], "that operation does not come in before another"),
]


@pytest.mark.parametrize(("schedule", "handlers", "why"), MISMATCHES)
def test_a_token_that_does_not_fit_is_named(schedule: str, handlers: list[Any], why: str) -> None:
    with pytest.raises(ScheduleMismatch, match=why):
        run(schedule, *handlers)


def test_the_message_names_the_token_its_place_and_the_reason() -> None:
    with pytest.raises(ScheduleMismatch) as caught:
        run("1 2~1", look, look)

    assert str(caught.value) == (
        "token 2, '2~1', does not fit this run: that read may return 1 versions, counted from 0"
    )


@pytest.mark.parametrize("schedule", ["1 2 2", "1 +5", "1 2 2 +1 1"])
def test_what_was_never_reached_is_named(schedule: str) -> None:
    token = "token 2, '+5'" if "5" in schedule else "token 3, '2'"

    with pytest.raises(ScheduleMismatch) as caught:
        run(schedule, look, *([look] if schedule[2] == "2" else []))

    assert str(caught.value) == f"{token}, was never reached: the run had ended before it"


def test_what_is_left_may_be_of_invocations_yet_to_start() -> None:
    net = run("1 1 2 2 +61", visit)

    net.start(visit)
    with pytest.raises(ScheduleMismatch, match="token 5, '\\+61'"):
        net.run()


def test_after_the_end_of_the_text_everything_is_ordinary() -> None:
    net = run("2", visit, visit)

    assert net.latest("visits") == "1"
    assert [event.token for event in net.trace.events] == ["2", "2", "1", "1"]


def test_a_mismatch_is_raised_although_the_handler_swallows_it() -> None:
    async def swallow(env: Env) -> None:
        for _ in range(3):
            with suppress(BaseException):
                await env.KV.get("k")

    with pytest.raises(ScheduleMismatch, match="may return 1 versions"):
        run("1~1", swallow)


def test_of_several_drivers_each_has_a_network_of_its_own() -> None:
    texts = iter(["2", "1 1~1"])
    driver = Several(lambda _: Spoken(next(texts)))
    first, second = (EdgeNetwork("LHR", "NRT", schedule=driver) for _ in range(2))
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


def test_a_text_knows_when_it_is_said() -> None:
    text = Spoken("1 +5 1")
    net = EdgeNetwork("LHR", schedule=text)
    net.start(visit)

    assert not text.is_said
    net.run()

    assert text.is_said
    assert not text.is_refused
    assert str(text) == "1 +5 1"


def test_a_text_knows_when_it_is_refused() -> None:
    left, wrong = Spoken("1 1"), Spoken("1~1")
    for text in (left, wrong):
        net = EdgeNetwork("LHR", schedule=text)
        net.start(look)
        with pytest.raises(ScheduleMismatch):
            net.run()

    assert left.is_refused
    assert wrong.is_refused
