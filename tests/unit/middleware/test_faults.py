"""`Fault`: which operation meets it, what it does, and how often it did."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pykvbinding import KVError, KVNamespace, VirtualClock
from pykvbinding.choices import SeededChoice
from pykvbinding.kv.binding import bind
from pykvbinding.kv.namespace import Namespace
from pykvbinding.middleware.faults import Fault, Faults, FaultStore
from tests.support.assertions import refusal

DEFAULT = "KV PUT failed: 500 Internal Server Error"


class Script:
    """A choice that was written down beforehand, and what it was asked."""

    def __init__(self, *picks: int) -> None:
        self.picks = list(picks)
        self.asked: list[tuple[int, str]] = []

    def choose(self, n: int, label: str) -> int:
        self.asked.append((n, label))
        return self.picks.pop(0)


@pytest.fixture
def namespace(clock: VirtualClock) -> Namespace:
    return KVNamespace(clock=clock).namespace


@pytest.fixture
def faults(clock: VirtualClock) -> Faults:
    return Faults([], SeededChoice(0), clock)


@pytest.fixture
def kv(namespace: Namespace, faults: Faults) -> KVNamespace:
    return bind(namespace, FaultStore(namespace.store, faults))


async def fates(operations: list[Awaitable[object]]) -> str:
    """What became of each: "." for well, "x" for a failure."""
    answers = await asyncio.gather(*operations, return_exceptions=True)
    assert all(isinstance(each, KVError) for each in answers if isinstance(each, BaseException))
    return "".join("x" if isinstance(each, KVError) else "." for each in answers)


# What it does


CALLS: list[tuple[Callable[[KVNamespace], Awaitable[object]], str]] = [
    (lambda kv: kv.get("key"), "GET"),
    (lambda kv: kv.getWithMetadata("key"), "GET"),
    (lambda kv: kv.get(["key", "other"]), "GET_BULK"),
    (lambda kv: kv.put("key", "v"), "PUT"),
    (lambda kv: kv.delete("key"), "DELETE"),
    (lambda kv: kv.list(), "GET"),
]


@pytest.mark.parametrize(("call", "method"), CALLS, ids=[str(n) for n in range(len(CALLS))])
async def test_every_operation_fails_under_its_own_label(
    call: Callable[[KVNamespace], Awaitable[object]],
    method: str,
    kv: KVNamespace,
    faults: Faults,
) -> None:
    faults.add(Fault())

    with pytest.raises(KVError) as caught:
        await call(kv)

    assert str(caught.value) == f"KV {method} failed: 500 Internal Server Error"
    assert (caught.value.name, caught.value.status) == ("Error", 500)


@pytest.mark.parametrize(("call", "method"), CALLS, ids=[str(n) for n in range(len(CALLS))])
async def test_every_operation_goes_well_where_no_rule_meets_it(
    call: Callable[[KVNamespace], Awaitable[object]],
    method: str,
    kv: KVNamespace,
    faults: Faults,
) -> None:
    without = await call(kv)
    faults.add(Fault(key="another"))

    assert await call(kv) == without


async def test_an_error_may_have_another_status_and_reason(kv: KVNamespace, faults: Faults) -> None:
    faults.add(Fault(error="503 Service Unavailable"))

    with pytest.raises(KVError) as caught:
        await kv.put("key", "v")

    assert str(caught.value) == "KV PUT failed: 503 Service Unavailable"
    assert caught.value.status == 503


async def test_an_error_may_be_a_whole_one_and_each_time_it_is_another_object(
    kv: KVNamespace, faults: Faults
) -> None:
    error = KVError("TypeError", "Network connection lost.", 0)
    faults.add(Fault(error=error))

    raised = []
    for _ in range(2):
        with pytest.raises(KVError, match=r"^Network connection lost\.$") as caught:
            await kv.get("key")
        raised.append(caught.value)

    assert [(each.name, each.status) for each in raised] == [("TypeError", 0)] * 2
    assert len({id(each) for each in (*raised, error)}) == 3


async def test_a_write_that_fails_has_not_taken_effect(kv: KVNamespace, faults: Faults) -> None:
    faults.add(Fault(kind="put"))

    assert await refusal(kv.put("key", "v")) == DEFAULT
    assert await kv.get("key") is None


async def test_a_write_that_fails_afterwards_has_taken_effect(
    kv: KVNamespace, faults: Faults
) -> None:
    faults.add(Fault(kind="put", after=True))

    assert await refusal(kv.put("key", "v")) == DEFAULT
    assert await kv.get("key") == "v"


@pytest.mark.parametrize(("call", "method"), CALLS, ids=[str(n) for n in range(len(CALLS))])
async def test_every_operation_may_fail_afterwards(
    call: Callable[[KVNamespace], Awaitable[object]],
    method: str,
    kv: KVNamespace,
    faults: Faults,
) -> None:
    faults.add(Fault(after=True))

    assert await refusal(call(kv)) == f"KV {method} failed: 500 Internal Server Error"


async def test_a_delay_alone_takes_its_time_and_does_no_harm(namespace: Namespace) -> None:
    clock = VirtualClock(0, autojump=True)
    faults = Faults([Fault(kind="get", error=None, delay_seconds=1.5)], SeededChoice(0), clock)
    kv = bind(namespace, FaultStore(namespace.store, faults))
    await kv.put("key", "v")

    assert await kv.get("key") == "v"
    assert clock.now() == 1.5


async def test_a_delayed_write_takes_effect_after_the_delay_or_before_the_answer(
    namespace: Namespace, clock: VirtualClock
) -> None:
    slow = [
        Fault(key="late", error=None, delay_seconds=1),
        Fault(key="slow", error=None, delay_seconds=1, after=True),
    ]
    kv = bind(namespace, FaultStore(namespace.store, Faults(slow, SeededChoice(0), clock)))

    writes = [asyncio.ensure_future(kv.put(key, "v")) for key in ("late", "slow")]
    await asyncio.sleep(0)
    at_once = namespace.peek("late"), namespace.peek("slow")
    clock.advance(1)
    await asyncio.gather(*writes)

    assert at_once == (None, "v")
    assert namespace.peek("late") == "v"


async def test_delays_add_up_and_come_before_the_error(namespace: Namespace) -> None:
    clock = VirtualClock(0, autojump=True)
    rules = [Fault(delay_seconds=1), Fault(error=None, delay_seconds=2)]
    kv = bind(namespace, FaultStore(namespace.store, Faults(rules, SeededChoice(0), clock)))

    assert await refusal(kv.put("key", "v")) == DEFAULT
    assert clock.now() == 3


# Whom it meets


async def test_a_rule_of_a_kind_meets_no_other_kind(kv: KVNamespace, faults: Faults) -> None:
    faults.add(Fault(kind="delete"))

    assert await fates([kv.get("k"), kv.put("k", "v"), kv.list(), kv.delete("k")]) == "...x"


async def test_a_key_is_a_pattern_that_minds_case(kv: KVNamespace, faults: Faults) -> None:
    faults.add(Fault(key="user:*"))

    assert await fates([kv.get(key) for key in ("user:1", "User:1", "a user:1")]) == "x.."


async def test_one_key_of_several_is_enough(kv: KVNamespace, faults: Faults) -> None:
    faults.add(Fault(key="b?"))

    assert await fates([kv.get(["aa", "bb"]), kv.get(["aa", "cc"])]) == "x."


async def test_a_key_is_held_against_the_prefix_of_a_list(kv: KVNamespace, faults: Faults) -> None:
    faults.add(Fault(key="user:*"))

    assert await fates([kv.list(prefix="user:"), kv.list()]) == "x."


async def test_a_rule_of_a_location_meets_those_from_there(
    namespace: Namespace, faults: Faults
) -> None:
    faults.add(Fault(location="NRT"))
    stores = [FaultStore(namespace.store, faults, place) for place in ("LHR", "NRT", None)]

    assert await fates([bind(namespace, store).get("k") for store in stores]) == ".x."


async def test_the_nth_operation_is_counted_among_those_that_match(
    kv: KVNamespace, faults: Faults
) -> None:
    faults.add(Fault(kind="put", key="a*", nth=2))

    puts = [kv.put(key, "v") for key in ("a1", "b1", "a2", "a3")]
    assert await fates([kv.get("a1"), *puts]) == "...x."


async def test_rules_count_without_regard_to_each_other(kv: KVNamespace, faults: Faults) -> None:
    faults.add(Fault(nth=1))
    faults.add(Fault(nth=2))
    faults.add(Fault(nth=4))

    assert await fates([kv.get("k") for _ in range(5)]) == "xx.x."


async def test_the_first_of_two_rules_is_the_one_that_is_raised(
    kv: KVNamespace, faults: Faults
) -> None:
    first, second = Fault(error="502 Bad Gateway"), Fault(error="503 Service Unavailable")
    faults.add(first)
    faults.add(second)

    assert await refusal(kv.get("k")) == "KV GET failed: 502 Bad Gateway"
    assert (faults.hits(first), faults.hits(second)) == (1, 0)


# What is left to chance


async def test_a_probability_is_a_choice_whose_0_is_no_fault(namespace: Namespace) -> None:
    choice = Script(0, 1, 2, 3)
    faults = Faults([Fault(probability=0.25)], choice, VirtualClock())
    kv = bind(namespace, FaultStore(namespace.store, faults))

    assert await fates([kv.get("k") for _ in range(4)]) == "...x"
    assert choice.asked == [(4, "fault get k")] * 4


async def test_lots_are_drawn_only_for_what_the_rule_meets(namespace: Namespace) -> None:
    choice = Script(1)
    faults = Faults([Fault(probability=0.5, key="a", nth=2)], choice, VirtualClock())
    kv = bind(namespace, FaultStore(namespace.store, faults))

    assert await fates([kv.get(key) for key in "abaa"]) == "..x."


@pytest.mark.parametrize(("probability", "expected"), [(0, "..."), (0.0, "..."), (1, "xxx")])
async def test_never_and_always_are_no_choices(
    probability: float, expected: str, namespace: Namespace
) -> None:
    faults = Faults([Fault(probability=probability)], Script(), VirtualClock())
    kv = bind(namespace, FaultStore(namespace.store, faults))

    assert await fates([kv.get("k") for _ in range(3)]) == expected


async def test_the_same_seed_gives_the_same_faults(namespace: Namespace) -> None:
    async def run(seed: int) -> str:
        faults = Faults([Fault(probability=0.3)], SeededChoice(seed), VirtualClock())
        kv = bind(namespace, FaultStore(namespace.store, faults))
        return await fates([kv.get("k") for _ in range(200)])

    first, again, other = await run(1), await run(1), await run(2)

    assert first == again != other
    assert 30 < first.count("x") < 90


@given(st.floats(1e-6, 1))
def test_as_many_ways_lead_to_a_fault_as_the_probability_says(probability: float) -> None:
    choice = Script(*[0] * 2)
    faults = Faults([Fault(probability=probability)], choice, VirtualClock())

    faults.meet("get", ("k",), None)
    ways = choice.asked[0][0] if choice.asked else 1
    low, high = 0, ways  # the least pick that is a fault
    while low < high:
        middle = (low + high) // 2
        choice.picks = [middle]
        if faults.meet("get", ("k",), None):
            high = middle
        else:
            low = middle + 1

    assert (ways - low) / ways == pytest.approx(probability, rel=1e-3)


# Its accounts


async def test_hits_are_counted_and_unused_rules_are_told(kv: KVNamespace, faults: Faults) -> None:
    used, unused = Fault(kind="get"), Fault(kind="put")
    faults.add(used)
    faults.add(unused)

    await fates([kv.get("k"), kv.get("k")])

    assert (faults.hits(used), faults.hits(unused), faults.hits(Fault())) == (2, 0, 0)
    assert faults.unused == (unused,)
    assert repr(faults) == "<Faults: 2 rules, 1 unused>"


async def test_cleared_rules_are_no_longer_in_force(kv: KVNamespace, faults: Faults) -> None:
    rule = Fault()
    faults.add(rule)
    await fates([kv.get("k")])

    faults.clear()

    assert await fates([kv.get("k"), kv.put("k", "v")]) == ".."
    assert (list(faults), faults.hits(rule), faults.unused) == ([], 0, ())


def test_faults_are_true_while_there_are_rules(faults: Faults) -> None:
    assert not faults

    faults.add(Fault(nth=1))

    assert faults
    assert list(faults) == [Fault(nth=1)]
