"""`Namespace.copy_from`, and the count of direct writes."""

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


# direct_write_count


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
def test_direct_writes_are_counted(
    namespace: Namespace, change: Callable[[Namespace], None]
) -> None:
    before = namespace.direct_write_count

    change(namespace)

    assert namespace.direct_write_count > before


async def test_reads_and_binding_operations_are_not_counted(
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


def test_a_rejected_seed_is_not_counted(namespace: Namespace) -> None:
    before = namespace.direct_write_count

    with pytest.raises(KVError):
        namespace.seed({"a": "1", "": "2"})

    assert namespace.direct_write_count == before


# copy_from


@settings(deadline=None)
@given(ITEMS)
def test_copies_every_key(items: Any) -> None:
    original, copied = new(), new()
    original.seed(items)

    copied.copy_from(original)

    assert content(copied, items) == content(original, items)
    assert copied.dump() == original.dump()


def test_a_copy_keeps_other_keys_and_replaces_equal_ones(
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


def test_copies_only_keys_that_are_live_by_the_clock_of_the_source(namespace: Namespace) -> None:
    later = VirtualClock(START + 60)
    original = new(later)
    original.seed({"a": ("1", {"expiration": START + 61}), "b": ("2", {"expirationTtl": 10})})
    later.advance(1)

    namespace.copy_from(original)

    assert (namespace.peek("a"), namespace.peek("b")) == (None, "2")


def test_a_copy_is_independent_of_its_source(namespace: Namespace) -> None:
    original = new()
    original.seed({"a": "1"})
    namespace.copy_from(original)

    original.seed({"a": "2"})
    namespace.seed({"b": "3"})

    assert (namespace.peek("a"), original.peek("b")) == ("1", None)
