"""Selection of the lapse effects that matter to later operations."""

import pytest

from pykvbinding.sim.render.lapse_effects import select_lapse_effects
from pykvbinding.sim.trace import Event, LapseEffect, LapseEffectKind
from tests.support.trace_builder import TraceBuilder


def effect(
    kind: LapseEffectKind, key: str = "a", version: int = 0, at: int = 0, ttl: float = 60
) -> LapseEffect:
    return LapseEffect(kind=kind, at=at, binding="KV", key=key, version=version, cache_ttl=ttl)


def lapse(*effects: LapseEffect) -> Event:
    return Event(number=1, kind="lapse", at=60, invoked=0, lapse_effects=effects)


def select(lapse: Event, *later: Event) -> list[list[LapseEffect]]:
    return select_lapse_effects(lapse, later)


@pytest.fixture
def builder() -> TraceBuilder:
    builder = TraceBuilder("LHR")
    builder.start("visit", "LHR")
    return builder


def test_a_limit_matters_to_a_later_write(builder: TraceBuilder) -> None:
    limit = effect("limit")

    assert select(lapse(limit), builder.put(1, "a", "1")) == [[limit]]
    assert select(lapse(limit), builder.put(1, "a", None)) == [[limit]]
    assert select(lapse(limit), builder.put(1, "b", "1")) == []
    assert select(lapse(limit), builder.get(1, "a")) == []


def test_an_expiration_matters_to_a_later_read(builder: TraceBuilder) -> None:
    expiry = effect("expiry", version=1)

    assert select(lapse(expiry), builder.get(1, "b", "a", ttl=300)) == [[expiry]]
    assert select(lapse(expiry), builder.list(1, "", "a")) == [[expiry]]
    assert select(lapse(expiry), builder.get(1, "b")) == []
    assert select(lapse(expiry), builder.put(1, "a", "1")) == []


def test_the_age_of_a_copy_matters_to_a_later_read_with_that_cache_ttl(
    builder: TraceBuilder,
) -> None:
    usual, long = effect("copy"), effect("copy", ttl=300)

    assert select(lapse(usual, long), builder.get(1, "a", ttl=60)) == [[usual]]
    assert select(lapse(usual, long), builder.get(1, "a", ttl=300)) == [[long]]
    assert select(lapse(usual, long), builder.list(1, "", "a")) == [[usual]]


def test_a_timer_always_matters() -> None:
    timer = LapseEffect(kind="timer", at=5, invocation=2)

    assert select(lapse(timer)) == [[timer]]


def test_ignores_the_same_key_in_another_binding(builder: TraceBuilder) -> None:
    assert select(lapse(effect("limit")), builder.put(1, "a", "1", binding="OTHER")) == []


def test_effects_are_ordered_by_kind(builder: TraceBuilder) -> None:
    effects = [
        LapseEffect(kind="timer", at=0),
        effect("copy"),
        effect("expiry"),
        effect("limit"),
    ]

    groups = select(lapse(*effects), builder.get(1, "a", ttl=60), builder.put(1, "a", "1"))

    assert [group[0] for group in groups] == effects[::-1]


def test_groups_versions_of_one_key_oldest_first(builder: TraceBuilder) -> None:
    effects = [
        effect("copy", "b", 1),
        effect("copy", "a", 2),
        effect("copy", "a", 1),
        effect("copy", "a", 0),
    ]

    groups = select(lapse(*effects), builder.get(1, "a", "b", ttl=60))

    assert groups == [
        [effects[3], effects[2], effects[1]],
        [effects[0]],
    ]


def test_returns_the_last_effect_if_none_matters(builder: TraceBuilder) -> None:
    earlier, last, another = (
        effect("limit", at=59),
        effect("copy", at=60),
        effect("copy", "b", at=60),
    )

    assert select(lapse(earlier, last, another)) == [[last]]
    assert select(lapse(earlier)) == []
    assert select(lapse(earlier, last), builder.put(1, "a", "1")) == [[earlier]]
