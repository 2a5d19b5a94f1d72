"""The entrypoints of a module, found as the platform finds them."""

from types import ModuleType
from typing import Any

import pytest

from pykvbinding.errors import JsException
from pykvbinding.workers.runtime.entrypoints import VARIADIC, Entrypoints
from tests.support.workers_fixture import workers  # noqa: F401 -- a fixture


@pytest.fixture
def module(workers: Any) -> Any:  # noqa: F811
    found: Any = ModuleType("main")
    found.WorkerEntrypoint = workers.WorkerEntrypoint
    found.DurableObject = workers.DurableObject
    found.Default = type("Default", (workers.WorkerEntrypoint,), {})
    found.Room = type("Room", (workers.DurableObject,), {})
    found._Hidden = type("Hidden", (workers.DurableObject,), {})
    return found


def test_finds_classes_by_their_bases(workers: Any, module: Any) -> None:  # noqa: F811
    entrypoints = Entrypoints(workers, module)

    assert entrypoints.default is module.Default
    assert dict(entrypoints.durable_object_classes) == {"Room": module.Room}
    assert entrypoints


def test_finds_classes_by_their_own_name(workers: Any, module: Any) -> None:  # noqa: F811
    module.Application = module.Default
    del module.Default

    assert Entrypoints(workers, module).default is module.Application


def test_uses_only_names_in_all(workers: Any, module: Any) -> None:  # noqa: F811
    module.__all__ = ["Room"]

    entrypoints = Entrypoints(workers, module)

    assert entrypoints.default is None
    assert not entrypoints


def test_uses_functions_without_a_class(workers: Any, module: Any) -> None:  # noqa: F811
    module.on_fetch = print
    module.on_queue = "no function"

    with_class = Entrypoints(workers, module)
    del module.Default
    without = Entrypoints(workers, module)

    assert dict(with_class.handlers) == {}
    assert dict(without.handlers) == {"fetch": print}
    assert without


def test_legacy_platform_rejects_both_class_and_function(workers: Any, module: Any) -> None:  # noqa: F811
    module.on_fetch = print

    with pytest.raises(JsException, match="Cannot define multiple default entrypoints"):
        Entrypoints(workers, module, is_legacy=True)


def test_given_class_is_the_default(workers: Any, module: Any) -> None:  # noqa: F811
    module.on_fetch = print
    other = type("Other", (workers.WorkerEntrypoint,), {})

    entrypoints = Entrypoints(workers, module, other)

    assert entrypoints.default is other
    assert dict(entrypoints.handlers) == {}
    assert dict(Entrypoints(workers, None, other).durable_object_classes) == {}


def test_relaxed_call_omits_unused_arguments(workers: Any) -> None:  # noqa: F811
    def two(a: int, b: int = 2, *, c: int = 3) -> tuple[int, ...]:
        return a, b, c

    entrypoints = Entrypoints(workers, None)

    assert entrypoints.relaxed_call(two, 1, 5, 6) == (1, 5, 3)
    assert entrypoints.relaxed_call(two, 1) == (1, 2, 3)
    assert entrypoints.relaxed_call(lambda *rest: rest, 1, 2) == (1, 2)
    assert entrypoints.positional_count(two) == 2
    assert entrypoints.positional_count(lambda *rest: rest) == VARIADIC
