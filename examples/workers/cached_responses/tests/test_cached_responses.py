"""Cached responses: how often the server is requested, and what visitors receive."""
# ruff: noqa: D103 -- the names of tests are sentences

import asyncio
from collections.abc import Callable

import pytest

from pykvbinding import EdgeNetwork, History, VirtualClock
from pykvbinding.sim import Schedule, every_schedule
from pykvbinding.workers import Worker

PAGE = """<!doctype html>
<html><head><title>Example Domain</title><style>body { margin: 0 }</style></head>
<body><h1>Hello</h1> <p>This &amp; that,<br>and more.</p></body></html>"""


@pytest.fixture
def worker(kv_worker: Worker) -> Worker:
    """Return the Worker, with a mock of its server."""
    kv_worker.mock_fetch({"https://example.com/": PAGE})
    return kv_worker


async def test_converts_a_page_to_json(worker: Worker) -> None:
    response = await worker.fetch("/")

    assert response.headers["content-type"] == "application/json"
    answer = await response.json()
    assert answer["data"]["title"] == "Example Domain"
    assert answer["data"]["content"] == "Hello This & that, and more."
    assert answer["fromCache"] is False


async def test_handles_an_empty_page(worker: Worker) -> None:
    worker.mock_fetch({"https://example.com/": "<p>nothing"})

    data = (await (await worker.fetch("/")).json())["data"]

    assert (data["title"], data["content"]) == ("No title found", "No content found")


async def test_rejects_other_methods(worker: Worker) -> None:
    assert (await worker.fetch("/", method="DELETE")).status == 405


async def test_fetches_once_a_minute(
    worker: Worker, kv_clock: VirtualClock, kv_history: History
) -> None:
    first = await (await worker.fetch("/")).json()
    second = await (await worker.fetch("/")).json()

    assert (second["data"], second["fromCache"]) == (first["data"], True)
    assert len(worker.outbound_requests) == kv_history.count("put") == 1

    kv_clock.advance(60)
    assert (await (await worker.fetch("/")).json())["fromCache"] is False
    assert len(worker.outbound_requests) == 2


@pytest.mark.parametrize("answer", [503, OSError("no route")])
async def test_does_not_cache_a_failure(worker: Worker, answer: int | OSError) -> None:
    worker.mock_fetch({"https://example.com/": answer})
    assert (await worker.fetch("/")).status == 502

    worker.mock_fetch({"https://example.com/": PAGE})

    assert (await worker.fetch("/")).status == 200


async def test_fetches_once_for_all_locations(
    worker: Worker, kv_network: Callable[..., EdgeNetwork]
) -> None:
    networked = worker.in_network(kv_network("LHR", "NRT", bindings=worker.env))

    await networked.fetch("/", at="LHR")
    answer = await (await networked.fetch("/", at="NRT")).json()

    assert answer["fromCache"] is True
    assert len(networked.outbound_requests) == 1


async def test_fetches_again_where_a_miss_is_cached(
    worker: Worker, kv_network: Callable[..., EdgeNetwork]
) -> None:
    networked = worker.in_network(kv_network("LHR", "NRT", bindings=worker.env))
    await networked.env.CACHE_KV.delete("cache-json-example")
    assert (
        await networked.environment.env("NRT").CACHE_KV.get("cache-json-example") is None
    )  # this miss is cached

    await networked.fetch("/", at="LHR")
    await networked.fetch("/", at="NRT")

    assert len(networked.outbound_requests) == 2


@every_schedule
def test_serves_all_concurrent_visitors(
    worker: Worker, kv_network: Callable[..., EdgeNetwork], schedule: Schedule
) -> None:
    net = kv_network("LHR", "NRT", bindings=worker.env, schedule=schedule)
    networked = worker.in_network(net)
    visits = [
        net.start(networked.handler_for("/"), at=location) for location in ("LHR", "LHR", "NRT")
    ]

    net.run()

    assert [visit.result.status for visit in visits] == [200, 200, 200]
    assert asyncio.run(visits[0].result.json())["data"]["title"] == "Example Domain"
    assert networked.exceptions == []
