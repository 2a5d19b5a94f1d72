"""Outbound requests of a handler, with responses supplied by a test."""

from collections.abc import Callable
from typing import Any

import pytest

from pykvbinding.js.fetch.response import Response
from pykvbinding.workers.runtime.worker import Worker
from tests.support.workers import text, worker_of
from tests.support.workers_fixture import workers  # noqa: F401 -- a fixture

URL = "https://api.example.com/v1"


@pytest.fixture
def worker(workers: Any) -> Worker:  # noqa: F811
    async def fetch(self: Any, request: Any) -> Any:
        method, _, url = request.headers["x-fetch"].partition(" ")
        answer = await workers.fetch(url, method=method)
        return workers.Response(await answer.text(), status=answer.status)

    return worker_of(workers, fetch)


async def asked(worker: Worker, what: str = f"GET {URL}") -> tuple[int, str]:
    response = await worker.fetch("/", headers={"x-fetch": what})
    return response.status, await response.text()


async def coroutine(request: Any) -> str:
    return f"async {request.url}"


@pytest.mark.parametrize(
    ("answer", "status", "body"),
    [
        ("text", 200, "text"),
        (b"bytes", 200, "bytes"),
        ({"a": 1}, 200, '{"a": 1}'),
        ([1], 200, "[1]"),
        (404, 404, ""),
        (Response("js", {"status": 201}), 201, "js"),
        (lambda request: f"{request.method} it", 200, "GET it"),
        (coroutine, 200, f"async {URL}"),
    ],
)
async def test_accepts_every_kind_of_response(
    worker: Worker, answer: Any, status: int, body: str
) -> None:
    worker.mock_fetch({URL: answer})

    assert await asked(worker) == (status, body)
    assert await asked(worker) == (status, body)


async def test_accepts_a_response_of_workers(worker: Worker, workers: Any) -> None:  # noqa: F811
    worker.mock_fetch(lambda request: workers.Response("made", status=202))

    assert await asked(worker) == (202, "made")


async def test_raises_an_exception(worker: Worker) -> None:
    worker.mock_fetch({URL: OSError("unreachable")})

    assert (await asked(worker))[0] == 500
    assert str(worker.exceptions[0]) == "unreachable"


@pytest.mark.parametrize(
    ("what", "body"),
    [
        (f"GET {URL}", "exact"),
        (f"POST {URL}", "posted"),
        ("GET https://api.example.com/v2", "any of api"),
        ("PUT https://other.example.com/a/b", "put"),
    ],
)
async def test_first_matching_pattern_is_used(worker: Worker, what: str, body: str) -> None:
    worker.mock_fetch(
        {
            "https://api.example.com/*": "any of api",
            f"POST {URL}": "posted",
            "PUT https://other.example.com/*": "put",
            URL: "exact",
        }
    )

    assert await asked(worker, what) == (200, body)


async def test_records_requests(worker: Worker, workers: Any) -> None:  # noqa: F811
    worker.mock_fetch({"*": "x"})
    await asked(worker, f"PUT {URL}")

    (request,) = worker.outbound_requests
    assert isinstance(request, workers.Request)
    assert (str(request.method), request.url) == ("PUT", URL)


async def raised(worker: Worker) -> BaseException:
    await asked(worker)
    return worker.exceptions[-1]


async def test_rejects_requests_without_a_rule(worker: Worker) -> None:
    unmocked = str(await raised(worker))
    worker.mock_fetch({"https://other/": "x"})
    unmatched = str(await raised(worker))
    worker.mock_fetch({URL: print if False else 1.5})
    senseless = str(await raised(worker))
    worker.mock_fetch(None)

    assert unmocked == (
        f"fetch of GET {URL}: the network is disabled in tests. "
        f"Supply a response: worker.mock_fetch({{{URL!r}: …}})"
    )
    assert unmatched == (
        f"fetch of GET {URL}: no pattern of mock_fetch matches; the patterns are 'https://other/'"
    )
    assert senseless == (
        f"mock_fetch: 1.5 is not a response for {URL}; expected a Response, a str or bytes, "
        "a dict or list (JSON), an int (status), an exception, or a function that returns one"
    )
    assert str(await raised(worker)) == unmocked


@pytest.mark.parametrize("mock", [5, "text", [URL]])
def test_rejects_invalid_rules(worker: Worker, mock: Any) -> None:
    with pytest.raises(TypeError) as caught:
        worker.mock_fetch(mock)

    assert str(caught.value) == (
        f"mock_fetch({mock!r}): expected a function of the request, or a dict such as "
        '{"https://api.example.com/*": {"ok": True}}'
    )


def test_rules_are_typed(worker: Worker) -> None:
    mock: Callable[[Any], str] = str

    worker.mock_fetch(mock)

    assert text is not None
