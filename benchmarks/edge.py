"""Costs of a hit, a miss, a put and a page in a location of a simulated network."""

from collections.abc import Callable, Iterator
from functools import partial

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
    repeat,
)
from pykvbinding import EdgeNetwork, KVNamespace
from pykvbinding.js.core.js_dict import JsDict

PAGE = 1000


def hit(sizes: Sizes) -> Iterator[Row]:
    """A hit in the location's cache, in a network with and without a history."""
    order = shuffle(make_keys(sizes.keys))
    for name, history, budget in (
        ("realistic hit", True, 8.0),
        ("realistic hit, no history", False, None),
    ):
        kv = _network(order, history=history).kv("LHR")
        drive(for_each(kv.get, order))
        yield compare(
            name,
            measure(partial(_get_each, kv, order)),
            _awaited_get(order),
            against="awaited dict.get",
            rounds=sizes.rounds,
            operations=len(order),
            budget=budget,
        )


def miss(sizes: Sizes) -> Iterator[Row]:
    """A key that is neither cached in the location nor in the two tiers above it."""
    order = shuffle(make_keys(sizes.keys))
    net = _network(order)
    kv = net.kv("LHR")

    def forget() -> Callable[[], object]:
        net.purge()
        return partial(_get_each, kv, order)

    yield compare(
        "miss through two tiers",
        measure_prepared(forget),
        _awaited_get(order),
        against="awaited dict.get",
        rounds=sizes.rounds,
        operations=len(order),
    )


def put(sizes: Sizes) -> Iterator[Row]:
    """Overwriting an existing key with a short text, in a network that has read it."""
    order = shuffle(make_keys(sizes.keys))

    def fill() -> Callable[[], object]:
        # A new network each time, because a network stores all versions of all keys.
        kv = _network(order).kv("LHR")
        drive(for_each(kv.get, order))
        return lambda: drive(put_each(kv.put, order, TEXT))

    yield compare(
        "put in a network",
        measure_prepared(fill),
        _awaited_get(order),
        against="awaited dict.get",
        rounds=max(1, sizes.rounds // 3),
        operations=len(order),
    )


def page(sizes: Sizes) -> Iterator[Row]:
    """A page of 1,000 keys that the location has cached within the last minute."""
    ready = make_keys(PAGE)
    kv = _network(shuffle(ready)).kv("LHR")
    drive(kv.list())

    async def build() -> object:
        return [JsDict(name=name) for name in ready]

    yield compare(
        "list of 1,000, page hit",
        measure(lambda: drive(repeat(kv.list, sizes.pages))),
        measure(lambda: drive(repeat(build, sizes.pages))),
        against="[JsDict(name=k) for k in ready]",
        rounds=sizes.rounds,
        operations=sizes.pages,
    )


def _network(keys: list[str], *, history: bool = True) -> EdgeNetwork:
    """Return a network of two locations that can cache all keys, which are already stored."""
    net = EdgeNetwork("LHR", "NRT", history=history, cache_entries=len(keys))
    net.namespace().seed(dict.fromkeys(keys, TEXT))
    return net


def _get_each(kv: KVNamespace, order: list[str]) -> None:
    drive(for_each(kv.get, order))


def _awaited_get(order: list[str]) -> Contestant:
    fake = DictFake()
    fake.values = dict.fromkeys(order, TEXT)
    return measure(lambda: drive(for_each(fake.get, order)))
