"""The same handler and test in a plain namespace, in a network, and under a schedule."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from pykvbinding import EdgeNetwork, Env, KVError, KVNamespace, Limits
from pykvbinding.sim import LostUpdate, every_schedule, no_lost_updates, schedules
from pykvbinding.workers.runtime.worker import Worker
from tests.support.workers import COUNTER, project
from tests.support.workers_fixture import workers  # noqa: F401 -- a fixture

pytestmark = pytest.mark.usefixtures("workers")

NOTES = """
import random, time
from random import random as chance
from workers import Response, WorkerEntrypoint

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        name = request.url.removeprefix("http://localhost/")
        if str(request.method) == "PUT":
            await self.env.KV.put(name, await request.text(), metadata={"by": "test"})
            self.ctx.waitUntil(self.env.KV.put("last", name))
            return Response(None, status=204)
        if str(request.method) == "DELETE":
            await self.env.KV.delete(name)
            return Response(None, status=204)
        if name == "":
            page = await self.env.KV.list()
            return Response.json([key["name"] for key in page["keys"]])
        if name == "now":
            return Response(f"{time.time()} {random.random()} {chance()}")
        value = await self.env.KV.get(name)
        return Response("none", status=404) if value is None else Response(value)
"""

Ask = Callable[..., Awaitable[tuple[int, str]]]


async def the_test(ask: Ask) -> list[tuple[int, str]]:
    return [
        await ask("/a"),
        await ask("/a", method="PUT", body="1"),
        await ask("/a"),
        await ask("/b", method="PUT", body="é"),
        await ask("/last"),
        await ask("/"),
        await ask("/a", method="DELETE"),
        await ask("/"),
    ]


@pytest.fixture
def notes(tmp_path: Path) -> Worker:
    return Worker.load(project(tmp_path, NOTES))


def asking(worker: Worker) -> Ask:
    async def ask(path: str, **request: Any) -> tuple[int, str]:
        response = await worker.fetch(path, **request)
        return response.status, await response.text()

    return ask


def free(**options: Any) -> EdgeNetwork:
    return EdgeNetwork("LHR", limits=Limits(writes_per_second_per_key=None), **options)


async def test_outcome_is_the_same_in_a_network(notes: Worker) -> None:
    plain = await the_test(asking(notes.in_network(Env(KV=KVNamespace()))))
    network = await the_test(asking(notes.in_network(free())))

    assert plain == network
    assert plain[-1] == (200, '["b", "last"]')


def test_outcome_is_the_same_under_a_schedule(notes: Worker) -> None:
    plain = asyncio.run(the_test(asking(notes.in_network(Env(KV=KVNamespace())))))
    net = free(schedule="", time_jumps=0)
    worker = notes.in_network(net)
    session = net.session("client", "LHR")

    responses = []
    steps = [
        ("/a", {}),
        ("/a", {"method": "PUT", "body": "1"}),
        ("/a", {}),
        ("/b", {"method": "PUT", "body": "é"}),
        ("/last", {}),
        ("/", {}),
        ("/a", {"method": "DELETE"}),
        ("/", {}),
    ]
    for path, request in steps:
        response = session.call(worker.handler_for(path, **request))
        responses.append((response.status, asyncio.run(response.text())))

    assert responses == plain


def test_clock_and_random_are_those_of_the_simulation(notes: Worker) -> None:
    def told() -> str:
        net = EdgeNetwork("LHR", schedule=0)
        response = net.session("client").call(notes.in_network(net).handler_for("/now"))
        return str(asyncio.run(response.text()))

    assert told() == told()
    assert told().startswith("1700000000.0 ")


def count_twice(worker: Worker, schedule: Any) -> EdgeNetwork:
    net = EdgeNetwork("LHR", "NRT", schedule=schedule)
    networked = worker.in_network(net)
    first = net.start(networked.handler_for("/count", method="POST"), at="LHR")
    second = net.start(networked.handler_for("/count", method="POST"), at="NRT")
    net.run()
    assert {type(each.error) for each in (first, second)} <= {type(None), KVError}
    net.check(no_lost_updates)
    return net


@pytest.fixture
def counter(tmp_path: Path) -> Worker:
    return Worker.load(project(tmp_path, COUNTER))


def test_every_schedule_finds_the_lost_update_of_a_counter(counter: Worker) -> None:
    @every_schedule
    def check(schedule: Any) -> None:
        count_twice(counter, schedule)

    with pytest.raises(LostUpdate) as caught:
        check()

    told = str(caught.value)
    assert "POST /count ② put" in told
    replay = re.search(r'Replay:  @example\("(.*)"\)', told)
    assert replay is not None
    with pytest.raises(LostUpdate):
        count_twice(counter, replay[1])


def test_hypothesis_finds_the_lost_update_of_a_counter(counter: Worker) -> None:
    @settings(deadline=None, database=None)
    @given(schedule=schedules())
    def check(schedule: Any) -> None:
        count_twice(counter, schedule)

    with pytest.raises(LostUpdate):
        check()


def test_failing_handler_fails_the_test(tmp_path: Path) -> None:
    source = COUNTER.replace("return Response", "assert count < 2\n        return Response")
    worker = Worker.load(project(tmp_path, source))
    net = EdgeNetwork("LHR", schedule="")
    net.start(worker.in_network(net).handler_for("/count"))
    net.run()
    net.clock.advance(61)
    net.start(worker.in_network(net).handler_for("/count"))

    with pytest.raises(AssertionError):
        net.run()


def test_kv_error_is_the_outcome_of_its_invocation(tmp_path: Path) -> None:
    source = COUNTER.replace('"count", str(count)', '"", str(count)')
    net = EdgeNetwork("LHR", schedule="")
    invocation = net.start(Worker.load(project(tmp_path, source)).in_network(net).handler_for("/"))

    net.run()

    assert isinstance(invocation.error, KVError)
    with pytest.raises(KVError):
        invocation.result  # noqa: B018


def test_invocation_ends_after_its_background_tasks(notes: Worker) -> None:
    net = EdgeNetwork("LHR", schedule="")
    invocation = net.start(notes.in_network(net).handler_for("/a", method="PUT", body="1"))

    net.run()

    assert invocation.result.status == 204
    assert (net.latest("a"), net.latest("last")) == ("1", "a")
    assert invocation.name == "PUT /a"


def test_counts_operations_per_invocation(tmp_path: Path) -> None:
    worker = Worker.load(project(tmp_path, COUNTER))
    limits = Limits(max_operations_per_invocation=1)
    net = EdgeNetwork("LHR", schedule="", limits=limits)
    invocation = net.start(worker.in_network(net).handler_for("/"))

    net.run()

    assert "Too many API requests by single Worker invocation." in str(invocation.error)
