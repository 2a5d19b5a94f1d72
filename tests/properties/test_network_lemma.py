"""The lemma: a realistic network always returns one of the versions that `may_read` allows."""

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pykvbinding import EdgeNetwork, KVError, KVNamespace, Limits, VirtualClock
from pykvbinding.clock import NANOSECONDS
from pykvbinding.types import PutOptions

LOCATIONS = ("LHR", "CDG", "NRT", "HERE")  # two of one region, one of another, one off the map
KEYS = ("a", "b")
TTLS = (60, 61, 120, 3600)
PAUSES = (0, 0.5, 0.999_999_999, 1, 29.5, 30, 30.000_000_001, 59.999_999_999, 60, 61, 3600)

READS = st.tuples(
    st.sampled_from(["get", "many", "entry"]),
    st.sampled_from(LOCATIONS),
    st.sampled_from(KEYS),
    st.sampled_from(TTLS),
)
WRITES = st.tuples(
    st.sampled_from(["put", "put", "delete", "expiring", "seed", "clear"]),
    st.sampled_from(LOCATIONS),
    st.sampled_from(KEYS),
    st.sampled_from([60, 90, 3600]),
)
STEPS = READS | READS | WRITES | st.tuples(st.just("pass"), st.sampled_from(PAUSES))


class Program:
    """Executes steps, and checks every result against the contract."""

    def __init__(self, **options: Any) -> None:
        self.net = EdgeNetwork(*LOCATIONS, cache_entries=1, **options)
        self.written: dict[str, dict[str, Any]] = {key: {} for key in KEYS}
        self.expirations: dict[str, float] = {}
        self.count = 0

    async def run(self, steps: list[Any]) -> None:
        for step in steps:
            if step[0] == "pass":
                self.net.clock.advance(step[1])
            else:
                await self.do(*step)

    async def do(self, what: str, location: str, key: str, seconds: int) -> None:
        kv = self.net.kv(location)
        if what in ("put", "expiring", "seed"):
            await self.write(kv, what, key, seconds)
        elif what == "delete":
            await allowed_to_fail(kv.delete(key))
        elif what == "clear":
            kv.namespace.clear()
        else:
            await self.read(kv, what, location, key, seconds)

    async def write(self, kv: KVNamespace, what: str, key: str, seconds: int) -> None:
        self.count += 1
        value = f"{key} {self.count}"
        self.written[key][value] = {"n": self.count}
        options: PutOptions = {"metadata": {"n": self.count}}
        if what == "expiring":
            options["expirationTtl"] = seconds
            self.expirations[value] = self.net.clock.now_seconds() + seconds
        if what == "seed":
            kv.namespace.seed({key: (value, options)})
        else:
            await allowed_to_fail(kv.put(key, value, options))

    async def read(self, kv: KVNamespace, what: str, location: str, key: str, ttl: int) -> None:
        permitted = self.net.may_read(key, at=location, cache_ttl=ttl)
        if what == "many":
            other = KEYS[1 - KEYS.index(key)]
            may_read_other = self.net.may_read(other, at=location, cache_ttl=ttl)
            answer = await kv.get([key, other], cacheTtl=ttl)
            assert answer[other] in may_read_other.values
            value = answer[key]
        elif what == "entry":
            entry = await kv.getWithMetadata(key, cacheTtl=ttl)
            value = entry.value
            assert entry.metadata == (None if value is None else self.written[key][value])
        else:
            value = await kv.get(key, cacheTtl=ttl)
        now = self.net.clock.now_nanoseconds()  # as a float, it would be rounded
        assert value in permitted.values
        assert value is None or value in self.written[key]
        assert value not in self.expirations or now < self.expirations[value] * NANOSECONDS
        assert self.net.history[-1].outcome == "ok"


async def allowed_to_fail(operation: Any) -> None:
    try:
        await operation
    except KVError as error:
        if error.status != 429:
            raise


@settings(max_examples=300, deadline=None)
@given(st.lists(STEPS, max_size=40))
def test_every_realistic_read_returns_a_member_of_may_read(steps: list[Any]) -> None:
    asyncio.run(Program().run(steps))


@settings(max_examples=100, deadline=None)
@given(st.lists(STEPS, max_size=40))
def test_every_read_returns_a_member_of_may_read_without_a_write_limit(steps: list[Any]) -> None:
    limits = Limits(writes_per_second_per_key=None)

    asyncio.run(Program(limits=limits, regions={"ONE": LOCATIONS}).run(steps))


@settings(max_examples=100, deadline=None)
@given(st.lists(STEPS, max_size=40), st.sampled_from([0, 5, 1000]))
def test_more_grace_never_removes_an_allowed_version(
    steps: list[Any], staleness_grace_seconds: float
) -> None:
    program = Program()
    asyncio.run(program.run(steps))

    for key in KEYS:
        strict = program.net.may_read(key, at="LHR")
        lenient = program.net.may_read(
            key, at="LHR", staleness_grace_seconds=staleness_grace_seconds
        )
        assert [each.version for each in lenient][: len(strict)] == [
            each.version for each in strict
        ]


@settings(max_examples=40, deadline=None)
@given(st.lists(READS | WRITES, min_size=2, max_size=10), st.integers(0, 2**32))
def test_with_latency_a_read_returns_a_version_allowed_while_it_ran(
    steps: list[Any], seed: int
) -> None:
    clock = VirtualClock()
    net = EdgeNetwork(*LOCATIONS, latency="2025", clock=clock, seed=seed)
    moments: dict[str, list[set[object]]] = {key: [] for key in KEYS}

    def look() -> None:
        for key in KEYS:
            moments[key].append(set(net.may_read(key, at="LHR").values))

    async def operate(number: int, what: str, location: str, key: str) -> None:
        kv = net.kv(location)
        begun = len(moments[key]) - 1
        if what in ("get", "many", "entry"):
            value = await kv.get(key)
            look()
            assert any(value in permitted for permitted in moments[key][begun:])
        elif what == "delete":
            await allowed_to_fail(kv.delete(key))
        else:
            await allowed_to_fail(kv.put(key, f"{key} {number}"))

    async def program() -> None:
        look()
        tasks = [
            asyncio.create_task(operate(number, what, location, key))
            for number, (what, location, key, _) in enumerate(steps)
        ]
        while not all(task.done() for task in tasks):
            for _ in range(3):
                await asyncio.sleep(0)
            look()
            clock.advance(0.004)
        await asyncio.gather(*tasks)

    asyncio.run(program())


@pytest.mark.parametrize("location", LOCATIONS)
async def test_a_location_reads_its_own_write_at_once(location: str) -> None:
    net = EdgeNetwork(*LOCATIONS)
    kv = net.kv(location)

    for number in range(5):
        await kv.get("k")
        await kv.put("k", str(number))
        assert await kv.get("k") == str(number)
        net.clock.advance(1)
