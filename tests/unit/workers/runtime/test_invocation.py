"""Invocations: handler signatures, and background tasks."""

import asyncio
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import trio

from pykvbinding import Env, KVNamespace
from pykvbinding.errors import JsException
from pykvbinding.workers.runtime.worker import Worker
from tests.support.workers import module_of, project, text, worker_of
from tests.support.workers_fixture import workers  # noqa: F401 -- a fixture

pytestmark = pytest.mark.usefixtures("workers")


# Signatures.


@pytest.mark.parametrize(
    "signature",
    ["self", "self, request", "self, request, env", "self, request, env, ctx", "self, *rest"],
)
async def test_passes_only_accepted_arguments_to_a_method(signature: str) -> None:
    source = f"""
class Default(WorkerEntrypoint):
    async def fetch({signature}):
        return Response(await self.env.KV.get("key") or "none")
"""
    assert await text(Worker.load(module_of(source))) == "none"


async def test_further_arguments_of_a_method_are_none() -> None:
    source = """
class Default(WorkerEntrypoint):
    async def fetch(self, request, env, ctx):
        return Response.json([env, ctx, str(request.method)])
"""
    assert await text(Worker.load(module_of(source))) == '[null, null, "GET"]'


async def test_method_may_be_synchronous() -> None:
    source = """
class Default(WorkerEntrypoint):
    def fetch(self, request):
        return Response("now")
"""
    assert await text(Worker.load(module_of(source))) == "now"


async def test_class_may_have_a_constructor() -> None:
    source = """
class Default(WorkerEntrypoint):
    def __init__(self, ctx, env):
        super().__init__(ctx, env)
        self.kv = self.env.KV
    async def fetch(self, request):
        await self.kv.put("a", "1")
        return Response(await self.kv.get("a"))
"""
    assert await text(Worker.load(module_of(source))) == "1"


async def test_class_may_have_on_fetch_before_august_2025() -> None:
    source = """
class Default(WorkerEntrypoint):
    async def on_fetch(self, request):
        return Response("old")
"""
    assert await text(Worker.load(module_of(source))) == "old"


@pytest.mark.parametrize("signature", ["", "request", "request, env", "request, env, ctx", "*rest"])
@pytest.mark.parametrize("decorator", ["", "@handler"])
async def test_passes_only_accepted_arguments_to_a_function(decorator: str, signature: str) -> None:
    source = f"""
{decorator}
async def on_fetch({signature}):
    return Response("function")
"""
    assert await text(Worker.load(module_of(source))) == "function"


async def test_function_gets_the_raw_request_without_the_decorator() -> None:
    source = """
async def on_fetch(request, env, ctx):
    ctx.waitUntil(env.KV.put("a", "1"))
    return Response(type(request.method).__name__)
"""
    worker = Worker.load(module_of(source))

    assert await text(worker) == "str"
    assert await text(Worker.load(module_of("@handler" + source))) == "HTTPMethod"
    assert await worker.env.KV.get("a") == "1"


async def test_rejects_a_function_without_a_response() -> None:
    worker = Worker.load(module_of("def on_fetch(request):\n    return 'text'"))
    await worker.fetch("/")

    assert "did not resolve to 'Response'" in str(worker.exceptions[0])


async def test_functions_can_handle_other_events() -> None:
    source = """
def on_scheduled(controller, env):
    return env.KV.put("cron", controller.cron)
async def on_queue(batch, env, ctx):
    batch.ackAll()
"""
    worker = Worker.load(module_of(source))

    await worker.scheduled("@daily")

    assert (await worker.queue([1])).acked == ("1",)
    assert await worker.env.KV.get("cron") == "@daily"
    assert (await worker.fetch("/")).status == 500
    assert str(worker.exceptions[0]) == "Handler does not export a fetch() function."


async def test_rejects_a_class_without_fetch(workers: ModuleType) -> None:  # noqa: F811
    worker = Worker.load(type("Default", (workers.WorkerEntrypoint,), {}))
    await worker.fetch("/")

    assert str(worker.exceptions[0]) == "Handler does not export a fetch() function."


# The env of the module.


async def test_env_can_be_imported(tmp_path: Path) -> None:
    source = """
from workers import Response, env, wait_until
kv, greeting = env.KV, env.GREETING
async def on_fetch(request):
    await kv.put("a", greeting)
    wait_until(kv.put("b", "2"))
    return Response(await env.KV.get("a"))
"""
    other = KVNamespace()
    worker = Worker.load(project(tmp_path, source, compatibility_date="2025-01-01"))

    responses = [await text(worker), await text(worker.in_network(Env(KV=other, GREETING="x")))]

    assert responses == ["hello", "hello"]
    assert (await worker.env.KV.get("b"), await other.get("b")) == ("2", "2")


async def test_rejects_wait_until_during_import(tmp_path: Path) -> None:
    source = """
from workers import wait_until
async def later():
    pass
wait_until(LATER)
"""
    for given in ("later()", "5"):
        with pytest.raises(JsException, match=r"^Disallowed operation called within global scope"):
            Worker.load(project(tmp_path, source.replace("LATER", given)))


# Background tasks.


async def test_event_handler_may_be_synchronous() -> None:
    source = """
seen = []
class Default(WorkerEntrypoint):
    def scheduled(self, controller, env, ctx):
        seen.append(controller.cron)
"""
    module = module_of(source)

    await Worker.load(module).scheduled("@daily")

    assert module.seen == ["@daily"]


async def test_fetch_waits_for_background_tasks(
    workers: ModuleType,  # noqa: F811
) -> None:
    async def fetch(self: Any, request: Any) -> Any:
        async def later(number: int) -> None:
            await asyncio.sleep(0)
            await self.env.KV.put(f"key{number}", "value")
            if number < 3:
                self.ctx.waitUntil(later(number + 1))

        self.ctx.waitUntil(later(1))
        return workers.Response("soon")

    worker = worker_of(workers, fetch)
    await worker.fetch("/")

    assert [key["name"] for key in (await worker.env.KV.list())["keys"]] == ["key1", "key2", "key3"]


async def test_background_tasks_run_concurrently(workers: ModuleType) -> None:  # noqa: F811
    async def fetch(self: Any, request: Any) -> Any:
        first = asyncio.Event()

        async def one() -> None:
            await first.wait()

        async def two() -> None:
            first.set()

        self.ctx.waitUntil(one())
        self.ctx.waitUntil(asyncio.ensure_future(two()))
        await first.wait()
        return workers.Response("both")

    assert await text(worker_of(workers, fetch)) == "both"


async def test_logs_the_exception_of_a_background_task(
    workers: ModuleType,  # noqa: F811
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def later() -> None:
        raise ValueError("late")

    async def cancelled() -> None:
        raise asyncio.CancelledError

    async def fetch(self: Any, request: Any) -> Any:
        self.ctx.passThroughOnException()
        for each in (later(), cancelled(), 5, None):
            self.ctx.waitUntil(each)
        return workers.Response("fine")

    worker = worker_of(workers, fetch)
    response = await worker.fetch("/")

    assert (response.status, list(map(repr, worker.exceptions))) == (200, ["ValueError('late')"])
    assert [record.getMessage() for record in caplog.records] == ["Default raised ValueError: late"]


async def test_cancelling_fetch_cancels_background_tasks(
    workers: ModuleType,  # noqa: F811
) -> None:
    ended: list[str] = []

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cancelled")

    async def fetch(self: Any, request: Any) -> Any:
        self.ctx.waitUntil(endless())
        self.ctx.waitUntil(endless())
        return workers.Response("fine")

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(worker_of(workers, fetch).fetch("/"), 0.01)
    await asyncio.sleep(0)

    assert ended == ["cancelled"] * 2


def test_runs_background_tasks_after_the_response_without_asyncio(
    workers: ModuleType,  # noqa: F811
) -> None:
    async def later(kv: Any) -> None:
        await trio.lowlevel.checkpoint()
        await kv.put("later", "1")

    async def fails() -> None:
        raise ValueError("late")

    async def fetch(self: Any, request: Any) -> Any:
        self.ctx.waitUntil(fails())
        self.ctx.waitUntil(later(self.env.KV))
        return workers.Response("soon")

    worker = worker_of(workers, fetch)

    async def main() -> str | None:
        await worker.fetch("/")
        value: str | None = await worker.env.KV.get("later")
        return value

    assert trio.run(main) == "1"
    assert list(map(repr, worker.exceptions)) == ["ValueError('late')"]


STREAMING = """
import asgi
async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        for step in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{step}.complete"})
        return
    await receive()
    start = {"type": "http.response.start", "status": 200, "headers": []}
    await send(start)
    for number in range(30):
        part = str(number).encode() * 1000
        await send({"type": "http.response.body", "body": part, "more_body": True})
        await scope["env"].KV.put("at", str(number))
    await send({"type": "http.response.body", "body": b"", "more_body": False})
    await scope["env"].KV.put("at", "end")

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return await asgi.fetch(app, request, self.env)
"""


async def test_streaming_application_completes() -> None:
    worker = Worker.load(module_of(STREAMING))

    response = await asyncio.wait_for(worker.fetch("/"), 10)

    body = await response.text()
    assert body == "".join(str(number) * 1000 for number in range(30))
    assert await worker.env.KV.get("at") == "end"
    assert worker.exceptions == []


async def test_streaming_application_is_read_while_it_runs() -> None:
    worker = Worker.load(module_of(STREAMING))

    invocation = await worker.fetch_streaming("/")
    first = await worker.env.KV.get("at")
    body = await invocation.response.text()
    await invocation.finished()

    assert first in (None, "0", "1")  # the other chunks wait for a reader
    assert len(body) == 50_000
    assert await worker.env.KV.get("at") == "end"


async def test_head_request_of_a_streaming_application_completes() -> None:
    worker = Worker.load(module_of(STREAMING))

    assert await asyncio.wait_for(text(worker, method="HEAD"), 10) == ""
    assert await worker.env.KV.get("at") == "end"
