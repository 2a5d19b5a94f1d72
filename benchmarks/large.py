"""Values of the maximum size."""

import json
from collections.abc import Callable, Iterator

from benchmarks.floor import DictFake
from benchmarks.row import Row
from benchmarks.sizes import Sizes
from benchmarks.timer import Contestant, compare, drive, measure
from pykvbinding import KVNamespace
from pykvbinding.js.streams.source import CHUNK_BYTES
from pykvbinding.types import ResponseType, Value

KEY = "large"


def get_large(sizes: Sizes) -> Iterator[Row]:
    """One large value in each of the four types."""
    data = b"x" * sizes.large_bytes
    buffer = bytearray(data)
    document = _document(sizes.large_bytes)
    reads: list[tuple[ResponseType, str | bytes, str, Callable[[], object]]] = [
        ("text", data, "bytes.decode", data.decode),
        ("arrayBuffer", data, "bytes(bytearray)", lambda: bytes(buffer)),
        ("stream", data, "slicing", lambda: _slices(data)),
        ("json", document, "json.loads", lambda: json.loads(document)),
    ]
    for response_type, value, against, floor in reads:
        yield compare(
            f"get of {_size(sizes)} as {response_type}",
            _read(value, response_type),
            measure(floor),
            against=against,
            rounds=max(1, sizes.rounds // 3),
        )


def put_large(sizes: Sizes) -> Iterator[Row]:
    """One large value in each form that `put` accepts."""
    data = b"x" * sizes.large_bytes
    text = "\N{GREEK SMALL LETTER ALPHA}" * (sizes.large_bytes // 2)
    view, fake = memoryview(bytearray(data)), DictFake()
    writes: list[tuple[str, Value, str, Callable[[], object]]] = [
        ("bytes", data, "awaited dict item", lambda: drive(fake.put(KEY, data))),
        ("Greek text", text, "str.encode", text.encode),
        ("memoryview", view, "memoryview.tobytes", view.tobytes),
    ]
    for kind, value, against, floor in writes:
        yield compare(
            f"put of {_size(sizes)} {kind}",
            _write(value),
            measure(floor),
            against=against,
            rounds=max(1, sizes.rounds // 3),
        )


def _read(value: str | bytes, response_type: ResponseType) -> Contestant:
    kv = KVNamespace()
    kv.namespace.seed({KEY: value})

    async def read() -> object:
        found = await kv.get(KEY, {"type": response_type})
        return [chunk async for chunk in found] if response_type == "stream" else found

    return measure(lambda: drive(read()))


def _write(value: Value) -> Contestant:
    kv = KVNamespace()
    return measure(lambda: drive(kv.put(KEY, value)))


def _slices(data: bytes) -> list[bytes]:
    return [data[start : start + CHUNK_BYTES] for start in range(0, len(data), CHUNK_BYTES)]


def _document(length_bytes: int) -> str:
    """Return a JSON array of records that is slightly shorter than `length_bytes`."""
    record = json.dumps({"id": 12345678, "name": "Ada", "tags": ["a", "b"], "score": 0.5})
    return f"[{','.join([record] * (length_bytes // (len(record) + 1) - 1))}]"


def _size(sizes: Sizes) -> str:
    return f"{sizes.large_bytes // 1024 // 1024} MiB"
