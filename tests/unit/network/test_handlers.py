"""Handlers in a network: starting, checking and timelines."""

from typing import Any

import pytest

from pykvbinding import EdgeNetwork, Env
from pykvbinding.sim import LostUpdate, ScheduleMismatch, no_lost_updates, read_your_writes
from pykvbinding.sim.check.guarantees import evaluate


async def visit(env: Env) -> None:
    count = int(await env.KV.get("visits") or 0)
    await env.KV.put("visits", str(count + 1))


def two_visits(schedule: Any) -> EdgeNetwork:
    net = EdgeNetwork("LHR", "NRT", schedule=schedule)
    net.start(visit, at="LHR")
    net.start(visit, at="NRT")
    net.run()
    return net


def test_without_a_schedule_handlers_run_in_start_order_on_realistic_caches() -> None:
    net = EdgeNetwork("LHR", "NRT")
    first, second = net.start(visit, at="LHR"), net.start(visit, at="NRT")

    net.run()

    assert net.latest("visits") == "1"
    assert first.error is None
    assert str(second.error) == "KV PUT failed: 429 Too Many Requests"


def test_traces_a_binding_created_before_the_first_handler() -> None:
    net = EdgeNetwork("LHR")
    env = net.env("LHR")
    net.start(visit)

    net.run()

    assert env.KV is net.kv("LHR")
    assert [event.kind for event in net.trace.events] == ["get", "put"]


def test_the_schedule_ends_with_its_last_deviation() -> None:
    assert two_visits("").schedule == ""
    assert two_visits("1 1 2").schedule == ""
    assert two_visits("1 1 2~1 2!").schedule == "1 1 2~1 2!"


def test_a_broken_guarantee_shows_the_timeline_and_the_schedule() -> None:
    net = two_visits("1 1 2~1 2!")

    with pytest.raises(LostUpdate) as broken:
        net.check(no_lost_updates)

    assert str(net.timeline) in str(broken.value)
    assert 'Replay:  @example("1 1 2~1 2!")' in str(broken.value)


def test_check_rejects_a_schedule_with_unreached_tokens() -> None:
    net = EdgeNetwork("LHR", schedule="1 1 1")
    net.session("ana").call(visit)

    with pytest.raises(ScheduleMismatch, match="token 3, '1', was never reached"):
        net.check(no_lost_updates)


def test_check_accepts_unreached_tokens_while_handlers_run() -> None:
    net = EdgeNetwork("LHR", schedule="1 1")
    net.start(visit)

    report = net.check(no_lost_updates)

    net.run()
    assert [verdict.state for verdict in report] == ["nothing exercised"]


def test_check_reports_guarantees_that_are_not_broken() -> None:
    report = two_visits("").check(no_lost_updates, read_your_writes)

    assert [verdict.state for verdict in report] == ["not refuted", "nothing exercised"]


@pytest.mark.parametrize(
    ("label", "schedule", "happened"),
    [
        ("stale read", "1 1 2~1", True),
        ("stale read", "", False),
        ("refused write", "1 1 2~1", True),
        ("accepted write", "1 1 2~1 2!", True),
        ("time passes", "1 1 +1", True),
        ("overwrite", "1 1 2 +1", True),
        ("overwrite", "", False),
        ("empty page", "", False),
        ("anything else", "", True),
    ],
)
def test_sometimes_detects_builtin_events(label: str, schedule: str, happened: bool) -> None:
    assert two_visits(schedule).sometimes(label) is happened


def test_sometimes_accepts_an_explicit_value() -> None:
    net = two_visits("")

    assert net.sometimes("the cart is empty", happened=True) is True
    assert net.sometimes("the cart is empty", happened=False) is False


def test_sometimes_notifies_the_scheduler() -> None:
    told: dict[str, bool] = {}

    class Listening:
        time_jumps = None

        def next(self, turns: Any, lapse: int | None) -> int:
            return 0

        def choose(self, n: int, label: str) -> int:
            return 0

        def check_exhausted(self, started: int) -> None:
            pass

        def sometimes(self, label: str, happened: bool) -> None:
            told[label] = happened

    two_visits(Listening()).sometimes("refused write")

    assert told == {"refused write": True}


def test_a_session_is_identified_by_its_name() -> None:
    net = EdgeNetwork("LHR", "NRT", schedule="")

    ana = net.session("ana")

    assert net.session("ana", at="NRT") is ana
    assert ana.location == "NRT"


def test_an_error_under_a_seed_has_a_note_on_replay_and_shrinking() -> None:
    nets = map(two_visits, range(100))
    net = next(net for net in nets if any(evaluate(net.trace, no_lost_updates).broken))
    told: list[list[str]] = []
    for _ in range(2):
        with pytest.raises(LostUpdate) as broken:
            net.check(no_lost_updates)
        told.append(broken.value.__notes__)
    net._harness.add_replay_note(broken.value)

    assert told == 2 * [
        [
            f'schedule={net._harness.seed} was schedule="{net.schedule}". Decorate '
            f"the test with @some_schedules(seeds=[{net._harness.seed}]) to see the simplest "
            "schedule with this failure."
        ]
    ]


def test_an_exception_of_a_handler_under_a_seed_has_the_note() -> None:
    async def fail(env: Env) -> None:
        raise ValueError("x")

    for schedule, notes in ((7, 1), ("", 0), (None, 0)):
        net = EdgeNetwork("LHR", schedule=schedule)
        net.start(fail)
        with pytest.raises(ValueError, match="x") as raised:
            net.run()

        assert len(getattr(raised.value, "__notes__", [])) == notes
