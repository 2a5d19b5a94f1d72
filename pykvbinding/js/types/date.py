"""`JsDate`: a Date, in UTC as everywhere at the edge."""

import re
import time
from math import isfinite, isnan, nan, trunc
from typing import Any

from pykvbinding.js.core import errors
from pykvbinding.js.core.coercion import to_js_number
from pykvbinding.js.core.not_emulated import not_emulated
from pykvbinding.js.core.proxy import JsProxy, jsnull

MAX_MILLISECONDS = 8.64e15
"""A Date reaches a hundred million days from 1970 either way (ECMA-262, 21.4.1.1)."""

_DAY = 86_400_000
_DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")
_MONTHS = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
_SETTERS = frozenset(
    (
        *("setDate", "setFullYear", "setHours", "setMilliseconds", "setMinutes", "setMonth"),
        *("setSeconds", "setTime", "setUTCDate", "setUTCFullYear", "setUTCHours"),
        *("setUTCMilliseconds", "setUTCMinutes", "setUTCMonth", "setUTCSeconds", "setYear"),
    )
)
_ISO = re.compile(
    r"(\d{4}|[+-]\d{6})(?:-(\d\d)(?:-(\d\d))?)?"
    r"(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?)?",
    re.ASCII,
)


class JsDate(JsProxy, name="Date"):
    """A Date: milliseconds since 1970, or NaN where nothing could be made of the arguments.

    >>> JsDate(0).toISOString(), JsDate("2020-01-01").getTime(), JsDate(2020, 1, 2).getMonth()
    ('1970-01-01T00:00:00.000Z', 1577836800000, 1)
    """

    __slots__ = ("_time",)

    def __init__(self, *parts: Any) -> None:
        self._time = _clipped(_time_of(parts))

    def getTime(self) -> float:
        """Milliseconds since 1970; NaN for an invalid date."""
        return self._time

    valueOf = getTime

    def getFullYear(self) -> float:
        """The year, of four digits or whatever it takes."""
        return self._part(0)

    def getMonth(self) -> float:
        """The month, from 0 for January."""
        return self._part(1)

    def getDate(self) -> float:
        """The day of the month, from 1."""
        return self._part(2)

    def getDay(self) -> float:
        """The day of the week, from 0 for Sunday."""
        return nan if isnan(self._time) else (int(self._time) // _DAY + 4) % 7

    def getHours(self) -> float:
        """The hour."""
        return self._part(3)

    def getMinutes(self) -> float:
        """The minute."""
        return self._part(4)

    def getSeconds(self) -> float:
        """The second."""
        return self._part(5)

    def getMilliseconds(self) -> float:
        """The millisecond."""
        return self._part(6)

    def getTimezoneOffset(self) -> int:
        """Minutes to UTC: a Worker is there."""
        return 0

    getUTCFullYear, getUTCMonth, getUTCDate, getUTCDay = getFullYear, getMonth, getDate, getDay
    getUTCHours, getUTCMinutes, getUTCSeconds = getHours, getMinutes, getSeconds
    getUTCMilliseconds = getMilliseconds

    def toISOString(self) -> str:
        """`2020-01-01T00:00:00.000Z`. Raises: JsException, "Invalid time value"."""
        if isnan(self._time):
            raise errors.invalid_date()
        year, month, day, hour, minute, second, thousandth = _parts(int(self._time))
        years = f"{year:04}" if 0 <= year <= 9999 else f"{year:+07}"
        clock = f"{hour:02}:{minute:02}:{second:02}.{thousandth:03}"
        return f"{years}-{month + 1:02}-{day:02}T{clock}Z"

    def toJSON(self) -> Any:
        """As `toISOString`, but null for an invalid date."""
        return jsnull if isnan(self._time) else self.toISOString()

    def toUTCString(self) -> str:
        """`Thu, 01 Jan 1970 00:00:00 GMT`, as headers have it."""
        if isnan(self._time):
            return "Invalid Date"
        year, month, day, hour, minute, second, _ = _parts(int(self._time))
        weekday = _DAYS[int(self.getDay())]
        date = f"{weekday}, {day:02} {_MONTHS[month]} {_year(year)}"
        return f"{date} {hour:02}:{minute:02}:{second:02} GMT"

    toGMTString = toUTCString

    def toString(self) -> str:
        """`Thu Jan 01 1970 00:00:00 GMT+0000 (Coordinated Universal Time)`."""
        if isnan(self._time):
            return "Invalid Date"
        year, month, day, hour, minute, second, _ = _parts(int(self._time))
        date = f"{_DAYS[int(self.getDay())]} {_MONTHS[month]} {day:02} {_year(year)}"
        clock = f"{hour:02}:{minute:02}:{second:02}"
        return f"{date} {clock} GMT+0000 (Coordinated Universal Time)"

    def _part(self, index: int) -> float:
        return nan if isnan(self._time) else _parts(int(self._time))[index]

    def __getattr__(self, name: str) -> Any:
        if name in _SETTERS:
            raise not_emulated(f"Date.{name}")
        raise AttributeError(name)

    def __str__(self) -> str:
        return self.toString()

    __repr__ = __str__

    def __lt__(self, other: "JsDate") -> bool:
        return self._time < other.getTime()

    def __le__(self, other: "JsDate") -> bool:
        return self._time <= other.getTime()

    def __gt__(self, other: "JsDate") -> bool:
        return self._time > other.getTime()

    def __ge__(self, other: "JsDate") -> bool:
        return self._time >= other.getTime()


def now() -> int:
    """`Date.now()`: milliseconds since 1970. `time` is asked late, so that a test may set it."""
    return int(time.time() * 1000)


def utc(*parts: float) -> float:
    """`Date.UTC(year, month, …)`: the milliseconds of these parts."""
    return _clipped(_from_parts([*map(to_js_number, parts[:7])])) if parts else nan


def parse(text: str) -> float:
    """`Date.parse(text)`: milliseconds, NaN for what is no date.

    ISO 8601 is read here; what mail headers and HTTP have, by the standard library.
    """
    found = _ISO.fullmatch(text.strip())
    if found is None:
        return _parse_mail(text)
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    numbers = [int(part or default) for part, default in ((month, 1), (day, 1), (hour, 0))]
    if not (1 <= numbers[0] <= 12 and 1 <= numbers[1] <= 31 and numbers[2] <= 24):
        return nan
    thousandths = int((fraction or "0").ljust(3, "0")[:3])
    parts = [int(year), numbers[0] - 1, numbers[1], numbers[2], int(minute or 0), int(second or 0)]
    if parts[4] > 59 or parts[5] > 59:
        return nan
    return _clipped(_from_parts([*parts, thousandths], years_as_they_are=True) - _offset(zone))


def _parse_mail(text: str) -> float:
    from email.utils import parsedate_to_datetime  # slow to import, and rarely needed

    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return nan
    from datetime import UTC

    zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return int(zoned.timestamp() * 1000)


def _offset(zone: str | None) -> int:
    if zone is None or zone == "Z":
        return 0
    minutes = int(zone[1:3]) * 60 + int(zone[-2:])
    return (-minutes if zone[0] == "-" else minutes) * 60_000


def _time_of(parts: tuple[Any, ...]) -> float:
    if not parts:
        return now()
    if len(parts) > 1:
        return _from_parts([*map(to_js_number, parts[:7])])
    if isinstance(parts[0], JsDate):
        return parts[0].getTime()
    if isinstance(parts[0], str):
        return parse(parts[0])
    return to_js_number(parts[0])


def _from_parts(parts: list[float], *, years_as_they_are: bool = False) -> float:
    """Milliseconds of year, month, day, …; months beyond December lead into later years."""
    if not all(map(isfinite, parts)):
        return nan
    whole = [trunc(part) for part in parts] + [0, 1, 0, 0, 0, 0][len(parts) - 1 :]
    year, month, day, hour, minute, second, thousandth = whole
    if 0 <= year <= 99 and not years_as_they_are:
        year += 1900
    year, month = year + month // 12, month % 12
    days = _days_of(year, month) + day - 1
    return days * _DAY + ((hour * 60 + minute) * 60 + second) * 1000 + thousandth


def _days_of(year: int, month: int) -> int:
    """Days from 1970 to the first of a month: years begin in March, so that leap days end them."""
    year, month = (year - 1, month + 10) if month < 2 else (year, month - 2)
    leap_days = year // 4 - year // 100 + year // 400
    return year * 365 + leap_days + (month * 306 + 5) // 10 - 719_468


def _parts(milliseconds: int) -> tuple[int, int, int, int, int, int, int]:
    days, rest = divmod(milliseconds, _DAY)
    era, day_of_era = divmod(days + 719_468, 146_097)
    year_of_era = (
        day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096
    ) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    month = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * month + 2) // 5 + 1
    year = year_of_era + era * 400 + (month >= 10)
    seconds, thousandth = divmod(rest, 1000)
    hour, minute = seconds // 3600, seconds // 60 % 60
    return year, (month + 2) % 12, day, hour, minute, seconds % 60, thousandth


def _clipped(milliseconds: float) -> float:
    if not isfinite(milliseconds) or abs(milliseconds) > MAX_MILLISECONDS:
        return nan
    return trunc(milliseconds)


def _year(year: int) -> str:
    return f"{year:04}" if year >= 0 else f"-{-year:04}"
