"""Replay of programs recorded with the real runtime (conformance/*.jsonl).

A program is a list of operations on a new namespace at 1,700,000,000 s, with the runtime's result
of each. Values that JSON cannot represent are objects with one `$` name, as in `_decode_argument`
and `_equals_recorded`.
"""

import asyncio
import json
import warnings
from base64 import b64decode
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest

from pykvbinding import KVError, KVNamespace, KVUsageWarning, ReadableStream, VirtualClock
from tests.support.paths import CONFORMANCE
from tests.support.stores import START, make_kv

FILES = sorted(path.name for path in CONFORMANCE.glob("*.jsonl"))
MAX_SHOWN = 5


def _decode_argument(recorded: Any) -> Any:
    """Decode a recorded argument."""
    match recorded:
        case {"$bytes": text}:
            return b64decode(text)
        case {"$stream": chunks}:
            return ReadableStream([b64decode(chunk) for chunk in chunks])
        case {"$repeat": [text, times]}:
            return text * times
        case dict():
            return {name: _decode_argument(item) for name, item in recorded.items()}
        case list():
            return [_decode_argument(item) for item in recorded]
    return recorded


async def _equals_recorded(expected: Any, actual: Any) -> bool:
    """Return whether `actual` equals the recorded result `expected`, including its type."""
    match expected:
        case {"$undefined": True}:
            return actual is None
        case {"$cursor": True}:
            return type(actual) is str and actual != ""
        case {"$float": "-0"}:
            return (
                type(actual) is int and actual == 0
            )  # Number.isSafeInteger(-0) is true, so Pyodide converts it to int
        case {"$float": digits}:
            return type(actual) is float and actual == float(digits)
        case {"$bytes": text}:
            return type(actual) is memoryview and bytes(actual) == b64decode(text)
        case {"$stream": text}:
            read = [chunk async for chunk in actual] if type(actual) is ReadableStream else None
            return read is not None and b"".join(read) == b64decode(text)
        case {"$longstr": [length, head, digest]}:
            fits = type(actual) is str and len(actual) == length and actual.startswith(head)
            return fits and sha256(actual.encode()).digest() == b64decode(digest)
        case {"$map": pairs}:
            return await _equal_items(dict(pairs), actual)
        case dict():
            return await _equal_items(expected, actual)
        case list():
            if type(actual) is not list or len(actual) != len(expected):
                return False
            pairs = zip(expected, actual, strict=True)
            return all([await _equals_recorded(*pair) for pair in pairs])
    return type(actual) is type(expected) and bool(actual == expected)


async def _equal_items(expected: dict[str, Any], actual: Any) -> bool:
    if not isinstance(actual, dict) or set(actual) != set(expected):
        return False
    return all([await _equals_recorded(expected[name], actual[name]) for name in expected])


async def _perform(kv: KVNamespace, operation: dict[str, Any], cursors: dict[str, Any]) -> Any:
    """Perform an operation. Return ("ok", value) or ("err", name and message), as recorded."""
    arguments = _decode_argument(operation["args"])
    cursor = cursors.get(operation.get("cursor_from", ""))
    if cursor is not None:
        arguments = [(arguments[0] if arguments else {}) | {"cursor": cursor}]
    try:
        value = await getattr(kv, operation["m"])(*arguments)
    except KVError as error:
        return "err", {"name": error.name, "message": error.message}
    except TypeError as error:  # raised by Python: only operations marked "skip" reach this
        return "crash", repr(error)
    if "save" in operation:
        cursors[operation["save"]] = value.get("cursor")
    return "ok", value


async def _differences(program: dict[str, Any], over: str) -> list[str]:
    clock = VirtualClock(START)
    kv = make_kv(over, clock, min_cache_ttl=30)
    cursors: dict[str, Any] = {}
    differences = []
    steps = zip(program["ops"], program["results"], strict=True)
    for number, (operation, expected) in enumerate(steps):
        if operation["m"] == "advance":
            clock.advance(operation["seconds"])
            continue
        kind, actual = await _perform(kv, operation, cursors)
        if (
            over == "network"
            and isinstance(actual, dict)
            and actual.get("cacheStatus") in ("MISS", "HIT")
        ):
            actual["cacheStatus"] = None  # Miniflare has no caches
        if "skip" in operation or (
            kind in expected and await _equals_recorded(expected[kind], actual)
        ):
            continue
        differences.append(
            f"{program['id']}, operation {number}: {str(operation)[:300]}\n"
            f"  expected: {str(expected)[:400]}\n  actual:   {kind} {str(actual)[:400]}"
        )
    return differences


def _programs(file: str) -> Iterator[dict[str, Any]]:
    with (CONFORMANCE / file).open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


async def _all_differences(file: str, over: str) -> list[str]:
    return [text for program in _programs(file) for text in await _differences(program, over)]


@pytest.mark.parametrize("over", ["engine", "chain", "network"])
@pytest.mark.parametrize("file", FILES)
def test_recorded_programs_give_the_results_of_the_runtime(file: str, over: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", KVUsageWarning)
        differences = asyncio.run(_all_differences(file, over))

    assert not differences, f"{len(differences)} results differ:\n" + "\n".join(
        differences[:MAX_SHOWN]
    )


def test_the_number_of_recorded_programs() -> None:
    assert sum(1 for file in FILES for _ in _programs(file)) == 602
