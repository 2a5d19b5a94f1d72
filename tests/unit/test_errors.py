"""Every error is raised by some public call, with its class, its name, its text and its status."""

import asyncio
import copy
import inspect
import pickle
from collections.abc import Awaitable, Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import pykvbinding
from pykvbinding import KVError, KVNamespace, KVUsageWarning, errors
from pykvbinding.errors import JsException
from pykvbinding.js.core.errors import ConversionError
from tests.support.error_cases import Case
from tests.support.paths import TESTS
from tests.support.stores import make_kv

CLASSES = [JsException, KVError, KVUsageWarning]
PACKAGE = Path(pykvbinding.__file__).parent
TEXTS = {
    *("errors.py", "runtime_errors.py", "workerd_errors.py", "refusals.py"),
}
MODULES = [
    import_module(".".join(("pykvbinding", *path.relative_to(PACKAGE).with_suffix("").parts)))
    for path in sorted(PACKAGE.rglob("*.py"))
    if path.name in TEXTS
]
FOUND = [
    (name, module)
    for module in MODULES
    for name, function in inspect.getmembers(module, inspect.isfunction)
    if function.__module__ == module.__name__
    and not name.startswith("_")
    # Functions that build the text of a warning are tested where the warning is logged.
    and inspect.signature(function).return_annotation is not str
]
HOMES = dict(FOUND)
EXPECTED = (
    AssertionError,
    ConversionError,
    ImportError,
    JsException,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
BUILDERS = sorted(HOMES)

# Raised from an error of the user's code, which Pyodide shows too.
TELL_WHY = {"conversion_failed"}

CASES: dict[str, Case] = {}
for file in sorted((TESTS / "support").glob("error_cases*.py")):
    CASES |= import_module(f"tests.support.{file.stem}").CASES


def outcome(call: Callable[[KVNamespace], Any]) -> BaseException:
    with pytest.raises(EXPECTED) as caught:  # noqa: PT012
        answer = call(make_kv("engine"))
        if inspect.isawaitable(answer):
            asyncio.run(finished(answer))
    return caught.value


async def finished(answer: Awaitable[Any]) -> Any:
    return await answer


def told(error: BaseException) -> tuple[object, ...]:
    """All that a caller can learn from an error."""
    platform = (error.name, error.message, error.status) if isinstance(error, KVError) else ()
    return type(error), str(error), *platform


def noticing(build: Callable[..., Exception], built: list[Exception]) -> Callable[..., Exception]:
    def build_and_notice(*arguments: Any, **named: Any) -> Exception:
        built.append(build(*arguments, **named))
        return built[-1]

    return build_and_notice


def test_no_two_functions_that_build_an_error_have_one_name() -> None:
    assert len(FOUND) == len(HOMES)


def test_there_is_a_case_for_every_function_that_builds_an_error() -> None:
    assert sorted(CASES) == BUILDERS


@pytest.mark.parametrize("name", BUILDERS)
def test_a_public_call_raises_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[Exception] = []
    monkeypatch.setattr(HOMES[name], name, noticing(getattr(HOMES[name], name), built))
    call, expected = CASES[name]

    raised = outcome(call)

    assert told(raised) == told(expected)
    assert raised in built


@pytest.mark.parametrize("name", sorted(set(BUILDERS) - TELL_WHY))
def test_no_error_shows_how_it_came_about_inside(name: str) -> None:
    raised = outcome(CASES[name][0])

    assert raised.__cause__ is None
    assert raised.__context__ is None or raised.__suppress_context__


@pytest.mark.parametrize("duplicate", [lambda e: pickle.loads(pickle.dumps(e)), copy.copy])
@pytest.mark.parametrize("status", [414, None])
def test_a_kv_error_survives_pickling_and_copying(
    duplicate: Callable[[KVError], KVError], status: int | None
) -> None:
    error = KVError("Error", "KV GET failed: 414 …", status)

    assert told(duplicate(error)) == told(error)


def test_the_status_is_none_unless_one_is_given() -> None:
    assert KVError("TypeError", "Key name cannot be empty.").status is None


def test_a_kv_error_is_what_pyodide_calls_a_js_exception() -> None:
    error = JsException("TypeError", "text")

    assert issubclass(KVError, JsException)
    assert (error.name, error.message, str(error)) == ("TypeError", "text", "text")


def test_a_usage_warning_is_a_user_warning() -> None:
    assert issubclass(KVUsageWarning, UserWarning)


def test_the_tree_of_the_module_names_every_class() -> None:
    defined = [
        found
        for _, found in inspect.getmembers(errors, inspect.isclass)
        if found.__module__ == errors.__name__
    ]

    assert defined == CLASSES
    for found in defined:
        assert f"└── {found.__name__} " in (errors.__doc__ or "")


def test_the_tree_of_the_module_names_every_name_of_a_kv_error() -> None:
    named = {error.name for _, error in CASES.values() if isinstance(error, KVError)}

    assert named == {"Error", "TypeError", "SyntaxError"}
    for name in named:
        assert f'"{name}"  ' in (errors.__doc__ or "")
