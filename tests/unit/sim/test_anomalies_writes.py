"""Racing writes, and writes inserted before the last one: P9 and P10."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pykvbinding import Account, EdgeNetwork, Env, KVError
from pykvbinding.choices import SeededChoice
from pykvbinding.edge.consistency import UPDATED
from pykvbinding.sim import (
    LostUpdate,
    NonMonotonicWrite,
    NotLinearizable,
    ScheduleMismatch,
    WritesFollowReadsViolation,
    every_schedule,
    linearizable,
    monotonic_writes,
    no_lost_updates,
    read_your_writes,
    writes_follow_reads,
)
from pykvbinding.sim.run.schedulers import RandomScheduler
from pykvbinding.sim.shrink.shrinker import shrink
from tests.support.buggy_programs import running, simplest_run
from tests.support.handlers import look, operations, remove, store, visit
from tests.support.random_programs import Program, Setting, explored


def make_net(schedule: Any, **anomalies: Any) -> EdgeNetwork:
    return EdgeNetwork("LHR", "NRT", schedule=schedule, **anomalies)


def written(
    schedule: str, seconds: float = 1, handler: Callable[..., Any] = store, **anomalies: Any
) -> EdgeNetwork:
    """Write `k` in LHR, and after some seconds in NRT."""
    net = make_net(schedule, **{"reorder_writes": True, **anomalies})
    net.session("ana", "LHR").call(store, "1")
    net.clock.advance(seconds)
    net.session("ana", "NRT").start(handler, *(["2"] if handler is store else []))
    net.run()
    return net


# P9.


def test_p9_either_of_two_concurrent_writes_may_be_last() -> None:
    net = make_net("2 1!")
    net.start(store, "one", at="LHR")
    net.start(store, "two", at="NRT")
    net.run()

    assert net.latest("k") == "one"


def test_without_p9_concurrent_writes_complete_in_start_order() -> None:
    net = make_net("2 1!", racing_writes=False)
    net.start(store, "one", at="LHR")
    net.start(store, "two", at="NRT")

    with pytest.raises(ScheduleMismatch, match=r"those that can go on are 1$"):
        net.run()


def test_without_p9_the_later_of_two_concurrent_invocations_wins() -> None:
    left: set[tuple[bool, object]] = set()

    @every_schedule
    def both(schedule: Any, races: bool) -> None:
        net = make_net(schedule, racing_writes=races, time_jumps=0)
        net.start(store, "one", at="LHR")
        net.start(store, "two", at="NRT")
        net.run()
        left.add((races, net.latest("k")))

    both(True)
    both(False)

    # Only "one": the other write was rejected.
    assert left == {(True, "one"), (True, "two"), (False, "one"), (False, "two")}
    assert both.result is not None
    assert both.result.distinct == 2


def test_without_p9_other_operations_do_not_wait() -> None:
    net = make_net("2 3 4", racing_writes=False)
    net.start(store, "1", at="LHR")
    net.start(look, at="NRT")
    net.start(store, "1", "other", at="NRT")
    net.start(remove, "another", at="NRT")
    net.run()

    assert net.schedule == "2 3 4"


def test_without_p9_a_search_tries_every_order() -> None:
    # Reads of other keys decide whether a write is in flight, so they depend on each other.
    program: Program = [[("get", "a"), ("put", "b")], [("get", "b"), ("put", "b")]]
    switches = {"racing_writes": False, "tombstones": False, "stale_reads": False}
    seen, proof = explored(program, Setting(anomalies=switches), is_shared=False, limit=500)

    assert proof.distinct == proof.total
    assert seen == explored(program, Setting(anomalies=switches), is_shared=True, limit=500)[0]


# P10.


def test_p10_a_write_may_be_inserted_before_the_last_one() -> None:
    net = written("1 2<")
    first, second = operations(net)

    assert net.latest("k") == "1"
    assert [first.accesses[0].version, second.accesses[0].version] == [2, 1]
    assert second.deviations == ("overtakes",)
    assert net.schedule == "1 2<"
    assert [commit.value for commit in net.trace.commits["KV", "k"]] == [None, "2", "1"]
    assert [commit.event for commit in net.trace.commits["KV", "k"]] == [None, 2, 1]
    assert net.sometimes("overtaken write")


def test_without_p10_a_write_is_not_inserted() -> None:
    with pytest.raises(ScheduleMismatch, match=r"'2<', .* cannot be inserted before another"):
        written("1 2<", reorder_writes=False)


def test_p10_is_off_by_default() -> None:
    net = make_net("1 2<")
    net.start(store, "1", at="LHR")
    net.run()
    net.clock.advance(1)
    net.start(store, "2", at="NRT")

    with pytest.raises(ScheduleMismatch, match="reorder_writes is off"):
        net.run()


def test_p10_writes_keep_their_order_by_default() -> None:
    net = written("")

    assert net.latest("k") == "2"
    assert net.schedule == ""
    assert not net.sometimes("overtaken write")


def test_p10_writes_of_one_location_keep_their_order() -> None:
    net = make_net("1 2<", reorder_writes=True)
    net.session("ana", "NRT").call(store, "1")
    net.clock.advance(1)
    net.session("ana").start(store, "2")

    with pytest.raises(ScheduleMismatch, match="from the same location"):
        net.run()


@pytest.mark.parametrize(("grace", "seconds"), [(0, 60), (30, 90)])
def test_p10_ends_when_the_earlier_write_has_to_be_visible(grace: float, seconds: float) -> None:
    assert written("1 2<", seconds - 1, staleness_grace_seconds=grace).latest("k") == "1"

    with pytest.raises(ScheduleMismatch, match="more than 60 s old"):
        written("1 2<", seconds, staleness_grace_seconds=grace)


def test_p10_a_write_is_not_inserted_before_a_seeded_version() -> None:
    net = make_net("1<", reorder_writes=True)
    net.namespace().seed({"k": "seeded"})
    net.start(store)

    with pytest.raises(ScheduleMismatch, match="cannot be inserted before another"):
        net.run()


def test_p10_a_rejected_write_is_not_inserted() -> None:
    with pytest.raises(ScheduleMismatch, match="the write is refused"):
        written("1 2<", seconds=0)


def test_p10_an_accepted_write_may_be_inserted() -> None:
    net = written("1 2!<", seconds=0)

    assert net.latest("k") == "1"
    assert net.schedule == "1 2!<"


def test_p10_applies_to_deletions() -> None:
    assert written("1 2<", handler=remove).latest("k") == "1"

    net = make_net("1 2 3<", reorder_writes=True)
    net.session("ana", "LHR").call(store)
    net.clock.advance(60)
    net.session("ana").call(remove)
    net.clock.advance(1)
    net.session("ana", "NRT").call(store, "again")
    assert net.latest("k") is None


def test_p10_an_inserted_write_may_fail() -> None:
    net = make_net("1 2?<", reorder_writes=True, faults=True)
    net.session("ana", "LHR").call(store)
    net.clock.advance(1)
    with pytest.raises(KVError, match="500"):
        net.session("ana", "NRT").call(store, "2")

    assert net.latest("k") == "1"
    assert operations(net)[1].accesses[0].version == 1


def test_p10_compares_the_locations_that_carried_out_the_writes() -> None:
    net = make_net("1 2@NRT<", reorder_writes=True, cross_location_routing=True)
    net.session("ana", "LHR").call(store, "1")
    net.clock.advance(1)
    net.session("ana").call(store, "2")
    assert net.latest("k") == "1"

    net = make_net("1@NRT 2<", reorder_writes=True, cross_location_routing=True)
    net.session("ana", "LHR").call(store, "1")
    net.clock.advance(1)
    net.session("ana", "NRT").start(store, "2")
    with pytest.raises(ScheduleMismatch, match="from the same location"):
        net.run()


def test_p10_an_inserted_version_is_read_until_the_last_one_must_be_visible() -> None:
    net = written("1 2< 3~1 4~1", seconds=20)
    net.clock.advance(39)
    assert net.session("bob", "LHR").call(look) == "2"
    seen = operations(net)[-1].accesses[0]
    assert (seen.version, seen.latest, seen.age, seen.justification) == (1, 2, 59, UPDATED)

    net.clock.advance(1)
    with pytest.raises(ScheduleMismatch, match="may return 1 versions"):
        net.session("bob").call(look)


def test_p10_the_version_before_both_is_not_read_for_longer() -> None:
    net = written("1 2< 3~2 4~2", seconds=20)
    net.clock.advance(39)
    assert net.session("bob", "LHR").call(look) is None
    assert operations(net)[-1].accesses[0].age == 59

    net.clock.advance(1)
    with pytest.raises(ScheduleMismatch):
        net.session("bob").call(look)


def test_p10_a_location_reads_its_inserted_write_or_the_last_one() -> None:
    for older, value in ((0, "1"), (1, "2")):
        net = written(f"1 2< 3~{older}", stale_own_writes=False)
        assert net.session("ana").call(look) == value

    net = written("1 2< 3~2", stale_own_writes=False)
    with pytest.raises(ScheduleMismatch, match="may return 2 versions"):
        net.session("ana").call(look)


def test_p10_earlier_reads_keep_their_versions() -> None:
    net = make_net("1 2 3< 4~1", reorder_writes=True, non_monotonic_reads=False)
    net.session("ana", "LHR").call(store, "1")
    assert net.session("bob", "LHR").call(look) == "1"
    net.clock.advance(1)
    net.session("ana", "NRT").call(store, "2")

    with pytest.raises(ScheduleMismatch, match="may return 1 versions"):
        net.session("bob").call(look)


def test_p10_renumbers_the_history() -> None:
    net = make_net("1 2 3 4<", reorder_writes=True)
    net.session("ana", "LHR").call(store, "1")
    net.session("ana").call(look)
    net.session("ana").call(look, ["k", "l"])
    net.clock.advance(1)
    net.session("ana", "NRT").call(store, "2")

    assert [each.version for each in net.history] == [2, 2, (2, 0), 1]


def test_p10_applies_across_bindings_of_one_namespace() -> None:
    kv = Account().binding("KV")
    net = EdgeNetwork(
        "LHR", "NRT", bindings=Env(ONE=kv, OTHER=kv), schedule="1 2<", reorder_writes=True
    )

    async def write(env: Env, binding: str) -> None:
        await getattr(env, binding).put("k", binding)

    net.session("ana", "LHR").call(write, "ONE")
    net.clock.advance(1)
    net.session("ana", "NRT").call(write, "OTHER")

    assert net.latest("k", "OTHER") == "ONE"
    assert [event.accesses[0].version for event in operations(net)] == [2, 1]


def test_p10_breaks_guarantees_about_the_order_of_writes() -> None:
    net = written("1 2<")

    net.check(no_lost_updates, read_your_writes)
    with pytest.raises(NonMonotonicWrite, match=r"\(version 1\), although .* had put version 2"):
        net.check(monotonic_writes)
    with pytest.raises(NotLinearizable, match="although version 2 existed before the call"):
        net.check(linearizable)


def test_p10_breaks_session_guarantees_of_a_read_before_a_write() -> None:
    net = make_net("1 1 2 2<", reorder_writes=True)
    net.session("ana", "LHR").call(visit)
    net.clock.advance(1)
    net.session("ana", "NRT").call(visit)

    with pytest.raises(WritesFollowReadsViolation):
        net.check(writes_follow_reads)
    with pytest.raises(LostUpdate, match=r'put "visits" = "1" over version 1.* is by visit ②'):
        net.check(no_lost_updates)


def test_p10_the_timeline_quotes_the_sentence_that_implies_it() -> None:
    picture = str(written("1 2<", seconds=3).timeline)

    assert '3.0  v1 "2" (②)' in picture
    assert "◄ committed before v2 of ①, written 3 s earlier" in picture
    assert "write-after-write consistency" in picture
    assert '@example("1 2<")' in picture


@settings(deadline=None)
@given(st.integers(0, 2**32))
def test_p10_the_text_of_a_seed_replays_its_run(seed: int) -> None:
    def run(schedule: Any) -> EdgeNetwork:
        net = make_net(schedule, reorder_writes=True)
        for number, handler in enumerate((visit, store, visit, visit)):
            net.start(handler, at=net.locations[number % 2])
        net.run()
        return net

    net = run(seed)
    again = run(net.schedule)

    assert again.schedule == net.schedule
    assert again.trace.events == net.trace.events
    assert again.trace.commits == net.trace.commits


async def answer(env: Env) -> None:
    """Write a value that depends on a value of another handler."""
    if await env.KV.get("k") == "question":
        await env.KV.put("k", "answer")


def answered(schedule: Any) -> None:
    net = make_net(schedule, reorder_writes=True, time_jumps=1)
    net.start(store, "question", at="LHR")
    second = net.start(answer, at="NRT")
    net.run()
    reads, *writes = operations(net)[1:]
    assert (
        second.error or not writes or reads.accesses[0].value is None or net.latest("k") == "answer"
    )


def test_p10_works_with_every_search_and_with_shrinking() -> None:
    @every_schedule
    def always(schedule: Any) -> None:
        answered(schedule)

    with pytest.raises(AssertionError) as caught:
        always()
    best = simplest_run(answered)

    assert best.schedule == "1 2 2!<"
    assert f'schedule="{best.schedule}"' in caught.value.__notes__[0]
    tried = [shrink(running(answered), RandomScheduler(SeededChoice(seed))) for seed in range(100)]
    broken = [each.schedule for each in tried if each.error is not None]
    assert len(broken) > 5
    assert set(broken) == {best.schedule}
