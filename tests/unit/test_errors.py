"""Every error is raised by a public call, with its class, name, message and status."""

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
ALL_BUILDERS = [
    (name, module)
    for module in MODULES
    for name, function in inspect.getmembers(module, inspect.isfunction)
    if function.__module__ == module.__name__
    and not name.startswith("_")
    # Builders of warning messages are tested where the warning is logged.
    and inspect.signature(function).return_annotation is not str
]
MODULE_BY_BUILDER = dict(ALL_BUILDERS)
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
BUILDERS = sorted(MODULE_BY_BUILDER)

# Raised from an exception of the user's code, which Pyodide shows too.
HAVE_CAUSES = {"conversion_failed"}

CASES: dict[str, Case] = {}
for file in sorted((TESTS / "support").glob("error_cases*.py")):
    CASES |= import_module(f"tests.support.{file.stem}").CASES


def outcome(call: Callable[[KVNamespace], Any]) -> BaseException:
    with pytest.raises(EXPECTED) as caught:  # noqa: PT012
        result = call(make_kv("engine"))
        if inspect.isawaitable(result):
            asyncio.run(finished(result))
    return caught.value


async def finished(awaitable: Awaitable[Any]) -> Any:
    return await awaitable


def describe(error: BaseException) -> tuple[object, ...]:
    """Return the attributes of an error that a caller can use."""
    platform = (error.name, error.message, error.status) if isinstance(error, KVError) else ()
    return type(error), str(error), *platform


def recording(build: Callable[..., Exception], built: list[Exception]) -> Callable[..., Exception]:
    def build_and_record(*args: Any, **kwargs: Any) -> Exception:
        built.append(build(*args, **kwargs))
        return built[-1]

    return build_and_record


def test_names_of_error_builders_are_unique() -> None:
    assert len(ALL_BUILDERS) == len(MODULE_BY_BUILDER)


def test_every_error_builder_has_a_case() -> None:
    assert sorted(CASES) == BUILDERS


@pytest.mark.parametrize("name", BUILDERS)
def test_a_public_call_raises_each_error(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[Exception] = []
    monkeypatch.setattr(
        MODULE_BY_BUILDER[name], name, recording(getattr(MODULE_BY_BUILDER[name], name), built)
    )
    call, expected = CASES[name]

    raised = outcome(call)

    assert describe(raised) == describe(expected)
    assert raised in built


@pytest.mark.parametrize("name", sorted(set(BUILDERS) - HAVE_CAUSES))
def test_errors_have_no_internal_cause_or_context(name: str) -> None:
    raised = outcome(CASES[name][0])

    assert raised.__cause__ is None
    assert raised.__context__ is None or raised.__suppress_context__


@pytest.mark.parametrize("duplicate", [lambda e: pickle.loads(pickle.dumps(e)), copy.copy])
@pytest.mark.parametrize("status", [414, None])
def test_a_kv_error_survives_pickling_and_copying(
    duplicate: Callable[[KVError], KVError], status: int | None
) -> None:
    error = KVError("Error", "KV GET failed: 414 …", status)

    assert describe(duplicate(error)) == describe(error)


def test_the_status_defaults_to_none() -> None:
    assert KVError("TypeError", "Key name cannot be empty.").status is None


def test_a_kv_error_is_a_js_exception() -> None:
    error = JsException("TypeError", "text")

    assert issubclass(KVError, JsException)
    assert (error.name, error.message, str(error)) == ("TypeError", "text", "text")


def test_a_usage_warning_is_a_user_warning() -> None:
    assert issubclass(KVUsageWarning, UserWarning)


def test_the_docstring_lists_every_class() -> None:
    defined = [
        cls
        for _, cls in inspect.getmembers(errors, inspect.isclass)
        if cls.__module__ == errors.__name__
    ]

    assert defined == CLASSES
    for cls in defined:
        assert f"└── {cls.__name__} " in (errors.__doc__ or "")


def test_the_docstring_lists_every_name_of_a_kv_error() -> None:
    names = {error.name for _, error in CASES.values() if isinstance(error, KVError)}

    assert names == {"Error", "TypeError", "SyntaxError"}
    for name in names:
        assert f'"{name}"  ' in (errors.__doc__ or "")
