"""A location of a simulated network: what a hit, a miss, a put and a page cost there."""

from collections.abc import Callable, Iterator
from functools import partial

from benchmarks.floor import DictFake
from benchmarks.row import Row
from benchmarks.sizes import TEXT, Sizes, names, shuffled
from benchmarks.timer import Contestant, compare, drive, each, each_put, prepared, repeat, timed
from pykvbinding import EdgeNetwork, KVNamespace
from pykvbinding.js.core.js_dict import JsDict

PAGE = 1000


def hit(sizes: Sizes) -> Iterator[Row]:
    """A copy in the location's own cache; in a network as it comes, and one that forgets."""
    order = shuffled(names(sizes.keys))
    for name, history, budget in (
        ("realistic hit", True, 8.0),
        ("realistic hit, no history", False, None),
    ):
        kv = _network(order, history=history).kv("LHR")
        drive(each(kv.get, order))
        yield compare(
            name,
            timed(partial(_get_each, kv, order)),
            _awaited_get(order),
            against="awaited dict.get",
            rounds=sizes.rounds,
            operations=len(order),
            budget=budget,
        )


def miss(sizes: Sizes) -> Iterator[Row]:
    """A key that neither the location nor the two tiers above it hold."""
    order = shuffled(names(sizes.keys))
    net = _network(order)
    kv = net.kv("LHR")

    def forget() -> Callable[[], object]:
        net.purge()
        return partial(_get_each, kv, order)

    yield compare(
        "miss through two tiers",
        prepared(forget),
        _awaited_get(order),
        against="awaited dict.get",
        rounds=sizes.rounds,
        operations=len(order),
    )


def put(sizes: Sizes) -> Iterator[Row]:
    """A short text over an existing key, in a network that has read it: one write a second."""
    order = shuffled(names(sizes.keys))

    def fill() -> Callable[[], object]:
        # A new network each time: one remembers every version of every key.
        kv = _network(order).kv("LHR")
        drive(each(kv.get, order))
        return lambda: drive(each_put(kv.put, order, TEXT))

    yield compare(
        "put in a network",
        prepared(fill),
        _awaited_get(order),
        against="awaited dict.get",
        rounds=max(1, sizes.rounds // 3),
        operations=len(order),
    )


def page(sizes: Sizes) -> Iterator[Row]:
    """A page of 1,000 keys that the location has listed within the last minute."""
    ready = names(PAGE)
    kv = _network(shuffled(ready)).kv("LHR")
    drive(kv.list())

    async def build() -> object:
        return [JsDict(name=name) for name in ready]

    yield compare(
        "list of 1,000, page hit",
        timed(lambda: drive(repeat(kv.list, sizes.pages))),
        timed(lambda: drive(repeat(build, sizes.pages))),
        against="[JsDict(name=k) for k in ready]",
        rounds=sizes.rounds,
        operations=sizes.pages,
    )


def _network(keys: list[str], *, history: bool = True) -> EdgeNetwork:
    """Two locations that have room for every key, with all of them in the central stores."""
    net = EdgeNetwork("LHR", "NRT", history=history, cache_entries=len(keys))
    net.namespace().seed(dict.fromkeys(keys, TEXT))
    return net


def _get_each(kv: KVNamespace, order: list[str]) -> None:
    drive(each(kv.get, order))


def _awaited_get(order: list[str]) -> Contestant:
    fake = DictFake()
    fake.values = dict.fromkeys(order, TEXT)
    return timed(lambda: drive(each(fake.get, order)))
