"""`Record`, `ReadResult` and `ListPage`, and sizes in bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pykvbinding.storage.record import ListPage, ReadResult, Record, byte_length, record_size


def test_metadata_and_expiration_default_to_none() -> None:
    record = Record("value")

    assert (record.value, record.metadata, record.expiration) == ("value", None, None)


def test_records_with_equal_content_are_equal() -> None:
    assert Record("v", '{"n":1}', 60) == Record("v", '{"n":1}', 60)


def test_text_and_its_bytes_are_different_values() -> None:
    assert Record("v") != Record(b"v")


def test_cache_status_of_a_read_result_defaults_to_none() -> None:
    assert ReadResult(None).cache_status is None


def test_cache_status_of_a_page_defaults_to_none() -> None:
    assert ListPage([], {}, None).cache_status is None


@pytest.mark.parametrize("plain", [Record("v"), ReadResult(None), ListPage([], {}, None)], ids=repr)
def test_values_have_no_other_attributes(plain: object) -> None:
    with pytest.raises(AttributeError):
        plain.metdata = "1"  # type: ignore[attr-defined]


@given(st.text())
def test_byte_length_of_text_is_its_length_in_utf_8(text: str) -> None:
    assert byte_length(text) == byte_length(text.encode()) == len(text.encode())


def test_record_size_includes_key_value_and_metadata() -> None:
    assert record_size("é", Record("ab", '{"n":1}', 1_700_000_000)) == 2 + 2 + 7
    assert record_size("k", Record(b"\xff\xff")) == 3


def test_record_size_is_0_without_a_record() -> None:
    assert record_size("k", None) == 0
