"""Reads of small values."""

import json
from collections.abc import Iterable, Iterator
from functools import partial

from benchmarks.floor import DictFake
from benchmarks.row import Row
from benchmarks.sizes import TEXT, Sizes, make_keys, shuffle
from benchmarks.timer import compare, drive, for_each, measure
from pykvbinding import KVNamespace

KEYS_PER_GET = 100


def get(sizes: Sizes) -> Iterator[Row]:
    """A short text, over shuffle keys."""
    keys = make_keys(sizes.keys)
    kv, fake, order = KVNamespace(), DictFake(), shuffle(keys)
    fake.values = dict.fromkeys(keys, TEXT)
    kv.namespace.seed(fake.values)
    yield compare(
        "get",
        measure(lambda: drive(for_each(kv.get, order))),
        measure(lambda: drive(for_each(fake.get, order))),
        against="awaited dict.get",
        rounds=sizes.rounds,
        operations=len(order),
        budget=2.5,
    )


def get_many(sizes: Sizes) -> Iterator[Row]:
    """A hundred keys at once, against one by one.

    Out of 1,000 keys, which a processor's cache holds, and out of the many keys of the other rows,
    where both sides wait for memory.
    """
    for count in (min(1000, sizes.keys), sizes.keys):
        kv, order = KVNamespace(), shuffle(make_keys(count))
        kv.namespace.seed(dict.fromkeys(order, TEXT))
        order *= sizes.keys // count
        groups = [order[at : at + KEYS_PER_GET] for at in range(0, len(order), KEYS_PER_GET)]
        yield compare(
            f"get of 100 keys out of {count:,}",
            measure(partial(_each, kv, groups)),
            measure(partial(_each, kv, order)),
            against="100 gets",
            rounds=sizes.rounds,
            operations=len(groups),
            budget=0.9,
        )


def get_json(sizes: Sizes) -> Iterator[Row]:
    """A small document as JSON."""
    document = json.dumps({"name": "Ada", "visits": 17, "tags": ["a", "b"], "score": 0.5})
    keys = make_keys(sizes.keys)
    kv, fake, order = KVNamespace(), DictFake(), shuffle(keys)
    fake.values = dict.fromkeys(keys, document)
    kv.namespace.seed(fake.values)

    async def ours(key: str) -> object:
        return await kv.get(key, "json")

    async def theirs(key: str) -> object:
        return json.loads(await fake.get(key))

    yield compare(
        "get as JSON",
        measure(lambda: drive(for_each(ours, order))),
        measure(lambda: drive(for_each(theirs, order))),
        against="json.loads of awaited dict.get",
        rounds=sizes.rounds,
        operations=len(order),
    )


def get_with_metadata(sizes: Sizes) -> Iterator[Row]:
    """A short text with metadata."""
    keys = make_keys(sizes.keys)
    kv, fake, order = KVNamespace(), DictFake(), shuffle(keys)
    fake.values = dict.fromkeys(keys, TEXT)
    options = {"value": TEXT, "metadata": {"owner": "Ada", "version": 3}}
    kv.namespace.seed(dict.fromkeys(keys, options))
    yield compare(
        "getWithMetadata",
        measure(lambda: drive(for_each(kv.getWithMetadata, order))),
        measure(lambda: drive(for_each(fake.get, order))),
        against="awaited dict.get",
        rounds=sizes.rounds,
        operations=len(order),
    )


def _each(kv: KVNamespace, keys: Iterable[str | list[str]]) -> None:
    drive(for_each(kv.get, keys))
