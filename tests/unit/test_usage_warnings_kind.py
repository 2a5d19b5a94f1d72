"""Kinds of usage warnings, and locations outside asyncio."""

import _thread
import asyncio
import inspect
import pickle
import re
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, get_args

import pytest

from pykvbinding import KVNamespace, KVUsageWarning, usage_warnings
from pykvbinding.usage_warnings import WarningKind

PACKAGE = Path(usage_warnings.__file__).parent

HELPERS = {"warn", "format_call", "format_bulk_call"}


def issued() -> list[tuple[str, str]]:
    """Return the message and the kind of each warning issued in the package."""
    pattern = re.compile(r'usage\w*\.warn\(\s*usage\w*\.(\w+)\(.*?\),\s*"([\w-]+)",?\s*\)', re.S)
    return [
        match
        for path in sorted(PACKAGE.rglob("*.py"))
        for match in pattern.findall(path.read_text(encoding="utf-8"))
    ]


def test_each_warning_is_issued_with_the_kind_of_its_message() -> None:
    for text, kind in issued():
        assert kind in (text.replace("_", "-"), text.partition("_")[0])


def test_every_message_is_issued_and_every_kind_is_used() -> None:
    texts = {
        name
        for name, function in inspect.getmembers(usage_warnings, inspect.isfunction)
        if function.__module__ == usage_warnings.__name__ and not name.startswith("_")
    }

    assert {text for text, _ in issued()} == texts - HELPERS
    assert {kind for _, kind in issued()} | {"other"} == set(get_args(WarningKind))


async def test_a_warning_has_its_kind() -> None:
    with pytest.warns(KVUsageWarning) as caught:
        await KVNamespace().put("k", None)  # type: ignore[call-overload]

    warning = caught[0].message
    assert isinstance(warning, KVUsageWarning)
    assert warning.kind == "value-is-none"


def test_the_kind_defaults_to_other() -> None:
    assert KVUsageWarning("text").kind == "other"


def test_a_warning_keeps_its_kind_when_pickled() -> None:
    copy = pickle.loads(pickle.dumps(KVUsageWarning("text", "wrangler")))

    assert (str(copy), copy.kind) == ("text", "wrangler")


async def gathered(operation: Coroutine[Any, Any, None]) -> None:
    await asyncio.gather(operation)


@pytest.mark.parametrize("wrap", [lambda operation: operation, gathered])
def test_a_warning_has_the_location_of_the_line_that_runs_the_loop(
    wrap: Callable[[Coroutine[Any, Any, None]], Coroutine[Any, Any, None]],
) -> None:
    with pytest.warns(KVUsageWarning) as caught:
        asyncio.run(wrap(KVNamespace().put("k", None)))  # type: ignore[call-overload]

    line = inspect.currentframe().f_lineno - 2  # type: ignore[union-attr]
    assert (caught[0].filename, caught[0].lineno) == (__file__, line)


def test_a_warning_at_the_bottom_of_the_stack_is_issued() -> None:
    """As in `python -m asyncio`, where the stack contains only asyncio."""
    done = threading.Event()
    bottom = {"__name__": "asyncio.__main__", "warn": usage_warnings.warn, "done": done}
    code = compile("try: warn('text')\nfinally: done.set()", "bottom.py", "exec")

    def run_and_wait() -> None:
        _thread.start_new_thread(eval, (code, bottom))
        assert done.wait(10)

    with pytest.warns(KVUsageWarning, match="text"):
        run_and_wait()
