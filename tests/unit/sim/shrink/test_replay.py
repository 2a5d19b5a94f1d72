"""Replays do again what fits, with the very versions that were seen, and pass over the rest."""

from typing import Any

from pykvbinding import EdgeNetwork, Env
from pykvbinding.sim.run.schedulers import PerNetworkScheduler, ReplayScheduler
from pykvbinding.sim.schedule import AdvanceTime
from pykvbinding.sim.shrink.replay import NEWEST, Known, Pick, Recorded, Replay, Step
from pykvbinding.sim.shrink.shrinker import attempt
from tests.support.buggy_programs import count_up, look, running, save, visits


async def look_up(env: Env) -> None:
    await env.KV.get(["n", "m"])


async def names(env: Env) -> None:
    await env.KV.list()


def reads(driver: Any, **rules: Any) -> EdgeNetwork:
    """A writer of two versions, and a reader."""
    net = EdgeNetwork("LHR", "NRT", schedule=driver, **rules)
    net.start(count_up, at="LHR")
    net.start(look_up, at="NRT")
    net.run()
    return net


def run_of(text: str) -> tuple[Any, ...]:
    return attempt(running(visits), ReplayScheduler(text)).acts


def test_a_record_has_the_versions_that_were_seen() -> None:
    acts = run_of("1 1 2~1 +1")

    assert acts == (
        Step(1, 1, (Pick("visits", 0),)),
        Step(1),
        Step(2, 1, (Pick("visits", 0),)),
        AdvanceTime(1_000_000_000),
        Step(2),
    )
    assert acts[2].depth == 1


def test_a_record_tells_what_was_not_ordinary() -> None:
    acts = run_of("1 2 2 1!")

    assert [step.is_switch for step in acts] == [False, True, False, False]
    assert [step.is_early for step in acts] == [False, True, False, False]
    assert acts[3].said == (("accept", 1),)
    assert [step.deviations for step in acts] == [0, 1, 0, 1]


def test_a_replay_does_the_same_again() -> None:
    acts = run_of("1 2 2 +1 1")

    again = attempt(running(visits), Replay(acts))

    assert again.acts == acts


def test_a_read_that_is_moved_sees_the_version_that_it_saw() -> None:
    acts = run_of("1 2 2 1!")

    moved = attempt(running(visits), Replay([acts[0], acts[3], acts[1], acts[2]]))

    assert moved.acts[2] == Step(2, 1, (Pick("visits", 0),))
    assert moved.schedule == "1 1 2~1"


def test_a_version_can_be_told_by_how_far_it_is_behind() -> None:
    steps = [Step(1), Step(1), Step(2, 1, (Pick("visits", NEWEST - 9),))]

    replayed = attempt(running(visits), Replay(steps))

    assert replayed.schedule == "1 1 2~1"


def test_a_version_that_may_not_be_seen_gives_way_to_the_newest() -> None:
    steps = [Step(1), Step(1), Step(2, 1, (Pick("visits", 7),))]

    assert attempt(running(visits), Replay(steps)).schedule == ""


def test_a_key_of_which_nothing_is_written_down_is_read_as_usual() -> None:
    steps = [Step(1), Step(1), Step(2, 1, (Pick("other", 0),))]

    assert attempt(running(visits), Replay(steps)).schedule == ""


def test_what_does_not_fit_is_passed_over() -> None:
    steps = [Step(7), Step(1, 2), Step(2)]

    assert attempt(running(visits), Replay(steps)).schedule == "2"


def test_time_that_may_not_pass_does_not() -> None:
    recorded = Recorded(Replay([AdvanceTime(1), Step(1), Step(1), AdvanceTime(1)]))

    reads(recorded, time_jumps=0)

    assert not any(isinstance(act, AdvanceTime) for act in recorded.script()[0])


def test_time_passes_to_the_deadline_that_there_is() -> None:
    recorded = Recorded(Replay([Step(1), AdvanceTime(7)]))

    reads(recorded)

    assert AdvanceTime(1_000_000_000) in recorded.script()[0]


def test_keys_that_are_read_at_one_moment_are_one_pick() -> None:
    recorded = Recorded(ReplayScheduler("1 1! 2~1"))

    reads(recorded, torn_reads=False)

    assert recorded.script()[0][-1].picks == (Pick("", 0),)  # type: ignore[union-attr]


def test_a_moment_is_replayed() -> None:
    first = Recorded(ReplayScheduler("1 1! 2~1"))
    reads(first, torn_reads=False)

    net = reads(Replay(first.script()[0]), torn_reads=False)

    assert net.schedule == "1 1! 2~1"


def test_a_list_is_replayed_key_by_key() -> None:
    def listed(driver: Any) -> EdgeNetwork:
        net = EdgeNetwork("LHR", "NRT", schedule=driver)
        net.start(save, at="LHR")
        net.start(names, at="NRT")
        net.start(look, at="NRT")
        net.run()
        return net

    recorded = Recorded(ReplayScheduler("1 1 2~0,1 3~1"))
    listed(recorded)

    assert recorded.script()[0][2] == Step(2, 1, (Pick("index", 1), Pick("item", 0)))
    assert listed(Replay(recorded.script()[0])).schedule == "1 1 2~0,1 3~1"


def test_an_operation_that_is_carried_out_elsewhere_is_replayed() -> None:
    recorded = Recorded(ReplayScheduler("1@NRT"))

    async def write(env: Env) -> None:
        await env.KV.put("k", "v")

    def wander(driver: Any) -> EdgeNetwork:
        net = EdgeNetwork("LHR", "NRT", schedule=driver, cross_location_routing=True)
        net.start(write, at="LHR")
        net.run()
        return net

    wander(recorded)

    assert wander(Replay(recorded.script()[0])).schedule == "1@NRT"


def test_a_recorded_text_still_says_what_is_left_of_it() -> None:
    recorded = Recorded(Recorded(ReplayScheduler("1")))

    reads(recorded)

    assert len(recorded.stages) == 1


def test_a_record_prints_as_the_schedules_of_its_networks() -> None:
    recorded = Recorded(ReplayScheduler("1"))

    assert repr(recorded) == "<a schedule that is not used>"
    reads(recorded)

    assert repr(recorded) == "''"


def test_networks_are_recorded_and_replayed_apart() -> None:
    texts = iter(["1 2 2 +1", "1 1 2~1"])
    recorded = Recorded(PerNetworkScheduler(lambda _: ReplayScheduler(next(texts))))
    running(visits)(recorded)
    running(visits)(recorded)
    replayed = Recorded(Replay(*recorded.script()))
    for _ in range(3):
        running(visits)(replayed)

    assert len(recorded.script()) == 2
    assert replayed.script()[:2] == recorded.script()
    assert [stage.simulation.schedule for stage in replayed.stages[:2]] == [
        "1 2 2 +1",
        "1 1 2~1",
    ]
    assert [stage.trace.place for stage in replayed.stages[:2]] == [
        "network 1 of 2",
        "network 2 of 2",
    ]
    assert replayed.stages[2].simulation.schedule == ""


def test_a_run_that_has_been_seen_is_known() -> None:
    known = Known()
    seen = attempt(running(visits), ReplayScheduler("1 1 2~1 +1"))
    assert known.length(seen.script) == 0

    known.add(seen.recorded.log)

    # Four operations and a lapse, and two versions that were chosen.
    assert known.length(seen.script) == len(seen.recorded.log) == 7
    assert known.length(((*seen.script[0], Step(9), AdvanceTime(1)),)) == 7
    assert known.length((seen.script[0][:2],)) == 0


def test_what_is_known_grows_with_every_run() -> None:
    known = Known()
    for text in ("1 1 2~1 +1", "", "1 2", "1 1 2~1 2!"):
        seen = attempt(running(visits), ReplayScheduler(text))
        assert known.length(seen.script) == 0
        known.add(seen.recorded.log)

        assert known.length(seen.script) == len(seen.recorded.log)


def test_a_run_of_more_networks_is_known_too() -> None:
    def both(driver: Any) -> BaseException | None:
        running(visits)(driver)
        return running(visits)(driver)

    known = Known()
    seen = attempt(both, ReplayScheduler(""))
    known.add(seen.recorded.log)

    assert known.length(seen.script) == len(seen.recorded.log)
    assert known.length(()) == len(seen.recorded.log)  # all of them ordinary
