"""Tombstones: the names that a list skips, for how long, and the resulting pages."""

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


class TombstoneStores:
    """A tombstone layer over central stores."""

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
        pages = [await self.store.list(prefix, None, limit)]
        while pages[-1].next_after is not None:
            pages.append(await self.store.list(prefix, pages[-1].next_after, limit))
        return pages

    def tombstones_of(
        self, prefix: str = "", after: str | None = None, max_names: int = 100
    ) -> list[str]:
        return self.tombstones.names(prefix, after, None, max_names)


@pytest.fixture
def stores(clock: VirtualClock) -> TombstoneStores:
    return TombstoneStores(clock)


# Creation


async def test_a_deleted_key_leaves_a_tombstone(stores: TombstoneStores) -> None:
    await stores.put("a", "b")
    await stores.delete("a")

    assert stores.tombstones_of() == ["a"]


async def test_deleting_a_missing_key_leaves_no_tombstone(stores: TombstoneStores) -> None:
    await stores.delete("a")

    assert stores.tombstones_of() == []


async def test_a_key_written_again_has_no_tombstone(stores: TombstoneStores) -> None:
    await stores.put("a")
    await stores.delete("a")
    await stores.put("a")

    assert stores.tombstones_of() == []


async def test_an_expired_key_has_a_tombstone_from_its_expiration_on(
    stores: TombstoneStores, clock: VirtualClock
) -> None:
    await stores.put("a", expires_in=60)

    clock.advance(59.999)
    before = stores.tombstones_of()
    clock.advance(0.001)

    assert (before, stores.tombstones_of()) == ([], ["a"])


async def test_a_deleted_key_with_expiration_has_a_tombstone_from_the_delete_on(
    stores: TombstoneStores, clock: VirtualClock
) -> None:
    await stores.put("a", expires_in=600)
    await stores.delete("a")

    clock.advance(TTL - 1)
    before = stores.tombstones_of()
    clock.advance(1)

    assert (before, stores.tombstones_of()) == (["a"], [])


async def test_deleting_an_expired_key_changes_nothing(
    stores: TombstoneStores, clock: VirtualClock
) -> None:
    await stores.put("a", expires_in=60)
    clock.advance(120)
    await stores.delete("a")

    clock.advance(60 + TTL - 120)

    assert stores.tombstones_of() == []


async def test_a_key_rewritten_without_expiration_leaves_no_tombstone(
    stores: TombstoneStores, clock: VirtualClock
) -> None:
    await stores.put("a", expires_in=60)
    await stores.put("a")
    clock.advance(60)

    assert stores.tombstones_of() == []


async def test_direct_deletions_leave_no_tombstones(
    stores: TombstoneStores, clock: VirtualClock
) -> None:
    await stores.put("a", expires_in=60)
    stores.engine.clear()
    before = stores.tombstones_of()
    await stores.put("b", expires_in=60)
    await stores.put("b")
    stores.engine.clear()
    clock.advance(60)

    assert before == []
    assert "b" not in stores.tombstones_of()


async def test_a_directly_stored_key_has_no_tombstone(
    stores: TombstoneStores, clock: VirtualClock
) -> None:
    await stores.put("a")
    await stores.delete("a")
    stores.engine.write("a", Record("seeded"))

    assert stores.tombstones_of() == []


@pytest.mark.parametrize(("iterated", "dead"), [(TTL - 1, ["a"]), (TTL - 0.5, ["a"]), (TTL, [])])
async def test_a_tombstone_is_kept_for_its_ttl(
    stores: TombstoneStores, clock: VirtualClock, iterated: float, dead: list[str]
) -> None:
    await stores.put("a")
    await stores.delete("a")

    clock.advance(iterated)

    assert stores.tombstones_of() == dead


async def test_an_outdated_tombstone_does_not_reappear(
    stores: TombstoneStores, clock: VirtualClock
) -> None:
    await stores.put("a")
    await stores.delete("a")
    clock.advance(TTL)

    assert (stores.tombstones_of(), stores.tombstones_of()) == ([], [])


async def test_a_failed_write_keeps_the_tombstone(stores: TombstoneStores) -> None:
    await stores.put("a")
    await stores.delete("a")
    stores.central.error = RuntimeError("failed")

    with pytest.raises(RuntimeError, match="failed"):
        await stores.put("a")

    assert stores.tombstones_of() == ["a"]


async def test_a_failed_delete_keeps_the_key(stores: TombstoneStores) -> None:
    await stores.put("a")
    stores.central.error = RuntimeError("failed")

    with pytest.raises(RuntimeError, match="failed"):
        await stores.delete("a")

    assert stores.tombstones_of() == []


# Names in a range


@pytest.mark.parametrize(
    ("prefix", "after", "last", "max_names", "names"),
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
async def test_returns_the_sorted_names_of_a_prefix_and_range(
    stores: TombstoneStores,
    prefix: str,
    after: str | None,
    last: str | None,
    max_names: int,
    names: list[str],
) -> None:
    await stores.put("bb", "a", "bc", "ba", "c")
    await stores.delete("c", "a", "bc", "ba", "bb")

    assert stores.tombstones.names(prefix, after, last, max_names) == names


async def test_includes_a_name_that_equals_the_prefix(stores: TombstoneStores) -> None:
    await stores.put("b", "bb")
    await stores.delete("b", "bb")

    assert stores.tombstones_of("b") == ["b", "bb"]
    assert stores.tombstones_of("b", after="b") == ["bb"]


async def test_ignores_tombstones_after_a_full_page(
    stores: TombstoneStores, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[object, ...]] = []

    def names(*args: object) -> list[str]:
        calls.append(args)
        return []

    monkeypatch.setattr(stores.tombstones, "names", names)
    await stores.put(*(f"{number:03}" for number in range(300)), expires_in=600)

    await stores.store.list("", None, 10)
    await stores.store.list("29", "298", 10)

    assert calls == [("", None, "009", 11), ("29", "298", None, 11)]


# Pages


async def test_returns_the_page_of_the_central_stores_without_tombstones(
    stores: TombstoneStores,
) -> None:
    await stores.put("a", "b", "c", expires_in=600)

    page = await stores.store.list("", "a", 2)

    assert page == await stores.central.list("", "a", 2)


async def test_skipped_names_count_towards_the_limit(stores: TombstoneStores) -> None:
    await stores.put("a", "b", "c", "d")
    await stores.delete("b")

    assert await stores.store.list("", None, 2) == ListPage(["a"], {}, "b")


async def test_a_page_can_be_empty_without_being_the_last(stores: TombstoneStores) -> None:
    await stores.put("a", "b", "c")
    await stores.delete("a", "b")

    assert await stores.pages(limit=2) == [ListPage([], {}, "b"), ListPage(["c"], {}, None)]


async def test_the_last_page_can_be_empty(stores: TombstoneStores) -> None:
    await stores.put("a", "b", "c", "d")
    await stores.delete("b", "c", "d")

    pages = await stores.pages(limit=2)

    assert [(page.names, page.next_after) for page in pages] == [(["a"], "b"), ([], None)]


async def test_an_exactly_full_page_is_the_last(stores: TombstoneStores) -> None:
    await stores.put("a", "b")
    await stores.delete("a")

    assert await stores.store.list("", None, 2) == ListPage(["b"], {}, None)


async def test_a_page_has_the_records_of_its_names_only(stores: TombstoneStores) -> None:
    await stores.put("b", "c", expires_in=600)
    await stores.put("a")
    await stores.delete("a")

    page = await stores.store.list("", None, 2)

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
async def test_all_pages_together_list_the_live_keys_in_order(
    live: set[str], deleted: set[str], expired: set[str], prefix: str, limit: int
) -> None:
    clock = VirtualClock(START)
    stores = TombstoneStores(clock)
    await stores.put(*sorted(expired), expires_in=60)
    clock.advance(60)
    await stores.put(*sorted(deleted))
    await stores.delete(*sorted(deleted))
    await stores.put(*sorted(live))
    names = sorted(name for name in live | deleted | expired if name.startswith(prefix))

    pages = await stores.pages(prefix, limit)

    listed = [name for page in pages for name in page.names]
    ends = [page.next_after for page in pages]
    starts = [None, *ends[:-1]]
    iterated = [
        [name for name in names if (start or "") < name and (end is None or name <= end)]
        for start, end in zip(starts, ends, strict=True)
    ]
    assert listed == [name for name in names if name in live]
    assert all(end is not None for end in ends[:-1])
    assert all(len(page_names) == limit for page_names in iterated[:-1])
    assert len(iterated[-1]) <= limit


# The layer


async def test_writes_return_the_versions_of_the_next_store(stores: TombstoneStores) -> None:
    assert await stores.store.put("a", Record("1")) == 1
    assert await stores.store.delete("a") == 2


async def test_reads_bypass_the_layer(stores: TombstoneStores) -> None:
    record = Record("1")
    await stores.store.put("a", record)

    assert stores.store.get == stores.central.get
    assert await stores.store.get_many(["a"], 60) == {"a": ReadResult(record, None, 1)}
