"""The values that cross the seam: their defaults, their equality, and that a typo in one fails."""

import pytest

from pykvbinding.storage.record import Found, Page, Record


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
