"""For every error about a wrangler file or an env, a public call that raises it."""

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from pykvbinding import KVNamespace
from pykvbinding.wrangler.config import WranglerConfig, check_python, read_wrangler

Case = tuple[Callable[[KVNamespace], Any], Exception]

DIRECTORY = Path(gettempdir()) / f"pykvbinding-{os.getpid()}"


def reading(name: str, content: str | bytes, **options: Any) -> Callable[[KVNamespace], Any]:
    """Return a call that writes a wrangler file, reads it, and deletes it."""

    def call(_: KVNamespace) -> None:
        DIRECTORY.mkdir(exist_ok=True)
        path = DIRECTORY / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        try:
            read_wrangler(path, **options)
        finally:
            path.unlink()
            DIRECTORY.rmdir()

    return call


def python_without_flag(_: KVNamespace) -> None:
    path = Path("wrangler.json").absolute()
    names = ("name", "environment", "compatibility_date")
    settings: dict[str, Any] = dict.fromkeys(names)
    check_python(
        WranglerConfig(
            path=path,
            main="src/entry.py",
            compatibility_flags=(),
            kv_namespaces=(),
            vars={},
            **settings,
        )
    )


CASES: dict[str, Case] = {
    "config_python_flag": (
        python_without_flag,
        ValueError("The `python_workers` compatibility flag is required to use Python."),
    ),
    "config_encoding": (
        reading("utf16.json", b"\xff\xfe{\x00}\x00"),
        ValueError(
            f"{DIRECTORY / 'utf16.json'}: Configuration file contains UTF-16 LE byte order marker. "
            "Please save the file as UTF-8 without BOM."
        ),
    ),
    "config_large_integer": (
        reading("large.toml", "vars = {a = [9007199254740993]}"),
        ValueError(
            f"{DIRECTORY / 'large.toml'}: Invalid TOML document: integer value cannot be "
            "represented losslessly: 9007199254740993. Write it as a string"
        ),
    ),
}
