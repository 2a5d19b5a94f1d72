"""Snapshots: what goes in comes out, and bytes that are not whole or not ours are refused."""

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

DAMAGED = "this snapshot is truncated or damaged; nothing was loaded. dump() it again"
FOREIGN = "load() takes the bytes that kv.namespace.dump() returned; these are others"


def newer(version: int) -> str:
    return (
        f"this snapshot is of version {version} and this pykvbinding reads up to {VERSION}; "
        "nothing was loaded. Upgrade pykvbinding, or dump() with this version"
    )


@settings(max_examples=100, deadline=None)
@given(ITEMS)
def test_every_record_comes_back_in_its_order(items: dict[str, Record]) -> None:
    assert load_records(dump_records(items.items())) == list(items.items())


@settings(max_examples=50, deadline=None)
@given(ITEMS)
def test_the_same_items_give_the_same_bytes(items: dict[str, Record]) -> None:
    assert dump_records(items.items()) == dump_records(load_records(dump_records(items.items())))


def test_text_stays_text_and_bytes_stay_bytes() -> None:
    items = [("text", Record("v")), ("bytes", Record(b"v"))]

    assert [record.value for _, record in load_records(dump_records(items))] == ["v", b"v"]


def test_no_records_are_a_snapshot_too() -> None:
    assert load_records(dump_records([])) == []


def test_a_snapshot_is_the_same_in_every_release() -> None:
    snapshot = bytes.fromhex("70796b7662696e64696e670000016b7d41a69194a161a131c0c0")

    assert dump_records([("a", Record("1"))]) == snapshot


@pytest.mark.parametrize("length", range(len(SMALL)))
def test_a_truncated_snapshot_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match=exactly(DAMAGED)):
        load_records(SMALL[:length])


def test_a_snapshot_with_something_behind_it_is_refused() -> None:
    with pytest.raises(ValueError, match=exactly(DAMAGED)):
        load_records(SMALL + b"\x00")


@pytest.mark.parametrize("position", range(len(SMALL)))
def test_a_snapshot_with_a_flipped_byte_is_refused(position: int) -> None:
    flipped = bytearray(SMALL)
    flipped[position] ^= 0xFF

    with pytest.raises(ValueError, match=exactly(_flaw(position))):
        load_records(bytes(flipped))


def _flaw(position: int) -> str:
    """What a flipped byte at `position` makes of a snapshot."""
    if position < len(MAGIC):
        return FOREIGN
    if position < len(MAGIC) + 2:
        high, low = (0xFF00 | VERSION, VERSION ^ 0xFF)
        return newer(high if position == len(MAGIC) else low)
    return DAMAGED


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(SMALL) * 8 - 1).filter(lambda bit: bit != 13 * 8))
def test_a_snapshot_with_a_flipped_bit_is_refused(bit: int) -> None:
    flipped = bytearray(SMALL)
    flipped[bit // 8] ^= 1 << bit % 8

    with pytest.raises(ValueError):  # noqa: PT011 -- its text depends on the position
        load_records(bytes(flipped))


def test_a_snapshot_of_version_0_is_refused() -> None:
    snapshot = MAGIC + b"\x00\x00" + SMALL[len(MAGIC) + 2 :]

    with pytest.raises(ValueError, match=exactly(DAMAGED)):
        load_records(snapshot)


@pytest.mark.parametrize("foreign", [b"{}", b"PK\x03\x04", b"pykvbindinG\x00", b"x" * 100])
def test_foreign_bytes_are_refused(foreign: bytes) -> None:
    with pytest.raises(ValueError, match=exactly(FOREIGN)):
        load_records(foreign)


@settings(max_examples=50, deadline=None)
@given(st.binary(min_size=1).filter(lambda raw: not MAGIC.startswith(raw[: len(MAGIC)])))
def test_any_foreign_bytes_are_refused(foreign: bytes) -> None:
    with pytest.raises(ValueError, match=exactly(FOREIGN)):
        load_records(foreign)


@pytest.mark.parametrize("version", [VERSION + 1, 65535])
def test_a_newer_version_is_refused_whatever_is_in_it(version: int) -> None:
    snapshot = MAGIC + version.to_bytes(2, "big") + b"\x00" * 20

    with pytest.raises(ValueError, match=exactly(newer(version))):
        load_records(snapshot)


@pytest.mark.parametrize(
    ("wrong", "name"),
    [("text", "str"), (bytearray(SMALL), "bytearray"), (None, "NoneType"), ([], "list")],
)
def test_what_is_not_bytes_is_refused(wrong: Any, name: str) -> None:
    text = f"load() takes bytes from kv.namespace.dump(), not {name}"

    with pytest.raises(TypeError, match=exactly(text)):
        load_records(wrong)
