"""Networks under load: many locations with many keys, and a day's mixture of operations."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Any, TypeAlias

from benchmarks.floor import DictFake
from benchmarks.memory import size_of
from benchmarks.row import Row
from benchmarks.sizes import SEED, TEXT, Sizes, names, shuffled
from benchmarks.timer import compare, drive, prepared, timed
from pykvbinding import EdgeNetwork, KVError

Get: TypeAlias = Callable[[str], Awaitable[object]]

PLACES = ("LHR", "CDG", "FRA", "IAD", "SFO", "GRU", "NRT", "SIN", "SYD", "JNB")
"""Where the mixture comes from: ten locations in seven regions."""

REGIONS = 9
"""As many as on the map of the platform's locations."""

KINDS = {"get": 95, "put": 4, "list": 1}
"""The mixture, in percent."""

BEAT = 10
"""Operations between two moves of the clock, by 0.1 s: a hundred operations a second."""

LIMIT_SECONDS = 15.0
"""The budget of the whole mixture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation of the mixture. The argument is a key, or the prefix of a list."""

    kind: str
    place: int
    argument: str


def locations(sizes: Sizes) -> Iterator[Row]:
    """Many locations in nine regions before many keys: built, read, weighed."""
    places = [f"L{number:03d}" for number in range(sizes.locations)]
    keys = shuffled(names(sizes.network_keys))
    items = dict.fromkeys(keys, TEXT)
    title = f"{len(places)} locations"

    yield compare(
        f"building {title}, {len(keys):,} keys",
        timed(lambda: _build(places, items)),
        timed(lambda: _fakes(places, items)),
        against="filling a dict, a fake each",
        rounds=max(sizes.many_rounds, sizes.rounds // 5),
    )
    asked = list(zip(_spread(len(places), sizes.reads), zipf(keys, sizes.reads), strict=True))
    net, fakes = _build(places, items), _fakes(places, items)
    gets = [net.kv(place).get for place in places]
    ours = [(gets[place], key) for place, key in asked]
    theirs = [(fakes[place].get, key) for place, key in asked]
    bare_bytes = size_of(net, [*keys, TEXT])

    def forget() -> Callable[[], object]:
        net.purge()
        return lambda: drive(_read(ours))

    yield compare(
        f"get from {title}, Zipf keys",
        prepared(forget),
        timed(lambda: drive(_read(theirs))),
        against="awaited dict.get",
        rounds=sizes.many_rounds,
        operations=len(asked),
    )
    net.history.clear()  # it holds as much of any network
    yield _weigh(net, bare_bytes, asked, keys)


def traffic(sizes: Sizes) -> Iterator[Row]:
    """Gets, puts and lists of Zipf keys in ten locations while the clock moves; metrics on."""
    keys = shuffled(names(sizes.network_keys))
    items = dict.fromkeys(keys, TEXT)
    operations = _mixture(keys, sizes.traffic)

    def serve() -> Callable[[], object]:
        net = EdgeNetwork(*PLACES, metrics=True)
        net.namespace().seed(items)
        bindings = [net.kv(place) for place in PLACES]
        return lambda: drive(_serve(operations, bindings, net.clock.advance))

    def serve_fakes() -> Callable[[], object]:
        fakes = _fakes(PLACES, items)
        return lambda: drive(_serve(operations, fakes, lambda _: None))

    yield compare(
        f"traffic of {len(operations):,} operations",
        prepared(serve),
        prepared(serve_fakes),
        against="dict fakes, which list nothing",
        rounds=max(1, sizes.many_rounds - 1),
        budget_above_floor=LIMIT_SECONDS,
    )


def zipf(keys: Sequence[str], count: int) -> list[str]:
    """So many of the keys; the n-th is drawn as often as one n-th of the first."""
    weights = list(accumulate(1 / rank for rank in range(1, len(keys) + 1)))
    return Random(SEED).choices(keys, cum_weights=weights, k=count)


class _NothingToList(DictFake):
    """A dict fake that does not sort all it has for a page: it would take most of the time."""

    async def list(self, prefix: str = "") -> dict[str, Any]:
        """An empty page."""
        return {"keys": [], "list_complete": True, "prefix": prefix}


def _build(places: Sequence[str], items: dict[str, str]) -> EdgeNetwork:
    regions = {f"R{number}": places[number::REGIONS] for number in range(REGIONS)}
    net = EdgeNetwork(*places, regions=regions)
    net.namespace().seed(items)
    for place in places:
        net.kv(place)
    return net


def _fakes(places: Sequence[str], items: dict[str, str]) -> list[_NothingToList]:
    """A fake in each place, over one dict."""
    values: dict[str, str] = {}
    for key, value in items.items():
        values[key] = value  # noqa: PERF403  # one by one, as a fake is filled
    fakes = [_NothingToList() for _ in places]
    for fake in fakes:
        fake.values = values
    return fakes


def _spread(places: int, count: int) -> list[int]:
    return Random(SEED + 1).choices(range(places), k=count)


def _mixture(keys: Sequence[str], count: int) -> list[Operation]:
    kinds = Random(SEED + 2).choices(list(KINDS), weights=list(KINDS.values()), k=count)
    drawn = zip(kinds, _spread(len(PLACES), count), zipf(keys, count), strict=True)
    return [
        Operation(kind=kind, place=place, argument=key[:-3] if kind == "list" else key)
        for kind, place, key in drawn
    ]


async def _read(asked: Sequence[tuple[Get, str]]) -> None:
    for get, key in asked:
        await get(key)


async def _serve(
    operations: Sequence[Operation], bindings: Sequence[Any], move: Callable[[float], None]
) -> None:
    for number, operation in enumerate(operations):
        if not number % BEAT:
            move(BEAT / 100)
        kv = bindings[operation.place]
        if operation.kind == "get":
            await kv.get(operation.argument)
        elif operation.kind == "list":
            await kv.list(prefix=operation.argument)
        else:
            try:
                await kv.put(operation.argument, TEXT)
            except KVError as error:  # the most wanted keys are written more than once a second
                if error.status != 429:
                    raise


def _weigh(
    net: EdgeNetwork, bare_bytes: int, asked: Sequence[tuple[int, str]], keys: Sequence[str]
) -> Row:
    """Bytes that one copy in a location takes, with its share of the tiers and the ledger."""
    plain: dict[int, dict[str, tuple[str, int, int]]] = {}
    now = net.clock.now_nanoseconds()
    for place, key in asked:
        plain.setdefault(place, {})[key] = (TEXT, now, 1)
    copies = sum(map(len, plain.values()))
    return Row(
        name=f"memory of one copy of {copies:,}",
        against="dict of key -> tuple in each location",
        subject=(size_of(net, [*keys, TEXT]) - bare_bytes) / copies,
        floor=size_of(plain, [*keys, TEXT]) / copies,
        unit="B",
    )
