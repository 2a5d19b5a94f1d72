"""What a small entry costs in memory."""

import gc
import sys
from collections.abc import Iterable, Iterator
from types import BuiltinFunctionType, FunctionType, ModuleType

from benchmarks.row import Row
from benchmarks.sizes import TEXT, Sizes, names, shuffled
from benchmarks.timer import drive
from pykvbinding import KVNamespace

ALLOCATION_BYTES = 16
"""What CPython's allocator rounds up to."""


def memory(sizes: Sizes) -> Iterator[Row]:
    """Bytes of one entry of a large namespace, index included, keys and values not."""
    order = shuffled(names(sizes.many))
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
    """Bytes of everything that `root` refers to, but for code and for what is shared.

    Counted, not measured, so that every run gives the same; takes about 1 µs per object.
    """
    seen = set(map(id, shared))
    stack = [root]
    total_bytes = 0
    while stack:
        found = stack.pop()
        if id(found) in seen or isinstance(found, type | ModuleType | FunctionType):
            continue
        seen.add(id(found))
        total_bytes += -(-sys.getsizeof(found) // ALLOCATION_BYTES) * ALLOCATION_BYTES
        if isinstance(found, BuiltinFunctionType):
            stack.append(found.__self__)
        else:
            stack.extend(gc.get_referents(found))
    return total_bytes


def _pairs() -> Iterator[tuple[None, None]]:
    """Endless fresh input, so that no tuple of the floor is a constant."""
    while True:
        yield None, None
