"""Lists: out of few keys, out of many, and after most have expired."""

from collections.abc import Callable, Iterator

from benchmarks.row import Row
from benchmarks.sizes import TEXT, Sizes, names, shuffled
from benchmarks.timer import compare, drive, prepared, repeat, timed
from pykvbinding import KVNamespace, VirtualClock
from pykvbinding.js.core.js_dict import JsDict

PAGE = 1000


def list_small(sizes: Sizes) -> Iterator[Row]:
    """1,000 keys out of 1,000."""
    ready = names(PAGE)
    kv = _settled(ready)

    async def build() -> object:
        return [JsDict(name=name) for name in ready]

    yield compare(
        "list of 1,000 out of 1,000",
        timed(lambda: drive(repeat(kv.list, sizes.pages))),
        timed(lambda: drive(repeat(build, sizes.pages))),
        against="[JsDict(name=k) for k in ready]",
        rounds=sizes.rounds,
        operations=sizes.pages,
        budget=1.5,
    )


def list_large(sizes: Sizes) -> Iterator[Row]:
    """1,000 keys out of 1,000,000: one page in the middle, and then every page."""
    ready = names(sizes.many)
    start = len(ready) // 2 // PAGE * PAGE
    prefix = ready[start][:-3]
    few, large = _settled(ready[start : start + PAGE]), _settled(ready)

    async def page_of_few() -> object:
        return await few.list(prefix=prefix)

    async def page_of_large() -> object:
        return await large.list(prefix=prefix)

    yield compare(
        f"list of 1,000 out of {len(ready):,}",
        timed(lambda: drive(repeat(page_of_large, sizes.pages))),
        timed(lambda: drive(repeat(page_of_few, sizes.pages))),
        against="list of 1,000 out of 1,000",
        rounds=sizes.rounds,
        operations=sizes.pages,
        budget=1.2,
    )
    yield compare(
        f"list of {len(ready):,}, every page",
        timed(lambda: drive(_every_page(large))),
        timed(lambda: _pages_of(ready)),
        against="[JsDict(name=k) for k in ready]",
        rounds=sizes.many_rounds,
        operations=-(-len(ready) // PAGE),
    )


def list_after_expiry(sizes: Sizes) -> Iterator[Row]:
    """The first list after nine keys in ten have expired, which reclaims them."""
    ready = names(sizes.expiring)
    survivors = set(ready[::10])
    order = shuffled(ready)

    def age() -> Callable[[], object]:
        clock = VirtualClock(1_700_000_000)
        kv = KVNamespace(clock=clock)
        kv.namespace.seed(
            {
                key: TEXT if key in survivors else (TEXT, {"expirationTtl": 60 + at % 3600})
                for at, key in enumerate(order)
            }
        )
        drive(kv.list(limit=1))
        clock.advance(7200)
        return lambda: drive(kv.list())

    yield compare(
        f"list with 90 % of {len(ready):,} expired",
        prepared(age),
        timed(lambda: sorted(key for key in order if key in survivors)[:PAGE]),
        against="sorted() survivors",
        rounds=max(sizes.many_rounds, sizes.rounds // 3),
    )


def _settled(keys: list[str]) -> KVNamespace:
    """A namespace that was filled out of order, as namespaces are, and has been listed."""
    kv = KVNamespace()
    kv.namespace.seed(dict.fromkeys(shuffled(keys), TEXT))
    drive(kv.list(limit=1))
    return kv


async def _every_page(kv: KVNamespace) -> None:
    page = await kv.list()
    while not page.list_complete:
        page = await kv.list(cursor=page.cursor)


def _pages_of(ready: list[str]) -> None:
    for start in range(0, len(ready), PAGE):
        [JsDict(name=name) for name in ready[start : start + PAGE]]
