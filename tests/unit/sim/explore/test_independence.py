"""The independence of steps: by session, kind, namespace and key."""

from dataclasses import replace

import pytest

from pykvbinding.sim.explore.independence import TIME, SearchStep, are_dependent

READ = SearchStep("#1", "1", "get", "n", ("user:1",), is_barrier=False)


def step(kind: str, *keys: str, actor: str = "#2", space: str = "n") -> SearchStep:
    return SearchStep(actor, "2", kind, space, keys, is_barrier=False)


@pytest.mark.parametrize(
    ("one", "other", "are_ordered"),
    [
        (READ, step("get", "user:1"), False),
        (READ, step("put", "user:1"), True),
        (READ, step("delete", "user:1"), True),
        (READ, step("put", "user:2"), False),
        (READ, step("put", "user:1", space="m"), False),
        (READ, step("get", "user:2", actor="#1"), True),
        (step("put", "a"), step("put", "a", actor="#1"), True),
        (step("get", "a", "b"), step("put", "b", actor="#1"), True),
        (step("list", "user:"), replace(READ, kind="put"), True),
        (step("list", "order:"), replace(READ, kind="put"), False),
        (step("list", "user:"), READ, False),
        (step("list", ""), step("list", "", actor="#1"), False),
        (step("external", "charge"), step("external", "mail", actor="#1"), True),
        (step("external", "user:1"), replace(READ, kind="put"), False),
        (READ, TIME, True),
        (step("external", "charge"), TIME, True),
    ],
)
def test_dependence_is_symmetric(one: SearchStep, other: SearchStep, are_ordered: bool) -> None:
    assert are_dependent(one, other) is are_ordered
    assert are_dependent(other, one) is are_ordered


@pytest.mark.parametrize(
    ("one", "other", "are_ordered"),
    [
        (READ, step("get", "user:1"), True),
        (READ, step("get", "user:2"), False),
        (READ, step("list", "user:"), True),
        (READ, step("list", "order:"), False),
        (step("list", "a"), step("list", "b", actor="#1"), True),
    ],
)
def test_reads_are_dependent_if_locations_remember_them(
    one: SearchStep, other: SearchStep, are_ordered: bool
) -> None:
    assert are_dependent(one, other, ordered_reads=True) is are_ordered
    assert are_dependent(other, one, ordered_reads=True) is are_ordered


def test_a_barrier_is_dependent_on_every_step() -> None:
    awaited = replace(step("get", "elsewhere"), is_barrier=True)

    assert are_dependent(READ, awaited)
    assert are_dependent(awaited, READ)


def test_a_step_shows_its_name_kind_and_keys() -> None:
    assert str(READ) == "1 get user:1"
