"""Bytes, in UTF-8."""

from hypothesis import given
from hypothesis import strategies as st

from pykvbinding.storage.record import Record
from pykvbinding.storage.size import byte_length, size_of


@given(st.text())
def test_text_is_as_long_as_its_bytes(text: str) -> None:
    assert byte_length(text) == byte_length(text.encode()) == len(text.encode())


def test_a_record_takes_its_key_its_value_and_its_metadata() -> None:
    assert size_of("é", Record("ab", '{"n":1}', 1_700_000_000)) == 2 + 2 + 7
    assert size_of("k", Record(b"\xff\xff")) == 3


def test_no_record_takes_nothing() -> None:
    assert size_of("k", None) == 0
