"""Tombstones: which names a list passes over, for how long, and the pages that come of it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pykvbinding import VirtualClock
from pykvbinding.edge.tombstones import Tombstones, TombstoneStore
from pykvbinding.storage.engine import Engine
from pykvbinding.storage.record import ListPage, ReadResult, Record
from tests.support.edge import CentralStore

START = 1_700_000_000
TTL = 3600


class Graveyard:
    """Central stores behind the layer."""

    def __init__(self, clock: VirtualClock, ttl: float = TTL) -> None:
        self.clock = clock
        self.engine = Engine()
        self.central = CentralStore(self.engine, clock)
        self.tombstones = Tombstones(self.engine, clock, ttl)
        self.store = TombstoneStore(self.central, self.tombstones)

    async def put(self, *names: str, expires_in: int | None = None) -> None:
        expiration = None if expires_in is None else self.clock.now_seconds() + expires_in
        for name in names:
            await self.store.put(name, Record("v", None, expiration))

    async def delete(self, *names: str) -> None:
        for name in names:
            await self.store.delete(name)

    async def pages(self, prefix: str = "", limit: int = 2) -> list[ListPage]:
        found = [await self.store.list(prefix, None, limit)]
        while found[-1].next_after is not None:
            found.append(await self.store.list(prefix, found[-1].next_after, limit))
        return found

    def dead(self, prefix: str = "", after: str | None = None, most: int = 100) -> list[str]:
        return self.tombstones.names(prefix, after, None, most)


@pytest.fixture
def yard(clock: VirtualClock) -> Graveyard:
    return Graveyard(clock)


# What leaves a tombstone


async def test_a_deleted_key_leaves_one(yard: Graveyard) -> None:
    await yard.put("a", "b")
    await yard.delete("a")

    assert yard.dead() == ["a"]


async def test_the_delete_of_a_missing_key_leaves_none(yard: Graveyard) -> None:
    await yard.delete("a")

    assert yard.dead() == []


async def test_a_key_put_again_has_none(yard: Graveyard) -> None:
    await yard.put("a")
    await yard.delete("a")
    await yard.put("a")

    assert yard.dead() == []


async def test_an_expired_key_leaves_one_from_its_very_expiration_on(
    yard: Graveyard, clock: VirtualClock
) -> None:
    await yard.put("a", expires_in=60)

    clock.advance(59.999)
    before = yard.dead()
    clock.advance(0.001)

    assert (before, yard.dead()) == ([], ["a"])


async def test_an_expiring_key_that_is_deleted_is_dead_from_then_on(
    yard: Graveyard, clock: VirtualClock
) -> None:
    await yard.put("a", expires_in=600)
    await yard.delete("a")

    clock.advance(TTL - 1)
    before = yard.dead()
    clock.advance(1)

    assert (before, yard.dead()) == (["a"], [])


async def test_the_delete_of_an_expired_key_changes_nothing(
    yard: Graveyard, clock: VirtualClock
) -> None:
    await yard.put("a", expires_in=60)
    clock.advance(120)
    await yard.delete("a")

    clock.advance(60 + TTL - 120)

    assert yard.dead() == []


async def test_a_key_that_no_longer_expires_leaves_none(
    yard: Graveyard, clock: VirtualClock
) -> None:
    await yard.put("a", expires_in=60)
    await yard.put("a")
    clock.advance(60)

    assert yard.dead() == []


async def test_what_a_test_removes_leaves_none(yard: Graveyard, clock: VirtualClock) -> None:
    await yard.put("a", expires_in=60)
    yard.engine.clear()
    before = yard.dead()
    await yard.put("b", expires_in=60)
    await yard.put("b")
    yard.engine.clear()
    clock.advance(60)

    assert before == []
    assert "b" not in yard.dead()


async def test_what_a_test_puts_in_its_place_is_alive(yard: Graveyard, clock: VirtualClock) -> None:
    await yard.put("a")
    await yard.delete("a")
    yard.engine.write("a", Record("seeded"))

    assert yard.dead() == []


@pytest.mark.parametrize(("passed", "dead"), [(TTL - 1, ["a"]), (TTL - 0.5, ["a"]), (TTL, [])])
async def test_a_tombstone_stays_for_its_time(
    yard: Graveyard, clock: VirtualClock, passed: float, dead: list[str]
) -> None:
    await yard.put("a")
    await yard.delete("a")

    clock.advance(passed)

    assert yard.dead() == dead


async def test_a_tombstone_that_has_gone_does_not_come_back(
    yard: Graveyard, clock: VirtualClock
) -> None:
    await yard.put("a")
    await yard.delete("a")
    clock.advance(TTL)

    assert (yard.dead(), yard.dead()) == ([], [])


async def test_a_write_that_fails_takes_no_tombstone_away(yard: Graveyard) -> None:
    await yard.put("a")
    await yard.delete("a")
    yard.central.refusal = RuntimeError("refused")

    with pytest.raises(RuntimeError, match="refused"):
        await yard.put("a")

    assert yard.dead() == ["a"]


async def test_a_delete_that_fails_leaves_the_key_alive(yard: Graveyard) -> None:
    await yard.put("a")
    yard.central.refusal = RuntimeError("refused")

    with pytest.raises(RuntimeError, match="refused"):
        await yard.delete("a")

    assert yard.dead() == []


# Which of them a page passes over


@pytest.mark.parametrize(
    ("prefix", "after", "last", "most", "names"),
    [
        ("", None, None, 10, ["a", "ba", "bb", "bc", "c"]),
        ("", None, None, 2, ["a", "ba"]),
        ("b", None, None, 10, ["ba", "bb", "bc"]),
        ("b", "ba", None, 10, ["bb", "bc"]),
        ("b", "a", None, 10, ["ba", "bb", "bc"]),
        ("b", "bb", None, 1, ["bc"]),
        ("b", "c", None, 10, []),
        ("", None, "bb", 10, ["a", "ba", "bb"]),
        ("b", "ba", "bb", 10, ["bb"]),
        ("z", None, None, 10, []),
    ],
)
async def test_names_are_those_of_the_prefix_in_order_from_after_to_last(
    yard: Graveyard, prefix: str, after: str | None, last: str | None, most: int, names: list[str]
) -> None:
    await yard.put("bb", "a", "bc", "ba", "c")
    await yard.delete("c", "a", "bc", "ba", "bb")

    assert yard.tombstones.names(prefix, after, last, most) == names


async def test_a_prefix_that_is_a_name_has_that_name_too(yard: Graveyard) -> None:
    await yard.put("b", "bb")
    await yard.delete("b", "bb")

    assert yard.dead("b") == ["b", "bb"]
    assert yard.dead("b", after="b") == ["bb"]


async def test_beyond_a_full_page_of_live_names_no_tombstone_is_looked_at(
    yard: Graveyard, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[object, ...]] = []

    def names(*question: object) -> list[str]:
        asked.append(question)
        return []

    monkeypatch.setattr(yard.tombstones, "names", names)
    await yard.put(*(f"{number:03}" for number in range(300)), expires_in=600)

    await yard.store.list("", None, 10)
    await yard.store.list("29", "298", 10)

    assert asked == [("", None, "009", 11), ("29", "298", None, 11)]


# Pages


async def test_without_tombstones_a_page_is_that_of_the_central_stores(yard: Graveyard) -> None:
    await yard.put("a", "b", "c", expires_in=600)

    page = await yard.store.list("", "a", 2)

    assert page == await yard.central.list("", "a", 2)


async def test_a_page_counts_the_names_that_it_passes_over(yard: Graveyard) -> None:
    await yard.put("a", "b", "c", "d")
    await yard.delete("b")

    assert await yard.store.list("", None, 2) == ListPage(["a"], {}, "b")


async def test_a_page_may_be_empty_and_not_the_last(yard: Graveyard) -> None:
    await yard.put("a", "b", "c")
    await yard.delete("a", "b")

    assert await yard.pages(limit=2) == [ListPage([], {}, "b"), ListPage(["c"], {}, None)]


async def test_the_last_page_may_be_empty(yard: Graveyard) -> None:
    await yard.put("a", "b", "c", "d")
    await yard.delete("b", "c", "d")

    pages = await yard.pages(limit=2)

    assert [(page.names, page.next_after) for page in pages] == [(["a"], "b"), ([], None)]


async def test_a_page_that_is_just_full_of_both_is_the_last(yard: Graveyard) -> None:
    await yard.put("a", "b")
    await yard.delete("a")

    assert await yard.store.list("", None, 2) == ListPage(["b"], {}, None)


async def test_a_page_shows_the_records_of_its_own_names_only(yard: Graveyard) -> None:
    await yard.put("b", "c", expires_in=600)
    await yard.put("a")
    await yard.delete("a")

    page = await yard.store.list("", None, 2)

    assert (page.names, list(page.records), page.next_after) == (["b"], ["b"], "b")


NAMES = st.text(alphabet="ab\u00e9\U0001f511", min_size=1, max_size=3)


@settings(deadline=None)
@given(
    live=st.sets(NAMES, max_size=12),
    deleted=st.sets(NAMES, max_size=12),
    expired=st.sets(NAMES, max_size=12),
    prefix=st.sampled_from(["", "a", "b", "ab"]),
    limit=st.integers(1, 5),
)
async def test_all_pages_together_visit_exactly_the_live_keys_in_order(
    live: set[str], deleted: set[str], expired: set[str], prefix: str, limit: int
) -> None:
    clock = VirtualClock(START)
    yard = Graveyard(clock)
    await yard.put(*sorted(expired), expires_in=60)
    clock.advance(60)
    await yard.put(*sorted(deleted))
    await yard.delete(*sorted(deleted))
    await yard.put(*sorted(live))
    every = sorted(name for name in live | deleted | expired if name.startswith(prefix))

    pages = await yard.pages(prefix, limit)

    seen = [name for page in pages for name in page.names]
    ends = [page.next_after for page in pages]
    starts = [None, *ends[:-1]]
    passed = [
        [name for name in every if (start or "") < name and (end is None or name <= end)]
        for start, end in zip(starts, ends, strict=True)
    ]
    assert seen == [name for name in every if name in live]
    assert all(end is not None for end in ends[:-1])
    assert all(len(names) == limit for names in passed[:-1])
    assert len(passed[-1]) <= limit


# The layer


async def test_the_layer_tells_the_versions_of_the_next_store(yard: Graveyard) -> None:
    assert await yard.store.put("a", Record("1")) == 1
    assert await yard.store.delete("a") == 2


async def test_reads_do_not_pass_through_the_layer(yard: Graveyard) -> None:
    record = Record("1")
    await yard.store.put("a", record)

    assert yard.store.get == yard.central.get
    assert await yard.store.get_many(["a"], 60) == {"a": ReadResult(record, None, 1)}
