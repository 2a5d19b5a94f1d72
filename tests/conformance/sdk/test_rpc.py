"""The SDK's conversions between Python and JavaScript on our proxies."""

import datetime
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from pykvbinding.js.core.proxy import JsProxy
from tests.support import workers_fixture

workers = workers_fixture.workers

PLAIN = ["", "text", 0, 5, 1.5, True, False]


def named(value: Any) -> Any:
    """Return the JavaScript class of a value, or the value itself if it has none."""
    return value.constructor.name if hasattr(value, "constructor") else value


@pytest.mark.parametrize("value", PLAIN, ids=repr)
def test_plain_values_are_passed_unchanged(workers: ModuleType, value: object) -> None:
    assert workers.python_to_rpc(value) == value
    assert workers.python_from_rpc(value) == value


def test_none_is_null(workers: ModuleType) -> None:
    from pyodide.ffi import jsnull

    assert workers.python_to_rpc(None) is jsnull
    assert workers.python_to_rpc([None])[0] is jsnull
    assert workers.python_to_rpc({"a": {"b": None}}).a.b is jsnull
    assert workers.python_from_rpc(jsnull) is None


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda workers: {"a": 1}, "Object"),
        (lambda workers: [1], "Array"),
        (lambda workers: {1}, "Set"),
        (lambda workers: b"x", "Uint8Array"),
        (lambda workers: memoryview(b"x"), "Uint8Array"),
        (lambda workers: datetime.datetime(2026, 1, 2), "Date"),
        (lambda workers: ValueError("no"), "Error"),
        (lambda workers: workers.Response("x"), "Response"),
        (lambda workers: workers.Request("http://x/"), "Request"),
        (lambda workers: workers.FormData(), "FormData"),
        (lambda workers: workers.Blob("x"), "Blob"),
        (lambda workers: workers.File("x", "y"), "File"),
    ],
)
def test_python_values_have_a_javascript_class(
    workers: ModuleType, make: Callable[[ModuleType], Any], name: str
) -> None:
    value = make(workers)

    assert named(workers.python_to_rpc(value)) == name
    assert named(workers.python_to_rpc([value])[0]) == name
    assert named(workers.python_to_rpc({"a": value}).a) == name


@pytest.mark.parametrize(
    "value",
    [
        {"a": 1, "b": [1, {"c": "d"}], "e": None},
        [1, [2, [None]], {}],
        [],
        {},
        datetime.datetime(2026, 1, 2, 3, 4, 5, 678000),
    ],
    ids=repr,
)
def test_values_survive_a_round_trip(workers: ModuleType, value: object) -> None:
    assert workers.python_from_rpc(workers.python_to_rpc(value)) == value


async def test_platform_objects_return_as_python_objects(workers: ModuleType) -> None:
    sent = [
        workers.Response("x"),
        workers.Request("http://x/"),
        workers.FormData(),
        workers.Blob("x"),
    ]

    back = workers.python_from_rpc(workers.python_to_rpc(sent))

    assert [type(value) for value in back] == [type(value) for value in sent]
    assert await back[0].text() == "x"


def test_files_do_not_survive_a_round_trip(workers: ModuleType) -> None:
    sent = workers.python_to_rpc(workers.File("x", "a.txt"))

    with pytest.raises(TypeError, match="missing 1 required positional argument: 'filename'"):
        workers.python_from_rpc(sent)


def test_bytes_return_as_a_memoryview(workers: ModuleType) -> None:
    back = workers.python_from_rpc(workers.python_to_rpc(b"x"))

    assert isinstance(back, memoryview)
    assert bytes(back) == b"x"


def test_errors_return_as_exceptions(workers: ModuleType) -> None:
    back = workers.python_from_rpc(workers.python_to_rpc(ValueError("no")))

    assert type(back) is Exception
    assert str(back) == "Error: no"


def test_objects_return_as_dicts_with_attributes(workers: ModuleType) -> None:
    back = workers.python_from_rpc(workers.python_to_rpc({"a": {"keys": [1]}}))

    assert back.a["keys"] == back["a"]["keys"] == [1]
    assert callable(back.a.keys)
    with pytest.raises(AttributeError):
        _ = back.b


def test_maps_and_sets_return_as_python_collections(workers: ModuleType) -> None:
    import js
    from pyodide.ffi import to_js

    assert workers.python_from_rpc(js.Map.new(to_js([["a", 1]]))) == {"a": 1}
    assert workers.python_from_rpc(js.Set.new(to_js([1, 2]))) == {1, 2}


def of_javascript(class_name: str, **members: Any) -> Any:
    """Return a value of a JavaScript class without a Python equivalent."""
    return type(class_name, (JsProxy,), members, name=class_name)()


def test_other_javascript_values_are_unchanged(workers: ModuleType) -> None:
    value = of_javascript("WebSocket")

    assert workers.python_from_rpc(value) is value


def test_functions_are_sent_as_proxies(workers: ModuleType) -> None:
    sent = workers.python_to_rpc([lambda: 5])

    assert sent[0]() == 5


def test_other_python_values_are_unchanged(workers: ModuleType) -> None:
    class Mine:
        pass

    mine = Mine()

    assert workers.python_to_rpc([mine])[0] is mine
