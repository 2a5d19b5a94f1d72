"""For every error about a wrangler file or an env a public call that raises it."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import gettempdir
from typing import Any
from unittest.mock import patch

from pykvbinding import KVNamespace, VirtualClock
from pykvbinding.account import Account
from pykvbinding.env import Env
from pykvbinding.wrangler.config import Wrangler, check_python, read_wrangler

Case = tuple[Callable[[KVNamespace], Any], Exception]

FOLDER = Path(gettempdir()) / f"pykvbinding-{os.getpid()}"


def reading(name: str, content: str | bytes, **options: Any) -> Callable[[KVNamespace], Any]:
    """A call that reads a wrangler file of that content; the file is gone afterwards."""

    def call(_: KVNamespace) -> None:
        FOLDER.mkdir(exist_ok=True)
        path = FOLDER / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        try:
            read_wrangler(path, **options)
        finally:
            path.unlink()
            FOLDER.rmdir()

    return call


def read_without_the_extra(kv: KVNamespace) -> None:
    with patch.dict(sys.modules, {"pyjson5": None}):
        reading("commented.json", "{\n  // comment\n}")(kv)


def read_an_empty_directory(_: KVNamespace) -> None:
    with patch.object(Path, "is_file", return_value=False):
        read_wrangler(gettempdir())


def from_wrangler_with_both(_: KVNamespace) -> None:
    Env.from_wrangler("wrangler.json", account=Account(), clock=VirtualClock())


def python_without_its_flag(_: KVNamespace) -> None:
    path = Path("wrangler.json").absolute()
    names = ("name", "environment", "compatibility_date")
    settings: dict[str, Any] = dict.fromkeys(names)
    check_python(
        Wrangler(
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
        python_without_its_flag,
        ValueError("The `python_workers` compatibility flag is required to use Python."),
    ),
    "config_missing": (
        lambda kv: read_wrangler("nowhere/wrangler.json"),
        FileNotFoundError(
            "there is no file nowhere/wrangler.json; give a wrangler file or its directory"
        ),
    ),
    "config_not_found": (
        read_an_empty_directory,
        FileNotFoundError(
            "there is none of wrangler.json, wrangler.jsonc, wrangler.toml in "
            f"{gettempdir()} or in a directory above it"
        ),
    ),
    "config_unknown_format": (
        lambda kv: read_wrangler("wrangler.yaml"),
        ValueError(
            "wrangler.yaml: a wrangler file ends in .json, .jsonc or .toml; "
            "give one, or its directory"
        ),
    ),
    "config_encoding": (
        reading("utf16.json", b"\xff\xfe{\x00}\x00"),
        ValueError(
            f"{FOLDER / 'utf16.json'}: Configuration file contains UTF-16 LE byte order marker. "
            "Please save the file as UTF-8 without BOM."
        ),
    ),
    "config_syntax": (
        reading("syntax.toml", 'name = "n"\nvars = 1 2\n'),
        ValueError(
            f"{FOLDER / 'syntax.toml'}:2:10: Expected newline or end of document after a statement"
        ),
    ),
    "config_needs_pyjson5": (
        read_without_the_extra,
        ValueError(
            f"{FOLDER / 'commented.json'}:2:3: Expecting property name enclosed in double quotes. "
            "If the file holds comments or trailing commas: pip install pyjson5 "
            "reads them"
        ),
    ),
    "config_large_integer": (
        reading("large.toml", "vars = {a = [9007199254740993]}"),
        ValueError(
            f"{FOLDER / 'large.toml'}: Invalid TOML document: integer value cannot be represented "
            "losslessly: 9007199254740993. Write it as a string"
        ),
    ),
    "config_not_an_object": (
        reading("null.json", '{"env": {"staging": null}}', env="staging"),
        ValueError(f'{FOLDER / "null.json"}: "env.staging" should be an object but got null.'),
    ),
    "config_invalid": (
        reading("twice.json", '{"kv_namespaces": [{"binding": "KV"}, {"binding": "KV"}]}'),
        ValueError(
            f"Processing {os.path.relpath(FOLDER / 'twice.json')} configuration:\n"
            "  - KV assigned to multiple KV Namespace bindings.\n"
            "  - Bindings must have unique names, so that they can all be referenced in the "
            "worker.\n"
            "    Please change your bindings to have unique names."
        ),
    ),
    "env_absent": (
        lambda kv: Env(SESSIONS=kv, TOKEN="x").sessions,
        AttributeError("env has no 'sessions'; it has SESSIONS, TOKEN. Did you mean env.SESSIONS?"),
    ),
    "env_of_an_account": (
        from_wrangler_with_both,
        TypeError(
            "Env.from_wrangler(account=…) beside clock or limits: an account has its own. "
            "Write account=Account(clock=…, limits=…)"
        ),
    ),
}
