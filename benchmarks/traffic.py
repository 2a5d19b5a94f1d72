"""Networks under load: many locations with many keys, and a mixture of operations."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Any, TypeAlias

from benchmarks.floor import DictFake
from benchmarks.memory import size_of
from benchmarks.row import Row
from benchmarks.sizes import SEED, TEXT, Sizes, make_keys, shuffle
from benchmarks.timer import compare, drive, measure, measure_prepared
from pykvbinding import EdgeNetwork, KVError

Get: TypeAlias = Callable[[str], Awaitable[object]]

PLACES = ("LHR", "CDG", "FRA", "IAD", "SFO", "GRU", "NRT", "SIN", "SYD", "JNB")
"""The locations of the mixture: ten in seven regions."""

REGIONS = 9
"""The number of regions of the platform."""

KINDS = {"get": 95, "put": 4, "list": 1}
"""The mixture, in percent."""

OPERATIONS_PER_STEP = 10
"""Operations per clock step of 0.1 s: a hundred operations a second."""

LIMIT_SECONDS = 15.0
"""The budget of the whole mixture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation of the mixture. The argument is a key, or the prefix of a list."""

    kind: str
    location: int
    argument: str


def locations(sizes: Sizes) -> Iterator[Row]:
    """Creation, reads and memory of many locations in nine regions with many keys."""
    location_names = [f"L{number:03d}" for number in range(sizes.locations)]
    keys = shuffle(make_keys(sizes.network_keys))
    items = dict.fromkeys(keys, TEXT)
    title = f"{len(location_names)} locations"

    yield compare(
        f"building {title}, {len(keys):,} keys",
        measure(lambda: _build(location_names, items)),
        measure(lambda: _fakes(location_names, items)),
        against="filling a dict, a fake each",
        rounds=max(sizes.many_rounds, sizes.rounds // 5),
    )
    requests = list(
        zip(_spread(len(location_names), sizes.reads), zipf(keys, sizes.reads), strict=True)
    )
    net, fakes = _build(location_names, items), _fakes(location_names, items)
    gets = [net.kv(location).get for location in location_names]
    ours = [(gets[location], key) for location, key in requests]
    theirs = [(fakes[location].get, key) for location, key in requests]
    bare_bytes = size_of(net, [*keys, TEXT])

    def forget() -> Callable[[], object]:
        net.purge()
        return lambda: drive(_read(ours))

    yield compare(
        f"get from {title}, Zipf keys",
        measure_prepared(forget),
        measure(lambda: drive(_read(theirs))),
        against="awaited dict.get",
        rounds=sizes.many_rounds,
        operations=len(requests),
    )
    net.history.clear()  # its size does not depend on the network
    yield _weigh(net, bare_bytes, requests, keys)


def traffic(sizes: Sizes) -> Iterator[Row]:
    """Gets, puts and lists of Zipf-distributed keys in ten locations, with metrics."""
    keys = shuffle(make_keys(sizes.network_keys))
    items = dict.fromkeys(keys, TEXT)
    operations = _mixture(keys, sizes.traffic)

    def serve() -> Callable[[], object]:
        net = EdgeNetwork(*PLACES, metrics=True)
        net.namespace().seed(items)
        bindings = [net.kv(location) for location in PLACES]
        return lambda: drive(_serve(operations, bindings, net.clock.advance))

    def serve_fakes() -> Callable[[], object]:
        fakes = _fakes(PLACES, items)
        return lambda: drive(_serve(operations, fakes, lambda _: None))

    yield compare(
        f"traffic of {len(operations):,} operations",
        measure_prepared(serve),
        measure_prepared(serve_fakes),
        against="dict fakes, which list nothing",
        rounds=max(1, sizes.many_rounds - 1),
        budget_above_floor=LIMIT_SECONDS,
    )


def zipf(keys: Sequence[str], count: int) -> list[str]:
    """Return `count` random keys; the n-th key has 1/n of the frequency of the first."""
    weights = list(accumulate(1 / rank for rank in range(1, len(keys) + 1)))
    return Random(SEED).choices(keys, cum_weights=weights, k=count)


class _UnlistableFake(DictFake):
    """A dict fake whose list is empty, because sorting all keys would dominate the time."""

    async def list(self, prefix: str = "") -> dict[str, Any]:
        """Return an empty page."""
        return {"keys": [], "list_complete": True, "prefix": prefix}


def _build(location_names: Sequence[str], items: dict[str, str]) -> EdgeNetwork:
    regions = {f"R{number}": location_names[number::REGIONS] for number in range(REGIONS)}
    net = EdgeNetwork(*location_names, regions=regions)
    net.namespace().seed(items)
    for location in location_names:
        net.kv(location)
    return net


def _fakes(location_names: Sequence[str], items: dict[str, str]) -> list[_UnlistableFake]:
    """Return one fake per location, which share one dict."""
    values: dict[str, str] = {}
    for key, value in items.items():
        values[key] = value  # noqa: PERF403  # one by one, as users fill a fake
    fakes = [_UnlistableFake() for _ in location_names]
    for fake in fakes:
        fake.values = values
    return fakes


def _spread(location_names: int, count: int) -> list[int]:
    return Random(SEED + 1).choices(range(location_names), k=count)


def _mixture(keys: Sequence[str], count: int) -> list[Operation]:
    kinds = Random(SEED + 2).choices(list(KINDS), weights=list(KINDS.values()), k=count)
    drawn = zip(kinds, _spread(len(PLACES), count), zipf(keys, count), strict=True)
    return [
        Operation(kind=kind, location=location, argument=key[:-3] if kind == "list" else key)
        for kind, location, key in drawn
    ]


async def _read(requests: Sequence[tuple[Get, str]]) -> None:
    for get, key in requests:
        await get(key)


async def _serve(
    operations: Sequence[Operation], bindings: Sequence[Any], move: Callable[[float], None]
) -> None:
    for number, operation in enumerate(operations):
        if not number % OPERATIONS_PER_STEP:
            move(OPERATIONS_PER_STEP / 100)
        kv = bindings[operation.location]
        if operation.kind == "get":
            await kv.get(operation.argument)
        elif operation.kind == "list":
            await kv.list(prefix=operation.argument)
        else:
            try:
                await kv.put(operation.argument, TEXT)
            except KVError as error:  # frequent keys are written more than once a second
                if error.status != 429:
                    raise


def _weigh(
    net: EdgeNetwork, bare_bytes: int, requests: Sequence[tuple[int, str]], keys: Sequence[str]
) -> Row:
    """Return the bytes of one cache entry, with its share of the tiers and the version log."""
    plain: dict[int, dict[str, tuple[str, int, int]]] = {}
    now = net.clock.now_nanoseconds()
    for location, key in requests:
        plain.setdefault(location, {})[key] = (TEXT, now, 1)
    copies = sum(map(len, plain.values()))
    return Row(
        name=f"memory of one copy of {copies:,}",
        against="dict of key -> tuple in each location",
        subject=(size_of(net, [*keys, TEXT]) - bare_bytes) / copies,
        floor=size_of(plain, [*keys, TEXT]) / copies,
        unit="B",
    )
