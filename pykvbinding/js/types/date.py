"""`JsDate`: a Date. The local time zone is UTC, as on Cloudflare's network."""

import re
import time
from math import isfinite, isnan, nan, trunc
from typing import Any

from pykvbinding.js.core import errors
from pykvbinding.js.core.coercion import to_js_number
from pykvbinding.js.core.not_emulated import not_emulated
from pykvbinding.js.core.proxy import JsProxy, jsnull

MAX_MILLISECONDS = 8.64e15
"""A Date spans 100 million days before and after 1970 (ECMA-262, 21.4.1.1)."""

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
    """A Date: milliseconds since 1970, or NaN if the arguments are not a valid date.

    >>> JsDate(0).toISOString(), JsDate("2020-01-01").getTime(), JsDate(2020, 1, 2).getMonth()
    ('1970-01-01T00:00:00.000Z', 1577836800000, 1)
    """

    __slots__ = ("_time",)

    def __init__(self, *parts: Any) -> None:
        self._time = _time_clip(_to_time_value(parts))

    def getTime(self) -> float:
        """Return the milliseconds since 1970; NaN for an invalid date."""
        return self._time

    valueOf = getTime

    def getFullYear(self) -> float:
        """Return the full year."""
        return self._component(0)

    def getMonth(self) -> float:
        """Return the month; January is 0."""
        return self._component(1)

    def getDate(self) -> float:
        """Return the day of the month, from 1."""
        return self._component(2)

    def getDay(self) -> float:
        """Return the day of the week; Sunday is 0."""
        return nan if isnan(self._time) else (int(self._time) // _DAY + 4) % 7

    def getHours(self) -> float:
        """Return the hour."""
        return self._component(3)

    def getMinutes(self) -> float:
        """Return the minute."""
        return self._component(4)

    def getSeconds(self) -> float:
        """Return the second."""
        return self._component(5)

    def getMilliseconds(self) -> float:
        """Return the millisecond."""
        return self._component(6)

    def getTimezoneOffset(self) -> int:
        """Return 0: a Worker runs in UTC."""
        return 0

    getUTCFullYear, getUTCMonth, getUTCDate, getUTCDay = getFullYear, getMonth, getDate, getDay
    getUTCHours, getUTCMinutes, getUTCSeconds = getHours, getMinutes, getSeconds
    getUTCMilliseconds = getMilliseconds

    def toISOString(self) -> str:
        """Return `2020-01-01T00:00:00.000Z`. Raises: JsException, "Invalid time value"."""
        if isnan(self._time):
            raise errors.invalid_date()
        year, month, day, hour, minute, second, millisecond = _split_time(int(self._time))
        years = f"{year:04}" if 0 <= year <= 9999 else f"{year:+07}"
        clock = f"{hour:02}:{minute:02}:{second:02}.{millisecond:03}"
        return f"{years}-{month + 1:02}-{day:02}T{clock}Z"

    def toJSON(self) -> Any:
        """Return `toISOString()`; null for an invalid date."""
        return jsnull if isnan(self._time) else self.toISOString()

    def toUTCString(self) -> str:
        """Return `Thu, 01 Jan 1970 00:00:00 GMT`, the format of HTTP headers."""
        if isnan(self._time):
            return "Invalid Date"
        year, month, day, hour, minute, second, _ = _split_time(int(self._time))
        weekday = _DAYS[int(self.getDay())]
        date = f"{weekday}, {day:02} {_MONTHS[month]} {_format_year(year)}"
        return f"{date} {hour:02}:{minute:02}:{second:02} GMT"

    toGMTString = toUTCString

    def toString(self) -> str:
        """Return `Thu Jan 01 1970 00:00:00 GMT+0000 (Coordinated Universal Time)`."""
        if isnan(self._time):
            return "Invalid Date"
        year, month, day, hour, minute, second, _ = _split_time(int(self._time))
        date = f"{_DAYS[int(self.getDay())]} {_MONTHS[month]} {day:02} {_format_year(year)}"
        clock = f"{hour:02}:{minute:02}:{second:02}"
        return f"{date} {clock} GMT+0000 (Coordinated Universal Time)"

    def _component(self, index: int) -> float:
        return nan if isnan(self._time) else _split_time(int(self._time))[index]

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
    """`Date.now()`: milliseconds since 1970. `time.time` is looked up late, for patching."""
    return int(time.time() * 1000)


def utc(*parts: float) -> float:
    """`Date.UTC(year, month, …)`: milliseconds since 1970."""
    return _time_clip(_make_time([*map(to_js_number, parts[:7])])) if parts else nan


def parse(text: str) -> float:
    """`Date.parse(text)`: milliseconds since 1970, or NaN if `text` is not a date.

    It reads ISO 8601, and the formats of mail and HTTP headers.
    """
    match = _ISO.fullmatch(text.strip())
    if match is None:
        return _parse_rfc_2822(text)
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    numbers = [int(part or default) for part, default in ((month, 1), (day, 1), (hour, 0))]
    if not (1 <= numbers[0] <= 12 and 1 <= numbers[1] <= 31 and numbers[2] <= 24):
        return nan
    milliseconds = int((fraction or "0").ljust(3, "0")[:3])
    parts = [int(year), numbers[0] - 1, numbers[1], numbers[2], int(minute or 0), int(second or 0)]
    if parts[4] > 59 or parts[5] > 59:
        return nan
    return _time_clip(_make_time([*parts, milliseconds], full_years=True) - _parse_offset(zone))


def _parse_rfc_2822(text: str) -> float:
    from email.utils import parsedate_to_datetime  # slow to import, rarely needed

    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return nan
    from datetime import UTC

    aware = date if date.tzinfo else date.replace(tzinfo=UTC)
    return int(aware.timestamp() * 1000)


def _parse_offset(zone: str | None) -> int:
    if zone is None or zone == "Z":
        return 0
    minutes = int(zone[1:3]) * 60 + int(zone[-2:])
    return (-minutes if zone[0] == "-" else minutes) * 60_000


def _to_time_value(parts: tuple[Any, ...]) -> float:
    if not parts:
        return now()
    if len(parts) > 1:
        return _make_time([*map(to_js_number, parts[:7])])
    if isinstance(parts[0], JsDate):
        return parts[0].getTime()
    if isinstance(parts[0], str):
        return parse(parts[0])
    return to_js_number(parts[0])


def _make_time(parts: list[float], *, full_years: bool = False) -> float:
    """Return the milliseconds of year, month, day, …; a month beyond 11 carries into the year."""
    if not all(map(isfinite, parts)):
        return nan
    components = [trunc(part) for part in parts] + [0, 1, 0, 0, 0, 0][len(parts) - 1 :]
    year, month, day, hour, minute, second, millisecond = components
    if 0 <= year <= 99 and not full_years:
        year += 1900
    year, month = year + month // 12, month % 12
    days = _days_since_epoch(year, month) + day - 1
    return days * _DAY + ((hour * 60 + minute) * 60 + second) * 1000 + millisecond


def _days_since_epoch(year: int, month: int) -> int:
    """Return the days from 1970 to the first of a month.

    The calculation starts each year in March, so that the leap day is its last day.
    """
    year, month = (year - 1, month + 10) if month < 2 else (year, month - 2)
    leap_days = year // 4 - year // 100 + year // 400
    return year * 365 + leap_days + (month * 306 + 5) // 10 - 719_468


def _split_time(milliseconds: int) -> tuple[int, int, int, int, int, int, int]:
    days, rest = divmod(milliseconds, _DAY)
    era, day_of_era = divmod(days + 719_468, 146_097)
    year_of_era = (
        day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096
    ) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    month = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * month + 2) // 5 + 1
    year = year_of_era + era * 400 + (month >= 10)
    seconds, millisecond = divmod(rest, 1000)
    hour, minute = seconds // 3600, seconds // 60 % 60
    return year, (month + 2) % 12, day, hour, minute, seconds % 60, millisecond


def _time_clip(milliseconds: float) -> float:
    if not isfinite(milliseconds) or abs(milliseconds) > MAX_MILLISECONDS:
        return nan
    return trunc(milliseconds)


def _format_year(year: int) -> str:
    return f"{year:04}" if year >= 0 else f"-{-year:04}"
