"""Recordings and replays: versions, deviations, and actions that do not fit."""

from typing import Any

from pykvbinding import EdgeNetwork, Env
from pykvbinding.sim.run.schedulers import PerNetworkScheduler, ReplayScheduler
from pykvbinding.sim.schedule import AdvanceTime
from pykvbinding.sim.shrink.replay import (
    NEWEST,
    RecordedStep,
    RecordingReplayer,
    RecordingScheduler,
    RunCache,
    VersionChoice,
)
from pykvbinding.sim.shrink.shrinker import execute
from tests.support.buggy_programs import count_up, look, running, save, visits


async def look_up(env: Env) -> None:
    await env.KV.get(["n", "m"])


async def names(env: Env) -> None:
    await env.KV.list()


def reads(driver: Any, **rules: Any) -> EdgeNetwork:
    """Run a writer of two versions and a reader."""
    net = EdgeNetwork("LHR", "NRT", schedule=driver, **rules)
    net.start(count_up, at="LHR")
    net.start(look_up, at="NRT")
    net.run()
    return net


def run_of(text: str) -> tuple[Any, ...]:
    return execute(running(visits), ReplayScheduler(text)).actions


def test_a_recording_has_the_versions_that_were_seen() -> None:
    actions = run_of("1 1 2~1 +1")

    assert actions == (
        RecordedStep(1, 1, (VersionChoice("visits", 0),)),
        RecordedStep(1),
        RecordedStep(2, 1, (VersionChoice("visits", 0),)),
        AdvanceTime(1_000_000_000),
        RecordedStep(2),
    )
    assert actions[2].depth == 1


def test_a_recording_has_the_deviations() -> None:
    actions = run_of("1 2 2 1!")

    assert [step.is_switch for step in actions] == [False, True, False, False]
    assert [step.is_early for step in actions] == [False, True, False, False]
    assert actions[3].choices == (("accept", 1),)
    assert [step.deviations for step in actions] == [0, 1, 0, 1]


def test_a_replay_repeats_the_run() -> None:
    actions = run_of("1 2 2 +1 1")

    again = execute(running(visits), RecordingReplayer(actions))

    assert again.actions == actions


def test_a_moved_read_sees_its_recorded_version() -> None:
    actions = run_of("1 2 2 1!")

    moved = execute(
        running(visits), RecordingReplayer([actions[0], actions[3], actions[1], actions[2]])
    )

    assert moved.actions[2] == RecordedStep(2, 1, (VersionChoice("visits", 0),))
    assert moved.schedule == "1 1 2~1"


def test_a_version_can_be_relative_to_the_newest() -> None:
    steps = [
        RecordedStep(1),
        RecordedStep(1),
        RecordedStep(2, 1, (VersionChoice("visits", NEWEST - 9),)),
    ]

    replayed = execute(running(visits), RecordingReplayer(steps))

    assert replayed.schedule == "1 1 2~1"


def test_a_read_sees_the_newest_if_its_version_is_not_allowed() -> None:
    steps = [RecordedStep(1), RecordedStep(1), RecordedStep(2, 1, (VersionChoice("visits", 7),))]

    assert execute(running(visits), RecordingReplayer(steps)).schedule == ""


def test_a_key_without_a_recorded_version_follows_the_default() -> None:
    steps = [RecordedStep(1), RecordedStep(1), RecordedStep(2, 1, (VersionChoice("other", 0),))]

    assert execute(running(visits), RecordingReplayer(steps)).schedule == ""


def test_skips_actions_that_do_not_fit() -> None:
    steps = [RecordedStep(7), RecordedStep(1, 2), RecordedStep(2)]

    assert execute(running(visits), RecordingReplayer(steps)).schedule == "2"


def test_skips_a_lapse_if_time_may_not_pass() -> None:
    recorder = RecordingScheduler(
        RecordingReplayer([AdvanceTime(1), RecordedStep(1), RecordedStep(1), AdvanceTime(1)])
    )

    reads(recorder, time_jumps=0)

    assert not any(isinstance(action, AdvanceTime) for action in recorder.recording()[0])


def test_a_lapse_ends_at_the_current_deadline() -> None:
    recorder = RecordingScheduler(RecordingReplayer([RecordedStep(1), AdvanceTime(7)]))

    reads(recorder)

    assert AdvanceTime(1_000_000_000) in recorder.recording()[0]


def test_an_atomic_read_is_one_version_choice() -> None:
    recorder = RecordingScheduler(ReplayScheduler("1 1! 2~1"))

    reads(recorder, torn_reads=False)

    assert recorder.recording()[0][-1].version_choices == (VersionChoice("", 0),)  # type: ignore[union-attr]


def test_replays_an_atomic_read() -> None:
    first = RecordingScheduler(ReplayScheduler("1 1! 2~1"))
    reads(first, torn_reads=False)

    net = reads(RecordingReplayer(first.recording()[0]), torn_reads=False)

    assert net.schedule == "1 1! 2~1"


def test_replays_a_list_key_by_key() -> None:
    def listed(driver: Any) -> EdgeNetwork:
        net = EdgeNetwork("LHR", "NRT", schedule=driver)
        net.start(save, at="LHR")
        net.start(names, at="NRT")
        net.start(look, at="NRT")
        net.run()
        return net

    recorder = RecordingScheduler(ReplayScheduler("1 1 2~0,1 3~1"))
    listed(recorder)

    assert recorder.recording()[0][2] == RecordedStep(
        2, 1, (VersionChoice("index", 1), VersionChoice("item", 0))
    )
    assert listed(RecordingReplayer(recorder.recording()[0])).schedule == "1 1 2~0,1 3~1"


def test_replays_an_operation_at_another_location() -> None:
    recorder = RecordingScheduler(ReplayScheduler("1@NRT"))

    async def write(env: Env) -> None:
        await env.KV.put("k", "v")

    def wander(driver: Any) -> EdgeNetwork:
        net = EdgeNetwork("LHR", "NRT", schedule=driver, cross_location_routing=True)
        net.start(write, at="LHR")
        net.run()
        return net

    wander(recorder)

    assert wander(RecordingReplayer(recorder.recording()[0])).schedule == "1@NRT"


def test_reports_the_unused_rest_of_a_recorded_schedule() -> None:
    recorder = RecordingScheduler(RecordingScheduler(ReplayScheduler("1")))

    reads(recorder)

    assert len(recorder.stages) == 1


def test_the_repr_of_a_recording_has_its_schedules() -> None:
    recorder = RecordingScheduler(ReplayScheduler("1"))

    assert repr(recorder) == "<a schedule that is not used>"
    reads(recorder)

    assert repr(recorder) == "''"


def test_networks_are_recorded_and_replayed_separately() -> None:
    texts = iter(["1 2 2 +1", "1 1 2~1"])
    recorder = RecordingScheduler(PerNetworkScheduler(lambda _: ReplayScheduler(next(texts))))
    running(visits)(recorder)
    running(visits)(recorder)
    replayed = RecordingScheduler(RecordingReplayer(*recorder.recording()))
    for _ in range(3):
        running(visits)(replayed)

    assert len(recorder.recording()) == 2
    assert replayed.recording()[:2] == recorder.recording()
    assert [stage.simulation.schedule for stage in replayed.stages[:2]] == [
        "1 2 2 +1",
        "1 1 2~1",
    ]
    assert [stage.trace.network_label for stage in replayed.stages[:2]] == [
        "network 1 of 2",
        "network 2 of 2",
    ]
    assert replayed.stages[2].simulation.schedule == ""


def test_the_cache_knows_a_previous_run() -> None:
    known = RunCache()
    seen = execute(running(visits), ReplayScheduler("1 1 2~1 +1"))
    assert known.length(seen.recording) == 0

    known.add(seen.recorder.log)

    # Four operations, a lapse, and two version choices.
    assert known.length(seen.recording) == len(seen.recorder.log) == 7
    assert known.length(((*seen.recording[0], RecordedStep(9), AdvanceTime(1)),)) == 7
    assert known.length((seen.recording[0][:2],)) == 0


def test_the_cache_grows_with_every_run() -> None:
    known = RunCache()
    for text in ("1 1 2~1 +1", "", "1 2", "1 1 2~1 2!"):
        seen = execute(running(visits), ReplayScheduler(text))
        assert known.length(seen.recording) == 0
        known.add(seen.recorder.log)

        assert known.length(seen.recording) == len(seen.recorder.log)


def test_the_cache_knows_a_run_of_several_networks() -> None:
    def both(driver: Any) -> BaseException | None:
        running(visits)(driver)
        return running(visits)(driver)

    known = RunCache()
    seen = execute(both, ReplayScheduler(""))
    known.add(seen.recorder.log)

    assert known.length(seen.recording) == len(seen.recorder.log)
    assert known.length(()) == len(seen.recorder.log)  # all questions answered by default
