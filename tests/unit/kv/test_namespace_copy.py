"""A namespace that takes over another, and the revision that tells of every change by the test."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pykvbinding import KVError, KVNamespace, VirtualClock
from pykvbinding.kv.namespace import Namespace

START = 1_700_000_000

ITEMS = st.dictionaries(
    st.text(min_size=3, max_size=20),
    st.fixed_dictionaries(
        {"value": st.text() | st.binary()},
        optional={
            "metadata": st.none() | st.booleans() | st.lists(st.text(), max_size=3),
            "expiration": st.integers(START + 1, 2**31 - 1),
        },
    ),
    max_size=8,
)


@pytest.fixture
def namespace(clock: VirtualClock) -> Namespace:
    return new(clock)


def new(clock: VirtualClock | None = None) -> Namespace:
    return KVNamespace(clock=clock or VirtualClock(START)).namespace


def content(namespace: Namespace, keys: Any) -> dict[str, Any]:
    return {key: namespace.peek_entry(key) for key in keys}


# revision


@pytest.mark.parametrize(
    "change",
    [
        lambda namespace: namespace.seed({"a": "1"}),
        lambda namespace: namespace.clear(),
        lambda namespace: namespace.load(namespace.dump()),
        lambda namespace: namespace.copy_from(new()),
    ],
    ids=["seed", "clear", "load", "copy_from"],
)
def test_every_change_by_the_test_makes_another_revision(
    namespace: Namespace, change: Callable[[Namespace], None]
) -> None:
    before = namespace.direct_write_count

    change(namespace)

    assert namespace.direct_write_count > before


async def test_neither_looking_nor_what_a_handler_does_makes_another_revision(
    kv: KVNamespace,
) -> None:
    namespace = kv.namespace
    namespace.seed({"a": "1"})
    before = namespace.direct_write_count

    await kv.put("b", "2")
    await kv.delete("a")
    looks = namespace.peek("a"), namespace.peek_entry("b"), len(namespace), namespace.dump()

    assert looks[2] == 1
    assert namespace.direct_write_count == before


def test_a_seed_that_is_refused_makes_no_other_revision(namespace: Namespace) -> None:
    before = namespace.direct_write_count

    with pytest.raises(KVError):
        namespace.seed({"a": "1", "": "2"})

    assert namespace.direct_write_count == before


# copy_from


@settings(deadline=None)
@given(ITEMS)
def test_a_copy_has_all_that_the_other_has(items: Any) -> None:
    original, copied = new(), new()
    original.seed(items)

    copied.copy_from(original)

    assert content(copied, items) == content(original, items)
    assert copied.dump() == original.dump()


def test_a_copy_adds_to_what_is_there_and_replaces_what_has_the_same_name(
    namespace: Namespace,
) -> None:
    original = new()
    original.seed({"a": "new"})
    namespace.seed({"a": ("old", {"metadata": 1}), "b": "stays"})

    namespace.copy_from(original)

    assert content(namespace, "ab") == {
        "a": {"value": "new", "metadata": None, "expiration": None},
        "b": {"value": "stays", "metadata": None, "expiration": None},
    }


def test_only_what_lives_by_the_clock_of_the_other_is_copied(namespace: Namespace) -> None:
    later = VirtualClock(START + 60)
    original = new(later)
    original.seed({"a": ("1", {"expiration": START + 61}), "b": ("2", {"expirationTtl": 10})})
    later.advance(1)

    namespace.copy_from(original)

    assert (namespace.peek("a"), namespace.peek("b")) == (None, "2")


def test_a_copy_and_its_original_go_their_own_ways(namespace: Namespace) -> None:
    original = new()
    original.seed({"a": "1"})
    namespace.copy_from(original)

    original.seed({"a": "2"})
    namespace.seed({"b": "3"})

    assert (namespace.peek("a"), original.peek("b")) == ("1", None)
