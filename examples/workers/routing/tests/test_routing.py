"""The router: forwarded requests, returned responses, and a change of a route."""
# ruff: noqa: D103 -- the names of tests are sentences

import json
from collections.abc import Callable
from typing import Any

import pytest
from workers import Response

from pykvbinding import EdgeNetwork
from pykvbinding.workers import Worker

A, B = "https://storefront-a.example.com", "https://storefront-b.example.com"


def origins(**servers: str) -> dict[str, str]:
    """Return the pairs of the namespace."""
    return {name: json.dumps({"origin": origin}) for name, origin in servers.items()}


@pytest.fixture
def worker(kv_worker: Worker) -> Worker:
    """Return the Worker with two storefronts, whose servers echo the request."""
    kv_worker.env.ROUTING_CONFIG.namespace.seed(origins(storefrontA=A, storefrontB=B))

    async def echo(request: Any) -> Any:
        said = f"{request.method} {request.url} {await request.text()}".strip()
        return Response(said, headers=[("set-cookie", "a=1"), ("set-cookie", "b=2")])

    kv_worker.mock_fetch({f"{A}/*": echo, f"{B}/*": echo, f"{B}/down": OSError("refused")})
    return kv_worker


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/storefrontA", f"{A}/"),
        ("/storefrontA/", f"{A}/"),
        ("/storefrontA/cart/7", f"{A}/cart/7"),
        ("/storefrontB/search?q=red%20hat&page=2", f"{B}/search?q=red%20hat&page=2"),
    ],
)
async def test_forwards_the_path_without_the_storefront(
    worker: Worker, path: str, asked: str
) -> None:
    response = await worker.fetch(path)

    assert await response.text() == f"GET {asked}"
    assert response.headers["x-served-by"] == "Cloudflare Worker"
    assert response.headers["x-storefront-id"] == path.split("/")[1]


async def test_forwards_body_and_headers(worker: Worker) -> None:
    response = await worker.fetch(
        "/storefrontA/orders", body="one hat", headers={"x-customer": "ada"}
    )

    assert await response.text() == f"POST {A}/orders one hat"
    assert worker.outbound_requests[0].headers["x-customer"] == "ada"


async def test_returns_every_cookie(worker: Worker) -> None:
    response = await worker.fetch("/storefrontA/")

    assert response.headers.get_all("set-cookie") == ["a=1", "b=2"]


async def test_returns_errors_of_the_server(worker: Worker) -> None:
    worker.mock_fetch({f"{A}/*": 403})

    assert (await worker.fetch("/storefrontA/admin")).status == 403


async def test_missing_and_unknown_storefronts_are_not_found(worker: Worker) -> None:
    assert (await worker.fetch("/")).status == 400
    stranger = await worker.fetch("/storefrontX/")

    assert stranger.status == 404
    assert await stranger.text() == 'Storefront "storefrontX" not found.'
    assert worker.outbound_requests == []


@pytest.mark.parametrize("path", ["/storefrontB/down", f"/{'x' * 513}/"])
async def test_failure_is_an_error_without_details(worker: Worker, path: str) -> None:
    response = await worker.fetch(path)  # the server is down; the key is too long for KV

    assert response.status == 500
    assert await response.text() == "An error occurred while processing your request."


async def test_old_server_is_used_for_a_minute_after_a_move(
    worker: Worker, kv_network: Callable[..., EdgeNetwork]
) -> None:
    net = kv_network("LHR", "NRT", bindings=worker.env)
    networked = worker.in_network(net)
    await networked.fetch("/storefrontA/", at="NRT")

    await net.kv("LHR", "ROUTING_CONFIG").put("storefrontA", json.dumps({"origin": B}))

    assert await (await networked.fetch("/storefrontA/", at="LHR")).text() == f"GET {B}/"
    assert await (await networked.fetch("/storefrontA/", at="NRT")).text() == f"GET {A}/"
    net.clock.advance(61)
    assert await (await networked.fetch("/storefrontA/", at="NRT")).text() == f"GET {B}/"
