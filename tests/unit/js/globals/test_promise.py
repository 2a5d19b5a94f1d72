"""`js.Promise`, beyond what is compared with Pyodide."""

import asyncio
from typing import Any

import pytest

from pykvbinding.errors import JsException
from pykvbinding.js.globals import promise as promises
from pykvbinding.js.types.object import JsArray


async def after(turns: int, value: Any) -> Any:
    for _ in range(turns):
        await asyncio.sleep(0)
    if isinstance(value, Exception):
        raise value
    return value


async def test_all_waits_for_all() -> None:
    found = await promises.all_of(JsArray([after(3, "slow"), after(1, "fast"), "there"]))

    assert found.to_py() == ["slow", "fast", "there"]


async def test_all_ends_with_the_first_failure() -> None:
    never = asyncio.get_running_loop().create_future()

    with pytest.raises(ValueError, match="first"):
        await promises.all_of(JsArray([never, after(1, ValueError("first"))]))


async def test_a_race_ends_with_the_first() -> None:
    assert await promises.race(JsArray([after(5, "slow"), after(1, "fast")])) == "fast"


async def test_any_ends_with_the_first_success_or_with_all_failures() -> None:
    fails = after(1, ValueError("a"))
    assert await promises.any_of(JsArray([fails, after(2, "late")])) == "late"

    both = [after(1, ValueError("a")), after(2, ValueError("b"))]
    with pytest.raises(JsException, match="All promises were rejected"):
        await promises.any_of(JsArray(both))


async def test_how_each_of_them_ended() -> None:
    ends = await promises.all_settled(JsArray([after(1, 5), after(1, ValueError("a"))]))

    assert [end.status for end in ends] == ["fulfilled", "rejected"]
    assert (ends[0].value, str(ends[1].reason)) == (5, "a")


async def test_a_promise_and_what_settles_it() -> None:
    made = promises.with_resolvers()

    made.resolve(after(1, "later"))

    assert await made.promise == "later"


async def test_a_function_that_fails_rejects_the_promise_that_it_should_settle() -> None:
    def fail(resolve: Any, reject: Any) -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await promises.new(fail)


async def test_a_proxy_of_what_is_in_a_python_list_does_not_live_long_enough() -> None:
    done = asyncio.get_running_loop().create_future()

    with pytest.raises(JsException, match="destroyed when an iterator was exhausted"):
        await promises.all_of([after(1, 5), done])


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (5, "type number with tag [object Number]"),
        ("why", "type string with tag [object String]"),
        (None, "type undefined with tag [object Undefined]"),
        (JsArray([1]), "type object with tag [object Object]"),
    ],
)
async def test_what_is_thrown_and_is_no_error_is_wrapped(reason: Any, told: str) -> None:
    with pytest.raises(JsException) as caught:
        await promises.reject(reason)

    assert caught.value.message.startswith(f"A value of {told} was thrown as an error!")
