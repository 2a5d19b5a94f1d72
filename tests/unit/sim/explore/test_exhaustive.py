"""`@every_schedule`: the decorator, its verdicts, and what a failing test is told."""

import inspect
import io
import sys
import unittest
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pykvbinding.network.edge_network import EdgeNetwork
from pykvbinding.sim.check.guarantees import fresh, linearizable, no_lost_updates
from pykvbinding.sim.check.result import Guarantee, LostUpdate, NotLinearizable, StaleRead
from pykvbinding.sim.errors import ScheduleMismatch, Unfinished, Vacuous
from pykvbinding.sim.explore import decorator as decorate
from pykvbinding.sim.explore.exhaustive import Explored, Proof, every_schedule


async def visit(env: Any) -> None:
    count = int(await env.KV.get("visits") or 0)
    await env.KV.put("visits", str(count + 1))


async def look(env: Any) -> None:
    await env.KV.get("visits")


def visits(schedule: Any, handler: Callable[..., Any] = visit, **options: Any) -> EdgeNetwork:
    net = EdgeNetwork("LHR", "NRT", schedule=schedule, **options)
    net.start(handler, at="LHR")
    net.start(handler, at="NRT")
    net.run()
    return net


def proof_of(test: Explored) -> Proof:
    assert test.proved is not None
    return test.proved


@every_schedule
def test_it_can_stand_over_a_test_as_it_is(schedule: Any) -> None:
    assert visits(schedule).latest("visits") in ("1", "2")


@pytest.mark.parametrize("visitors", [1, 2])
@every_schedule(time_jumps=0)
def test_fixtures_and_arguments_come_as_ever(
    schedule: Any, visitors: int, capsys: pytest.CaptureFixture[str]
) -> None:
    net = EdgeNetwork("LHR", schedule=schedule)
    for _ in range(visitors):
        net.start(visit)
    net.run()
    assert capsys.readouterr().out == ""


@settings(max_examples=5, deadline=None)
@given(st.text())
@every_schedule
def test_it_tries_every_schedule_for_each_example(schedule: Any, value: str) -> None:
    async def write(env: Any) -> None:
        await env.KV.put("key", value)

    assert visits(schedule, write).latest("key") == value


class TestInAClass:
    @every_schedule
    def test_a_method_is_a_test_too(self, schedule: Any) -> None:
        assert isinstance(self, TestInAClass)
        visits(schedule)


class InUnittest(unittest.TestCase):
    @every_schedule(limit=100)
    def test_a_method_of_a_test_case_is_a_test_too(self, schedule: Any) -> None:
        assert visits(schedule).latest("visits") in ("1", "2")


def test_the_signature_is_without_schedule() -> None:
    @every_schedule
    def test(schedule: Any, *, name: str = "x") -> None:
        """Says what it shows."""

    assert list(inspect.signature(test).parameters) == ["name"]
    assert test.__doc__ == "Says what it shows."


def test_what_has_been_shown_is_kept() -> None:
    test = every_schedule(visits)
    assert test.proved is None

    test()

    proof = proof_of(test)
    assert (proof.distinct, proof.total, proof.time_jumps) == (22, 28, 1)
    assert str(proof) == "proved: 22 distinct of 28 (time jumps up to 1, grace 0 s)"


def test_a_network_may_have_its_own_bounds() -> None:
    test = every_schedule(time_jumps=3)(
        lambda schedule: visits(schedule, look, time_jumps=0, grace=30) and None
    )

    test()

    assert str(proof_of(test)) == "proved: 1 distinct of 2 (no time jumps)"
    assert proof_of(test).grace == 30


@pytest.mark.parametrize(
    ("proof", "text"),
    [
        (
            Proof(distinct=36, total=58_000_000_000, blocked=0, time_jumps=0),
            "proved: 36 distinct of 5.8e10 (no time jumps)",
        ),
        (
            Proof(distinct=2520, total=10**400, blocked=0, time_jumps=2, is_exact=False, grace=30),
            "proved: 2,520 distinct of about >1e300 (time jumps up to 2, grace 30 s)",
        ),
        (
            Proof(distinct=7, total=7, blocked=2, time_jumps=0, is_finished=False),
            "not refuted: 7 distinct schedules, and there are more (no time jumps)",
        ),
    ],
)
def test_a_proof_is_a_sentence(proof: Proof, text: str) -> None:
    assert str(proof) == text


def test_a_failure_is_raised_with_the_simplest_schedule_that_shows_it() -> None:
    @every_schedule
    def test(schedule: Any) -> None:
        net = visits(schedule)
        refused = [event.outcome for event in net.trace.events if event.outcome != "ok"]
        assert net.latest("visits") == "2" or refused, net.schedule

    with pytest.raises(AssertionError) as caught:
        test()

    note, picture = caught.value.__notes__
    assert note.startswith("@every_schedule, run ")
    assert note.endswith('. Replay: schedule="1 1 2~1 2!"')
    assert picture.endswith('Replay:  @example("1 1 2~1 2!")')
    assert vars(caught.value)["schedule"] == "1 1 2~1 2!"
    assert str(caught.value).startswith("1 1 2~1 2!")
    assert test.proved is None
    assert visits("1 1 2~1 2!").latest("visits") == "1"


def overtaken(schedule: Any) -> EdgeNetwork:
    """A stale read, asked before the write or after it, as the other read comes before or after."""
    net = EdgeNetwork("LHR", "NRT", schedule=schedule, time_jumps=0)

    async def read(env: Any) -> None:
        await env.KV.get("other")
        await env.KV.get("key")

    async def write(env: Any) -> None:
        await env.KV.put("key", "1")

    net.start(read, at="NRT")
    net.start(write, at="LHR")
    net.run()
    return net


@pytest.mark.parametrize(
    ("guarantee", "error"), [(linearizable, NotLinearizable), (fresh(versions=0), StaleRead)]
)
def test_a_guarantee_about_what_came_first_has_every_order_tried(
    guarantee: Guarantee, error: type[AssertionError]
) -> None:
    @every_schedule
    def test(schedule: Any) -> None:
        overtaken(schedule).check(guarantee)

    with pytest.raises(error) as caught:
        test()

    assert vars(caught.value)["schedule"] == "2 1 1~1"


def test_another_guarantee_leaves_equivalent_orders_out() -> None:
    @every_schedule
    def test(schedule: Any) -> None:
        overtaken(schedule).check(no_lost_updates, fresh(within=60))

    test()

    assert proof_of(test).distinct < proof_of(test).total


def test_a_failure_of_two_networks_names_both_schedules() -> None:
    @every_schedule
    def test(schedule: Any) -> None:
        first, second = visits(schedule), visits(schedule)
        assert not (first.schedule and second.schedule)

    with pytest.raises(AssertionError) as caught:
        test()

    note, pictures = caught.value.__notes__
    assert note.endswith('. Replay: schedule="2" and schedule="2"')
    assert 'Replay:  network 1 of 2: schedule="2"' in pictures
    assert 'Replay:  network 2 of 2: schedule="2"' in pictures


def test_a_failure_that_does_not_come_again_is_told_as_it_came() -> None:
    runs = 0

    @every_schedule
    def test(schedule: Any) -> None:
        nonlocal runs
        runs += 1
        visits(schedule)
        assert runs != 3

    with pytest.raises(AssertionError) as caught:
        test()

    note, why = caught.value.__notes__
    assert note.startswith("@every_schedule, run 3. Replay: schedule=")
    assert why.startswith("The test is not deterministic: ")


def test_every_schedule_that_it_tries_replays_as_text() -> None:
    tried = []

    @every_schedule
    def test(schedule: Any) -> None:
        net = visits(schedule)
        tried.append((net.schedule, [str(event) for event in net.trace.events]))

    test()

    assert len(tried) == 22
    for schedule, events in tried:
        assert [str(event) for event in visits(schedule).trace.events] == events


def test_a_failure_before_any_network_has_no_schedule() -> None:
    @every_schedule
    def test(schedule: Any) -> None:
        raise LookupError("nothing there")

    with pytest.raises(LookupError) as caught:
        test()

    assert caught.value.__notes__ == [
        "@every_schedule, run 1. Replay: no network has made a choice"
    ]


def test_a_guarantee_that_shows_the_run_shows_it_once() -> None:
    @every_schedule
    def test(schedule: Any) -> None:
        visits(schedule).check(no_lost_updates)

    with pytest.raises(LostUpdate) as caught:
        test()

    (note,) = caught.value.__notes__
    assert str(caught.value).endswith('Replay:  @example("1 1 2~1 2!")')
    assert note.endswith('. Replay: schedule="1 1 2~1 2!"')


def test_a_text_beside_the_search_has_to_be_said_in_each_run() -> None:
    @every_schedule
    def test(schedule: Any) -> None:
        visits(schedule)
        EdgeNetwork("LHR", schedule="1 9").session("ana").call(look)

    with pytest.raises(ScheduleMismatch, match=r"^token 2, '9', was never reached"):
        test()


def test_an_interrupt_stays_as_it_is() -> None:
    @every_schedule
    def test(schedule: Any) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as caught:
        test()

    assert not hasattr(caught.value, "__notes__")


def test_the_limit_is_a_failure() -> None:
    test = every_schedule(limit=5)(visits)

    with pytest.raises(Unfinished) as caught:
        test()

    assert str(caught.value) == (
        "no failure in 5 runs (5 distinct schedules), but that is not all of them. Make the test "
        "smaller, raise @every_schedule(limit=...), or let complete=False take that for enough"
    )


def test_the_limit_may_be_enough() -> None:
    test = every_schedule(limit=5, complete=False)(visits)

    test()

    assert not proof_of(test).is_finished
    assert proof_of(test).distinct == 5


def test_a_limit_that_is_just_reached_is_none() -> None:
    test = every_schedule(limit=22)(visits)

    test()

    assert proof_of(test).is_finished


def test_what_must_happen_sometimes_has_happened() -> None:
    @every_schedule
    def test(schedule: Any) -> None:
        visits(schedule).sometimes("stale read")

    test()

    assert proof_of(test).distinct == 22


def test_what_never_happens_is_a_failure() -> None:
    @every_schedule
    def test(schedule: Any) -> None:
        net = visits(schedule, look)
        net.sometimes("stale read")

    with pytest.raises(Vacuous, match=r"^'stale read' never happened in any of the 1 distinct"):
        test()


def test_a_test_that_forgets_its_schedule_is_refused() -> None:
    @every_schedule
    def test_forgetful(schedule: Any) -> None:
        visits(None)

    with pytest.raises(Vacuous, match=r"^test_forgetful made no network with its schedule"):
        test_forgetful()


def test_a_network_with_nothing_to_choose_is_proved() -> None:
    @every_schedule
    def test(schedule: Any) -> None:
        EdgeNetwork("LHR", schedule=schedule).run()

    test()

    assert str(proof_of(test)).startswith("proved: 1 distinct of 1 ")


def test_a_negative_number_of_time_jumps_is_refused() -> None:
    with pytest.raises(
        ValueError, match=r"^@every_schedule\(time_jumps=-1\): give a whole number, 0"
    ):
        every_schedule(time_jumps=-1)(visits)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("seconds", "is_shown"), [(0.0, True), (1000.0, False)])
def test_a_terminal_shows_how_far_a_long_search_is(
    seconds: float, is_shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(decorate, "SHOW_AFTER_SECONDS", seconds)
    monkeypatch.setattr(decorate, "SHOW_EVERY_RUNS", 10)

    every_schedule(visits)()

    shown = terminal.getvalue()
    assert shown.startswith("\rvisits: 10 schedules in 0 s\r") is is_shown
    assert shown.endswith("\r\x1b[K") is is_shown
