"""Durable Objects: calls, blocked concurrency, alarms, and stored data."""

import asyncio
from typing import Any

import pytest

from pykvbinding import EdgeNetwork, VirtualClock
from pykvbinding.errors import JsException
from pykvbinding.js.fetch.request import Request
from pykvbinding.workers.runtime.worker import Worker
from tests.support.counter_worker import BINDINGS, SOURCE
from tests.support.workers import project, text
from tests.support.workers_fixture import workers  # noqa: F401 -- a fixture

pytestmark = pytest.mark.usefixtures("workers")


@pytest.fixture
def worker(tmp_path: Any) -> Worker:
    return Worker.load(project(tmp_path, SOURCE, **BINDINGS), clock=VirtualClock(1000))


# Calls.


async def test_handler_can_call_an_object(worker: Worker) -> None:
    assert [await text(worker, "/increment") for _ in range(2)] == ["1", "2"]


async def test_test_can_call_an_object(worker: Worker) -> None:
    stub = worker.env.COUNTER.getByName("a")

    assert await stub.increment() == 1
    assert await stub.increment(5) == 6
    assert await stub.sync({"a": [None]}, b=2) == ["hello", {"a": [None]}, {"b": 2}]
    assert await worker.env.COUNTER.getByName("b").increment() == 1


async def test_object_handles_fetch(worker: Worker) -> None:
    stub = worker.env.COUNTER.getByName("a")

    responses = [
        await text(worker, "/fetch", body="x"),
        await text(worker, "/used"),
        await (await stub.fetch("http://object/", method="PUT", body="y")).text(),
        await (await stub.fetch("http://object/", {"method": "DELETE"})).text(),
    ]

    assert responses == [
        "POST http://localhost/fetch x",
        "GET http://object/ ",
        "PUT http://object/ y",
        "DELETE http://object/ ",
    ]


async def test_rejects_a_relative_url(worker: Worker) -> None:
    with pytest.raises(JsException, match="Invalid URL: /x"):
        await worker.env.COUNTER.getByName("a").fetch("/x")


async def test_exception_of_an_object_is_passed_as_its_traceback(worker: Worker) -> None:
    with pytest.raises(JsException) as caught:
        await worker.env.COUNTER.getByName("a").raises()

    assert caught.value.name == "PythonError"
    assert caught.value.message.startswith("Traceback (most recent call last):")
    assert caught.value.message.endswith("ValueError: boom\n")
    with pytest.raises(JsException, match="ValueError: boom"):
        await worker.env.COUNTER.getByName("a").fetch("http://object/raise")


async def test_javascript_errors_are_passed_unchanged(worker: Worker) -> None:
    with pytest.raises(JsException, match="Key name cannot be empty"):
        await worker.env.COUNTER.getByName("a").forbidden()


async def test_rejects_a_missing_method(worker: Worker) -> None:
    with pytest.raises(JsException, match="Method nothing does not exist"):
        await worker.env.COUNTER.getByName("a").nothing()
    with pytest.raises(JsException, match="Method made does not exist"):
        await worker.env.COUNTER.getByName("a").made()


async def test_warns_about_a_call_that_is_never_awaited(worker: Worker) -> None:
    with pytest.warns(RuntimeWarning, match="never awaited"):
        worker.env.COUNTER.getByName("a").increment()


async def test_retries_a_constructor_that_raised(worker: Worker) -> None:
    for _ in range(2):
        with pytest.raises(JsException, match="ValueError: no"):
            await worker.env.COUNTER.getByName("broken").increment()


async def test_block_concurrency_while_delays_calls(worker: Worker) -> None:
    stub = worker.env.COUNTER.getByName("slow")

    told = await asyncio.gather(*[stub.told() for _ in range(2)])

    assert told == [["prepared"], ["prepared"]]


async def test_failing_block_callback_recreates_the_object(worker: Worker) -> None:
    stub = worker.env.COUNTER.getByName("failing")

    outcomes = await asyncio.gather(stub.told(), stub.told(), return_exceptions=True)

    assert all("ValueError: blocked" in str(outcome) for outcome in outcomes)
    with pytest.raises(JsException, match="ValueError: blocked"):
        await stub.told()


async def test_abort_recreates_the_object(worker: Worker) -> None:
    stub = worker.env.COUNTER.getByName("a")
    await stub.increment()

    await stub.forget()

    assert await stub.sync() == ["hello"]
    assert await stub.increment() == 2


async def test_fetch_waits_for_tasks_of_the_object(worker: Worker) -> None:
    await worker.fetch("/late")

    assert await worker.env.KV.get("late") == "1"
    assert list(map(repr, worker.exceptions)) == ["ValueError('late')"]


async def test_call_of_a_test_waits_for_tasks_of_the_object(worker: Worker) -> None:
    await worker.env.COUNTER.getByName("a").late()

    assert await worker.env.KV.get("late") == "1"
    assert list(map(repr, worker.exceptions)) == ["ValueError('late')"]


async def test_rejects_a_missing_class(worker: Worker) -> None:
    with pytest.raises(ValueError, match="has no class") as caught:
        await worker.env.GONE.getByName("a").increment()

    assert str(caught.value) == (
        "env.GONE: the main module has no class Gone(DurableObject); there are Counter. "
        '"class_name" in the wrangler file must name one'
    )


def test_objects_of_another_worker_are_not_emulated(worker: Worker) -> None:
    with pytest.raises(NotImplementedError, match="a Durable Object of the Worker 'elsewhere'"):
        worker.env.OTHER.getByName("a")


async def test_rejects_a_missing_fetch_or_alarm_handler(tmp_path: Any) -> None:
    source = """
from workers import DurableObject, WorkerEntrypoint
class Default(WorkerEntrypoint):
    pass
class Counter(DurableObject):
    async def wake(self):
        await self.ctx.storage.setAlarm(5)
"""
    worker = Worker.load(project(tmp_path, source, **BINDINGS))
    stub = worker.env.COUNTER.getByName("a")
    await stub.wake()

    with pytest.raises(JsException, match=r"Handler does not export a fetch\(\) function."):
        await stub.fetch("http://object/")
    with pytest.raises(JsException, match=r"Handler does not export a alarm\(\) function."):
        await worker.alarm("COUNTER", "a")


# Alarms.


async def test_alarm_runs_when_the_test_triggers_it(worker: Worker) -> None:
    stub = worker.env.COUNTER.getByName("a")
    past, future = await stub.wake(5), await stub.wake(2_000_000)

    await worker.alarm("COUNTER", "a")

    assert (past, future) == (1_000_000, 2_000_000)
    assert worker.durable_object_storage("COUNTER", "a") == {"alarm": True}
    with pytest.raises(ValueError, match="has no alarm") as caught:
        await worker.alarm("COUNTER", "a")
    assert str(caught.value) == "the object a of COUNTER has no alarm; set one with setAlarm()"


async def test_alarm_accepts_an_id(worker: Worker) -> None:
    unique = worker.env.COUNTER.newUniqueId()
    await worker.env.COUNTER.get(unique).wake(5)

    await worker.alarm("COUNTER", unique.toString())

    assert worker.durable_object_storage("COUNTER", unique.toString()) == {"alarm": True}


async def test_alarm_handler_may_be_synchronous(tmp_path: Any) -> None:
    source = SOURCE.replace(
        "async def alarm(self, info=None):\n        await ", "def alarm(self):\n        "
    )
    source = source.replace('self.ctx.storage.put("alarm", True)\n', "self.made = 'woken'\n")
    worker = Worker.load(project(tmp_path, source, **BINDINGS))
    stub = worker.env.COUNTER.getByName("a")
    await stub.wake(5)

    await worker.alarm("COUNTER", "a")

    assert await stub.sync() == ["woken"]


async def test_fetch_accepts_a_request(worker: Worker) -> None:
    request = Request("http://object/", {"method": "PATCH"})

    response = await worker.env.COUNTER.getByName("a").fetch(request)

    assert await response.text() == "PATCH http://object/ "


async def test_raises_the_exception_of_an_alarm(worker: Worker) -> None:
    await worker.env.COUNTER.getByName("loud").wake(5)

    with pytest.raises(JsException, match="KeyError: 'loud'"):
        await worker.alarm("COUNTER", "loud")


async def test_rejects_an_unknown_binding(worker: Worker) -> None:
    with pytest.raises(LookupError) as caught:
        await worker.alarm("KV", "a")

    assert str(caught.value) == (
        "no Durable Objects are bound as 'KV'; there are 'COUNTER', 'GONE'"
    )


# Isolation and persistence.


async def test_objects_in_another_network_are_separate(worker: Worker) -> None:
    net = EdgeNetwork("LHR", "NRT", bindings=worker.env)
    networked = worker.in_network(net)

    counts = [
        await text(worker, "/increment"),
        await text(networked, "/increment", at="LHR"),
        await text(networked, "/increment", at="NRT"),
        await text(worker, "/increment"),
    ]

    assert counts == ["1", "1", "2", "2"]


async def test_stored_data_survive_a_reload(worker: Worker) -> None:
    await worker.fetch("/increment")

    worker.reload()

    assert await text(worker, "/increment") == "2"


def test_reload_before_any_call_does_not_raise(worker: Worker) -> None:
    worker.environment._objects = None

    worker.reload()


async def test_dump_and_load_restore_stored_data(worker: Worker) -> None:
    await worker.env.COUNTER.getByName("a").increment(3)
    await worker.env.COUNTER.getByName("b").wake(9_000_000)
    await worker.env.COUNTER.getByName("c").sync()
    unique = worker.env.COUNTER.newUniqueId()
    dumped = worker.durable_objects.dump()
    await worker.env.COUNTER.getByName("a").increment(100)

    worker.durable_objects.load(dumped)

    assert worker.durable_object_storage("COUNTER", "a") == {"count": 3}
    await worker.alarm("COUNTER", "b")
    assert not worker.env.COUNTER.newUniqueId().equals(unique)


@pytest.mark.parametrize("dumped", [b"", b"nonsense", b"\x93\x01\x02\x03", "text"])
def test_load_rejects_other_bytes(worker: Worker, dumped: Any) -> None:
    with pytest.raises(ValueError, match="expects bytes") as caught:
        worker.durable_objects.load(dumped)

    assert str(caught.value) == ("load() expects bytes returned by worker.durable_objects.dump()")
