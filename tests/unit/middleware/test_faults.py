"""`Fault`: matching operations, effects, and counts."""

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


class ScriptedChoice:
    """A choice source with predefined choices, which records its calls."""

    def __init__(self, *choices: int) -> None:
        self.choices = list(choices)
        self.calls: list[tuple[int, str]] = []

    def choose(self, n: int, label: str) -> int:
        self.calls.append((n, label))
        return self.choices.pop(0)


@pytest.fixture
def namespace(clock: VirtualClock) -> Namespace:
    return KVNamespace(clock=clock).namespace


@pytest.fixture
def faults(clock: VirtualClock) -> Faults:
    return Faults([], SeededChoice(0), clock)


@pytest.fixture
def kv(namespace: Namespace, faults: Faults) -> KVNamespace:
    return bind(namespace, FaultStore(namespace.store, faults))


async def outcomes(operations: list[Awaitable[object]]) -> str:
    """Return the outcome of each operation: "." for success, "x" for a failure."""
    results = await asyncio.gather(*operations, return_exceptions=True)
    assert all(
        isinstance(result, KVError) for result in results if isinstance(result, BaseException)
    )
    return "".join("x" if isinstance(result, KVError) else "." for result in results)


# Effects


CALLS: list[tuple[Callable[[KVNamespace], Awaitable[object]], str]] = [
    (lambda kv: kv.get("key"), "GET"),
    (lambda kv: kv.getWithMetadata("key"), "GET"),
    (lambda kv: kv.get(["key", "other"]), "GET_BULK"),
    (lambda kv: kv.put("key", "v"), "PUT"),
    (lambda kv: kv.delete("key"), "DELETE"),
    (lambda kv: kv.list(), "GET"),
]


@pytest.mark.parametrize(("call", "method"), CALLS, ids=[str(n) for n in range(len(CALLS))])
async def test_the_error_names_the_method(
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
async def test_operations_succeed_without_a_matching_rule(
    call: Callable[[KVNamespace], Awaitable[object]],
    method: str,
    kv: KVNamespace,
    faults: Faults,
) -> None:
    without = await call(kv)
    faults.add(Fault(key="another"))

    assert await call(kv) == without


async def test_the_status_and_reason_can_be_set(kv: KVNamespace, faults: Faults) -> None:
    faults.add(Fault(error="503 Service Unavailable"))

    with pytest.raises(KVError) as caught:
        await kv.put("key", "v")

    assert str(caught.value) == "KV PUT failed: 503 Service Unavailable"
    assert caught.value.status == 503


async def test_an_error_object_is_copied_for_each_operation(
    kv: KVNamespace, faults: Faults
) -> None:
    error = KVError("TypeError", "Network connection lost.", 0)
    faults.add(Fault(error=error))

    raised = []
    for _ in range(2):
        with pytest.raises(KVError, match=r"^Network connection lost\.$") as caught:
            await kv.get("key")
        raised.append(caught.value)

    assert [(error.name, error.status) for error in raised] == [("TypeError", 0)] * 2
    assert len({id(item) for item in (*raised, error)}) == 3


async def test_a_failed_write_has_no_effect(kv: KVNamespace, faults: Faults) -> None:
    faults.add(Fault(kind="put"))

    assert await refusal(kv.put("key", "v")) == DEFAULT
    assert await kv.get("key") is None


async def test_a_write_that_fails_after_has_taken_effect(kv: KVNamespace, faults: Faults) -> None:
    faults.add(Fault(kind="put", after=True))

    assert await refusal(kv.put("key", "v")) == DEFAULT
    assert await kv.get("key") == "v"


@pytest.mark.parametrize(("call", "method"), CALLS, ids=[str(n) for n in range(len(CALLS))])
async def test_every_operation_can_fail_after_its_effect(
    call: Callable[[KVNamespace], Awaitable[object]],
    method: str,
    kv: KVNamespace,
    faults: Faults,
) -> None:
    faults.add(Fault(after=True))

    assert await refusal(call(kv)) == f"KV {method} failed: 500 Internal Server Error"


async def test_a_delay_does_not_change_the_result(namespace: Namespace) -> None:
    clock = VirtualClock(0, autojump=True)
    faults = Faults([Fault(kind="get", error=None, delay_seconds=1.5)], SeededChoice(0), clock)
    kv = bind(namespace, FaultStore(namespace.store, faults))
    await kv.put("key", "v")

    assert await kv.get("key") == "v"
    assert clock.now() == 1.5


async def test_a_delay_is_before_or_after_the_effect(
    namespace: Namespace, clock: VirtualClock
) -> None:
    slow = [
        Fault(key="before", error=None, delay_seconds=1),
        Fault(key="after", error=None, delay_seconds=1, after=True),
    ]
    kv = bind(namespace, FaultStore(namespace.store, Faults(slow, SeededChoice(0), clock)))

    writes = [asyncio.ensure_future(kv.put(key, "v")) for key in ("before", "after")]
    await asyncio.sleep(0)
    at_once = namespace.peek("before"), namespace.peek("after")
    clock.advance(1)
    await asyncio.gather(*writes)

    assert at_once == (None, "v")
    assert namespace.peek("before") == "v"


async def test_delays_add_up_and_precede_the_error(namespace: Namespace) -> None:
    clock = VirtualClock(0, autojump=True)
    rules = [Fault(delay_seconds=1), Fault(error=None, delay_seconds=2)]
    kv = bind(namespace, FaultStore(namespace.store, Faults(rules, SeededChoice(0), clock)))

    assert await refusal(kv.put("key", "v")) == DEFAULT
    assert clock.now() == 3


# Matching


async def test_a_rule_matches_its_kind_only(kv: KVNamespace, faults: Faults) -> None:
    faults.add(Fault(kind="delete"))

    assert await outcomes([kv.get("k"), kv.put("k", "v"), kv.list(), kv.delete("k")]) == "...x"


async def test_a_key_is_a_case_sensitive_pattern(kv: KVNamespace, faults: Faults) -> None:
    faults.add(Fault(key="user:*"))

    assert await outcomes([kv.get(key) for key in ("user:1", "User:1", "a user:1")]) == "x.."


async def test_one_matching_key_of_a_bulk_read_is_enough(kv: KVNamespace, faults: Faults) -> None:
    faults.add(Fault(key="b?"))

    assert await outcomes([kv.get(["aa", "bb"]), kv.get(["aa", "cc"])]) == "x."


async def test_a_key_is_matched_against_the_prefix_of_a_list(
    kv: KVNamespace, faults: Faults
) -> None:
    faults.add(Fault(key="user:*"))

    assert await outcomes([kv.list(prefix="user:"), kv.list()]) == "x."


async def test_a_rule_with_a_location_matches_this_location_only(
    namespace: Namespace, faults: Faults
) -> None:
    faults.add(Fault(location="NRT"))
    stores = [FaultStore(namespace.store, faults, location) for location in ("LHR", "NRT", None)]

    assert await outcomes([bind(namespace, store).get("k") for store in stores]) == ".x."


async def test_nth_counts_matching_operations_only(kv: KVNamespace, faults: Faults) -> None:
    faults.add(Fault(kind="put", key="a*", nth=2))

    puts = [kv.put(key, "v") for key in ("a1", "b1", "a2", "a3")]
    assert await outcomes([kv.get("a1"), *puts]) == "...x."


async def test_rules_count_independently(kv: KVNamespace, faults: Faults) -> None:
    faults.add(Fault(nth=1))
    faults.add(Fault(nth=2))
    faults.add(Fault(nth=4))

    assert await outcomes([kv.get("k") for _ in range(5)]) == "xx.x."


async def test_the_first_matching_rule_raises(kv: KVNamespace, faults: Faults) -> None:
    first, second = Fault(error="502 Bad Gateway"), Fault(error="503 Service Unavailable")
    faults.add(first)
    faults.add(second)

    assert await refusal(kv.get("k")) == "KV GET failed: 502 Bad Gateway"
    assert (faults.hits(first), faults.hits(second)) == (1, 0)


# Probabilities


async def test_a_probability_is_a_choice_with_default_no_fault(namespace: Namespace) -> None:
    choice = ScriptedChoice(0, 1, 2, 3)
    faults = Faults([Fault(probability=0.25)], choice, VirtualClock())
    kv = bind(namespace, FaultStore(namespace.store, faults))

    assert await outcomes([kv.get("k") for _ in range(4)]) == "...x"
    assert choice.calls == [(4, "fault get k")] * 4


async def test_choices_are_made_for_matching_operations_only(namespace: Namespace) -> None:
    choice = ScriptedChoice(1)
    faults = Faults([Fault(probability=0.5, key="a", nth=2)], choice, VirtualClock())
    kv = bind(namespace, FaultStore(namespace.store, faults))

    assert await outcomes([kv.get(key) for key in "abaa"]) == "..x."


@pytest.mark.parametrize(("probability", "expected"), [(0, "..."), (0.0, "..."), (1, "xxx")])
async def test_probabilities_0_and_1_need_no_choice(
    probability: float, expected: str, namespace: Namespace
) -> None:
    faults = Faults([Fault(probability=probability)], ScriptedChoice(), VirtualClock())
    kv = bind(namespace, FaultStore(namespace.store, faults))

    assert await outcomes([kv.get("k") for _ in range(3)]) == expected


async def test_the_same_seed_gives_the_same_faults(namespace: Namespace) -> None:
    async def run(seed: int) -> str:
        faults = Faults([Fault(probability=0.3)], SeededChoice(seed), VirtualClock())
        kv = bind(namespace, FaultStore(namespace.store, faults))
        return await outcomes([kv.get("k") for _ in range(200)])

    first, again, other = await run(1), await run(1), await run(2)

    assert first == again != other
    assert 30 < first.count("x") < 90


@given(st.floats(1e-6, 1))
def test_the_share_of_faulty_outcomes_equals_the_probability(probability: float) -> None:
    choice = ScriptedChoice(*[0] * 2)
    faults = Faults([Fault(probability=probability)], choice, VirtualClock())

    faults.match("get", ("k",), None)
    outcome_count = choice.calls[0][0] if choice.calls else 1
    low, high = 0, outcome_count  # the lowest choice that is a fault
    while low < high:
        middle = (low + high) // 2
        choice.choices = [middle]
        if faults.match("get", ("k",), None):
            high = middle
        else:
            low = middle + 1

    assert (outcome_count - low) / outcome_count == pytest.approx(probability, rel=1e-3)


# Counts


async def test_counts_hits_and_lists_unused_rules(kv: KVNamespace, faults: Faults) -> None:
    used, unused = Fault(kind="get"), Fault(kind="put")
    faults.add(used)
    faults.add(unused)

    await outcomes([kv.get("k"), kv.get("k")])

    assert (faults.hits(used), faults.hits(unused), faults.hits(Fault())) == (2, 0, 0)
    assert faults.unused == (unused,)
    assert repr(faults) == "<Faults: 2 rules, 1 unused>"


async def test_cleared_rules_do_not_apply(kv: KVNamespace, faults: Faults) -> None:
    rule = Fault()
    faults.add(rule)
    await outcomes([kv.get("k")])

    faults.clear()

    assert await outcomes([kv.get("k"), kv.put("k", "v")]) == ".."
    assert (list(faults), faults.hits(rule), faults.unused) == ([], 0, ())


def test_faults_are_true_if_there_are_rules(faults: Faults) -> None:
    assert not faults

    faults.add(Fault(nth=1))

    assert faults
    assert list(faults) == [Fault(nth=1)]
