"""Comparison with alternatives in Python."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from benchmarks.floor import DictFake
from benchmarks.row import Row, Skipped
from benchmarks.sizes import TEXT, Sizes, make_keys, shuffle
from benchmarks.timer import Drive, compare, drive, for_each, measure, put_each, repeat
from pykvbinding import KVNamespace

PAGE = 1000


@dataclass(frozen=True, slots=True)
class Peer:
    """A key-value store, and the function that runs its coroutines."""

    name: str
    get: Callable[[str], Awaitable[object]]
    put: Callable[[str, Any], Awaitable[object]]
    list: Callable[[], Awaitable[object]]
    drive: Drive


def dict_fake(sizes: Sizes) -> Iterator[Row]:
    """The six-line fake, which has no checks and no expiration."""
    fake = DictFake()
    yield from _compare_with(Peer("a dict fake", fake.get, fake.put, fake.list, drive), sizes, 10)


def fakeredis(sizes: Sizes) -> Iterator[Row | Skipped]:
    """The asynchronous client of fakeredis, on an event loop, which it needs."""
    if find_spec("fakeredis") is None:
        yield Skipped(name="fakeredis", reason="fakeredis is not installed")
        return
    redis: Any = import_module("fakeredis").FakeAsyncRedis(decode_responses=True)

    async def list_all() -> object:
        return sorted([key async for key in redis.scan_iter(match="item/*", count=PAGE)])

    with asyncio.Runner() as runner:
        peer = Peer("fakeredis", redis.get, redis.set, list_all, runner.run)
        yield from _compare_with(peer, sizes, 1)
        runner.run(redis.aclose())


def _compare_with(peer: Peer, sizes: Sizes, factor: int) -> Iterator[Row]:
    """Yield the three rows of one peer, with `factor` times the operations of a slow peer."""
    keys = make_keys(PAGE)
    kv = KVNamespace()
    kv.namespace.seed(dict.fromkeys(keys, TEXT))
    peer.drive(put_each(peer.put, keys, TEXT))
    order = (shuffle(keys) * (-(-factor * sizes.peer_operations // PAGE)))[
        : factor * sizes.peer_operations
    ]
    run, pages = peer.drive, sizes.peer_pages
    yield compare(
        f"get beside {peer.name}",
        measure(lambda: run(for_each(kv.get, order))),
        measure(lambda: run(for_each(peer.get, order))),
        against=peer.name,
        rounds=sizes.peer_rounds,
        operations=len(order),
    )
    yield compare(
        f"put beside {peer.name}",
        measure(lambda: run(put_each(kv.put, order, TEXT))),
        measure(lambda: run(put_each(peer.put, order, TEXT))),
        against=peer.name,
        rounds=sizes.peer_rounds,
        operations=len(order),
    )
    yield compare(
        f"list of 1,000 beside {peer.name}",
        measure(lambda: run(repeat(kv.list, pages))),
        measure(lambda: run(repeat(peer.list, pages))),
        against=peer.name,
        rounds=sizes.peer_rounds,
        operations=pages,
    )
