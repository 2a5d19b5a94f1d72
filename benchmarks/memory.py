"""Memory use of a small entry."""

import gc
import sys
from collections.abc import Iterable, Iterator
from types import BuiltinFunctionType, FunctionType, ModuleType

from benchmarks.row import Row
from benchmarks.sizes import TEXT, Sizes, make_keys, shuffle
from benchmarks.timer import drive
from pykvbinding import KVNamespace

ALLOCATION_BYTES = 16
"""The granularity of CPython's allocator."""


def memory(sizes: Sizes) -> Iterator[Row]:
    """The bytes of one entry of a large namespace with the index, without keys and values."""
    order = shuffle(make_keys(sizes.many))
    shared = [*order, TEXT]
    kv = KVNamespace()
    kv.namespace.seed(dict.fromkeys(order, TEXT))
    drive(kv.list(limit=1))
    plain = {key: (TEXT, *nothing) for key, nothing in zip(order, _pairs(), strict=False)}
    yield Row(
        name=f"memory of one entry of {len(order):,}",
        against="dict of key -> (value, None, None)",
        subject=size_of(kv, shared) / len(order),
        floor=size_of(plain, shared) / len(order),
        unit="B",
        budget=1.5,
    )


def size_of(root: object, shared: Iterable[object]) -> int:
    """Return the bytes of all objects reachable from `root`, except code and `shared` objects.

    The sizes are counted, not measured, so the result is the same in every run. It takes about 1 µs
    per object.
    """
    seen = set(map(id, shared))
    stack = [root]
    total_bytes = 0
    while stack:
        item = stack.pop()
        if id(item) in seen or isinstance(item, type | ModuleType | FunctionType):
            continue
        seen.add(id(item))
        total_bytes += -(-sys.getsizeof(item) // ALLOCATION_BYTES) * ALLOCATION_BYTES
        if isinstance(item, BuiltinFunctionType):
            stack.append(item.__self__)
        else:
            stack.extend(gc.get_referents(item))
    return total_bytes


def _pairs() -> Iterator[tuple[None, None]]:
    """Yield new values endlessly, so that the tuples of the floor are not constants."""
    while True:
        yield None, None
