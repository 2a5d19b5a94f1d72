"""The version log: all versions of each key, and the layers that use it."""

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pykvbinding import VirtualClock
from pykvbinding.clock import NANOSECONDS
from pykvbinding.middleware.versions import (
    ABSENT_VERSION,
    ListVersionStore,
    Version,
    VersionLog,
    VersionStore,
)
from pykvbinding.storage.engine import Engine
from pykvbinding.storage.record import ReadResult, Record
from pykvbinding.storage.store import LocalStore

START = 1_700_000_000
NOW = START * NANOSECONDS


class VersionedStore:
    """An engine, its version log, and the version layer."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self.engine = Engine()
        self.log = VersionLog(self.engine, clock)
        self.local = LocalStore(self.engine, clock)
        self.store = self.at("LHR")

    def at(self, location: str | None) -> VersionStore:
        return VersionStore(self.local, self.log, location)

    def history(self, key: str) -> list[tuple[int, str | None]]:
        return [(version.number, text_of(version.record)) for version in self.log.versions(key)]


def text_of(record: Record | None) -> str | None:
    return None if record is None else str(record.value)


@pytest.fixture
def versioned(clock: VirtualClock) -> VersionedStore:
    return VersionedStore(clock)


# Versions


def test_the_first_version_is_the_absence(versioned: VersionedStore) -> None:
    assert versioned.log.versions("a") == [Version(0, None, None, None)] == [ABSENT_VERSION]


async def test_each_write_is_a_version_with_time_and_location(
    versioned: VersionedStore, clock: VirtualClock
) -> None:
    record = Record("1")
    await versioned.store.put("a", record)
    clock.advance(1.5)
    await versioned.at("NRT").delete("a")

    assert versioned.log.versions("a") == [
        ABSENT_VERSION,
        Version(1, record, NOW, "LHR"),
        Version(2, None, NOW + 1_500_000_000, "NRT"),
    ]


async def test_a_write_without_a_location_has_no_location(versioned: VersionedStore) -> None:
    await versioned.at(None).put("a", Record("1"))

    assert versioned.log.latest("a").location is None


async def test_writes_return_their_version_number(versioned: VersionedStore) -> None:
    first = await versioned.store.put("a", Record("1"))
    second = await versioned.store.delete("a")
    other = await versioned.store.put("b", Record("1"))

    assert (first, second, other) == (1, 2, 1)


async def test_deleting_a_missing_key_is_a_version(versioned: VersionedStore) -> None:
    assert await versioned.store.delete("a") == 1
    assert versioned.history("a") == [(0, None), (1, None)]


async def test_writing_the_same_value_is_a_new_version(versioned: VersionedStore) -> None:
    record = Record("1")
    await versioned.store.put("a", record)

    assert await versioned.store.put("a", record) == 2


async def test_reads_return_the_version(versioned: VersionedStore) -> None:
    record = Record("1")
    await versioned.store.put("a", record)

    assert await versioned.store.get("a", 60) == ReadResult(record, None, 1)
    assert await versioned.store.get("b", 60) == ReadResult(None, None, 0)
    assert await versioned.store.get_many(["b", "a"], 60) == {
        "b": ReadResult(None, None, 0),
        "a": ReadResult(record, None, 1),
    }


async def test_lists_bypass_the_layer(versioned: VersionedStore) -> None:
    assert versioned.store.list == versioned.local.list


async def test_list_versions_has_the_version_of_each_name(versioned: VersionedStore) -> None:
    await versioned.store.put("a", Record("1"))
    await versioned.store.put("a", Record("2"))
    await versioned.store.put("b", Record("1"))

    page = await ListVersionStore(versioned.store, versioned.log).list("", None, 10)

    assert page.versions == {"a": 2, "b": 1}


async def test_list_versions_forwards_all_other_methods(versioned: VersionedStore) -> None:
    pages = ListVersionStore(versioned.store, versioned.log)

    assert await pages.put("a", Record("1")) == 1
    assert (await pages.get("a", 60)).version == 1
    assert list(await pages.get_many(["a"], 60)) == ["a"]
    assert await pages.delete("a") == 2


# Direct changes


def test_a_record_older_than_the_log_has_no_commit_time(versioned: VersionedStore) -> None:
    record = Record("1")
    versioned.engine.write("a", record)

    assert versioned.log.versions("a") == [ABSENT_VERSION, Version(1, record, None, None)]


def test_a_direct_change_has_the_time_of_its_detection(
    versioned: VersionedStore, clock: VirtualClock
) -> None:
    record = Record("1")
    versioned.log.versions("a")
    versioned.engine.write("a", record)
    clock.advance(1)

    detected = versioned.log.latest("a")
    clock.advance(1)

    assert detected == Version(1, record, NOW + NANOSECONDS, None)
    assert versioned.log.latest("a") is detected


def test_a_direct_clear_is_a_deletion(versioned: VersionedStore) -> None:
    versioned.engine.write("a", Record("1"))
    versioned.log.versions("a")
    versioned.engine.clear()

    assert versioned.log.latest("a") == Version(2, None, NOW, None)


async def test_a_write_after_a_direct_change_is_another_version(versioned: VersionedStore) -> None:
    await versioned.store.put("a", Record("1"))
    versioned.engine.write("a", Record("2"))

    assert await versioned.store.put("a", Record("3")) == 3
    assert versioned.history("a") == [(0, None), (1, "1"), (2, "2"), (3, "3")]


# Expiration


@pytest.mark.parametrize("evicts", [False, True])
async def test_expiration_is_not_a_version(
    versioned: VersionedStore, clock: VirtualClock, evicts: bool
) -> None:
    await versioned.store.put("a", Record("1", expiration=START + 60))
    clock.advance(60)
    if evicts:
        versioned.engine.evict_expired(clock.now_seconds())

    assert versioned.history("a") == [(0, None), (1, "1")]
    assert versioned.log.latest("a").is_expired(clock.now_nanoseconds())


async def test_a_write_after_expiration_is_the_next_version(
    versioned: VersionedStore, clock: VirtualClock
) -> None:
    await versioned.store.put("a", Record("1", expiration=START + 60))
    clock.advance(60)
    versioned.engine.evict_expired(clock.now_seconds())

    assert await versioned.store.put("a", Record("2")) == 2


def test_a_direct_clear_before_expiration_is_a_deletion(
    versioned: VersionedStore, clock: VirtualClock
) -> None:
    versioned.engine.write("a", Record("1", expiration=START + 60))
    versioned.log.versions("a")
    clock.advance(59.999_999_999)
    versioned.engine.clear()

    assert versioned.history("a") == [(0, None), (1, "1"), (2, None)]


@pytest.mark.parametrize(
    ("record", "now", "expired"),
    [
        (None, NOW, False),
        (Record("1"), NOW, False),
        (Record("1", expiration=START), NOW - 1, False),
        (Record("1", expiration=START), NOW, True),
        (Record("1", expiration=START), NOW + 1, True),
    ],
)
def test_a_version_expires_at_the_exact_second(
    record: Record | None, now: int, expired: bool
) -> None:
    assert Version(1, record, None, None).is_expired(now) is expired


# Comparison with a model: a list of writes

KEYS = st.sampled_from(["a", "b"])
WRITES = st.tuples(st.sampled_from(["put", "expiring", "delete"]), KEYS)
DIRECT_CHANGES = st.tuples(st.sampled_from(["seed", "clear", "evict", "read"]), KEYS)
PAUSES = st.tuples(st.just("pass"), st.sampled_from([0.5, 1, 30, 60]))


async def perform(versioned: VersionedStore, action: str, key: str) -> Record | None:
    record = None
    if action in ("put", "expiring"):
        expiration = versioned.clock.now_seconds() + 60 if action == "expiring" else None
        record = Record("v", None, expiration)
        await versioned.store.put(key, record)
    elif action == "delete":
        await versioned.store.delete(key)
    elif action == "seed":
        versioned.engine.write(key, Record("seeded"))
    elif action == "clear":
        versioned.engine.clear()
    elif action == "evict":
        versioned.engine.evict_expired(versioned.clock.now_seconds())
    else:
        versioned.log.latest(key)
    return record


@settings(deadline=None)
@given(st.lists(WRITES | PAUSES | st.tuples(st.sampled_from(["evict", "read"]), KEYS)))
async def test_the_log_is_the_list_of_all_writes(
    steps: Iterable[tuple[str, str | float]],
) -> None:
    versioned = VersionedStore(VirtualClock(START))
    model: dict[str, list[Version]] = {"a": [ABSENT_VERSION], "b": [ABSENT_VERSION]}

    for action, subject in steps:
        if isinstance(subject, str):
            record = await perform(versioned, action, subject)
            if action in ("put", "expiring", "delete"):
                written = model[subject]
                now = versioned.clock.now_nanoseconds()
                written.append(Version(len(written), record, now, "LHR"))
        else:
            versioned.clock.advance(subject)

    assert {key: versioned.log.versions(key) for key in model} == model


@settings(deadline=None)
@given(st.lists(WRITES | DIRECT_CHANGES | PAUSES))
async def test_the_newest_version_is_the_record_of_the_engine(
    steps: Iterable[tuple[str, str | float]],
) -> None:
    versioned = VersionedStore(VirtualClock(START))

    for action, subject in steps:
        if not isinstance(subject, str):
            versioned.clock.advance(subject)
            continue
        await perform(versioned, action, subject)
        now = versioned.clock.now_nanoseconds()
        latest = versioned.log.latest(subject)
        visible = None if latest.is_expired(now) else latest.record
        versions = versioned.log.versions(subject)
        committed = [
            version.committed_ns for version in versions if version.committed_ns is not None
        ]

        assert visible is versioned.engine.read(subject, versioned.clock.now_seconds())
        assert [version.number for version in versions] == list(range(len(versions)))
        assert committed == sorted(committed)


# Writes inserted below the newest version


async def test_insert_before_latest_renumbers_the_newest(
    versioned: VersionedStore, clock: VirtualClock
) -> None:
    await versioned.store.put("a", Record("1"))
    clock.advance(2)

    number = versioned.log.insert_before_latest("a", Record("2"), "NRT")

    assert number == 1
    assert versioned.history("a") == [(0, None), (1, "2"), (2, "1")]
    below, newest = versioned.log.versions("a")[1:]
    assert (below.committed_ns, below.location) == (NOW + 2 * NANOSECONDS, "NRT")
    assert (newest.committed_ns, newest.location) == (NOW, "LHR")
    assert versioned.log.latest("a").record is versioned.engine.lookup("a")


async def test_a_version_inserted_below_a_deletion_stays_deleted(versioned: VersionedStore) -> None:
    await versioned.store.put("a", Record("1"))
    await versioned.store.delete("a")
    versioned.log.insert_before_latest("a", Record("2"), "NRT")

    assert versioned.history("a") == [(0, None), (1, "1"), (2, "2"), (3, None)]
    assert versioned.engine.lookup("a") is None


async def test_a_direct_change_is_detected_before_an_insertion(
    versioned: VersionedStore,
) -> None:
    await versioned.store.put("a", Record("1"))
    versioned.engine.write("a", Record("direct"))

    assert versioned.log.insert_before_latest("a", Record("2"), "NRT") == 2
    assert versioned.history("a") == [(0, None), (1, "1"), (2, "2"), (3, "direct")]


async def test_commit_indexes_count_over_all_keys(versioned: VersionedStore) -> None:
    await versioned.store.put("a", Record("1"))
    await versioned.store.delete("b")
    versioned.log.insert_before_latest("a", Record("2"), "NRT")
    versioned.engine.write("b", Record("direct"))
    versioned.log.latest("b")

    indexes = {
        key: [version.commit_index for version in versioned.log.versions(key)] for key in "abc"
    }
    assert indexes == {"a": [0, 3, 1], "b": [0, 2, 4], "c": [0]}
