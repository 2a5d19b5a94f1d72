"""Helpers of the engine tests: they fill an engine and list its keys."""

from pykvbinding.storage.engine import Engine
from pykvbinding.storage.record import Record


def fill(engine: Engine, *names: str) -> None:
    for name in names:
        engine.write(name, Record(name))


def numbered(count: int, prefix: str = "n") -> list[str]:
    return [f"{prefix}{number:05}" for number in range(count)]


def listed(engine: Engine, prefix: str = "", now: int = 0) -> list[str]:
    return engine.scan(prefix, None, 100_000, now).names
