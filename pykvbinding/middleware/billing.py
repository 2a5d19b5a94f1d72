"""What the operations of a month cost, in the units of the pricing page."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from pykvbinding._text.tables import table
from pykvbinding.clock import EPOCH, SECONDS_PER_DAY
from pykvbinding.middleware.metrics import Metrics, Row

GIGABYTE = 10**9
MILLION = 10**6

STORED = "stored data"

UNITS: Final = {
    "get": "keys read",
    "put": "keys written",
    "delete": "keys deleted",
    "list": "list requests",
}

FREE_PER_DAY: Final = {"get": 100_000, "put": 1000, "delete": 1000, "list": 1000}

PAID_PER_MONTH: Final = {
    "get": (10 * MILLION, Decimal("0.50")),
    "put": (MILLION, Decimal("5.00")),
    "delete": (MILLION, Decimal("5.00")),
    "list": (MILLION, Decimal("5.00")),
}
"""Included in a month, and US dollars for each million more."""

_FREE_WORDS = ("day", "busiest day", "would fail")
_PAID_WORDS = ("month", "used", "overage")

STORED_PRICE: Final = Decimal("0.50")
"""US dollars for a gigabyte and month; one gigabyte is included in either plan."""


@dataclass(frozen=True, slots=True)
class BillLine:
    """One line of a bill.

    On the paid plan `used` and `overage` are of the whole month. On the free plan `used` is of the
    busiest day, and `overage` sums over all days what that day's quota does not include: this
    much would have failed. Stored data is in bytes.
    """

    unit: str
    included: int
    used: int
    overage: int
    dollars: Decimal
    """US dollars for the overage, exact."""


@dataclass(frozen=True, slots=True)
class Bill:
    """The bill of one month; `print` shows a table.

    >>> from pykvbinding.clock import VirtualClock
    >>> print(bill(Metrics(VirtualClock()), "paid", stored_bytes=3_000_000_000))
    paid plan, 2023-11  included / month  used  overage   USD
    keys read                 10,000,000     0        0  0.00
    keys written               1,000,000     0        0  0.00
    keys deleted               1,000,000     0        0  0.00
    list requests              1,000,000     0        0  0.00
    stored data                     1 GB  3 GB     2 GB  1.00
    total                                                1.00
    """

    plan: str
    month: str
    """Year and month, "2023-11"."""

    lines: tuple[BillLine, ...]

    @property
    def dollars(self) -> Decimal:
        """All lines together, in US dollars, exact."""
        return sum((line.dollars for line in self.lines), Decimal(0))

    def __getitem__(self, unit: str) -> BillLine:
        """The line of "keys read", "keys written", "keys deleted", "list requests", "stored data".

        Raises: KeyError for any other.
        """
        return {line.unit: line for line in self.lines}[unit]

    def __str__(self) -> str:
        is_free = self.plan == "free"
        per, used, over = _FREE_WORDS if is_free else _PAID_WORDS
        headings = (f"{self.plan} plan, {self.month}", f"included / {per}", used, over, "USD")
        rows = []
        for line in self.lines:
            amounts = [_amount(line.unit, n) for n in (line.included, line.used, line.overage)]
            rows.append((line.unit, *amounts, "" if is_free else _price(line.dollars)))
        if not is_free:
            rows.append(("total", "", "", "", _price(self.dollars)))
        return "\n".join(table(headings, rows, right=headings[1:]))


def bill(metrics: Metrics, plan: str, stored_bytes: int, month: str | None = None) -> Bill:
    """The bill for one UTC calendar month, such as "2023-11"; by default that of the clock.

    Counted per key, as documented: each key of a multi-key read is a read, and so is one that is
    not there ("all operations incur charges, including fetches for non-existent keys"). A key that
    expires is no delete. Operations that failed are not billed: the page bills keys read, written
    and deleted, and says nothing of those refused. `stored_bytes` are billed as if they had been
    stored all month.

    Raises: ValueError for a plan or a month that is none.
    """
    if plan not in ("free", "paid"):
        raise ValueError(f'bill(plan={plan!r}): the plans are "free" and "paid"')
    month = _current_month(metrics) if month is None else _checked_month(month)
    used: dict[str, Counter[date]] = {kind: Counter() for kind in UNITS}
    for row in metrics.tallies:
        if row.day.isoformat().startswith(month):
            used[row.kind][row.day] += _units(row)
    line = _free_line if plan == "free" else _paid_line
    operations = (line(kind, list(days.values())) for kind, days in used.items())
    return Bill(plan, month, (*operations, _stored_line(plan, stored_bytes)))


def _units(row: Row) -> int:
    """What is billed of a tally: keys, and for lists the calls."""
    return row.tally.operations - row.tally.failed if row.kind == "list" else row.tally.keys


def _paid_line(kind: str, days: list[int]) -> BillLine:
    included, price = PAID_PER_MONTH[kind]
    used = sum(days)
    overage = max(0, used - included)
    return BillLine(UNITS[kind], included, used, overage, overage * price / MILLION)


def _free_line(kind: str, days: list[int]) -> BillLine:
    included = FREE_PER_DAY[kind]
    overage = sum(max(0, used - included) for used in days)
    return BillLine(UNITS[kind], included, max(days, default=0), overage, Decimal(0))


def _stored_line(plan: str, stored_bytes: int) -> BillLine:
    overage = max(0, stored_bytes - GIGABYTE)
    dollars = Decimal(0) if plan == "free" else overage * STORED_PRICE / GIGABYTE
    return BillLine(STORED, GIGABYTE, stored_bytes, overage, dollars)


def _current_month(metrics: Metrics) -> str:
    days = metrics.clock.now_seconds() // SECONDS_PER_DAY
    return date.fromordinal(EPOCH.toordinal() + days).isoformat()[:7]


def _checked_month(month: object) -> str:
    try:
        return date.fromisoformat(f"{month}-01").isoformat()[:7]
    except ValueError:
        raise ValueError(f'bill(month={month!r}): write year and month, as in "2023-11"') from None


def _amount(unit: str, number: int) -> str:
    """Bytes in the largest unit that they fill, anything else as a number."""
    if unit != STORED:
        return f"{number:,}"
    for name, size in (("GB", GIGABYTE), ("MB", 10**6), ("kB", 1000)):
        if number >= size:
            return f"{number / size:.4g} {name}"
    return f"{number} B"


def _price(dollars: Decimal) -> str:
    """Dollars to the cent, rounded half up; a price below one cent says so."""
    cents = (dollars * 100 + Decimal("0.5")) // 1
    return "< 0.01" if 0 < dollars < Decimal("0.01") else f"{cents / 100:,.2f}"
