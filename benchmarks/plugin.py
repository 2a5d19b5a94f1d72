"""What the pytest plugin costs a test suite that never uses it."""

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
"""Modules that loading must leave alone: a fixture imports what it needs."""


def plugin(sizes: Sizes) -> Iterator[Row]:
    """Importing the plugin into a process that runs pytest, against one that does not."""
    with TemporaryDirectory() as bytecode:
        environment = with_bytecode(bytecode)
        fault = _unwanted(environment)  # first, because it also leaves the bytecode behind
        row = compare(
            "loading the pytest plugin",
            lambda: _seconds(f"import {PLUGIN}", environment),
            lambda: _seconds("pass", environment),
            against="pytest without it",
            rounds=sizes.starts,
            budget_above_floor=BUDGET_SECONDS,
        )
    yield replace(row, fault=fault)


def _unwanted(environment: dict[str, str]) -> str:
    """What is wrong with the modules that loading leaves behind; empty if nothing is."""
    show = f"import sys, pytest; before = set(sys.modules); import {PLUGIN}; print(*(m for m in \
{UNWANTED} if m in sys.modules and m not in before))"
    found = run_python(show, environment).split()
    return f"imports {', '.join(found)}" if found else ""


def _seconds(code: str, environment: dict[str, str]) -> float:
    """Processor time of `code` in an interpreter that has imported pytest."""
    timed = f"import pytest, time; start = time.process_time(); {code}; \
print(time.process_time() - start)"
    return float(run_python(timed, environment))
