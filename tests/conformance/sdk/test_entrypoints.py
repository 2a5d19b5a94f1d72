"""The SDK's `WorkerEntrypoint`, `DurableObject` and `handler` with our `env` and `ctx`."""

import asyncio
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from pykvbinding import Env, KVNamespace
from pykvbinding.errors import JsException
from pykvbinding.js.core.proxy import JsProxy
from pykvbinding.workers.current import InvocationContext, current_invocation
from tests.support import workers_fixture

workers = workers_fixture.workers


class Context(JsProxy, name="ExecutionContext"):
    """An execution context that keeps the awaitables."""

    def __init__(self) -> None:
        self.waited: list[Any] = []

    def waitUntil(self, awaitable: Any) -> None:
        self.waited.append(awaitable)


async def test_entrypoint_has_env_and_ctx(workers: ModuleType) -> None:
    class Default(workers.WorkerEntrypoint):  # type: ignore[name-defined, misc]
        async def fetch(self, request: Any) -> Any:
            await self.env.KV.put("visits", "1")
            return workers.Response(f"{request.method} {await self.env.KV.get('visits')}")

    context, request = Context(), workers.Request("http://localhost/")

    entrypoint = Default(context, Env(KV=KVNamespace()))
    response = await entrypoint.fetch(request)

    assert entrypoint.ctx is context
    assert await response.text() == "GET 1"


@pytest.mark.parametrize("reason", [None, "out of order"])
async def test_durable_object_aborts_after_its_code_has_returned(
    workers: ModuleType, reason: str | None
) -> None:
    aborted: list[Any] = []
    state = SimpleNamespace(abort=lambda *given: aborted.append(given))
    counter = workers.DurableObject(state, Env())

    with pytest.raises(
        BaseException, match=reason or r"^Durable Object abort requested$"
    ) as caught:
        counter.ctx.abort(reason)

    assert type(caught.value).__name__ == "DurableObjectAbort"
    assert not isinstance(caught.value, Exception)
    assert aborted == []
    await asyncio.sleep(0)
    assert aborted == [() if reason is None else (reason,)]


async def test_workflow_receives_its_event_as_a_python_value(workers: ModuleType) -> None:
    class Flow(workers.WorkflowEntrypoint):  # type: ignore[name-defined, misc]
        async def run(self, event: Any, step: Any) -> Any:
            return None if event is None else {"seen": event["payload"], "step": step}

    class Plain(workers.WorkflowEntrypoint):  # type: ignore[name-defined, misc]
        def __init__(self, ctx: Any, env: Any) -> None:
            super().__init__(ctx, env)

        def run(self, event: Any, step: Any) -> Any:
            return event

    class Idle(workers.WorkflowEntrypoint):  # type: ignore[name-defined, misc]
        pass

    event = workers.python_to_rpc({"payload": [None]})

    flow: Any = Flow(Context(), Env())

    result = await flow.run(event)

    assert workers.python_from_rpc(result) == {"seen": [None], "step": None}
    assert await flow.run() is None
    plain: Any = Plain(Context(), Env())
    assert (await plain.run(event)).constructor.name == "Object"
    assert Idle(Context(), Env(TOKEN="secret")).env.TOKEN == "secret"


async def test_workflow_runs_its_steps(workers: ModuleType) -> None:
    class Step(JsProxy, name="WorkflowStep"):
        async def do(self, name: str, callback: Any) -> Any:
            return await callback()

    class Flow(workers.WorkflowEntrypoint):  # type: ignore[name-defined, misc]
        async def run(self, event: Any, step: Any) -> Any:
            @step.do("first")  # type: ignore[untyped-decorator]
            async def first() -> Any:
                return {"n": 1}

            return await first()

    result = await Flow(Context(), Env()).run(workers.python_to_rpc({}), Step())

    assert workers.python_from_rpc(result) == {"n": 1}


async def test_handler_converts_the_request_and_wraps_the_env(workers: ModuleType) -> None:
    import js

    @workers.handler  # type: ignore[untyped-decorator]
    async def on_fetch(request: Any, env: Any, ctx: Any = None) -> Any:
        """Serve."""
        return request, env, ctx

    request, env, ctx = await on_fetch(js.Request.new("http://x/"), Env(TOKEN="secret"), 5)

    assert isinstance(request, workers.Request)
    assert (env.TOKEN, ctx) == ("secret", 5)
    assert (on_fetch.__name__, on_fetch.__doc__) == ("on_fetch", "Serve.")


async def test_env_belongs_to_the_invocation(workers: ModuleType) -> None:
    env = workers.env
    token = current_invocation.set(InvocationContext(Env(TOKEN="secret"), Context()))
    try:
        assert env.TOKEN == "secret"
        assert workers.env.TOKEN == "secret"
    finally:
        current_invocation.reset(token)


async def test_wait_until_extends_the_invocation(workers: ModuleType) -> None:
    context = Context()
    token = current_invocation.set(InvocationContext(Env(), context))
    try:
        workers.wait_until("one")
        workers.waitUntil("two")
    finally:
        current_invocation.reset(token)

    assert context.waited == ["one", "two"]


async def nothing() -> None:
    """Do nothing."""


@pytest.mark.parametrize("make", [nothing, lambda: "nothing"], ids=["coroutine", "text"])
def test_rejects_wait_until_outside_of_an_invocation(
    workers: ModuleType, make: Callable[[], object]
) -> None:
    with pytest.raises(JsException, match=r"^Disallowed operation called within global scope\."):
        workers.wait_until(make())


def test_patch_env_replaces_a_variable(workers: ModuleType) -> None:
    token = current_invocation.set(InvocationContext(Env(TOKEN="secret", OTHER="kept"), Context()))
    try:
        with workers.patch_env({"TOKEN": "one", "A": "a"}, TOKEN="two"):
            env = workers.env
            assert (env.TOKEN, env.A, env.OTHER) == ("two", "a", "kept")
            with workers.patch_env([("A", "inner")]):
                assert workers.env.A == "inner"
            assert workers.env.A == "a"
        with workers.patch_env(TOKEN="three"):
            assert workers.env.TOKEN == "three"
        assert workers.env.TOKEN == "secret"
    finally:
        current_invocation.reset(token)


async def test_patch_env_replaces_a_binding(workers: ModuleType) -> None:
    kv = KVNamespace()
    await kv.put("a", "1")

    with workers.patch_env(KV=kv):
        assert await workers.env.KV.get("a") == "1"


def test_imports_platform_modules(workers: ModuleType) -> None:
    platform = workers.import_from_javascript("cloudflare:workers")

    assert callable(platform.waitUntil)
    with pytest.raises(AttributeError, match=r"RpcTarget is not emulated"):
        _ = platform.RpcTarget
    with pytest.raises(NotImplementedError, match=r"^connect of cloudflare:sockets is not emul"):
        workers.import_from_javascript("cloudflare:sockets").connect("example.com:80")


async def test_rejects_other_javascript_modules(workers: ModuleType) -> None:
    with pytest.raises(NotImplementedError) as caught:
        workers.import_from_javascript("node:fs")

    assert str(caught.value).startswith(
        "import_from_javascript('node:fs') is not emulated by pykvbinding"
    )
