"""`JsDate` against the calendar of Python, and what it makes of texts that are no ISO dates."""

from datetime import UTC, datetime
from math import isnan

import pytest
from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st

from pykvbinding.js.types.date import JsDate, now, parse

MOMENTS = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31))


@given(MOMENTS)
def test_the_parts_of_a_date_are_those_of_the_calendar(moment: datetime) -> None:
    zoned = moment.replace(tzinfo=UTC, microsecond=moment.microsecond // 1000 * 1000)
    milliseconds = (zoned - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000
    date = JsDate(round(milliseconds))

    assert (date.getFullYear(), date.getMonth() + 1, date.getDate()) == (
        zoned.year,
        zoned.month,
        zoned.day,
    )
    assert (date.getHours(), date.getMinutes(), date.getSeconds()) == (
        zoned.hour,
        zoned.minute,
        zoned.second,
    )
    assert date.getMilliseconds() == zoned.microsecond // 1000
    assert date.getDay() == zoned.isoweekday() % 7


@given(st.integers(-8_640_000_000_000_000, 8_640_000_000_000_000))
def test_what_a_date_spells_is_read_back(milliseconds: int) -> None:
    assert parse(JsDate(milliseconds).toISOString()) == milliseconds


@given(st.integers(-8_640_000_000_000_000, 8_640_000_000_000_000))
def test_the_parts_of_a_date_make_the_same_date(milliseconds: int) -> None:
    date = JsDate(milliseconds)
    year = date.getFullYear()
    if 0 <= year <= 99:  # two digits mean another century
        return

    made = JsDate(
        *(year, date.getMonth(), date.getDate()),
        *(date.getHours(), date.getMinutes(), date.getSeconds(), date.getMilliseconds()),
    )

    assert made.getTime() == milliseconds


@freeze_time("2026-01-02T03:04:05Z")
def test_now_is_asked_late() -> None:
    assert JsDate().toISOString() == "2026-01-02T03:04:05.000Z"
    assert now() == 1_767_323_045_000


@pytest.mark.parametrize("text", ["Thu, 01 Jan 1970 00:00:10 +0000", "01 Jan 1970 00:00:10"])
def test_a_date_of_a_mail_is_read(text: str) -> None:
    assert parse(text) == 10_000


@pytest.mark.parametrize("text", ["", "soon", "2020-00-01", "2020-01-32", "2020-01-01T25:00"])
def test_what_is_no_date_is_nan(text: str) -> None:
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


def test_an_unknown_member_is_an_attribute_error() -> None:
    assert not hasattr(JsDate(0), "setWeek")
