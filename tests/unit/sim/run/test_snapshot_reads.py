"""Snapshot reads: the versions that may be read after other reads."""

from collections.abc import Iterator

import pytest

from pykvbinding import VirtualClock
from pykvbinding.middleware.versions import Version, VersionLog
from pykvbinding.sim.run.invocation import CURRENT, Invocation
from pykvbinding.sim.run.snapshot_reads import ReadSnapshot
from pykvbinding.storage.engine import Engine
from pykvbinding.storage.record import Record


@pytest.fixture
def ledger() -> VersionLog:
    """A log with two versions of "a" and "b", in the order a1 b1 a2 b2."""
    engine = Engine()
    ledger = VersionLog(engine, VirtualClock())
    for value in "12":
        for key in "ab":
            record = Record(value)
            ledger.commit(key, record, "LHR")
            engine.write(key, record)
    return ledger


@pytest.fixture
def moments(ledger: VersionLog) -> ReadSnapshot:
    return ReadSnapshot(ledger)


@pytest.fixture(autouse=True)
def invocation() -> Iterator[Invocation]:
    """The invocation that reads."""
    current = Invocation(None, 1, "visit", "LHR", "#1")
    CURRENT.set(current)
    yield current
    CURRENT.set(None)


def newest_first(ledger: VersionLog, key: str) -> list[Version]:
    return list(reversed(ledger.versions(key)))


def compatible_versions(moments: ReadSnapshot, ledger: VersionLog, key: str) -> list[int]:
    return [
        version.number for version in moments.compatible_versions(key, newest_first(ledger, key))
    ]


def test_the_first_read_is_not_restricted(moments: ReadSnapshot, ledger: VersionLog) -> None:
    assert compatible_versions(moments, ledger, "b") == [2, 1, 0]


@pytest.mark.parametrize(("seen", "fits"), [(0, [0]), (1, [1, 0]), (2, [2, 1])])
def test_the_next_read_returns_a_version_that_existed_at_the_same_time(
    moments: ReadSnapshot, ledger: VersionLog, seen: int, fits: list[int]
) -> None:
    moments.record_read("a", ledger.versions("a")[seen])

    assert compatible_versions(moments, ledger, "b") == fits
    assert compatible_versions(moments, ledger, "a") == [seen]


def test_every_read_narrows_the_snapshot(moments: ReadSnapshot, ledger: VersionLog) -> None:
    moments.record_read("a", ledger.versions("a")[1])
    moments.record_read("b", ledger.versions("b")[1])

    assert compatible_versions(moments, ledger, "a") == [1]
    assert compatible_versions(moments, ledger, "c") == [0]


def test_only_the_first_read_of_a_key_counts(moments: ReadSnapshot, ledger: VersionLog) -> None:
    moments.record_read("a", ledger.versions("a")[1])
    moments.record_read("a", ledger.versions("a")[2])

    assert compatible_versions(moments, ledger, "b") == [1, 0]


def test_returns_the_next_version_if_none_is_compatible(
    moments: ReadSnapshot, ledger: VersionLog
) -> None:
    moments.record_read("a", ledger.versions("a")[0])
    later = newest_first(ledger, "b")[:2]

    assert moments.compatible_versions("b", later) == [later[1]]


def test_returns_the_newest_version_if_none_is_later(
    moments: ReadSnapshot, ledger: VersionLog
) -> None:
    moments.record_read("a", ledger.versions("a")[2])
    earlier = newest_first(ledger, "b")[2:]

    assert moments.compatible_versions("b", earlier) == earlier


def test_a_written_key_neither_is_restricted_nor_restricts(
    moments: ReadSnapshot, ledger: VersionLog
) -> None:
    moments.record_read("a", ledger.versions("a")[1])
    moments.record_write("b")
    moments.record_read("b", ledger.versions("b")[2])

    assert compatible_versions(moments, ledger, "b") == [2, 1, 0]
    assert compatible_versions(moments, ledger, "a") == [1]


def test_each_invocation_has_its_own_snapshot(moments: ReadSnapshot, ledger: VersionLog) -> None:
    moments.record_read("a", ledger.versions("a")[0])
    CURRENT.set(Invocation(None, 2, "visit", "LHR", "#2"))

    assert compatible_versions(moments, ledger, "b") == [2, 1, 0]


def test_reads_of_the_test_are_not_restricted(moments: ReadSnapshot, ledger: VersionLog) -> None:
    CURRENT.set(None)
    moments.record_read("a", ledger.versions("a")[0])

    assert compatible_versions(moments, ledger, "b") == [2, 1, 0]


def test_an_inserted_version_existed_for_one_commit(
    moments: ReadSnapshot, ledger: VersionLog
) -> None:
    ledger.insert_before_latest(
        "a", Record("3"), "NRT"
    )  # inserted before a2, which becomes the third version

    moments.record_read("b", ledger.versions("b")[2])
    assert compatible_versions(moments, ledger, "a") == [3, 2]

    moments.record_read("c", ledger.latest("c"))
    moments.record_read("a", ledger.versions("a")[2])
    assert compatible_versions(moments, ledger, "b") == [2]
