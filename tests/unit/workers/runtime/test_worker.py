"""`Worker`: loading, requests, errors, and other events."""

import asyncio
import json
import logging
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pykvbinding import Account, EdgeNetwork, Env, KVError, KVNamespace, Limits, VirtualClock
from pykvbinding.errors import JsException
from pykvbinding.workers.runtime.worker import Worker
from tests.support.workers import COUNTER, project, replying, text, worker_of
from tests.support.workers_fixture import workers  # noqa: F401 -- a fixture

pytestmark = pytest.mark.usefixtures("workers")


# Env and account.


async def test_class_has_an_empty_namespace_kv(workers: ModuleType) -> None:  # noqa: F811
    worker = replying(workers, lambda env, request: env.KV is not None)

    assert await text(worker) == "true"
    assert list(worker.env) == ["KV"]
    assert worker.network is None


async def test_runs_with_the_given_env(workers: ModuleType) -> None:  # noqa: F811
    env = Env(KV=KVNamespace(), TOKEN="secret")
    worker = replying(workers, lambda env, request: env.TOKEN, env=env)
    env.TOKEN = "other"

    assert await text(worker) == '"other"'
    assert worker.env is env


async def test_file_has_its_bindings_and_variables(tmp_path: Path) -> None:
    worker = Worker.load(project(tmp_path, COUNTER), clock=VirtualClock(5))

    assert (await text(worker), await text(worker)) == ("1", "2")
    assert worker.env.GREETING == "hello"
    assert worker.env.KV.namespace.clock.now() == 5
    assert worker.config is not None
    assert worker.config.name == "shop"


async def test_uses_the_given_account(tmp_path: Path) -> None:
    account = Account(history=True)
    worker = Worker.load(project(tmp_path, COUNTER), account=account)

    await worker.fetch()

    assert account.history is not None
    assert [each.kind for each in account.history] == ["get", "put"]


async def test_bindings_and_vars_take_precedence(tmp_path: Path) -> None:
    worker = Worker.load(project(tmp_path), bindings={"DB": 1}, vars={"GREETING": "bye"})

    assert (worker.env.DB, worker.env.GREETING) == (1, "bye")


@pytest.mark.parametrize(
    "options",
    [
        {"network": EdgeNetwork("LHR"), "env": Env()},
        {"env": Env(), "account": Account()},
        {"account": Account(), "clock": VirtualClock()},
        {"network": EdgeNetwork("LHR"), "limits": Limits()},
    ],
    ids=["network-env", "env-account", "account-clock", "network-limits"],
)
def test_rejects_conflicting_arguments(
    workers: ModuleType,  # noqa: F811
    options: dict[str, Any],
) -> None:
    first, second = options

    with pytest.raises(TypeError) as caught:
        Worker.load(workers.WorkerEntrypoint, **options)

    assert str(caught.value) == (
        f"Worker.load({first}=…, {second}=…): {first} has its own "
        f"{second}; pass it where you create the {first}"
    )


# Requests and responses.


async def test_json_is_sent_as_json(workers: ModuleType) -> None:  # noqa: F811
    async def fetch(self: Any, request: Any) -> Any:
        body = await request.json()
        kind = request.headers["content-type"]
        return workers.Response.json([str(request.method), kind, body])

    answer = await text(worker_of(workers, fetch), "/", json={"a": [1, None]})

    assert json.loads(answer) == ["POST", "application/json", {"a": [1, None]}]


async def test_response_is_a_workers_response(workers: ModuleType) -> None:  # noqa: F811
    async def fetch(self: Any, request: Any) -> Any:
        return workers.Response("gone", status=410, headers={"x-a": "1"})

    response = await worker_of(workers, fetch).fetch("/")

    assert isinstance(response, workers.Response)
    assert (response.status, response.headers["x-a"]) == (410, "1")
    assert await response.text() == "gone"


async def test_head_response_has_no_body(workers: ModuleType) -> None:  # noqa: F811
    async def fetch(self: Any, request: Any) -> Any:
        return workers.Response("text")

    assert await text(worker_of(workers, fetch), method="HEAD") == ""


# Errors.


async def test_exception_becomes_the_error_page(
    workers: ModuleType,  # noqa: F811
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fetch(self: Any, request: Any) -> Any:
        raise ValueError("boom")

    worker = worker_of(workers, fetch)
    response = await worker.fetch("/")

    assert (response.status, await response.text()) == (500, "error code: 1101")
    assert list(map(repr, worker.exceptions)) == ["ValueError('boom')"]
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("pykvbinding.workers", logging.ERROR)
    assert record.getMessage() == "Default raised ValueError: boom"


async def test_kv_error_becomes_the_error_page(workers: ModuleType) -> None:  # noqa: F811
    async def fetch(self: Any, request: Any) -> Any:
        await self.env.KV.put("", "value")

    worker = worker_of(workers, fetch)

    assert (await worker.fetch("/")).status == 500
    assert isinstance(worker.exceptions[0], KVError)


@pytest.mark.parametrize("value", [None, "text", 5, {"a": 1}, b"bytes"])
async def test_rejects_other_results_with_the_runtime_text(
    workers: ModuleType,  # noqa: F811
    value: Any,
) -> None:
    async def fetch(self: Any, request: Any) -> Any:
        return value

    worker = worker_of(workers, fetch)
    response = await worker.fetch("/")

    (error,) = worker.exceptions
    assert isinstance(error, JsException)
    assert (error.name, error.message) == (
        "TypeError",
        "Incorrect type for Promise: the Promise did not resolve to 'Response'.",
    )
    assert response.status == 500


async def test_tuple_cannot_be_converted(workers: ModuleType) -> None:  # noqa: F811
    async def fetch(self: Any, request: Any) -> Any:
        return ("a", 1)

    worker = worker_of(workers, fetch)
    await worker.fetch("/")

    assert str(worker.exceptions[0]) == "<class 'tuple'> cannot be sent over RPC."


async def test_rejects_a_response_whose_body_was_read(workers: ModuleType) -> None:  # noqa: F811
    async def fetch(self: Any, request: Any) -> Any:
        response = workers.Response("text")
        await response.text()
        return response

    worker = worker_of(workers, fetch)

    assert (await worker.fetch("/")).status == 500
    assert str(worker.exceptions[0]).startswith("Body has already been used. It can only be used o")


async def test_rejects_a_response_that_was_sent(workers: ModuleType) -> None:  # noqa: F811
    kept = workers.Response("text")

    async def fetch(self: Any, request: Any) -> Any:
        return kept

    worker = worker_of(workers, fetch)

    assert [(await worker.fetch("/")).status for _ in range(2)] == [200, 500]


async def test_limits_operations_per_invocation(workers: ModuleType) -> None:  # noqa: F811
    async def fetch(self: Any, request: Any) -> Any:
        for number in range(3):
            await self.env.KV.put(f"key{number}", "value")
        return workers.Response("done")

    limits = Limits(max_operations_per_invocation=3)
    worker = worker_of(workers, fetch, limits=limits)
    tight = worker_of(workers, fetch, limits=Limits(max_operations_per_invocation=2))
    free = worker_of(workers, fetch, limits=Limits.unlimited())

    statuses = [(await each.fetch("/")).status for each in (worker, worker, tight, free)]

    assert statuses == [200, 200, 500, 200]
    assert "Too many API requests by single Worker invocation." in str(tight.exceptions[0])


# Other events.


async def test_triggers_the_cron_handler(workers: ModuleType) -> None:  # noqa: F811
    class Default(workers.WorkerEntrypoint):  # type: ignore[misc, name-defined]
        async def scheduled(self, controller: Any, env: Any, ctx: Any) -> None:
            controller.noRetry()
            assert env is None
            assert ctx is None
            said = f"{controller.cron} {controller.scheduledTime}"
            self.ctx.waitUntil(self.env.KV.put("cron", said))

    worker = Worker.load(Default, clock=VirtualClock(7))

    await worker.scheduled("0 * * * *")
    at_seven = await worker.env.KV.get("cron")
    await worker.scheduled(time=1.5)

    assert at_seven == "0 * * * * 7000"
    assert await worker.env.KV.get("cron") == "* * * * * 1500"


async def test_raises_the_exception_of_a_cron_handler(workers: ModuleType) -> None:  # noqa: F811
    class Default(workers.WorkerEntrypoint):  # type: ignore[misc, name-defined]
        def scheduled(self, controller: Any, env: Any, ctx: Any) -> None:
            raise ValueError("boom")

    with pytest.raises(ValueError, match="boom"):
        await Worker.load(Default).scheduled()


async def test_rejects_an_event_without_handler(workers: ModuleType) -> None:  # noqa: F811
    worker = replying(workers, lambda *_: 1)

    with pytest.raises(JsException, match=r"Handler does not export a scheduled\(\) function."):
        await worker.scheduled()
    result = await worker.queue(["a"])
    assert result.outcome == "exception"
    assert str(result.exception) == "Handler does not export a queue() function."


async def test_delivers_messages(workers: ModuleType) -> None:  # noqa: F811
    class Default(workers.WorkerEntrypoint):  # type: ignore[misc, name-defined]
        async def queue(self, batch: Any, env: Any, ctx: Any) -> None:
            for message in batch.messages:
                if message.body == "bad":
                    message.retry(delaySeconds=5)
            await self.env.KV.put("queue", batch.queue)

    worker = Worker.load(Default)

    result = await worker.queue(["good", "bad", {"a": 1}], queue="jobs")

    assert (result.acked, result.retried, result.delays) == (("1", "3"), ("2",), {"2": 5})
    assert (result.outcome, result.exception) == ("ok", None)
    assert await worker.env.KV.get("queue") == "jobs"


# Streaming.


async def test_fetch_streaming_returns_before_background_tasks_end(workers: ModuleType) -> None:  # noqa: F811
    going_on = asyncio.Event()

    async def later() -> None:
        await going_on.wait()
        raise ValueError("late")

    async def fetch(self: Any, request: Any) -> Any:
        self.ctx.waitUntil(later())
        return workers.Response("soon")

    worker = worker_of(workers, fetch)
    invocation = await worker.fetch_streaming("/")

    assert await invocation.response.text() == "soon"
    assert (invocation.exceptions, invocation.failed) == ([], False)
    going_on.set()
    await invocation.finished()
    assert (
        list(map(repr, invocation.exceptions))
        == ["ValueError('late')"]
        == [repr(each) for each in worker.exceptions]
    )


async def test_invocation_shows_whether_its_handler_failed(workers: ModuleType) -> None:  # noqa: F811
    async def fetch(self: Any, request: Any) -> Any:
        raise ValueError("boom")

    invocation = await worker_of(workers, fetch).fetch_streaming("/")

    assert invocation.failed
    assert (invocation.response.status, list(map(repr, invocation.exceptions))) == (
        500,
        ["ValueError('boom')"],
    )
