"""A director records the networks of a test, and checks their schedule texts at its end."""

import pytest

from pykvbinding import EdgeNetwork
from pykvbinding.sim import ScheduleMismatch
from pykvbinding.sim.run.run_context import DIRECTOR, Director, directed
from pykvbinding.sim.run.schedulers import Ordinary, Several
from tests.support.handlers import look, visit


def test_a_director_directs_where_it_is_said_and_nowhere_else() -> None:
    outer, inner = Director(), Director()

    with directed(outer):
        with directed(inner):
            assert DIRECTOR.get() is inner
        assert DIRECTOR.get() is outer


def test_records_the_last_network_with_a_seed() -> None:
    with directed(Director()) as director:
        EdgeNetwork("LHR", schedule=7)
        EdgeNetwork("LHR", schedule="1")
        EdgeNetwork("LHR")
        last = EdgeNetwork("LHR", schedule=8)

    assert director.stage is last._stage
    assert director.stage.seed == 8
    assert director.drawn is None


def test_a_network_of_a_driver_that_follows_networks_is_remembered() -> None:
    with directed(Director()) as director:
        net = EdgeNetwork("LHR", schedule=Several(lambda _: Ordinary()))

    assert director.drawn is net._stage


def test_a_text_that_is_not_said_is_refused_at_the_end() -> None:
    with directed(Director()) as director:
        EdgeNetwork("LHR", schedule="1 2").session("ana").call(look)

    with pytest.raises(ScheduleMismatch, match=r"^token 2, '2', was never reached") as caught:
        director.check_texts()
    assert caught.value.__notes__ == ['The test is over; its schedule was "1 2".']


def test_what_is_meant_for_invocations_that_never_start_is_refused_too() -> None:
    with directed(Director()) as director:
        EdgeNetwork("LHR", schedule="9")

    with pytest.raises(ScheduleMismatch, match=r"^token 1, '9', was never reached"):
        director.check_texts()


def test_a_token_that_says_more_than_its_operation_asked_is_refused_at_the_end() -> None:
    with directed(Director()) as director:
        EdgeNetwork("LHR", schedule="1~0,1").session("ana").call(look)

    with pytest.raises(ScheduleMismatch, match=r"^token 1, '1~0,1', does not fit"):
        director.check_texts()


def test_a_text_that_is_said_passes() -> None:
    with directed(Director()) as director:
        for _ in range(3):
            EdgeNetwork("LHR", schedule="1").session("ana").call(look)
            net = EdgeNetwork("LHR", schedule="+1 1")
            net.start(look)
            net.run()
        EdgeNetwork("LHR", schedule="")

    director.check_texts()


def test_a_text_that_was_refused_before_is_not_refused_again() -> None:
    with directed(Director()) as director:
        net = EdgeNetwork("LHR", schedule="1 1")
        net.start(look)
        with pytest.raises(ScheduleMismatch):
            net.run()
        wrong = EdgeNetwork("LHR", schedule="1~1 1")
        wrong.start(look)
        with pytest.raises(ScheduleMismatch):
            wrong.run()

    director.check_texts()


def test_what_a_run_that_was_given_up_has_not_reached_is_not_asked_for() -> None:
    async def interrupt(env: object) -> None:
        raise KeyboardInterrupt

    with directed(Director()) as director:
        net = EdgeNetwork("LHR", schedule="2 2 9")
        net.start(interrupt)
        net.start(visit)
        with pytest.raises(KeyboardInterrupt):
            net.run()

    director.check_texts()


def test_nobody_asks_after_a_rehearsal() -> None:
    with directed(Director(is_rehearsal=True)) as director:
        EdgeNetwork("LHR", schedule="9")

    director.check_texts()


def test_a_network_of_nobody_s_test_is_as_ever() -> None:
    token = DIRECTOR.set(None)
    try:
        EdgeNetwork("LHR", schedule="9")
        net = EdgeNetwork("LHR", schedule=7)
    finally:
        DIRECTOR.reset(token)

    assert net.schedule == ""
