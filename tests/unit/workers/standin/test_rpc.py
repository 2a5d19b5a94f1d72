"""What crosses between Python and JavaScript, with our own `workers` and the SDK's."""

import datetime
import re
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest

from pykvbinding.js.core.proxy import JsProxy
from tests.support import workers_fixture as standing_in

workers = standing_in.workers

PLAIN = ["", "text", 0, 5, 1.5, True, False]


def named(value: Any) -> Any:
    """The JavaScript class of a value, or the value that has none."""
    return value.constructor.name if hasattr(value, "constructor") else value


@pytest.mark.parametrize("value", PLAIN, ids=repr)
def test_plain_values_cross_as_they_are(workers: ModuleType, value: object) -> None:
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
def test_what_python_sends_has_a_class_of_javascript(
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
def test_what_is_sent_comes_back(workers: ModuleType, value: object) -> None:
    assert workers.python_from_rpc(workers.python_to_rpc(value)) == value


async def test_objects_of_the_platform_come_back_as_those_of_python(workers: ModuleType) -> None:
    sent = [
        workers.Response("x"),
        workers.Request("http://x/"),
        workers.FormData(),
        workers.Blob("x"),
    ]

    back = workers.python_from_rpc(workers.python_to_rpc(sent))

    assert [type(value) for value in back] == [type(value) for value in sent]
    assert await back[0].text() == "x"


def test_a_file_does_not_come_back(workers: ModuleType) -> None:
    sent = workers.python_to_rpc(workers.File("x", "a.txt"))

    with pytest.raises(TypeError, match="missing 1 required positional argument: 'filename'"):
        workers.python_from_rpc(sent)


def test_bytes_come_back_as_a_memoryview(workers: ModuleType) -> None:
    back = workers.python_from_rpc(workers.python_to_rpc(b"x"))

    assert isinstance(back, memoryview)
    assert bytes(back) == b"x"


def test_an_error_comes_back_as_an_exception(workers: ModuleType) -> None:
    back = workers.python_from_rpc(workers.python_to_rpc(ValueError("no")))

    assert type(back) is Exception
    assert str(back) == "Error: no"


def test_objects_come_back_as_dicts_with_attributes(workers: ModuleType) -> None:
    back = workers.python_from_rpc(workers.python_to_rpc({"a": {"keys": [1]}}))

    assert back.a["keys"] == back["a"]["keys"] == [1]
    assert callable(back.a.keys)
    with pytest.raises(AttributeError):
        _ = back.b


def test_maps_and_sets_come_back_as_those_of_python(workers: ModuleType) -> None:
    import js
    from pyodide.ffi import to_js

    assert workers.python_from_rpc(js.Map.new(to_js([["a", 1]]))) == {"a": 1}
    assert workers.python_from_rpc(js.Set.new(to_js([1, 2]))) == {1, 2}


def test_what_is_not_of_javascript_stays(workers: ModuleType) -> None:
    value = object()

    assert workers.python_from_rpc(value) is value
    assert workers.python_from_rpc({"a": None}) == {"a": None}


def of_javascript(class_name: str, **members: Any) -> Any:
    """A value of a class of JavaScript that Python has no value for."""
    return type(class_name, (JsProxy,), members, name=class_name)()


def test_some_objects_have_a_plain_value(workers: ModuleType) -> None:
    boxed = of_javascript("Number", valueOf=lambda self: 5)

    assert workers.python_from_rpc(boxed) == 5
    assert workers.python_from_rpc(of_javascript("TestController")) is None


def test_what_nobody_converts_stays_of_javascript(workers: ModuleType) -> None:
    value = of_javascript("WebSocket")

    assert workers.python_from_rpc(value) is value


def test_a_regular_expression_is_refused(workers: ModuleType) -> None:
    with pytest.raises(TypeError, match=r"^RegExp cannot be sent over RPC\.$"):
        workers.python_to_rpc([of_javascript("RegExp")])


async def coroutine() -> None:
    """Nothing."""


@pytest.mark.parametrize(
    "wrapped", [lambda it: it, lambda it: [it], lambda it: {"a": [it]}], ids=["bare", "list", "in"]
)
@pytest.mark.parametrize("value", [(1, 2), bytearray(b"x")], ids=repr)
def test_tuples_and_bytearrays_are_refused(
    workers: ModuleType, value: object, wrapped: Callable[[object], object]
) -> None:
    with pytest.raises(TypeError) as caught:
        workers.python_to_rpc(wrapped(value))

    assert str(caught.value) == f"{type(value)} cannot be sent over RPC."


def test_what_was_not_awaited_is_refused(workers: ModuleType) -> None:
    waiting = coroutine()

    with pytest.raises(
        TypeError, match=re.escape("Awaitable <class 'coroutine'> cannot be sent over RPC.")
    ):
        workers.python_to_rpc([waiting])

    waiting.close()


def test_a_generator_is_looked_through(workers: ModuleType) -> None:
    def make() -> Iterator[tuple[()]]:
        yield ()

    with pytest.raises(TypeError, match=r"^<class 'tuple'> cannot be sent over RPC.$"):
        workers.python_to_rpc(make())


def test_a_function_is_sent_as_a_proxy(workers: ModuleType) -> None:
    sent = workers.python_to_rpc([lambda: 5])

    assert sent[0]() == 5


def test_what_nobody_knows_stays_a_value_of_python(workers: ModuleType) -> None:
    class Mine:
        pass

    mine = Mine()

    assert workers.python_to_rpc([mine])[0] is mine
