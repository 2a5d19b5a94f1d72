"""`JsDate` compared with `datetime`, and the parsing of texts that are not ISO dates."""

from datetime import UTC, datetime
from math import isnan

import pytest
from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st

from pykvbinding.js.types.date import JsDate, now, parse

DATETIMES = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31))


@given(DATETIMES)
def test_the_components_match_those_of_datetime(naive: datetime) -> None:
    aware = naive.replace(tzinfo=UTC, microsecond=naive.microsecond // 1000 * 1000)
    milliseconds = (aware - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000
    date = JsDate(round(milliseconds))

    assert (date.getFullYear(), date.getMonth() + 1, date.getDate()) == (
        aware.year,
        aware.month,
        aware.day,
    )
    assert (date.getHours(), date.getMinutes(), date.getSeconds()) == (
        aware.hour,
        aware.minute,
        aware.second,
    )
    assert date.getMilliseconds() == aware.microsecond // 1000
    assert date.getDay() == aware.isoweekday() % 7


@given(st.integers(-8_640_000_000_000_000, 8_640_000_000_000_000))
def test_parse_reads_the_iso_string_of_a_date(milliseconds: int) -> None:
    assert parse(JsDate(milliseconds).toISOString()) == milliseconds


@given(st.integers(-8_640_000_000_000_000, 8_640_000_000_000_000))
def test_the_components_of_a_date_make_the_same_date(milliseconds: int) -> None:
    date = JsDate(milliseconds)
    year = date.getFullYear()
    if 0 <= year <= 99:  # the constructor adds 1900 to such a year
        return

    same = JsDate(
        *(year, date.getMonth(), date.getDate()),
        *(date.getHours(), date.getMinutes(), date.getSeconds(), date.getMilliseconds()),
    )

    assert same.getTime() == milliseconds


@freeze_time("2026-01-02T03:04:05Z")
def test_now_uses_the_patched_time() -> None:
    assert JsDate().toISOString() == "2026-01-02T03:04:05.000Z"
    assert now() == 1_767_323_045_000


@pytest.mark.parametrize("text", ["Thu, 01 Jan 1970 00:00:10 +0000", "01 Jan 1970 00:00:10"])
def test_parse_reads_a_date_of_a_mail_header(text: str) -> None:
    assert parse(text) == 10_000


@pytest.mark.parametrize("text", ["", "soon", "2020-00-01", "2020-01-32", "2020-01-01T25:00"])
def test_parse_returns_nan_for_an_invalid_date(text: str) -> None:
    assert isnan(parse(text))


def test_dates_compare_by_time() -> None:
    assert JsDate(1) > JsDate(0)
    assert JsDate(1) <= JsDate(1)


@pytest.mark.parametrize("setter", ["setTime", "setFullYear", "setUTCHours"])
def test_setters_are_not_emulated(setter: str) -> None:
    with pytest.raises(NotImplementedError) as caught:
        getattr(JsDate(0), setter)

    assert str(caught.value) == (
        f"js.Date.{setter} is not emulated by pykvbinding; a test may supply its own: js.Date = …"
    )


def test_an_unknown_member_raises_attribute_error() -> None:
    assert not hasattr(JsDate(0), "setWeek")
