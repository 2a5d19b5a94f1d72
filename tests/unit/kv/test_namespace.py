"""`kv.namespace`: peek, peek_entry, len, clear, dump and load."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pykvbinding import KVNamespace, Limits, VirtualClock
from pykvbinding.kv.namespace import Namespace

START = 1_700_000_000

NUMBERS = st.integers(-(2**53) + 1, 2**53 - 1)
METADATA = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
ITEMS = st.dictionaries(
    st.text(min_size=1, max_size=20).filter(lambda key: key not in (".", "..")),
    st.fixed_dictionaries(
        {"value": st.text() | st.binary()},
        optional={
            "metadata": METADATA,
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


# Attributes


def test_a_namespace_has_a_title_and_an_id() -> None:
    kv = KVNamespace(title="SESSIONS", id="0123abcd")

    assert (kv.namespace.title, kv.namespace.id) == ("SESSIONS", "0123abcd")


def test_the_id_defaults_to_the_title() -> None:
    assert KVNamespace(title="SESSIONS").namespace.id == "SESSIONS"


def test_a_namespace_has_a_clock_and_limits(clock: VirtualClock) -> None:
    limits = Limits(max_key_bytes=1)

    namespace = KVNamespace(clock=clock, limits=limits).namespace

    assert namespace.clock is clock
    assert namespace.limits is limits


# peek and peek_entry


def test_peek_returns_text_as_str_and_bytes_as_bytes(namespace: Namespace) -> None:
    namespace.seed({"text": "é", "bytes": "é".encode()})

    assert namespace.peek("text") == "é"
    assert namespace.peek("bytes") == b"\xc3\xa9"


def test_peek_returns_none_for_a_missing_key(namespace: Namespace) -> None:
    assert namespace.peek("a") is None


async def test_peek_returns_the_value_of_a_put(clock: VirtualClock) -> None:
    kv = KVNamespace(clock=clock)

    await kv.put("a", "1")

    assert kv.namespace.peek("a") == "1"


def test_peek_returns_none_from_the_expiration_on(
    namespace: Namespace, clock: VirtualClock
) -> None:
    namespace.seed({"a": ("1", {"expirationTtl": 60})})

    clock.advance(59)
    before = namespace.peek("a")
    clock.advance(1)

    assert before == "1"
    assert namespace.peek("a") is None


def test_peek_does_not_evict_expired_records(namespace: Namespace, clock: VirtualClock) -> None:
    namespace.seed({"a": ("1", {"expirationTtl": 60})})
    clock.advance(60)

    looks = namespace.peek("a"), namespace.peek_entry("a"), "a" in namespace

    assert looks == (None, None, False)
    assert namespace.store.engine.lookup("a") is not None


def test_peek_entry_returns_value_metadata_and_expiration(namespace: Namespace) -> None:
    namespace.seed({"a": ("1", {"metadata": {"n": [1, None]}, "expirationTtl": 60})})

    entry = namespace.peek_entry("a")

    assert entry == {"value": "1", "metadata": {"n": [1, None]}, "expiration": START + 60}


def test_peek_entry_returns_none_for_missing_metadata_and_expiration(namespace: Namespace) -> None:
    namespace.seed({"a": b"1"})

    assert namespace.peek_entry("a") == {"value": b"1", "metadata": None, "expiration": None}


def test_an_entry_has_attributes(namespace: Namespace) -> None:
    namespace.seed({"a": ("1", {"metadata": {"n": 1}})})

    entry = namespace.peek_entry("a")

    assert entry is not None
    assert (entry.value, entry.metadata.n, entry.expiration) == ("1", 1, None)


def test_peek_entry_returns_none_for_a_missing_key(namespace: Namespace) -> None:
    assert namespace.peek_entry("a") is None


def test_changing_an_entry_does_not_change_the_record(namespace: Namespace) -> None:
    namespace.seed({"a": ("1", {"metadata": {"n": 1}})})

    first = namespace.peek_entry("a")
    assert first is not None
    first.metadata["n"] = 2

    assert content(namespace, "a")["a"].metadata == {"n": 1}


# len, bool, contains, repr, clear


def test_len_counts_the_live_keys(namespace: Namespace, clock: VirtualClock) -> None:
    namespace.seed({"a": "1", "b": ("2", {"expirationTtl": 60})})

    before = len(namespace)
    clock.advance(60)

    assert (before, len(namespace)) == (2, 1)


def test_an_empty_namespace_is_true(namespace: Namespace) -> None:
    assert namespace
    assert len(namespace) == 0


def test_contains_existing_keys(namespace: Namespace) -> None:
    namespace.seed({"a": ""})

    assert "a" in namespace
    assert "b" not in namespace


def test_repr_shows_the_title_and_the_size(namespace: Namespace) -> None:
    namespace.seed({"a": "1", "b": "2"})

    assert repr(namespace) == "<Namespace 'KV': 2 keys>"


def test_clear_removes_every_key(namespace: Namespace) -> None:
    namespace.seed({"a": "1", "b": ("2", {"metadata": 1, "expirationTtl": 60})})

    namespace.clear()

    assert content(namespace, "ab") == {"a": None, "b": None}
    assert len(namespace) == 0


async def test_clear_affects_bindings(kv: KVNamespace) -> None:
    await kv.put("a", "1")

    kv.namespace.clear()

    assert await kv.get("a") is None


# dump and load


@settings(max_examples=60, deadline=None)
@given(ITEMS)
def test_load_restores_a_dump(items: dict[str, Any]) -> None:
    original, copy = new(), new()
    original.seed(items)

    copy.load(original.dump())

    assert content(copy, items) == content(original, items)
    assert len(copy) == len(items)


@settings(max_examples=60, deadline=None)
@given(ITEMS)
def test_equal_content_gives_equal_bytes(items: dict[str, Any]) -> None:
    one, other = new(), new()

    one.seed(items)
    other.seed({"brief": "1", **dict(reversed(items.items()))})
    other.store.engine.erase("brief")
    one.store.engine.erase("brief")

    assert one.dump() == other.dump()


def test_dump_omits_expired_keys(namespace: Namespace, clock: VirtualClock) -> None:
    namespace.seed({"a": ("1", {"expirationTtl": 60})})

    clock.advance(60)

    assert namespace.dump() == new().dump()


def test_dump_has_no_side_effects(namespace: Namespace) -> None:
    namespace.seed({"a": "1"})

    namespace.dump()

    assert namespace.peek("a") == "1"


def test_load_replaces_every_key(namespace: Namespace) -> None:
    other = new()
    other.seed({"new": "2"})
    namespace.seed({"old": "1"})

    namespace.load(other.dump())

    assert content(namespace, ["old"]) == {"old": None}
    assert namespace.peek("new") == "2"


def test_loaded_keys_keep_their_expiration(namespace: Namespace, clock: VirtualClock) -> None:
    namespace.seed({"a": ("1", {"expirationTtl": 60})})
    snapshot = namespace.dump()

    clock.advance(60)
    namespace.load(snapshot)

    assert len(namespace) == 0


async def test_load_affects_bindings(kv: KVNamespace) -> None:
    other = new()
    other.seed({"a": ("1", {"metadata": {"n": 1}})})

    kv.namespace.load(other.dump())

    assert await kv.get("a") == "1"
    assert (await kv.list())["keys"] == [{"name": "a", "metadata": {"n": 1}}]


DAMAGED = "the snapshot is truncated or damaged; nothing was loaded. Call dump() again"
FOREIGN = "load() expects bytes returned by kv.namespace.dump()"
NEWER = (
    "the snapshot has version 2, but this pykvbinding reads at most version 1; "
    "nothing was loaded. Upgrade pykvbinding, or dump() with this version"
)


@pytest.mark.parametrize(
    ("spoil", "text"),
    [
        (lambda snapshot: b"", DAMAGED),
        (lambda snapshot: snapshot[:-1], DAMAGED),
        (lambda snapshot: snapshot + b"\x00", DAMAGED),
        (lambda snapshot: b"{}", FOREIGN),
        (lambda snapshot: snapshot[:13] + b"\x02" + snapshot[14:], NEWER),
    ],
    ids=["empty", "truncated", "longer", "foreign", "newer"],
)
def test_a_rejected_snapshot_changes_nothing(namespace: Namespace, spoil: Any, text: str) -> None:
    other = new()
    other.seed({"new": "2"})
    namespace.seed({"old": "1"})
    before = namespace.dump()

    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        namespace.load(spoil(other.dump()))

    assert namespace.dump() == before


def test_rejects_a_snapshot_that_is_not_bytes_without_a_change(namespace: Namespace) -> None:
    namespace.seed({"old": "1"})
    text = "load() expects bytes returned by kv.namespace.dump(), not str"

    with pytest.raises(TypeError, match=f"^{re.escape(text)}$"):
        namespace.load("text")  # type: ignore[arg-type]

    assert namespace.peek("old") == "1"
