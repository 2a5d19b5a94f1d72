"""Bills in the units of the pricing page."""

from datetime import UTC, datetime
from decimal import Decimal
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pykvbinding import KVNamespace, VirtualClock
from pykvbinding.choices import SeededChoice
from pykvbinding.kv.binding import bind
from pykvbinding.middleware.billing import GIGABYTE, bill
from pykvbinding.middleware.counters import OperationCounters
from pykvbinding.middleware.faults import Fault, Faults, FaultStore
from pykvbinding.middleware.metrics import Metrics, MetricsStore
from tests.support.assertions import exactly

TODAY = 1_700_000_000 // 86400
"""2023-11-14, in days since 1970."""


def make_metrics(kind: str, units: int, *days: int) -> Metrics:
    """Return metrics with `units` keys (for lists, calls) on each day, counted from 1970."""
    metrics = Metrics(VirtualClock())
    for day in days or (TODAY,):
        metrics.counters_for(day, "n1")[kind][None] = OperationCounters(
            operations=units, keys=units
        )
    return metrics


@pytest.fixture
def metrics(clock: VirtualClock) -> Metrics:
    return Metrics(clock)


@pytest.fixture
def kv(clock: VirtualClock, metrics: Metrics) -> KVNamespace:
    namespace = KVNamespace(clock=clock).namespace
    faults = FaultStore(
        namespace.store, Faults([Fault(key="broken")], SeededChoice(0), namespace.clock)
    )
    return bind(namespace, MetricsStore(faults, metrics, namespace.id))


# Units


async def test_bills_each_key_of_a_bulk_read(kv: KVNamespace, metrics: Metrics) -> None:
    await kv.get(["a", "b", "c"])

    assert bill(metrics, "paid", 0)["keys read"].used == 3


async def test_bills_missing_keys(kv: KVNamespace, metrics: Metrics) -> None:
    await kv.get("missing")
    await kv.delete("missing")

    billed = bill(metrics, "paid", 0)
    assert (billed["keys read"].used, billed["keys deleted"].used) == (1, 1)


async def test_bills_a_list_once_regardless_of_its_length(
    kv: KVNamespace, metrics: Metrics
) -> None:
    kv.namespace.seed({"a": "1", "b": "2"})

    await kv.list()

    assert bill(metrics, "paid", 0)["list requests"].used == 1


async def test_does_not_bill_expiration_as_a_delete(
    kv: KVNamespace, metrics: Metrics, clock: VirtualClock
) -> None:
    await kv.put("key", "v", expirationTtl=60)
    clock.advance(61)
    await kv.list()

    billed = bill(metrics, "paid", 0)
    assert (billed["keys written"].used, billed["keys deleted"].used) == (1, 0)


async def test_does_not_bill_failed_operations(kv: KVNamespace, metrics: Metrics) -> None:
    for operation in (kv.get("broken"), kv.put("broken", "v"), kv.list(prefix="broken")):
        with pytest.raises(Exception, match="500"):
            await operation

    assert [line.used for line in bill(metrics, "paid", 0).lines] == [0] * 5


# Prices


@pytest.mark.parametrize(
    ("kind", "unit", "included", "per_million"),
    [
        ("get", "keys read", 10_000_000, "0.50"),
        ("put", "keys written", 1_000_000, "5.00"),
        ("delete", "keys deleted", 1_000_000, "5.00"),
        ("list", "list requests", 1_000_000, "5.00"),
    ],
)
def test_the_paid_plan_charges_for_the_overage(
    kind: str, unit: str, included: int, per_million: str
) -> None:
    within = bill(make_metrics(kind, included), "paid", 0)
    beyond = bill(make_metrics(kind, included + 2_000_000), "paid", 0)
    one_more = bill(make_metrics(kind, included + 1), "paid", 0)

    assert (within[unit].overage, within.dollars) == (0, Decimal(0))
    assert (beyond[unit].overage, beyond.dollars) == (2_000_000, 2 * Decimal(per_million))
    assert one_more[unit].dollars == Decimal(per_million) / 1_000_000


def test_stored_data_costs_half_a_dollar_per_gigabyte_after_the_first(
    metrics: Metrics,
) -> None:
    assert bill(metrics, "paid", GIGABYTE).dollars == 0
    assert bill(metrics, "paid", 3 * GIGABYTE)["stored data"].dollars == 1
    assert bill(metrics, "paid", GIGABYTE + 1).dollars == Decimal("0.0000000005")


@pytest.mark.parametrize(
    ("kind", "unit", "included"),
    [
        ("get", "keys read", 100_000),
        ("put", "keys written", 1000),
        ("delete", "keys deleted", 1000),
        ("list", "list requests", 1000),
    ],
)
def test_the_free_plan_counts_the_overage_per_day(kind: str, unit: str, included: int) -> None:
    within = bill(make_metrics(kind, included, TODAY, TODAY + 1), "free", 0)
    beyond = bill(make_metrics(kind, included + 7, TODAY, TODAY + 1), "free", 0)

    assert (within[unit].used, within[unit].overage) == (included, 0)
    assert (beyond[unit].used, beyond[unit].overage) == (included + 7, 14)
    assert beyond.dollars == 0


def test_the_free_plan_includes_a_gigabyte_and_costs_nothing(metrics: Metrics) -> None:
    line = bill(metrics, "free", GIGABYTE + 5)["stored data"]

    assert (line.included, line.used, line.overage, line.dollars) == (
        GIGABYTE,
        GIGABYTE + 5,
        5,
        Decimal(0),
    )


@given(st.integers(0, 10**12), st.integers(0, 10**15))
def test_amounts_are_exact(reads: int, stored_bytes: int) -> None:
    billed = bill(make_metrics("get", reads), "paid", stored_bytes)

    tenths_of_nanodollars = billed.dollars * 10**10
    assert tenths_of_nanodollars == max(0, reads - 10**7) * 5000 + max(0, stored_bytes - 10**9) * 5


# Months


def test_the_default_month_is_the_current_one() -> None:
    metrics = make_metrics("put", 10, TODAY, TODAY + 16, TODAY + 17)

    assert [bill(metrics, "paid", 0, month).lines[1].used for month in (None, "2023-12")] == [
        20,
        10,
    ]
    assert bill(metrics, "paid", 0).month == "2023-11"


def test_a_month_ends_at_midnight_utc() -> None:
    clock = VirtualClock(datetime(2023, 11, 30, 23, 59, 59, tzinfo=UTC))
    before = bill(Metrics(clock), "paid", 0).month
    clock.advance(1)

    assert (before, bill(Metrics(clock), "paid", 0).month) == ("2023-11", "2023-12")


@pytest.mark.parametrize("month", ["2023", "2023-13", "2023-11-14", "November", "", 11])
def test_rejects_an_invalid_month(month: str, metrics: Metrics) -> None:
    text = f'bill(month={month!r}): write year and month, as in "2023-11"'

    with pytest.raises(ValueError, match=exactly(text)):
        bill(metrics, "paid", 0, month)


@pytest.mark.parametrize("plan", ["pro", "", None])
def test_rejects_an_unknown_plan(plan: str, metrics: Metrics) -> None:
    text = f'bill(plan={plan!r}): the plans are "free" and "paid"'

    with pytest.raises(ValueError, match=exactly(text)):
        bill(metrics, plan, 0)


# Output


def test_prints_a_paid_bill_as_a_table() -> None:
    billed = bill(make_metrics("put", 3_500_000), "paid", 1_500_000_000)

    assert str(billed) == dedent("""\
        paid plan, 2023-11  included / month       used    overage    USD
        keys read                 10,000,000          0          0   0.00
        keys written               1,000,000  3,500,000  2,500,000  12.50
        keys deleted               1,000,000          0          0   0.00
        list requests              1,000,000          0          0   0.00
        stored data                     1 GB     1.5 GB     500 MB   0.25
        total                                                       12.75""")


def test_prints_a_free_bill_as_a_table() -> None:
    billed = bill(make_metrics("list", 1200, TODAY, TODAY + 1), "free", 2_500_000)

    assert str(billed) == dedent("""\
        free plan, 2023-11  included / day  busiest day  would fail
        keys read                  100,000            0           0
        keys written                 1,000            0           0
        keys deleted                 1,000            0           0
        list requests                1,000        1,200         400
        stored data                   1 GB       2.5 MB         0 B""")


def test_prints_amounts_below_one_cent() -> None:
    lines = str(bill(make_metrics("put", 1_000_001), "paid", 1_000)).splitlines()

    assert lines[2].endswith("< 0.01")
    assert " 1 kB " in lines[5]


def test_a_bill_is_indexed_by_unit(metrics: Metrics) -> None:
    with pytest.raises(KeyError):
        bill(metrics, "paid", 0)["bytes"]
