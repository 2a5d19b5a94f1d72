"""The bill, in the units of the pricing page."""

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
from pykvbinding.middleware.counters import Tally
from pykvbinding.middleware.faults import Fault, Faults, FaultStore
from pykvbinding.middleware.metrics import Metrics, MetricsStore
from tests.support.assertions import exactly

TODAY = 1_700_000_000 // 86400
"""2023-11-14, in days since 1970."""


def metrics_with(kind: str, units: int, *days: int) -> Metrics:
    """So many keys (for lists, calls) on each of some days, counted from 1970."""
    metrics = Metrics(VirtualClock())
    for day in days or (TODAY,):
        metrics.tallies_of(day, "n1")[kind][None] = Tally(operations=units, keys=units)
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


# What is billed


async def test_each_key_of_a_multi_key_read_is_billed(kv: KVNamespace, metrics: Metrics) -> None:
    await kv.get(["a", "b", "c"])

    assert bill(metrics, "paid", 0)["keys read"].used == 3


async def test_a_missing_key_is_billed(kv: KVNamespace, metrics: Metrics) -> None:
    await kv.get("missing")
    await kv.delete("missing")

    billed = bill(metrics, "paid", 0)
    assert (billed["keys read"].used, billed["keys deleted"].used) == (1, 1)


async def test_a_list_is_billed_once_however_many_names_it_returns(
    kv: KVNamespace, metrics: Metrics
) -> None:
    kv.namespace.seed({"a": "1", "b": "2"})

    await kv.list()

    assert bill(metrics, "paid", 0)["list requests"].used == 1


async def test_an_expiration_is_no_delete(
    kv: KVNamespace, metrics: Metrics, clock: VirtualClock
) -> None:
    await kv.put("key", "v", expirationTtl=60)
    clock.advance(61)
    await kv.list()

    billed = bill(metrics, "paid", 0)
    assert (billed["keys written"].used, billed["keys deleted"].used) == (1, 0)


async def test_an_operation_that_failed_is_not_billed(kv: KVNamespace, metrics: Metrics) -> None:
    for operation in (kv.get("broken"), kv.put("broken", "v"), kv.list(prefix="broken")):
        with pytest.raises(Exception, match="500"):
            await operation

    assert [line.used for line in bill(metrics, "paid", 0).lines] == [0] * 5


# What it costs


@pytest.mark.parametrize(
    ("kind", "unit", "included", "per_million"),
    [
        ("get", "keys read", 10_000_000, "0.50"),
        ("put", "keys written", 1_000_000, "5.00"),
        ("delete", "keys deleted", 1_000_000, "5.00"),
        ("list", "list requests", 1_000_000, "5.00"),
    ],
)
def test_the_paid_plan_includes_so_much_and_charges_for_more(
    kind: str, unit: str, included: int, per_million: str
) -> None:
    within = bill(metrics_with(kind, included), "paid", 0)
    beyond = bill(metrics_with(kind, included + 2_000_000), "paid", 0)
    one_more = bill(metrics_with(kind, included + 1), "paid", 0)

    assert (within[unit].overage, within.dollars) == (0, Decimal(0))
    assert (beyond[unit].overage, beyond.dollars) == (2_000_000, 2 * Decimal(per_million))
    assert one_more[unit].dollars == Decimal(per_million) / 1_000_000


def test_stored_data_costs_half_a_dollar_for_each_gigabyte_beyond_the_first(
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
def test_the_free_plan_says_what_would_have_failed_day_by_day(
    kind: str, unit: str, included: int
) -> None:
    within = bill(metrics_with(kind, included, TODAY, TODAY + 1), "free", 0)
    beyond = bill(metrics_with(kind, included + 7, TODAY, TODAY + 1), "free", 0)

    assert (within[unit].used, within[unit].overage) == (included, 0)
    assert (beyond[unit].used, beyond[unit].overage) == (included + 7, 14)
    assert beyond.dollars == 0


def test_the_free_plan_stores_a_gigabyte_and_charges_nothing(metrics: Metrics) -> None:
    line = bill(metrics, "free", GIGABYTE + 5)["stored data"]

    assert (line.included, line.used, line.overage, line.dollars) == (
        GIGABYTE,
        GIGABYTE + 5,
        5,
        Decimal(0),
    )


@given(st.integers(0, 10**12), st.integers(0, 10**15))
def test_money_is_exact(reads: int, stored_bytes: int) -> None:
    billed = bill(metrics_with("get", reads), "paid", stored_bytes)

    tenths_of_nanodollars = billed.dollars * 10**10
    assert tenths_of_nanodollars == max(0, reads - 10**7) * 5000 + max(0, stored_bytes - 10**9) * 5


# Which month


def test_the_month_is_that_of_the_clock_unless_one_is_named() -> None:
    metrics = metrics_with("put", 10, TODAY, TODAY + 16, TODAY + 17)

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
def test_a_month_is_a_year_and_a_month(month: str, metrics: Metrics) -> None:
    text = f'bill(month={month!r}): write year and month, as in "2023-11"'

    with pytest.raises(ValueError, match=exactly(text)):
        bill(metrics, "paid", 0, month)


@pytest.mark.parametrize("plan", ["pro", "", None])
def test_a_plan_is_free_or_paid(plan: str, metrics: Metrics) -> None:
    text = f'bill(plan={plan!r}): the plans are "free" and "paid"'

    with pytest.raises(ValueError, match=exactly(text)):
        bill(metrics, plan, 0)


# How it reads


def test_a_paid_bill_prints_as_a_table() -> None:
    billed = bill(metrics_with("put", 3_500_000), "paid", 1_500_000_000)

    assert str(billed) == dedent("""\
        paid plan, 2023-11  included / month       used    overage    USD
        keys read                 10,000,000          0          0   0.00
        keys written               1,000,000  3,500,000  2,500,000  12.50
        keys deleted               1,000,000          0          0   0.00
        list requests              1,000,000          0          0   0.00
        stored data                     1 GB     1.5 GB     500 MB   0.25
        total                                                       12.75""")


def test_a_free_bill_prints_as_a_table() -> None:
    billed = bill(metrics_with("list", 1200, TODAY, TODAY + 1), "free", 2_500_000)

    assert str(billed) == dedent("""\
        free plan, 2023-11  included / day  busiest day  would fail
        keys read                  100,000            0           0
        keys written                 1,000            0           0
        keys deleted                 1,000            0           0
        list requests                1,000        1,200         400
        stored data                   1 GB       2.5 MB         0 B""")


def test_less_than_a_cent_is_not_nothing() -> None:
    lines = str(bill(metrics_with("put", 1_000_001), "paid", 1_000)).splitlines()

    assert lines[2].endswith("< 0.01")
    assert " 1 kB " in lines[5]


def test_a_line_is_found_by_its_unit_alone(metrics: Metrics) -> None:
    with pytest.raises(KeyError):
        bill(metrics, "paid", 0)["bytes"]
