"""Durable Objects at work: calls, what holds them back, alarms, and what is stored."""

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


async def test_a_handler_calls_an_object(worker: Worker) -> None:
    assert [await text(worker, "/increment") for _ in range(2)] == ["1", "2"]


async def test_a_test_calls_an_object(worker: Worker) -> None:
    stub = worker.env.COUNTER.getByName("a")

    assert await stub.increment() == 1
    assert await stub.increment(5) == 6
    assert await stub.sync({"a": [None]}, b=2) == ["hello", {"a": [None]}, {"b": 2}]
    assert await worker.env.COUNTER.getByName("b").increment() == 1


async def test_an_object_answers_requests(worker: Worker) -> None:
    stub = worker.env.COUNTER.getByName("a")

    answers = [
        await text(worker, "/fetch", body="x"),
        await text(worker, "/used"),
        await (await stub.fetch("http://object/", method="PUT", body="y")).text(),
        await (await stub.fetch("http://object/", {"method": "DELETE"})).text(),
    ]

    assert answers == [
        "POST http://localhost/fetch x",
        "GET http://object/ ",
        "PUT http://object/ y",
        "DELETE http://object/ ",
    ]


async def test_a_relative_url_leads_nowhere(worker: Worker) -> None:
    with pytest.raises(JsException, match="Invalid URL: /x"):
        await worker.env.COUNTER.getByName("a").fetch("/x")


async def test_what_an_object_raises_crosses_over_as_its_traceback(worker: Worker) -> None:
    with pytest.raises(JsException) as caught:
        await worker.env.COUNTER.getByName("a").raises()

    assert caught.value.name == "PythonError"
    assert caught.value.message.startswith("Traceback (most recent call last):")
    assert caught.value.message.endswith("ValueError: boom\n")
    with pytest.raises(JsException, match="ValueError: boom"):
        await worker.env.COUNTER.getByName("a").fetch("http://object/raise")


async def test_an_error_of_javascript_stays_itself(worker: Worker) -> None:
    with pytest.raises(JsException, match="Key name cannot be empty"):
        await worker.env.COUNTER.getByName("a").forbidden()


async def test_a_method_that_is_not_there(worker: Worker) -> None:
    with pytest.raises(JsException, match="Method nothing does not exist"):
        await worker.env.COUNTER.getByName("a").nothing()
    with pytest.raises(JsException, match="Method made does not exist"):
        await worker.env.COUNTER.getByName("a").made()


async def test_a_call_that_nobody_awaits_is_told_of(worker: Worker) -> None:
    with pytest.warns(RuntimeWarning, match="never awaited"):
        worker.env.COUNTER.getByName("a").increment()


async def test_a_constructor_that_raises_is_tried_again(worker: Worker) -> None:
    for _ in range(2):
        with pytest.raises(JsException, match="ValueError: no"):
            await worker.env.COUNTER.getByName("broken").increment()


async def test_calls_wait_while_concurrency_is_blocked(worker: Worker) -> None:
    stub = worker.env.COUNTER.getByName("slow")

    told = await asyncio.gather(*[stub.told() for _ in range(2)])

    assert told == [["prepared"], ["prepared"]]


async def test_a_callback_that_raises_has_the_object_made_anew(worker: Worker) -> None:
    stub = worker.env.COUNTER.getByName("failing")

    outcomes = await asyncio.gather(stub.told(), stub.told(), return_exceptions=True)

    assert all("ValueError: blocked" in str(outcome) for outcome in outcomes)
    with pytest.raises(JsException, match="ValueError: blocked"):
        await stub.told()


async def test_an_object_that_is_aborted_is_made_anew(worker: Worker) -> None:
    stub = worker.env.COUNTER.getByName("a")
    await stub.increment()

    await stub.forget()

    assert await stub.sync() == ["hello"]
    assert await stub.increment() == 2


async def test_what_an_object_waits_for_has_ended_when_fetch_returns(worker: Worker) -> None:
    await worker.fetch("/late")

    assert await worker.env.KV.get("late") == "1"
    assert list(map(repr, worker.exceptions)) == ["ValueError('late')"]


async def test_what_an_object_waits_for_has_ended_when_a_test_calls(worker: Worker) -> None:
    await worker.env.COUNTER.getByName("a").late()

    assert await worker.env.KV.get("late") == "1"
    assert list(map(repr, worker.exceptions)) == ["ValueError('late')"]


async def test_a_class_that_is_not_there_is_told_of(worker: Worker) -> None:
    with pytest.raises(ValueError, match="has no class") as caught:
        await worker.env.GONE.getByName("a").increment()

    assert str(caught.value) == (
        "env.GONE: the main module has no class Gone(DurableObject); there are Counter. "
        '"class_name" in the wrangler file names one'
    )


def test_an_object_of_another_worker_is_not_emulated(worker: Worker) -> None:
    with pytest.raises(NotImplementedError, match="a Durable Object of the Worker 'elsewhere'"):
        worker.env.OTHER.getByName("a")


async def test_an_object_without_fetch_or_alarm(tmp_path: Any) -> None:
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


async def test_an_alarm_goes_off_when_the_test_says_so(worker: Worker) -> None:
    stub = worker.env.COUNTER.getByName("a")
    past, future = await stub.wake(5), await stub.wake(2_000_000)

    await worker.alarm("COUNTER", "a")

    assert (past, future) == (1_000_000, 2_000_000)
    assert worker.stored("COUNTER", "a") == {"alarm": True}
    with pytest.raises(ValueError, match="has set no alarm") as caught:
        await worker.alarm("COUNTER", "a")
    assert str(caught.value) == "the object a of COUNTER has set no alarm; setAlarm() sets one"


async def test_an_alarm_is_found_by_the_id_too(worker: Worker) -> None:
    unique = worker.env.COUNTER.newUniqueId()
    await worker.env.COUNTER.get(unique).wake(5)

    await worker.alarm("COUNTER", unique.toString())

    assert worker.stored("COUNTER", unique.toString()) == {"alarm": True}


async def test_an_alarm_need_not_be_a_coroutine_function(tmp_path: Any) -> None:
    source = SOURCE.replace(
        "async def alarm(self, info=None):\n        await ", "def alarm(self):\n        "
    )
    source = source.replace('self.ctx.storage.put("alarm", True)\n', "self.made = 'woken'\n")
    worker = Worker.load(project(tmp_path, source, **BINDINGS))
    stub = worker.env.COUNTER.getByName("a")
    await stub.wake(5)

    await worker.alarm("COUNTER", "a")

    assert await stub.sync() == ["woken"]


async def test_an_object_is_handed_a_ready_request(worker: Worker) -> None:
    request = Request("http://object/", {"method": "PATCH"})

    answer = await worker.env.COUNTER.getByName("a").fetch(request)

    assert await answer.text() == "PATCH http://object/ "


async def test_what_an_alarm_raises_is_raised(worker: Worker) -> None:
    await worker.env.COUNTER.getByName("loud").wake(5)

    with pytest.raises(JsException, match="KeyError: 'loud'"):
        await worker.alarm("COUNTER", "loud")


async def test_only_what_is_bound_has_alarms(worker: Worker) -> None:
    with pytest.raises(LookupError) as caught:
        await worker.alarm("KV", "a")

    assert str(caught.value) == (
        "no Durable Objects are bound as 'KV'; there are 'COUNTER', 'GONE'"
    )


# Worlds.


async def test_objects_of_another_world_are_others(worker: Worker) -> None:
    net = EdgeNetwork("LHR", "NRT", bindings=worker.env)
    there = worker.on(net)

    counts = [
        await text(worker, "/increment"),
        await text(there, "/increment", at="LHR"),
        await text(there, "/increment", at="NRT"),
        await text(worker, "/increment"),
    ]

    assert counts == ["1", "1", "2", "2"]


async def test_what_is_stored_survives_a_reload(worker: Worker) -> None:
    await worker.fetch("/increment")

    worker.reload()

    assert await text(worker, "/increment") == "2"


def test_reloading_before_any_object_was_called_is_no_trouble(worker: Worker) -> None:
    worker.world._objects = None

    worker.reload()


async def test_what_is_stored_is_kept_in_bytes(worker: Worker) -> None:
    await worker.env.COUNTER.getByName("a").increment(3)
    await worker.env.COUNTER.getByName("b").wake(9_000_000)
    await worker.env.COUNTER.getByName("c").sync()
    unique = worker.env.COUNTER.newUniqueId()
    dumped = worker.durable.dump()
    await worker.env.COUNTER.getByName("a").increment(100)

    worker.durable.load(dumped)

    assert worker.stored("COUNTER", "a") == {"count": 3}
    await worker.alarm("COUNTER", "b")
    assert not worker.env.COUNTER.newUniqueId().equals(unique)


@pytest.mark.parametrize("dumped", [b"", b"nonsense", b"\x93\x01\x02\x03", "text"])
def test_other_bytes_are_refused(worker: Worker, dumped: Any) -> None:
    with pytest.raises(ValueError, match="takes the bytes") as caught:
        worker.durable.load(dumped)

    assert str(caught.value) == (
        "load() takes the bytes that worker.durable.dump() returned; these are others"
    )
