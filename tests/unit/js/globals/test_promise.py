"""Tests of `js.Promise` that the comparison with Pyodide does not cover."""

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


async def test_all_returns_all_results() -> None:
    result = await promises.all_of(JsArray([after(3, "slow"), after(1, "fast"), "there"]))

    assert result.to_py() == ["slow", "fast", "there"]


async def test_all_is_rejected_with_the_first_failure() -> None:
    never = asyncio.get_running_loop().create_future()

    with pytest.raises(ValueError, match="first"):
        await promises.all_of(JsArray([never, after(1, ValueError("first"))]))


async def test_race_settles_with_the_first_promise() -> None:
    assert await promises.race(JsArray([after(5, "slow"), after(1, "fast")])) == "fast"


async def test_any_returns_the_first_result_or_fails_if_all_fail() -> None:
    rejected = after(1, ValueError("a"))
    assert await promises.any_of(JsArray([rejected, after(2, "late")])) == "late"

    failing = [after(1, ValueError("a")), after(2, ValueError("b"))]
    with pytest.raises(JsException, match="All promises were rejected"):
        await promises.any_of(JsArray(failing))


async def test_allsettled_returns_all_outcomes() -> None:
    outcomes = await promises.all_settled(JsArray([after(1, 5), after(1, ValueError("a"))]))

    assert [outcome.status for outcome in outcomes] == ["fulfilled", "rejected"]
    assert (outcomes[0].value, str(outcomes[1].reason)) == (5, "a")


async def test_withresolvers_returns_a_promise_and_its_resolvers() -> None:
    resolvers = promises.with_resolvers()

    resolvers.resolve(after(1, "later"))

    assert await resolvers.promise == "later"


async def test_an_error_in_the_executor_rejects_the_promise() -> None:
    def fail(resolve: Any, reject: Any) -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await promises.new(fail)


async def test_rejects_awaitables_in_a_python_list_whose_proxies_are_destroyed() -> None:
    done = asyncio.get_running_loop().create_future()

    with pytest.raises(JsException, match="destroyed when an iterator was exhausted"):
        await promises.all_of([after(1, 5), done])


@pytest.mark.parametrize(
    ("reason", "description"),
    [
        (5, "type number with tag [object Number]"),
        ("why", "type string with tag [object String]"),
        (None, "type undefined with tag [object Undefined]"),
        (JsArray([1]), "type object with tag [object Object]"),
    ],
)
async def test_a_rejection_with_another_value_is_wrapped(reason: Any, description: str) -> None:
    with pytest.raises(JsException) as caught:
        await promises.reject(reason)

    assert caught.value.message.startswith(f"A value of {description} was thrown as an error!")
