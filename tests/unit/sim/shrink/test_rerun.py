"""The body of a test is found by its schedule, and is run again in silence."""

import gc
import logging
import warnings
from collections.abc import Callable
from typing import Any

import pytest

from pykvbinding.sim.run.run_context import DIRECTOR, Director
from pykvbinding.sim.run.schedulers import Driver, Ordinary
from pykvbinding.sim.shrink.rerun import Body, failure, find_body


class Token:
    """Stands for a schedule."""


def calling(function: Callable[[], object]) -> Body:
    """The body of a test without arguments."""
    return Body(function, (), {}, Token())


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


def test_a_body_is_run_on_another_schedule_than_it_was_given() -> None:
    seen: list[Any] = []
    token, driver = Token(), Ordinary()
    body = Body(lambda first, *, named: seen.extend((first, named)), (token,), {"named": 1}, token)

    assert body.run(driver) is None
    assert seen == [driver, 1]


def test_a_mutable_argument_is_copied_for_each_run() -> None:
    lengths: list[int] = []

    def take(items: list[int]) -> None:
        lengths.append(len(items))
        items.append(0)

    body = Body(take, ([],), {}, Token())
    for _ in range(2):
        assert body.run(Ordinary()) is None

    assert lengths == [0, 0]


def test_what_a_body_raises_is_returned() -> None:
    error = ValueError("x")

    def fail() -> None:
        raise error

    assert calling(fail).run(Ordinary()) is error
    assert failure(fail) is error
    assert failure(lambda: 1) is None


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, SystemExit])
def test_an_interrupt_is_raised(interrupt: type[BaseException]) -> None:
    def fail() -> None:
        raise interrupt

    with pytest.raises(interrupt):
        calling(fail).run(Ordinary())


def test_a_run_is_silent(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    def speak() -> None:
        print("printed")
        logging.warning("logged")
        warnings.warn("warned", stacklevel=1)

    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        calling(speak).run(Ordinary())
        assert heard == []
        speak()

    assert [str(each.message) for each in heard] == ["warned"]
    assert capsys.readouterr().out == "printed\n"
    assert caplog.messages == ["logged"]


def test_a_warning_that_is_an_error_stays_one() -> None:
    def warn() -> None:
        warnings.warn("warned", stacklevel=1)

    assert isinstance(calling(warn).run(Ordinary()), UserWarning)


def test_a_run_has_a_director_of_its_own() -> None:
    directors: list[Director | None] = []

    def take(driver: Driver) -> None:
        directors.append(DIRECTOR.get())

    token = Token()
    Body(take, (token,), {}, token).run(Ordinary())

    assert directors[0] is not None
    assert directors[0].is_rehearsal
    assert DIRECTOR.get() not in directors
