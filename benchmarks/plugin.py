"""Cost of the pytest plugin in a test suite that does not use it."""

from collections.abc import Iterator
from dataclasses import replace
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.row import Row
from benchmarks.sizes import Sizes
from benchmarks.start import run_python, with_bytecode
from benchmarks.timer import compare

PLUGIN: Final = "pykvbinding.testing.plugin"

BUDGET_SECONDS: Final = 0.010

UNWANTED: Final = ("hypothesis", "sortedcontainers", "pykvbinding.kv.binding", "asyncio")
"""Modules that the plugin must not import; the fixtures import them."""


def plugin(sizes: Sizes) -> Iterator[Row]:
    """A process that imports pytest and the plugin, compared with one that imports pytest only."""
    with TemporaryDirectory() as bytecode:
        environment = with_bytecode(bytecode)
        fault = _find_unwanted(environment)  # first, because it also writes the bytecode
        row = compare(
            "loading the pytest plugin",
            lambda: _seconds(f"import {PLUGIN}", environment),
            lambda: _seconds("pass", environment),
            against="pytest without it",
            rounds=sizes.starts,
            budget_above_floor=BUDGET_SECONDS,
        )
    yield replace(row, fault=fault)


def _find_unwanted(environment: dict[str, str]) -> str:
    """Return a message if the plugin imports unwanted modules, else an empty string."""
    show = f"import sys, pytest; before = set(sys.modules); import {PLUGIN}; print(*(m for m in \
{UNWANTED} if m in sys.modules and m not in before))"
    imported = run_python(show, environment).split()
    return f"imports {', '.join(imported)}" if imported else ""


def _seconds(code: str, environment: dict[str, str]) -> float:
    """Return the processor time of `code` in an interpreter that has imported pytest."""
    timed = f"import pytest, time; start = time.process_time(); {code}; \
print(time.process_time() - start)"
    return float(run_python(timed, environment))
