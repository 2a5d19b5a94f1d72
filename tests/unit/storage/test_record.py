"""`Record`, `Found` and `Page`: defaults, equality, unknown attributes; and sizes in bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pykvbinding.storage.record import Found, Page, Record, byte_length, size_of


def test_a_record_has_neither_metadata_nor_expiration_unless_given() -> None:
    record = Record("value")

    assert (record.value, record.metadata, record.expiration) == ("value", None, None)


def test_records_of_the_same_content_are_equal() -> None:
    assert Record("v", '{"n":1}', 60) == Record("v", '{"n":1}', 60)


def test_text_and_its_bytes_are_different_values() -> None:
    assert Record("v") != Record(b"v")


def test_found_names_no_cache_unless_given() -> None:
    assert Found(None).cache_status is None


def test_a_page_names_no_cache_unless_given() -> None:
    assert Page([], {}, None).cache_status is None


@pytest.mark.parametrize("plain", [Record("v"), Found(None), Page([], {}, None)], ids=repr)
def test_a_plain_value_takes_no_other_attribute(plain: object) -> None:
    with pytest.raises(AttributeError):
        plain.metdata = "1"  # type: ignore[attr-defined]


@given(st.text())
def test_byte_length_of_text_is_that_of_its_utf_8(text: str) -> None:
    assert byte_length(text) == byte_length(text.encode()) == len(text.encode())


def test_size_counts_the_key_the_value_and_the_metadata() -> None:
    assert size_of("é", Record("ab", '{"n":1}', 1_700_000_000)) == 2 + 2 + 7
    assert size_of("k", Record(b"\xff\xff")) == 3


def test_size_is_0_without_a_record() -> None:
    assert size_of("k", None) == 0
