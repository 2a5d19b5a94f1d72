"""Snapshots: round trip, and rejection of damaged or other bytes."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pykvbinding.storage.record import Record
from pykvbinding.storage.snapshot import MAGIC, VERSION, dump_records, load_records
from tests.support.assertions import exactly

INT32 = st.integers(-(2**31), 2**31 - 1)
RECORDS = st.builds(
    Record,
    st.text() | st.binary(),
    st.none() | st.text(),
    st.none() | INT32,
)
ITEMS = st.dictionaries(st.text(min_size=1), RECORDS)

SMALL = dump_records([("a", Record("1", '{"n":1}', 1_700_000_060)), ("é", Record(b"\xff"))])

DAMAGED = "the snapshot is truncated or damaged; nothing was loaded. Call dump() again"
FOREIGN = "load() expects bytes returned by kv.namespace.dump()"


def newer(version: int) -> str:
    return (
        f"the snapshot has version {version}, but this pykvbinding reads at most version "
        f"{VERSION}; nothing was loaded. Upgrade pykvbinding, or dump() with this version"
    )


@settings(max_examples=100, deadline=None)
@given(ITEMS)
def test_records_round_trip_in_order(items: dict[str, Record]) -> None:
    assert load_records(dump_records(items.items())) == list(items.items())


@settings(max_examples=50, deadline=None)
@given(ITEMS)
def test_equal_items_give_equal_bytes(items: dict[str, Record]) -> None:
    assert dump_records(items.items()) == dump_records(load_records(dump_records(items.items())))


def test_text_and_bytes_keep_their_types() -> None:
    items = [("text", Record("v")), ("bytes", Record(b"v"))]

    assert [record.value for _, record in load_records(dump_records(items))] == ["v", b"v"]


def test_an_empty_snapshot_round_trips() -> None:
    assert load_records(dump_records([])) == []


def test_the_format_of_snapshots_is_stable() -> None:
    snapshot = bytes.fromhex("70796b7662696e64696e670000016b7d41a69194a161a131c0c0")

    assert dump_records([("a", Record("1"))]) == snapshot


@pytest.mark.parametrize("length", range(len(SMALL)))
def test_rejects_a_truncated_snapshot(length: int) -> None:
    with pytest.raises(ValueError, match=exactly(DAMAGED)):
        load_records(SMALL[:length])


def test_rejects_trailing_bytes() -> None:
    with pytest.raises(ValueError, match=exactly(DAMAGED)):
        load_records(SMALL + b"\x00")


@pytest.mark.parametrize("position", range(len(SMALL)))
def test_rejects_a_changed_byte(position: int) -> None:
    flipped = bytearray(SMALL)
    flipped[position] ^= 0xFF

    with pytest.raises(ValueError, match=exactly(_expected_error(position))):
        load_records(bytes(flipped))


def _expected_error(position: int) -> str:
    """Return the error for a snapshot with a changed byte at `position`."""
    if position < len(MAGIC):
        return FOREIGN
    if position < len(MAGIC) + 2:
        high, low = (0xFF00 | VERSION, VERSION ^ 0xFF)
        return newer(high if position == len(MAGIC) else low)
    return DAMAGED


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(SMALL) * 8 - 1).filter(lambda bit: bit != 13 * 8))
def test_rejects_a_changed_bit(bit: int) -> None:
    flipped = bytearray(SMALL)
    flipped[bit // 8] ^= 1 << bit % 8

    with pytest.raises(ValueError):  # noqa: PT011 -- its text depends on the position
        load_records(bytes(flipped))


def test_rejects_version_0() -> None:
    snapshot = MAGIC + b"\x00\x00" + SMALL[len(MAGIC) + 2 :]

    with pytest.raises(ValueError, match=exactly(DAMAGED)):
        load_records(snapshot)


@pytest.mark.parametrize("foreign", [b"{}", b"PK\x03\x04", b"pykvbindinG\x00", b"x" * 100])
def test_rejects_other_bytes(foreign: bytes) -> None:
    with pytest.raises(ValueError, match=exactly(FOREIGN)):
        load_records(foreign)


@settings(max_examples=50, deadline=None)
@given(st.binary(min_size=1).filter(lambda raw: not MAGIC.startswith(raw[: len(MAGIC)])))
def test_rejects_arbitrary_bytes(foreign: bytes) -> None:
    with pytest.raises(ValueError, match=exactly(FOREIGN)):
        load_records(foreign)


@pytest.mark.parametrize("version", [VERSION + 1, 65535])
def test_rejects_a_newer_version_with_any_content(version: int) -> None:
    snapshot = MAGIC + version.to_bytes(2, "big") + b"\x00" * 20

    with pytest.raises(ValueError, match=exactly(newer(version))):
        load_records(snapshot)


@pytest.mark.parametrize(
    ("wrong", "name"),
    [("text", "str"), (bytearray(SMALL), "bytearray"), (None, "NoneType"), ([], "list")],
)
def test_rejects_an_argument_that_is_not_bytes(wrong: Any, name: str) -> None:
    text = f"load() expects bytes returned by kv.namespace.dump(), not {name}"

    with pytest.raises(TypeError, match=exactly(text)):
        load_records(wrong)
