"""Writes of small values, one by one and in bulk."""

from collections.abc import Callable, Iterator

from benchmarks.floor import DictFake
from benchmarks.row import Row
from benchmarks.sizes import TEXT, Sizes, make_keys, shuffle
from benchmarks.timer import (
    Contestant,
    compare,
    drive,
    for_each,
    measure,
    measure_prepared,
    put_each,
)
from pykvbinding import KVNamespace


def put(sizes: Sizes) -> Iterator[Row]:
    """Overwriting an existing key with a short text."""
    kv, order = KVNamespace(), shuffle(make_keys(sizes.keys))
    kv.namespace.seed(dict.fromkeys(order, TEXT))
    yield compare(
        "put over an existing key",
        measure(lambda: drive(put_each(kv.put, order, TEXT))),
        _awaited_get(order),
        against="awaited dict.get",
        rounds=sizes.rounds,
        operations=len(order),
        budget=4.5,
    )


def put_new(sizes: Sizes) -> Iterator[Row]:
    """A short text under a new key, and its share of the index merge in the next list."""
    order = shuffle(make_keys(sizes.keys))
    yield compare(
        "put of a new key",
        measure_prepared(lambda: _load(KVNamespace(), order)),
        _awaited_get(order),
        against="awaited dict.get",
        rounds=sizes.rounds,
        operations=len(order),
        budget=6.5,
    )


def put_with_options(sizes: Sizes) -> Iterator[Row]:
    """A short text with metadata and an expiration."""
    kv, order = KVNamespace(), shuffle(make_keys(sizes.keys))
    metadata = {"owner": "Ada", "version": 3}

    async def ours(key: str) -> None:
        await kv.put(key, TEXT, metadata=metadata, expirationTtl=3600)

    yield compare(
        "put with metadata and TTL",
        measure(lambda: drive(for_each(ours, order))),
        _awaited_get(order),
        against="awaited dict.get",
        rounds=sizes.rounds,
        operations=len(order),
    )


def bulk(sizes: Sizes) -> Iterator[Row]:
    """Filling a large namespace and sorting it for the first list."""
    order = shuffle(make_keys(sizes.many))
    items = dict.fromkeys(order, TEXT)

    def fill() -> object:
        filled: dict[str, str] = {}
        for key, value in items.items():
            filled[key] = value  # noqa: PERF403  # one by one, as users fill a fake
        return sorted(filled)

    def fill_awaited() -> object:
        fake = DictFake()
        drive(put_each(fake.put, order, TEXT))
        return sorted(fake.values)

    yield compare(
        f"seed of {len(order):,} keys",
        measure_prepared(lambda: _seed(KVNamespace(), items)),
        measure(fill),
        against="filling a dict, sorted()",
        rounds=sizes.many_rounds,
        operations=len(order),
    )
    yield compare(
        f"put of {len(order):,} new keys",
        measure_prepared(lambda: _load(KVNamespace(), order)),
        measure(fill_awaited),
        against="awaited filling, sorted()",
        rounds=sizes.many_rounds,
        operations=len(order),
    )


def _awaited_get(order: list[str]) -> Contestant:
    fake = DictFake()
    fake.values = dict.fromkeys(order, TEXT)
    return measure(lambda: drive(for_each(fake.get, order)))


def _seed(kv: KVNamespace, items: dict[str, str]) -> Callable[[], object]:
    def run() -> object:
        kv.namespace.seed(items)
        return drive(kv.list(limit=1))

    return run


def _load(kv: KVNamespace, order: list[str]) -> Callable[[], object]:
    async def load() -> None:
        await put_each(kv.put, order, TEXT)
        await kv.list(limit=1)

    return lambda: drive(load())
