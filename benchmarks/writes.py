"""Writes of small values, one by one and in bulk."""

from collections.abc import Callable, Iterator

from benchmarks.floor import DictFake
from benchmarks.row import Row
from benchmarks.sizes import TEXT, Sizes, names, shuffled
from benchmarks.timer import Contestant, compare, drive, each, each_put, prepared, timed
from pykvbinding import KVNamespace


def put(sizes: Sizes) -> Iterator[Row]:
    """A short text over an existing key."""
    kv, order = KVNamespace(), shuffled(names(sizes.keys))
    kv.namespace.seed(dict.fromkeys(order, TEXT))
    yield compare(
        "put over an existing key",
        timed(lambda: drive(each_put(kv.put, order, TEXT))),
        _awaited_get(order),
        against="awaited dict.get",
        rounds=sizes.rounds,
        operations=len(order),
        budget=4.5,
    )


def put_new(sizes: Sizes) -> Iterator[Row]:
    """A short text under a new key, and its share of the merge that the next list does."""
    order = shuffled(names(sizes.keys))
    yield compare(
        "put of a new key",
        prepared(lambda: _load(KVNamespace(), order)),
        _awaited_get(order),
        against="awaited dict.get",
        rounds=sizes.rounds,
        operations=len(order),
        budget=6.5,
    )


def put_with_options(sizes: Sizes) -> Iterator[Row]:
    """A short text with metadata and an expiration."""
    kv, order = KVNamespace(), shuffled(names(sizes.keys))
    metadata = {"owner": "Ada", "version": 3}

    async def ours(key: str) -> None:
        await kv.put(key, TEXT, metadata=metadata, expirationTtl=3600)

    yield compare(
        "put with metadata and TTL",
        timed(lambda: drive(each(ours, order))),
        _awaited_get(order),
        against="awaited dict.get",
        rounds=sizes.rounds,
        operations=len(order),
    )


def bulk(sizes: Sizes) -> Iterator[Row]:
    """Filling a large namespace and sorting it for the first list."""
    order = shuffled(names(sizes.many))
    items = dict.fromkeys(order, TEXT)

    def fill() -> object:
        filled: dict[str, str] = {}
        for key, value in items.items():
            filled[key] = value  # noqa: PERF403  # one by one, as a fake is filled
        return sorted(filled)

    def fill_awaited() -> object:
        fake = DictFake()
        drive(each_put(fake.put, order, TEXT))
        return sorted(fake.values)

    yield compare(
        f"seed of {len(order):,} keys",
        prepared(lambda: _seed(KVNamespace(), items)),
        timed(fill),
        against="filling a dict, sorted()",
        rounds=sizes.many_rounds,
        operations=len(order),
    )
    yield compare(
        f"put of {len(order):,} new keys",
        prepared(lambda: _load(KVNamespace(), order)),
        timed(fill_awaited),
        against="awaited filling, sorted()",
        rounds=sizes.many_rounds,
        operations=len(order),
    )


def _awaited_get(order: list[str]) -> Contestant:
    fake = DictFake()
    fake.values = dict.fromkeys(order, TEXT)
    return timed(lambda: drive(each(fake.get, order)))


def _seed(kv: KVNamespace, items: dict[str, str]) -> Callable[[], object]:
    def run() -> object:
        kv.namespace.seed(items)
        return drive(kv.list(limit=1))

    return run


def _load(kv: KVNamespace, order: list[str]) -> Callable[[], object]:
    async def load() -> None:
        await each_put(kv.put, order, TEXT)
        await kv.list(limit=1)

    return lambda: drive(load())
