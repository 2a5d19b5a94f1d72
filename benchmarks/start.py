"""Cost of importing the package."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.row import Row
from benchmarks.sizes import Sizes
from benchmarks.timer import compare

ROOT: Final = Path(__file__).resolve().parent.parent

WITHOUT_BYTECODE: Final = "PYTHONDONTWRITEBYTECODE"

UNWANTED: Final = ("asyncio", "msgpack")
"""Modules that the import must not load, because not every test needs them."""


def start(sizes: Sizes) -> Iterator[Row]:
    """An interpreter that imports the package, compared with one that does not."""
    with TemporaryDirectory() as bytecode:
        environment = with_bytecode(bytecode)
        fault = _find_unwanted(environment)  # first, because it also writes the bytecode
        row = compare(
            "import of KVNamespace",
            lambda: _seconds("from pykvbinding import KVNamespace", environment),
            lambda: _seconds("pass", environment),
            against="bare interpreter",
            rounds=sizes.starts,
            budget_above_floor=0.045,
        )
    yield replace(row, fault=fault)


def with_bytecode(folder: str) -> dict[str, str]:
    """Return environment variables for a bytecode cache, like that of an installed package."""
    environment = {name: value for name, value in os.environ.items() if name != WITHOUT_BYTECODE}
    return environment | {"PYTHONPYCACHEPREFIX": folder}


def _find_unwanted(environment: dict[str, str]) -> str:
    """Return a message if the import loads unwanted modules, else an empty string."""
    code = "import sys; before = set(sys.modules); from pykvbinding import KVNamespace"
    show = f"print(*(m for m in {UNWANTED} if m in sys.modules and m not in before))"
    found = run_python(f"{code}; {show}", environment).split()
    return f"imports {', '.join(found)}" if found else ""


def _seconds(code: str, environment: dict[str, str]) -> float:
    """Return the processor time of an interpreter from its start to the end of `code`."""
    return float(run_python(f"{code}; import time; print(time.process_time())", environment))


def run_python(code: str, environment: dict[str, str]) -> str:
    """Run `code` in a new interpreter and return its output."""
    command = [sys.executable, "-c", code]
    run = subprocess.run(
        command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    return run.stdout
