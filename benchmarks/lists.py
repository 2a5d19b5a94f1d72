"""Lists of small and large namespaces, and after most keys have expired."""

from collections.abc import Callable, Iterator

from benchmarks.row import Row
from benchmarks.sizes import TEXT, Sizes, make_keys, shuffle
from benchmarks.timer import compare, drive, measure, measure_prepared, repeat
from pykvbinding import KVNamespace, VirtualClock
from pykvbinding.js.core.js_dict import JsDict

PAGE = 1000


def list_small(sizes: Sizes) -> Iterator[Row]:
    """A page of 1,000 keys of a namespace with 1,000."""
    ready = make_keys(PAGE)
    kv = _make_namespace(ready)

    async def build() -> object:
        return [JsDict(name=name) for name in ready]

    yield compare(
        "list of 1,000 out of 1,000",
        measure(lambda: drive(repeat(kv.list, sizes.pages))),
        measure(lambda: drive(repeat(build, sizes.pages))),
        against="[JsDict(name=k) for k in ready]",
        rounds=sizes.rounds,
        operations=sizes.pages,
        budget=1.5,
    )


def list_large(sizes: Sizes) -> Iterator[Row]:
    """A page of 1,000 keys in the middle of 1,000,000, and then all pages."""
    ready = make_keys(sizes.many)
    start = len(ready) // 2 // PAGE * PAGE
    prefix = ready[start][:-3]
    few, large = _make_namespace(ready[start : start + PAGE]), _make_namespace(ready)

    async def page_of_few() -> object:
        return await few.list(prefix=prefix)

    async def page_of_large() -> object:
        return await large.list(prefix=prefix)

    yield compare(
        f"list of 1,000 out of {len(ready):,}",
        measure(lambda: drive(repeat(page_of_large, sizes.pages))),
        measure(lambda: drive(repeat(page_of_few, sizes.pages))),
        against="list of 1,000 out of 1,000",
        rounds=sizes.rounds,
        operations=sizes.pages,
        budget=1.2,
    )
    yield compare(
        f"list of {len(ready):,}, every page",
        measure(lambda: drive(_list_all_pages(large))),
        measure(lambda: _build_pages(ready)),
        against="[JsDict(name=k) for k in ready]",
        rounds=sizes.many_rounds,
        operations=-(-len(ready) // PAGE),
    )


def list_after_expiry(sizes: Sizes) -> Iterator[Row]:
    """The first list after nine of ten keys have expired, which evicts them."""
    ready = make_keys(sizes.expiring)
    survivors = set(ready[::10])
    order = shuffle(ready)

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
        measure_prepared(age),
        measure(lambda: sorted(key for key in order if key in survivors)[:PAGE]),
        against="sorted() survivors",
        rounds=max(sizes.many_rounds, sizes.rounds // 3),
    )


def _make_namespace(keys: list[str]) -> KVNamespace:
    """Return a namespace that was filled in random order and has been listed."""
    kv = KVNamespace()
    kv.namespace.seed(dict.fromkeys(shuffle(keys), TEXT))
    drive(kv.list(limit=1))
    return kv


async def _list_all_pages(kv: KVNamespace) -> None:
    page = await kv.list()
    while not page.list_complete:
        page = await kv.list(cursor=page.cursor)


def _build_pages(ready: list[str]) -> None:
    for start in range(0, len(ready), PAGE):
        [JsDict(name=name) for name in ready[start : start + PAGE]]
