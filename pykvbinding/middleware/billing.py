"""The cost of the operations of a month, in the units of the pricing page."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from pykvbinding._text.tables import table
from pykvbinding.clock import EPOCH, SECONDS_PER_DAY
from pykvbinding.middleware.metrics import Metrics, MetricsRow

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
"""The included number per month, and US dollars for each further million."""

_FREE_HEADINGS = ("day", "busiest day", "would fail")
_PAID_HEADINGS = ("month", "used", "overage")

STORED_PRICE: Final = Decimal("0.50")
"""US dollars per gigabyte and month; both plans include one gigabyte."""


@dataclass(frozen=True, slots=True)
class BillLine:
    """One line of a bill.

    On the paid plan `used` and `overage` refer to the whole month. On the free plan `used` refers
    to the busiest day, and `overage` is the sum of each day's operations beyond the quota, which
    would have failed. Stored data is in bytes.
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
    """Year and month, such as "2023-11"."""

    lines: tuple[BillLine, ...]

    @property
    def dollars(self) -> Decimal:
        """The sum of all lines in US dollars, exact."""
        return sum((line.dollars for line in self.lines), Decimal(0))

    def __getitem__(self, unit: str) -> BillLine:
        """Return the line of one unit.

        The units are "keys read", "keys written", "keys deleted", "list requests" and
        "stored data".

        Raises: KeyError for an unknown unit.
        """
        return {line.unit: line for line in self.lines}[unit]

    def __str__(self) -> str:
        is_free = self.plan == "free"
        per, used, over = _FREE_HEADINGS if is_free else _PAID_HEADINGS
        headings = (f"{self.plan} plan, {self.month}", f"included / {per}", used, over, "USD")
        rows = []
        for line in self.lines:
            amounts = [
                _format_amount(line.unit, n) for n in (line.included, line.used, line.overage)
            ]
            rows.append((line.unit, *amounts, "" if is_free else _format_price(line.dollars)))
        if not is_free:
            rows.append(("total", "", "", "", _format_price(self.dollars)))
        return "\n".join(table(headings, rows, right=headings[1:]))


def bill(metrics: Metrics, plan: str, stored_bytes: int, month: str | None = None) -> Bill:
    """Return the bill for one UTC calendar month such as "2023-11", by default the current one.

    Reads are billed per key, as documented: each key of a bulk read is a read, whether it exists or
    not ("all operations incur charges, including fetches for non-existent keys"). Expiration is not
    a delete. Failed operations are not billed: the pricing page lists keys read, written and
    deleted, and does not mention failures. `stored_bytes` is billed for the whole month.

    Raises: ValueError for an unknown plan or an invalid month.
    """
    if plan not in ("free", "paid"):
        raise ValueError(f'bill(plan={plan!r}): the plans are "free" and "paid"')
    month = _current_month(metrics) if month is None else _parse_month(month)
    used: dict[str, Counter[date]] = {kind: Counter() for kind in UNITS}
    for row in metrics.rows:
        if row.day.isoformat().startswith(month):
            used[row.kind][row.day] += _billed_count(row)
    line = _free_line if plan == "free" else _paid_line
    operations = (line(kind, list(days.values())) for kind, days in used.items())
    return Bill(plan, month, (*operations, _stored_line(plan, stored_bytes)))


def _billed_count(row: MetricsRow) -> int:
    """Return the billed number: of calls for lists, of keys for anything else."""
    return (
        row.counters.operations - row.counters.failed if row.kind == "list" else row.counters.keys
    )


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


def _parse_month(month: object) -> str:
    try:
        return date.fromisoformat(f"{month}-01").isoformat()[:7]
    except ValueError:
        raise ValueError(f'bill(month={month!r}): write year and month, as in "2023-11"') from None


def _format_amount(unit: str, number: int) -> str:
    """Format bytes in the largest unit below the number, anything else as a plain number."""
    if unit != STORED:
        return f"{number:,}"
    for name, size in (("GB", GIGABYTE), ("MB", 10**6), ("kB", 1000)):
        if number >= size:
            return f"{number / size:.4g} {name}"
    return f"{number} B"


def _format_price(dollars: Decimal) -> str:
    """Format dollars to the cent, rounded half up; a smaller price is "< 0.01"."""
    cents = (dollars * 100 + Decimal("0.5")) // 1
    return "< 0.01" if 0 < dollars < Decimal("0.01") else f"{cents / 100:,.2f}"
