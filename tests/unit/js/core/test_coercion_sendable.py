"""Which values the SDK can send to JavaScript."""

import asyncio
from array import array
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from pykvbinding.js.core.coercion import check_sendable
from tests.unit.js.core.test_coercion import Proxied


@pytest.mark.parametrize(
    "value",
    [
        *(
            None,
            "a",
            1,
            1.5,
            True,
            b"a",
            memoryview(b"a"),
            array("i", [1]),
            datetime(1970, 1, 1, tzinfo=UTC),
            Proxied(),
            print,
        ),
        *([1, ["a", {}]], {"a": [1]}, {1, 2}, frozenset({"a"})),
    ],
)
def test_accepts_every_value_that_the_sdk_can_send(value: Any) -> None:
    check_sendable(value)


NESTS: list[Callable[[Any], Any]] = [
    lambda value: value,
    lambda value: [1, value],
    lambda value: {"a": [{"b": value}]},
]


@pytest.mark.parametrize("nest", NESTS)
@pytest.mark.parametrize(
    ("value", "type_name"), [((1,), "<class 'tuple'>"), (bytearray(b"a"), "<class 'bytearray'>")]
)
def test_rejects_tuples_and_bytearrays_at_any_depth(
    nest: Callable[[Any], Any], value: Any, type_name: str
) -> None:
    with pytest.raises(TypeError) as caught:
        check_sendable(nest(value))

    assert type(caught.value) is TypeError
    assert str(caught.value) == f"{type_name} cannot be sent over RPC."


@pytest.mark.parametrize("kind", [set, frozenset])
def test_rejects_a_tuple_in_a_set(kind: Callable[[Any], Any]) -> None:
    with pytest.raises(TypeError, match=r"^<class 'tuple'> cannot be sent over RPC\.$"):
        check_sendable(kind([(1, 2)]))


@pytest.mark.parametrize("nest", NESTS)
def test_rejects_a_coroutine(nest: Callable[[Any], Any]) -> None:
    coroutine = asyncio.sleep(0)

    with pytest.raises(TypeError) as caught:
        check_sendable(nest(coroutine))

    coroutine.close()
    assert str(caught.value) == "Awaitable <class 'coroutine'> cannot be sent over RPC."


async def test_rejects_a_future() -> None:
    future = asyncio.get_running_loop().create_future()

    with pytest.raises(TypeError, match=r"^Awaitable <class '_asyncio\.Future'> cannot be sent"):
        check_sendable(future)
