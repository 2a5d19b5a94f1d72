"""The adversary returns only versions that the contract permits, and lists pages."""

from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pykvbinding import EdgeNetwork, Env, Limits
from pykvbinding.choices import SeededChoice
from pykvbinding.clock import NANOSECONDS
from pykvbinding.network.edge_network import ANOMALY_OPTIONS
from pykvbinding.sim import Deadlock, TooManySteps
from pykvbinding.sim.anomalies import AllowedAnomalies
from tests.support.anomaly_invariants import OFF, check
from tests.support.handlers import look, operations, staged, store

KEYS = ("a", "b", "c")


async def act(env: Env, what: tuple[str, str, int], noted: list[Any]) -> None:
    """Run one operation and return its complete result."""
    kind, key, number = what
    if kind == "put":
        value, options = str(number), {} if number % 3 else {"expirationTtl": 60 + number}
        await env.KV.put(key, value, metadata={"of": value}, **options)
    elif kind == "delete":
        await env.KV.delete(key)
    elif kind == "get":
        found = await env.KV.getWithMetadata(key, cacheTtl=60 + 30 * (number % 3))
        noted.append((found["value"], found["metadata"]))
    elif kind == "many":
        await env.KV.get(list(KEYS))
    else:
        await page_by_page(env, 1 + number % 3, noted)


async def page_by_page(env: Env, limit: int, noted: list[Any]) -> None:
    listed: list[str] = []
    options: dict[str, Any] = {}
    while True:
        page = await env.KV.list(limit=limit, **options)
        listed += [key.name for key in page["keys"]]
        assert len(page["keys"]) <= limit
        if page["list_complete"]:
            break
        options = {"cursor": page["cursor"]}
    assert listed == sorted(set(listed))
    noted.extend((None, None) for _ in listed)


def run_at_random(seed: int, programs: list[list[tuple[str, str, int]]], **options: Any) -> Any:
    net = EdgeNetwork("LHR", "NRT", "SIN", schedule=seed, **options)
    noted: list[Any] = []

    async def handler(env: Env, program: list[tuple[str, str, int]]) -> None:
        for what in program:
            await act(env, what, noted)

    for number, program in enumerate(programs):
        net.start(handler, program, at=net.locations[number % 3])
    net.run()
    return net, noted


WHATS = st.tuples(
    st.sampled_from(["put", "put", "delete", "get", "get", "many", "list"]),
    st.sampled_from(KEYS),
    st.integers(1, 9),
)
PROGRAMS = st.lists(st.lists(WHATS, min_size=1, max_size=5), min_size=1, max_size=4)


DEFAULTS = {
    **{each.name: bool(each.default) for each in fields(AllowedAnomalies) if each.name in OFF},
    "tombstones": True,
}

SWITCHES: st.SearchStrategy[dict[str, bool]] = st.fixed_dictionaries(
    {name: st.booleans() for name in OFF}
)


@settings(deadline=None, max_examples=200)
@given(st.integers(0, 2**32), PROGRAMS, SWITCHES, st.sampled_from([0, 0, 30]))
def test_an_anomaly_that_is_not_allowed_never_happens(
    seed: int,
    programs: list[list[tuple[str, str, int]]],
    switches: dict[str, bool],
    staleness_grace_seconds: int,
) -> None:
    net, noted = run_at_random(
        seed, programs, staleness_grace_seconds=staleness_grace_seconds, **switches
    )

    check(net, switches)
    assert all(m is None or m["of"] == value for value, m in noted if value is not None)


BUSY = [
    [("put", "a", 1), ("get", "b", 3), ("list", "a", 2), ("get", "a", 4)],
    [("get", "a", 3), ("put", "b", 5), ("delete", "a", 1), ("many", "a", 1), ("put", "a", 6)],
    [("list", "a", 3), ("many", "a", 2), ("put", "c", 3), ("delete", "b", 1), ("get", "b", 8)],
]


def random_steps(seeds: range) -> int:
    """Run many schedules of one busy program; return the number of operations.

    In every other run some of the switches are the other way.
    """
    steps = 0
    for seed in seeds:
        chance = SeededChoice(seed)
        chosen = {name: bool(chance.choose(2, name)) for name in OFF} if seed % 2 else {}
        net, _ = run_at_random(seed, BUSY, **chosen)
        check(net, DEFAULTS | chosen)
        steps += len(net.trace.events)
    return steps


def test_no_disallowed_anomaly_in_ten_thousand_random_steps() -> None:
    assert random_steps(range(700)) >= 10_000


@pytest.mark.long
def test_no_disallowed_anomaly_in_a_hundred_thousand_random_steps() -> None:
    assert random_steps(range(1_000, 8_000)) >= 100_000


@pytest.mark.parametrize("name", OFF)
def test_each_allowed_anomaly_does_happen(name: str) -> None:
    everything = dict.fromkeys(OFF, True)
    for seed in range(2_000):
        net, _ = run_at_random(seed, BUSY, time_jumps=6, **everything)
        try:
            check(net, everything | {name: False})
        except AssertionError:
            return
    pytest.fail("it has not happened")


def test_every_switch_has_an_invariant() -> None:
    assert {*OFF} == {*ANOMALY_OPTIONS, "tombstones"}


def test_every_stale_read_has_a_justification_and_an_age() -> None:
    net = staged(store, look, schedule="1 +5 2~1")
    seen = net.trace.events[-1].accesses[0]

    assert (seen.version, seen.latest, seen.value, seen.age) == (0, 1, None, 5)
    assert seen.is_stale


# Deadlines other than timers.


class Jumping:
    """Takes every lapse, up to a number."""

    def __init__(self, jumps: int) -> None:
        self.jumps = jumps

    def next(self, turns: Any, lapse: int | None) -> Any:
        from pykvbinding.sim.schedule import AdvanceTime

        if lapse is None or self.jumps == 0:
            return 0
        self.jumps -= 1
        return AdvanceTime(lapse)

    def choose(self, n: int, label: str) -> int:
        return 0

    def check_exhausted(self, started: int) -> None: ...


async def write_and_read(env: Env) -> None:
    await env.KV.put("k", "v")
    await env.KV.get("k", cacheTtl=300)
    await env.KV.get("k")


def lapses(net: EdgeNetwork) -> list[str]:
    return [event.token for event in net.trace.events if event.kind == "lapse"]


def test_time_advances_to_the_next_write_and_to_the_end_of_a_version() -> None:
    net = staged(write_and_read, schedule=Jumping(2))

    assert lapses(net) == ["+1", "+59"]


def test_a_long_cache_ttl_adds_a_deadline() -> None:
    net = staged(write_and_read, schedule="1 +60 1 1", time_jumps=0)
    (adversary,) = net._harness.adversaries.values()

    now = net.clock.now_nanoseconds()
    assert adversary.deadlines.next(now) == net.trace.start + 300 * NANOSECONDS


def test_grace_delays_a_deadline_and_infinite_grace_removes_it() -> None:
    longer = staged(write_and_read, schedule=Jumping(2), staleness_grace_seconds=30)
    endless = staged(write_and_read, schedule=Jumping(9), staleness_grace_seconds=float("inf"))

    assert lapses(longer) == ["+1", "+89"]
    assert lapses(endless) == ["+1"]


def test_an_expiration_is_a_deadline() -> None:
    async def write(env: Env) -> None:
        await env.KV.put("k", "v", expirationTtl=90)
        await env.KV.get("k")
        await env.KV.get("k")

    net = staged(write, schedule=Jumping(3))

    assert lapses(net) == ["+1", "+59", "+30"]


def test_seeded_keys_have_no_deadline() -> None:
    net = EdgeNetwork("LHR", schedule=Jumping(3))
    net.namespace().seed({"k": "v"})
    net.start(look)
    net.run()

    assert lapses(net) == []


def test_accepts_every_write_without_a_write_limit() -> None:
    async def write_twice(env: Env) -> None:
        await env.KV.put("k", "1")
        await env.KV.put("k", "2")

    free = Limits(writes_per_second_per_key=None)
    net = staged(write_twice, schedule=Jumping(9), limits=free)

    assert net.latest("k") == "2"
    assert lapses(net) == ["+60"]


# Lists.


async def store_three(env: Env) -> None:
    await env.KV.put("a", "1", metadata={"n": 1})
    await env.KV.put("b", "1", expirationTtl=60)
    await env.KV.put("c", "1")


def test_each_page_of_a_list_has_its_own_versions() -> None:
    async def list_pages(env: Env) -> list[Any]:
        first = await env.KV.list(limit=2)
        second = await env.KV.list(limit=2, cursor=first["cursor"])
        return [first["keys"], first["list_complete"], second["keys"], second["list_complete"]]

    net = EdgeNetwork("LHR", schedule="1 1 1 2~0,0 2~0")
    net.start(store_three)
    pages = net.start(list_pages)
    net.run()
    first, first_complete, second, second_complete = pages.result

    assert first == [
        {"name": "a", "metadata": {"n": 1}},
        {"name": "b", "expiration": 1_700_000_060},
    ]
    assert second == [{"name": "c"}]
    assert (first_complete, second_complete) == (False, True)
    assert [
        [(each.key, each.version) for each in event.accesses] for event in operations(net)[3:]
    ] == [[("a", 1), ("b", 1)], [("c", 1)]]


def test_a_full_page_is_the_last_if_only_deleted_keys_follow() -> None:
    async def fill(env: Env) -> None:
        await env.KV.put("a", "1")
        await env.KV.put("b", "1")
        await env.KV.delete("b")

    async def list_one(env: Env) -> bool:
        page = await env.KV.list(limit=1)
        return bool(page["list_complete"])

    net = EdgeNetwork("LHR", schedule="1 1 1!")
    net.start(fill)
    listing = net.start(list_one)
    net.run()

    assert listing.result is True


def test_a_full_page_is_not_the_last_if_a_deleted_key_may_be_listed() -> None:
    async def fill(env: Env) -> None:
        await env.KV.put("a", "1")
        await env.KV.put("b", "1")
        await env.KV.delete("b")

    async def list_all(env: Env) -> list[str]:
        noted: list[Any] = []
        first = await env.KV.list(limit=1)
        if first["list_complete"]:
            return noted
        second = await env.KV.list(limit=1, cursor=first["cursor"])
        return [key["name"] for key in [*first["keys"], *second["keys"]]]

    net = EdgeNetwork("LHR", schedule="1 1 1! 2~0,1 2~1")
    net.start(fill)
    listing = net.start(list_all)
    net.run()

    assert listing.result == ["a", "b"]


def test_each_namespace_has_its_own_adversary() -> None:
    net = EdgeNetwork("LHR", "NRT", bindings=("ONE", "TWO"), schedule="1 1 2~1 2")

    async def write_both(env: Env) -> None:
        await env.ONE.put("k", "1")
        await env.TWO.put("k", "2")

    async def read_both(env: Env) -> list[Any]:
        return [await env.ONE.get("k"), await env.TWO.get("k")]

    net.start(write_both)
    reading = net.start(read_both, at="NRT")
    net.run()

    assert reading.result == [None, "2"]
    assert [event.binding for event in operations(net)] == ["ONE", "TWO", "ONE", "TWO"]
    assert len(net._harness.adversaries) == 2


def test_errors_of_a_run_are_exceptions() -> None:
    assert issubclass(Deadlock, Exception)
    assert issubclass(TooManySteps, Exception)
