"""`ctx`: its properties, and background tasks."""

import asyncio
from typing import Any

import pytest

from pykvbinding.js.types.object import JsObject
from pykvbinding.js.types.py_proxy import PyProxy
from pykvbinding.workers.context import BackgroundTasks, ExecutionContext, global_scope
from pykvbinding.workers.current import current_invocation


def raising(error: BaseException) -> None:
    raise error


async def test_context_has_the_platform_class() -> None:
    context = ExecutionContext(BackgroundTasks())

    context.passThroughOnException()

    assert context.constructor.name == "ExecutionContext"
    assert context.props.to_py() == {}


async def test_awaitable_may_be_added_twice() -> None:
    tasks, done = BackgroundTasks(), []

    async def work(number: int) -> None:
        await asyncio.sleep(0)
        done.append(number)

    for number in range(3):
        tasks.add(work(number))
    await asyncio.gather(tasks.wait_all(raising), tasks.wait_all(raising))

    assert done == [0, 1, 2]
    assert not tasks


async def test_waits_for_an_awaitable_in_a_proxy() -> None:
    tasks, done = BackgroundTasks(), []

    async def work() -> None:
        done.append("worked")

    tasks.add(PyProxy(asyncio.ensure_future(work())))
    await tasks.wait_all(raising)

    assert done == ["worked"]


async def test_accepts_a_value_that_is_not_awaitable() -> None:
    tasks = BackgroundTasks()
    for each in (None, 5, "text", JsObject({}), PyProxy([])):
        tasks.add(each)

    assert not tasks
    await tasks.wait_all(raising)


async def test_interrupt_is_not_reported() -> None:
    class Stop(BaseException):
        pass

    async def work() -> None:
        raise Stop

    tasks = BackgroundTasks()
    tasks._started.append(work())

    with pytest.raises(Stop):
        await tasks.wait_all(raising)


def test_global_scope_has_an_env_and_no_context() -> None:
    env: Any = object()

    with global_scope(env):
        running = current_invocation.get()

    assert running is not None
    assert (running.env, running.context) == (env, None)
    assert current_invocation.get() is None
