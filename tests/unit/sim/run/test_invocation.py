"""An invocation: its result and its error, which exist only after it has finished."""

import asyncio

import pytest

from pykvbinding import EdgeNetwork, Env, KVError
from tests.support.handlers import look, store


@pytest.fixture
def net() -> EdgeNetwork:
    return EdgeNetwork("LHR", "NRT")


def test_repr_names_the_invocation(net: EdgeNetwork) -> None:
    invocation = net.start(look, at="NRT")
    net.run()

    assert repr(invocation) == "<Invocation 1: look at NRT>"
    assert str(invocation) == "invocation 1 (look at NRT)"
    assert (invocation.number, invocation.location, invocation.session) == (1, "NRT", "#1")


def test_result_is_missing_before_the_run(net: EdgeNetwork) -> None:
    invocation = net.start(look)

    assert not invocation.done
    assert invocation.error is None
    assert invocation.unexpected_exception() is None
    with pytest.raises(RuntimeError) as caught:
        _ = invocation.result
    assert str(caught.value) == (
        "invocation 1 (look at LHR) has not finished; call net.run() first"
    )
    net.run()
    assert invocation.done
    assert invocation.result is None


def test_a_kv_error_is_the_outcome_of_an_invocation(net: EdgeNetwork) -> None:
    first, second = net.start(store), net.start(store)
    net.run()

    assert first.error is None
    assert str(second.error) == "KV PUT failed: 429 Too Many Requests"
    assert second.unexpected_exception() is None
    with pytest.raises(KVError, match="429"):
        _ = second.result


def test_any_other_error_is_raised_once_by_the_run(net: EdgeNetwork) -> None:
    async def fail(env: Env) -> None:
        raise ValueError("broken")

    invocation = net.start(fail)
    with pytest.raises(ValueError, match="broken"):
        net.run()
    net.run()

    assert invocation.error is None
    assert isinstance(invocation.unexpected_exception(), ValueError)
    with pytest.raises(ValueError, match="broken"):
        _ = invocation.result


def test_an_invocation_that_cancels_itself_has_failed(net: EdgeNetwork) -> None:
    async def cancel(env: Env) -> None:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        await env.KV.get("k")

    invocation = net.start(cancel)
    with pytest.raises(asyncio.CancelledError):
        net.run()

    assert invocation.error is None
    assert net.trace.invocations[0].outcome == "cancelled"
