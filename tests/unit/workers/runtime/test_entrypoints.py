"""What a module offers to the platform, found as the platform finds it."""

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


def test_classes_are_found_by_their_bases(workers: Any, module: Any) -> None:  # noqa: F811
    entrypoints = Entrypoints(workers, module)

    assert entrypoints.default is module.Default
    assert dict(entrypoints.durable_object_classes) == {"Room": module.Room}
    assert entrypoints


def test_a_class_goes_by_its_own_name(workers: Any, module: Any) -> None:  # noqa: F811
    module.Application = module.Default
    del module.Default

    assert Entrypoints(workers, module).default is module.Application


def test_a_list_of_names_is_all_there_is(workers: Any, module: Any) -> None:  # noqa: F811
    module.__all__ = ["Room"]

    entrypoints = Entrypoints(workers, module)

    assert entrypoints.default is None
    assert not entrypoints


def test_functions_count_where_there_is_no_class(workers: Any, module: Any) -> None:  # noqa: F811
    module.on_fetch = print
    module.on_queue = "no function"

    with_class = Entrypoints(workers, module)
    del module.Default
    without = Entrypoints(workers, module)

    assert dict(with_class.handlers) == {}
    assert dict(without.handlers) == {"fetch": print}
    assert without


def test_the_old_platform_takes_one_or_the_other(workers: Any, module: Any) -> None:  # noqa: F811
    module.on_fetch = print

    with pytest.raises(JsException, match="Cannot define multiple default entrypoints"):
        Entrypoints(workers, module, is_legacy=True)


def test_a_class_that_is_given_is_the_default(workers: Any, module: Any) -> None:  # noqa: F811
    module.on_fetch = print
    other = type("Other", (workers.WorkerEntrypoint,), {})

    entrypoints = Entrypoints(workers, module, other)

    assert entrypoints.default is other
    assert dict(entrypoints.handlers) == {}
    assert dict(Entrypoints(workers, None, other).durable_object_classes) == {}


def test_arguments_that_nobody_takes_are_left_out(workers: Any) -> None:  # noqa: F811
    def two(a: int, b: int = 2, *, c: int = 3) -> tuple[int, ...]:
        return a, b, c

    entrypoints = Entrypoints(workers, None)

    assert entrypoints.relaxed_call(two, 1, 5, 6) == (1, 5, 3)
    assert entrypoints.relaxed_call(two, 1) == (1, 2, 3)
    assert entrypoints.relaxed_call(lambda *rest: rest, 1, 2) == (1, 2)
    assert entrypoints.positional_count(two) == 2
    assert entrypoints.positional_count(lambda *rest: rest) == VARIADIC
