"""Side by side with what people use in Python instead."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from benchmarks.floor import DictFake
from benchmarks.row import Row, Skipped
from benchmarks.sizes import TEXT, Sizes, names, shuffled
from benchmarks.timer import Drive, compare, drive, each, each_put, repeat, timed
from pykvbinding import KVNamespace

PAGE = 1000


@dataclass(frozen=True, slots=True)
class Peer:
    """Something that keeps values under keys, and the way to run its coroutines."""

    name: str
    get: Callable[[str], Awaitable[object]]
    put: Callable[[str, Any], Awaitable[object]]
    list: Callable[[], Awaitable[object]]
    drive: Drive


def dict_fake(sizes: Sizes) -> Iterator[Row]:
    """The six-line fake, which checks nothing and forgets nothing."""
    fake = DictFake()
    yield from _beside(Peer("a dict fake", fake.get, fake.put, fake.list, drive), sizes, 10)


def fakeredis(sizes: Sizes) -> Iterator[Row | Skipped]:
    """The asynchronous client of fakeredis, on an event loop as it needs one."""
    if find_spec("fakeredis") is None:
        yield Skipped(name="fakeredis", reason="fakeredis is not installed")
        return
    redis: Any = import_module("fakeredis").FakeAsyncRedis(decode_responses=True)

    async def list_all() -> object:
        return sorted([key async for key in redis.scan_iter(match="item/*", count=PAGE)])

    with asyncio.Runner() as runner:
        peer = Peer("fakeredis", redis.get, redis.set, list_all, runner.run)
        yield from _beside(peer, sizes, 1)
        runner.run(redis.aclose())


def _beside(peer: Peer, sizes: Sizes, factor: int) -> Iterator[Row]:
    """The three rows of one peer, which does so many times the operations of a slow one."""
    keys = names(PAGE)
    kv = KVNamespace()
    kv.namespace.seed(dict.fromkeys(keys, TEXT))
    peer.drive(each_put(peer.put, keys, TEXT))
    order = (shuffled(keys) * (-(-factor * sizes.peer_operations // PAGE)))[
        : factor * sizes.peer_operations
    ]
    run, pages = peer.drive, sizes.peer_pages
    yield compare(
        f"get beside {peer.name}",
        timed(lambda: run(each(kv.get, order))),
        timed(lambda: run(each(peer.get, order))),
        against=peer.name,
        rounds=sizes.peer_rounds,
        operations=len(order),
    )
    yield compare(
        f"put beside {peer.name}",
        timed(lambda: run(each_put(kv.put, order, TEXT))),
        timed(lambda: run(each_put(peer.put, order, TEXT))),
        against=peer.name,
        rounds=sizes.peer_rounds,
        operations=len(order),
    )
    yield compare(
        f"list of 1,000 beside {peer.name}",
        timed(lambda: run(repeat(kv.list, pages))),
        timed(lambda: run(repeat(peer.list, pages))),
        against=peer.name,
        rounds=sizes.peer_rounds,
        operations=pages,
    )
