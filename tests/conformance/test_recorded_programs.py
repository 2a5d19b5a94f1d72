"""Programs that the real runtime has answered, replayed (conformance/*.jsonl).

A program is a list of operations on a fresh namespace at 1,700,000,000 s, with the runtime's answer
to each. Values that JSON cannot say are objects with one `$` name, as in `_argument` and `_agree`.
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
MOST_SHOWN = 5


def _argument(given: Any) -> Any:
    """What a recorded argument stands for."""
    match given:
        case {"$bytes": text}:
            return b64decode(text)
        case {"$stream": chunks}:
            return ReadableStream([b64decode(chunk) for chunk in chunks])
        case {"$repeat": [text, times]}:
            return text * times
        case dict():
            return {name: _argument(item) for name, item in given.items()}
        case list():
            return [_argument(item) for item in given]
    return given


async def _agree(wanted: Any, got: Any) -> bool:
    """Whether `got` is what the recorded answer `wanted` stands for, its type included."""
    match wanted:
        case {"$undefined": True}:
            return got is None
        case {"$cursor": True}:
            return type(got) is str and got != ""
        case {"$float": "-0"}:
            return type(got) is int and got == 0  # Number.isSafeInteger(-0), so Pyodide's int
        case {"$float": digits}:
            return type(got) is float and got == float(digits)
        case {"$bytes": text}:
            return type(got) is memoryview and bytes(got) == b64decode(text)
        case {"$stream": text}:
            read = [chunk async for chunk in got] if type(got) is ReadableStream else None
            return read is not None and b"".join(read) == b64decode(text)
        case {"$longstr": [length, head, digest]}:
            fits = type(got) is str and len(got) == length and got.startswith(head)
            return fits and sha256(got.encode()).digest() == b64decode(digest)
        case {"$map": pairs}:
            return await _same_members(dict(pairs), got)
        case dict():
            return await _same_members(wanted, got)
        case list():
            same_length = type(got) is list and len(got) == len(wanted)
            return same_length and all([await _agree(*pair) for pair in zip(wanted, got)])  # noqa: B905
    return type(got) is type(wanted) and bool(got == wanted)


async def _same_members(wanted: dict[str, Any], got: Any) -> bool:
    if not isinstance(got, dict) or set(got) != set(wanted):
        return False
    return all([await _agree(wanted[name], got[name]) for name in wanted])


async def _answer(kv: KVNamespace, operation: dict[str, Any], cursors: dict[str, Any]) -> Any:
    """What we answer: ("ok", value) or ("err", name and message), as it is recorded."""
    arguments = _argument(operation["args"])
    cursor = cursors.get(operation.get("cursor_from", ""))
    if cursor is not None:
        arguments = [(arguments[0] if arguments else {}) | {"cursor": cursor}]
    try:
        value = await getattr(kv, operation["m"])(*arguments)
    except KVError as error:
        return "err", {"name": error.name, "message": error.message}
    except TypeError as error:  # Python's own: only operations marked "skip" may come here
        return "crash", repr(error)
    if "save" in operation:
        cursors[operation["save"]] = value.get("cursor")
    return "ok", value


async def _disagreements(program: dict[str, Any], over: str) -> list[str]:
    clock = VirtualClock(START)
    kv = make_kv(over, clock, min_cache_ttl=30)
    cursors: dict[str, Any] = {}
    found = []
    steps = zip(program["ops"], program["results"], strict=True)
    for number, (operation, wanted) in enumerate(steps):
        if operation["m"] == "advance":
            clock.advance(operation["seconds"])
            continue
        kind, got = await _answer(kv, operation, cursors)
        if (
            over == "network"
            and isinstance(got, dict)
            and got.get("cacheStatus") in ("MISS", "HIT")
        ):
            got["cacheStatus"] = None  # Miniflare has no caches
        if "skip" in operation or (kind in wanted and await _agree(wanted[kind], got)):
            continue
        found.append(
            f"{program['id']}, operation {number}: {str(operation)[:300]}\n"
            f"  expected: {str(wanted)[:400]}\n  got:      {kind} {str(got)[:400]}"
        )
    return found


def _programs(file: str) -> Iterator[dict[str, Any]]:
    with (CONFORMANCE / file).open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


async def _all_disagreements(file: str, over: str) -> list[str]:
    return [text for program in _programs(file) for text in await _disagreements(program, over)]


@pytest.mark.parametrize("over", ["engine", "chain", "network"])
@pytest.mark.parametrize("file", FILES)
def test_every_recorded_program_is_answered_as_by_the_runtime(file: str, over: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", KVUsageWarning)
        found = asyncio.run(_all_disagreements(file, over))

    assert not found, f"{len(found)} answers differ:\n" + "\n".join(found[:MOST_SHOWN])


def test_there_are_programs_to_replay() -> None:
    assert sum(1 for file in FILES for _ in _programs(file)) == 602
