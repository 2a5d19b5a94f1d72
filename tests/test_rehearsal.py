"""Finding the function that was given a schedule, and telling where two runs part."""

import gc
from collections.abc import Callable
from typing import Any

import pytest
from small_programs import network, running, visit, visits

from pykvbinding import Env
from pykvbinding.sim.drivers import Driver, Spoken
from pykvbinding.sim.polish import attempt
from pykvbinding.sim.rehearsal import Body, divergence, find_body


class Token:
    """Stands for a schedule."""


def test_nobody_has_a_schedule_that_was_given_to_nobody() -> None:
    assert find_body(Token()) is None


def test_the_outermost_function_is_found() -> None:
    def inner(schedule: Token) -> Body | None:
        return find_body(schedule)

    def outer(schedule: Token) -> Body | None:
        return inner(schedule)

    body = outer(Token())

    assert body is not None
    assert body.function is outer


def test_every_kind_of_argument_is_found() -> None:
    def take(first: int, /, schedule: Token, *rest: int, named: int, **more: int) -> Body | None:
        return find_body(schedule)

    token = Token()
    body = take(1, token, 2, 3, named=4, more=5)

    assert body is not None
    assert body.positional == (1, token, 2, 3)
    assert body.named == {"named": 4, "more": 5}


def test_of_functions_with_one_code_the_one_that_was_called_is_found() -> None:
    def make(number: int) -> Callable[[Token], tuple[int, Body | None]]:
        def take(schedule: Token) -> tuple[int, Body | None]:
            return number, find_body(schedule)

        return take

    functions = [make(number) for number in range(3)]
    _, body = functions[1](Token())

    assert body is not None
    assert body.function is functions[1]


def test_a_function_that_is_hidden_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gc, "get_referrers", lambda *_: [])
    number = 7

    def take(schedule: Token) -> tuple[int, Body | None]:
        return number, find_body(schedule)

    token = Token()
    body = take(token)[1]

    assert body is not None
    assert body.function is not take
    assert body.function(token)[0] == 7


def test_a_variable_that_is_not_there_yet_hinders_nothing() -> None:
    def take(schedule: Token) -> Any:
        return find_body(schedule) or later

    body = take(Token())
    later = 1

    assert body.function is take
    assert later == 1


def test_two_runs_alike_do_not_part() -> None:
    first, second = (attempt(running(visits), Spoken("1 1 2~1 2!")) for _ in range(2))

    assert divergence(first, second) == []


def test_the_first_operation_that_differs_is_told() -> None:
    first = attempt(running(visits), Spoken("1 1 2~1 +1"))
    second = attempt(running(visits), Spoken("1 1 2~1 2!"))

    assert divergence(first, second)[1:] == [
        "  operation 4 was  +1",
        "  and then  put 'visits': '1' by invocation 2",
    ]


def test_a_run_that_goes_on_parts_from_one_that_does_not() -> None:
    def program(count: int) -> Callable[[Driver], None]:
        def run(driver: Driver) -> None:
            net = network(driver)
            for _ in range(count):
                net.start(visit)
            net.run()

        return run

    one, two = (attempt(program(count), Spoken("")) for count in (1, 2))

    assert divergence(one, two)[1:] == [
        "  operation 3 was  nothing",
        "  and then  get 'visits': '1' by invocation 2",
    ]
    assert divergence(two, one)[2] == "  and then  nothing"


def test_effects_and_lists_and_errors_are_told() -> None:
    async def charge_and_list(env: Env, effect: Any) -> None:
        await effect()
        await env.KV.list(prefix="user:")

    def program(name: str) -> Callable[[Driver], None]:
        def charge() -> None:
            if name == "charge":
                raise ValueError("no money")

        def run(driver: Driver) -> None:
            net = network(driver)
            net.start(charge_and_list, net.external(charge))
            with pytest.raises(ValueError, match="no money"):
                net.run()

        return run

    one = attempt(program("charge"), Spoken(""))
    two = attempt(running(visits), Spoken(""))

    assert (
        divergence(one, two)[1] == "  operation 1 was  external charge -> no money by invocation 1"
    )
