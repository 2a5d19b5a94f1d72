"""`pyodide.code`, except for cases that are compared with Pyodide."""

import pytest

from pykvbinding.workers.pyodide.code import (
    eval_code,
    eval_code_async,
    find_imports,
    relaxed_call,
    run_js,
)


def test_eval_code_uses_the_given_globals() -> None:
    world = {"a": 2}

    assert eval_code("b = a + 1\nb * 2", world) == 6
    assert world["b"] == 3
    assert eval_code("") is None


async def test_eval_code_async_allows_await() -> None:
    world: dict[str, object] = {}
    source = "import asyncio\nawait asyncio.sleep(0)\nx = 5\nawait asyncio.sleep(0, x)"

    assert await eval_code_async(source, world) == 5
    assert world["x"] == 5


def test_find_imports_ignores_invalid_source() -> None:
    assert find_imports("import (") == []
    assert find_imports("from . import a") == []


def test_relaxed_call_drops_unused_arguments() -> None:
    assert relaxed_call(lambda a, *, b=0: (a, b), 1, 2, b=3, c=4) == (1, 3)
    assert relaxed_call(lambda *a, **b: (a, b), 1, 2, c=4) == ((1, 2), {"c": 4})


def test_run_js_is_not_emulated() -> None:
    with pytest.raises(NotImplementedError) as caught:
        run_js("1 + 1")
    assert str(caught.value) == (
        "pyodide.code.run_js is not emulated by pykvbinding; pykvbinding runs no JavaScript"
    )
    with pytest.raises(TypeError, match=r"^argument should have type 'string' not type 'int'$"):
        run_js(5)  # type: ignore[arg-type]
