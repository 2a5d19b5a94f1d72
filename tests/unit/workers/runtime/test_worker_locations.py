"""`Worker` in the locations of a network, and with another env."""

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pykvbinding import EdgeNetwork, Env, KVNamespace
from pykvbinding.workers.runtime.worker import Worker
from tests.support.workers import COUNTER, project, replying, text, worker_of
from tests.support.workers_fixture import workers  # noqa: F401 -- a fixture

pytestmark = pytest.mark.usefixtures("workers")


async def test_runs_in_the_locations_of_a_network(workers: ModuleType) -> None:  # noqa: F811
    async def fetch(self: Any, request: Any) -> Any:
        return workers.Response(await self.env.KV.get("flag") or "none")

    net = EdgeNetwork("LHR", "NRT")
    worker = worker_of(workers, fetch, network=net)
    before = await text(worker, at="NRT")
    await net.kv("LHR").put("flag", "on")

    after = [await text(worker, at=at) for at in (None, "LHR", "NRT")]

    assert (before, after) == ("none", ["on", "on", "none"])
    assert worker.network is net


async def test_same_code_runs_with_another_env(tmp_path: Path) -> None:
    worker = Worker.load(project(tmp_path, COUNTER))
    await worker.fetch()
    net = EdgeNetwork("LHR", bindings=worker.env)

    networked = worker.in_network(net)

    assert await text(networked) == "2"
    assert await text(worker) == "2"
    assert await net.kv("LHR").get("count") == "2"
    assert await text(worker.in_network(Env(KV=KVNamespace()))) == "1"


async def test_handler_sees_its_location(workers: ModuleType) -> None:  # noqa: F811
    net = EdgeNetwork("LHR", "NRT")
    worker = replying(workers, lambda env, request: request.cf.colo, network=net)

    colos = [await text(worker, at="NRT"), await text(worker, cf={"colo": "X"}), await text(worker)]

    assert colos == ['"NRT"', '"X"', '"LHR"']


async def test_request_cf_describes_the_location_of_arrival(
    workers: ModuleType,  # noqa: F811
) -> None:
    worker = replying(workers, lambda env, request: request.js_object.cf.to_py())
    networked = worker.in_network(EdgeNetwork("NRT", "LHR"))
    fields = ("colo", "country", "continent", "city", "region", "regionCode", "timezone")
    tokyo = ["NRT", "JP", "AS", "Tokyo", "Tokyo", "13", "Asia/Tokyo"]
    london = ["LHR", "GB", "EU", "London", "England", "ENG", "Europe/London"]

    responses = [
        await networked.fetch("/", at="NRT"),
        await networked.fetch("/"),
        (await networked.fetch_streaming("/")).response,
        await networked.fetch("/", at="LHR"),
        await worker.fetch("/"),
    ]

    described = [json.loads(await response.text()) for response in responses]
    assert [[cf[field] for field in fields] for cf in described] == [
        *[tokyo] * 3,
        *[london] * 2,
    ]


async def test_rejects_a_location_without_a_network(tmp_path: Path) -> None:
    worker = Worker.load(project(tmp_path))

    with pytest.raises(ValueError, match="does not run in a network") as caught:
        await worker.fetch("/", at="LHR")
    assert str(caught.value) == (
        "at='LHR': this Worker does not run in a network. "
        'Call worker.in_network(EdgeNetwork("LHR", "NRT", bindings=worker.env)) first'
    )
    with pytest.raises(LookupError, match="no location 'XXX'"):
        await worker.in_network(EdgeNetwork("LHR", bindings=worker.env)).fetch("/", at="XXX")


def test_rejects_other_bases(tmp_path: Path) -> None:
    worker = Worker.load(project(tmp_path))

    with pytest.raises(
        TypeError, match=r"^in_network\('LHR'\): expected an EdgeNetwork or an Env$"
    ):
        worker.in_network("LHR")  # type: ignore[arg-type]


async def test_mock_applies_in_a_network_too(workers: ModuleType) -> None:  # noqa: F811
    async def fetch(self: Any, request: Any) -> Any:
        return await workers.fetch("https://example.com/")

    worker = worker_of(workers, fetch)
    worker.mock_fetch({"https://example.com/": "hello"})
    networked = worker.in_network(EdgeNetwork("LHR"))

    assert await text(networked) == "hello"
    assert [each.url for each in networked.outbound_requests] == ["https://example.com/"]
    assert worker.outbound_requests == []
