"""Calls of Durable Objects under a schedule, each of which is a scheduling point."""

from pathlib import Path
from typing import Any

import pytest

from pykvbinding import EdgeNetwork
from pykvbinding.sim import every_schedule
from pykvbinding.workers.runtime.worker import Worker
from tests.support.workers import project
from tests.support.workers_fixture import workers  # noqa: F401 -- a fixture

pytestmark = pytest.mark.usefixtures("workers")

SEATS = """
from workers import DurableObject, Response, WorkerEntrypoint

class Seats(DurableObject):
    async def take(self, who):
        owner = await self.ctx.storage.get("owner")
        if owner is None:
            await self.ctx.storage.put("owner", who)
        return owner or who

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        who = request.url.rpartition("/")[2]
        return Response(await self.env.SEATS.getByName("1A").take(who))
"""

PEOPLE = [("ana", "LHR"), ("bob", "NRT")]


@pytest.fixture
def seats(tmp_path: Path) -> Worker:
    binding = {"name": "SEATS", "class_name": "Seats"}
    return Worker.load(project(tmp_path, SEATS, durable_objects={"bindings": [binding]}))


def test_schedules_include_both_orders_of_two_calls(seats: Worker) -> None:
    seen = set()

    @every_schedule
    def both(schedule: Any) -> None:
        net = EdgeNetwork("LHR", "NRT", schedule=schedule)
        networked = seats.in_network(net)
        visits = [net.start(networked.handler_for(f"/{who}"), at=at) for who, at in PEOPLE]
        net.run()
        seen.add(tuple(visit.result.js_object.status for visit in visits))
        seen.add(networked.durable_object_storage("SEATS", "1A")["owner"])

    both()

    assert seen == {(200, 200), "ana", "bob"}


def test_timeline_shows_the_call(seats: Worker) -> None:
    net = EdgeNetwork("LHR", "NRT", schedule="1")
    net.start(seats.in_network(net).handler_for("/ana"), at="LHR")

    net.run()

    assert [event.name for event in net.trace.events] == ["SEATS 1A"]


async def test_call_outside_of_a_schedule_is_not_a_scheduling_point(seats: Worker) -> None:
    net = EdgeNetwork("LHR", "NRT")

    response = await seats.in_network(net).fetch("/ana", at="NRT")

    assert await response.text() == "ana"
    assert net.trace.events == []
