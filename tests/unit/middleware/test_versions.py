"""The ledger: every version of every key, and the layer that writes it."""

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pykvbinding import VirtualClock
from pykvbinding.clock import NANOSECONDS
from pykvbinding.middleware.versions import NEVER, Ledger, LedgerStore, NumberedPages, Version
from pykvbinding.storage.engine import Engine
from pykvbinding.storage.record import ReadResult, Record
from pykvbinding.storage.store import LocalStore

START = 1_700_000_000
NOW = START * NANOSECONDS


class Kept:
    """An engine, the ledger that follows it, and the layer between."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self.engine = Engine()
        self.ledger = Ledger(self.engine, clock)
        self.local = LocalStore(self.engine, clock)
        self.store = self.at("LHR")

    def at(self, location: str | None) -> LedgerStore:
        return LedgerStore(self.local, self.ledger, location)

    def history(self, key: str) -> list[tuple[int, str | None]]:
        return [(each.number, text_of(each.record)) for each in self.ledger.versions(key)]


def text_of(record: Record | None) -> str | None:
    return None if record is None else str(record.value)


@pytest.fixture
def kept(clock: VirtualClock) -> Kept:
    return Kept(clock)


# Versions


def test_before_the_first_write_there_is_the_absence(kept: Kept) -> None:
    assert kept.ledger.versions("a") == [Version(0, None, None, None)] == [NEVER]


async def test_each_write_is_a_version_with_its_instant_and_its_location(
    kept: Kept, clock: VirtualClock
) -> None:
    record = Record("1")
    await kept.store.put("a", record)
    clock.advance(1.5)
    await kept.at("NRT").delete("a")

    assert kept.ledger.versions("a") == [
        NEVER,
        Version(1, record, NOW, "LHR"),
        Version(2, None, NOW + 1_500_000_000, "NRT"),
    ]


async def test_a_write_outside_every_location_has_none(kept: Kept) -> None:
    await kept.at(None).put("a", Record("1"))

    assert kept.ledger.latest("a").location is None


async def test_the_layer_returns_the_number_of_each_write(kept: Kept) -> None:
    first = await kept.store.put("a", Record("1"))
    second = await kept.store.delete("a")
    other = await kept.store.put("b", Record("1"))

    assert (first, second, other) == (1, 2, 1)


async def test_the_delete_of_a_missing_key_is_a_version_too(kept: Kept) -> None:
    assert await kept.store.delete("a") == 1
    assert kept.history("a") == [(0, None), (1, None)]


async def test_the_same_value_again_is_another_version(kept: Kept) -> None:
    record = Record("1")
    await kept.store.put("a", record)

    assert await kept.store.put("a", record) == 2


async def test_every_read_tells_the_version_that_it_found(kept: Kept) -> None:
    record = Record("1")
    await kept.store.put("a", record)

    assert await kept.store.get("a", 60) == ReadResult(record, None, 1)
    assert await kept.store.get("b", 60) == ReadResult(None, None, 0)
    assert await kept.store.get_many(["b", "a"], 60) == {
        "b": ReadResult(None, None, 0),
        "a": ReadResult(record, None, 1),
    }


async def test_lists_do_not_pass_through_the_layer(kept: Kept) -> None:
    assert kept.store.list == kept.local.list


async def test_numbered_pages_tell_the_version_of_each_name(kept: Kept) -> None:
    await kept.store.put("a", Record("1"))
    await kept.store.put("a", Record("2"))
    await kept.store.put("b", Record("1"))

    page = await NumberedPages(kept.store, kept.ledger).list("", None, 10)

    assert page.versions == {"a": 2, "b": 1}


async def test_numbered_pages_hand_on_all_but_lists(kept: Kept) -> None:
    pages = NumberedPages(kept.store, kept.ledger)

    assert await pages.put("a", Record("1")) == 1
    assert (await pages.get("a", 60)).version == 1
    assert list(await pages.get_many(["a"], 60)) == ["a"]
    assert await pages.delete("a") == 2


# What a test does to the records directly


def test_what_was_there_before_anybody_looked_was_always_there(kept: Kept) -> None:
    record = Record("1")
    kept.engine.write("a", record)

    assert kept.ledger.versions("a") == [NEVER, Version(1, record, None, None)]


def test_what_comes_after_somebody_looked_is_of_the_instant_at_which_it_is_noticed(
    kept: Kept, clock: VirtualClock
) -> None:
    record = Record("1")
    kept.ledger.versions("a")
    kept.engine.write("a", record)
    clock.advance(1)

    noticed = kept.ledger.latest("a")
    clock.advance(1)

    assert noticed == Version(1, record, NOW + NANOSECONDS, None)
    assert kept.ledger.latest("a") is noticed


def test_what_a_test_clears_is_a_deletion(kept: Kept) -> None:
    kept.engine.write("a", Record("1"))
    kept.ledger.versions("a")
    kept.engine.clear()

    assert kept.ledger.latest("a") == Version(2, None, NOW, None)


async def test_a_write_over_what_a_test_has_changed_is_one_version_more(kept: Kept) -> None:
    await kept.store.put("a", Record("1"))
    kept.engine.write("a", Record("2"))

    assert await kept.store.put("a", Record("3")) == 3
    assert kept.history("a") == [(0, None), (1, "1"), (2, "2"), (3, "3")]


# Expiry


@pytest.mark.parametrize("tidies", [False, True])
async def test_expiry_is_no_version(kept: Kept, clock: VirtualClock, tidies: bool) -> None:
    await kept.store.put("a", Record("1", expiration=START + 60))
    clock.advance(60)
    if tidies:
        kept.engine.evict_expired(clock.now_seconds())

    assert kept.history("a") == [(0, None), (1, "1")]
    assert kept.ledger.latest("a").is_expired(clock.now_nanoseconds())


async def test_a_write_after_expiry_is_the_next_version(kept: Kept, clock: VirtualClock) -> None:
    await kept.store.put("a", Record("1", expiration=START + 60))
    clock.advance(60)
    kept.engine.evict_expired(clock.now_seconds())

    assert await kept.store.put("a", Record("2")) == 2


def test_what_is_cleared_before_it_expires_is_a_deletion(kept: Kept, clock: VirtualClock) -> None:
    kept.engine.write("a", Record("1", expiration=START + 60))
    kept.ledger.versions("a")
    clock.advance(59.999_999_999)
    kept.engine.clear()

    assert kept.history("a") == [(0, None), (1, "1"), (2, None)]


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
def test_a_version_expires_at_the_very_second(
    record: Record | None, now: int, expired: bool
) -> None:
    assert Version(1, record, None, None).is_expired(now) is expired


# Against a model: a plain list of what was written

KEYS = st.sampled_from(["a", "b"])
WRITES = st.tuples(st.sampled_from(["put", "expiring", "delete"]), KEYS)
DIRECTLY = st.tuples(st.sampled_from(["seed", "clear", "tidy", "look"]), KEYS)
PAUSES = st.tuples(st.just("pass"), st.sampled_from([0.5, 1, 30, 60]))


async def carry_out(kept: Kept, what: str, key: str) -> Record | None:
    record = None
    if what in ("put", "expiring"):
        expiration = kept.clock.now_seconds() + 60 if what == "expiring" else None
        record = Record("v", None, expiration)
        await kept.store.put(key, record)
    elif what == "delete":
        await kept.store.delete(key)
    elif what == "seed":
        kept.engine.write(key, Record("seeded"))
    elif what == "clear":
        kept.engine.clear()
    elif what == "tidy":
        kept.engine.evict_expired(kept.clock.now_seconds())
    else:
        kept.ledger.latest(key)
    return record


@settings(deadline=None)
@given(st.lists(WRITES | PAUSES | st.tuples(st.sampled_from(["tidy", "look"]), KEYS)))
async def test_without_direct_changes_the_ledger_is_the_list_of_all_writes(
    steps: Iterable[tuple[str, str | float]],
) -> None:
    kept = Kept(VirtualClock(START))
    model: dict[str, list[Version]] = {"a": [NEVER], "b": [NEVER]}

    for what, subject in steps:
        if isinstance(subject, str):
            record = await carry_out(kept, what, subject)
            if what in ("put", "expiring", "delete"):
                written = model[subject]
                now = kept.clock.now_nanoseconds()
                written.append(Version(len(written), record, now, "LHR"))
        else:
            kept.clock.advance(subject)

    assert {key: kept.ledger.versions(key) for key in model} == model


@settings(deadline=None)
@given(st.lists(WRITES | DIRECTLY | PAUSES))
async def test_the_newest_version_is_what_the_engine_holds_whatever_happens_to_it(
    steps: Iterable[tuple[str, str | float]],
) -> None:
    kept = Kept(VirtualClock(START))

    for what, subject in steps:
        if not isinstance(subject, str):
            kept.clock.advance(subject)
            continue
        await carry_out(kept, what, subject)
        now = kept.clock.now_nanoseconds()
        latest = kept.ledger.latest(subject)
        shown = None if latest.is_expired(now) else latest.record
        versions = kept.ledger.versions(subject)
        committed = [each.committed for each in versions if each.committed is not None]

        assert shown is kept.engine.read(subject, kept.clock.now_seconds())
        assert [each.number for each in versions] == list(range(len(versions)))
        assert committed == sorted(committed)


# Writes that come in below the newest


async def test_a_write_can_come_in_below_the_newest_which_gets_its_number(
    kept: Kept, clock: VirtualClock
) -> None:
    await kept.store.put("a", Record("1"))
    clock.advance(2)

    number = kept.ledger.insert("a", Record("2"), "NRT")

    assert number == 1
    assert kept.history("a") == [(0, None), (1, "2"), (2, "1")]
    below, newest = kept.ledger.versions("a")[1:]
    assert (below.committed, below.location) == (NOW + 2 * NANOSECONDS, "NRT")
    assert (newest.committed, newest.location) == (NOW, "LHR")
    assert kept.ledger.latest("a").record is kept.engine.lookup("a")


async def test_what_comes_in_below_a_deletion_stays_deleted(kept: Kept) -> None:
    await kept.store.put("a", Record("1"))
    await kept.store.delete("a")
    kept.ledger.insert("a", Record("2"), "NRT")

    assert kept.history("a") == [(0, None), (1, "1"), (2, "2"), (3, None)]
    assert kept.engine.lookup("a") is None


async def test_what_a_test_has_put_there_meanwhile_is_a_version_before_anything_comes_in(
    kept: Kept,
) -> None:
    await kept.store.put("a", Record("1"))
    kept.engine.write("a", Record("direct"))

    assert kept.ledger.insert("a", Record("2"), "NRT") == 2
    assert kept.history("a") == [(0, None), (1, "1"), (2, "2"), (3, "direct")]


async def test_commits_are_counted_over_all_keys(kept: Kept) -> None:
    await kept.store.put("a", Record("1"))
    await kept.store.delete("b")
    kept.ledger.insert("a", Record("2"), "NRT")
    kept.engine.write("b", Record("direct"))
    kept.ledger.latest("b")

    places = {key: [each.place for each in kept.ledger.versions(key)] for key in "abc"}
    assert places == {"a": [0, 3, 1], "b": [0, 2, 4], "c": [0]}
