"""`pyodide.http`: `pyfetch` and its response."""

import pickle
from typing import Any

import pytest

from pykvbinding.errors import JsException
from pykvbinding.js.fetch.fetch import outbound_handler
from pykvbinding.js.globals.module import make_js
from pykvbinding.workers.pyodide.http import (
    AbortError,
    BodyUsedError,
    FetchResponse,
    HttpStatusError,
    open_url,
    pyfetch,
)

js = make_js()


def answered(body: Any = "[1]", **options: Any) -> FetchResponse:
    return FetchResponse("http://asked/", js.Response.new(body, **options))


async def test_response_has_python_names() -> None:
    response = answered("hé", status=201, headers=[("A", "b"), ("Set-Cookie", "x")])

    assert (response.status, response.status_text, response.ok) == (201, "Created", True)
    assert (response.url, response.type, response.redirected) == ("", "default", False)
    assert response.headers["a"] == "b"
    assert response.headers["set-cookie"] == "x"
    assert not response.body_used


async def test_reads_the_body_in_every_form() -> None:
    assert await answered().text() == await answered().string() == "[1]"
    assert await answered().json() == [1]
    assert await answered().bytes() == b"[1]"
    assert bytes(await answered().memoryview()) == b"[1]"
    assert (await answered().buffer()).byteLength == 3


async def test_body_can_be_read_once() -> None:
    response = answered()
    again = response.clone()

    await response.text()

    assert response.body_used
    with pytest.raises(BodyUsedError, match=r"^Response body is already used$"):
        await response.text()
    with pytest.raises(BodyUsedError):
        response.clone()
    assert await again.text() == "[1]"


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (404, "404 Client Error: Not Found for url: "),
        (503, "503 Server Error: Service Unavailable for url: "),
    ],
)
def test_raise_for_status_raises_for_error_statuses(status: int, text: str) -> None:
    with pytest.raises(HttpStatusError) as caught:
        answered(status=status).raise_for_status()

    assert str(caught.value) == text
    assert pickle.loads(pickle.dumps(caught.value)).status == status


def test_raise_for_status_accepts_success() -> None:
    answered(status=299).raise_for_status()

    assert str(HttpStatusError(200, "OK", "u")).startswith("200 Invalid error code not between")


async def test_features_that_are_not_emulated_raise() -> None:
    with pytest.raises(NotImplementedError) as unpacking:
        await answered().unpack_archive(format="zip")
    with pytest.raises(NotImplementedError) as opening:
        open_url("x")

    assert str(unpacking.value) == (
        "FetchResponse.unpack_archive is not emulated by pykvbinding; unpack `await bytes()` "
        "yourself"
    )
    assert str(opening.value) == (
        "pyodide.http.open_url('x') is not emulated by pykvbinding; await pyfetch(…) instead"
    )


async def test_pyfetch_uses_the_mock_of_the_worker() -> None:
    async def answer(request: Any) -> Any:
        return js.Response.new(f"{request.method} {request.url}")

    token = outbound_handler.set(answer)
    try:
        response = await pyfetch("http://x/y", method="PUT")
    finally:
        outbound_handler.reset(token)

    assert await response.text() == "PUT http://x/y"
    assert response._url == "http://x/y"


async def test_pyfetch_accepts_another_fetcher() -> None:
    async def fetcher(url: str, options: Any) -> Any:
        return js.Response.new(f"{url} {options.body} {options.signal.aborted}")

    response = await pyfetch("http://x/", fetcher=fetcher, body="b")

    assert await response.text() == "http://x/ b False"


async def test_javascript_error_becomes_an_os_error() -> None:
    async def fetcher(url: str, options: Any) -> Any:
        raise JsException("TypeError", "no network")

    with pytest.raises(AbortError, match=r"^no network$") as caught:
        await pyfetch("http://x/", fetcher=fetcher)
    assert isinstance(caught.value, OSError)


async def test_rejects_reading_an_aborted_response() -> None:
    async def fetcher(url: str, options: Any) -> Any:
        return js.Response.new("x")

    response = await pyfetch("http://x/", fetcher=fetcher)
    response.abort("enough")

    with pytest.raises(AbortError, match=r"^enough$"):
        await response.text()


async def test_signal_of_the_caller_aborts_too() -> None:
    async def fetcher(url: str, options: Any) -> Any:
        return js.Response.new("x")

    controller = js.AbortController.new()
    response = await pyfetch("http://x/", fetcher=fetcher, signal=controller.signal)

    controller.abort()

    with pytest.raises(AbortError, match="aborted"):
        await response.bytes()


async def test_failing_body_raises_when_read() -> None:
    def fail(controller: Any) -> None:
        controller.error(js.TypeError.new("cut off"))

    response = answered(js.ReadableStream.new(start=fail))

    with pytest.raises(AbortError, match=r"^cut off$"):
        await response.text()


def test_abort_needs_a_controller() -> None:
    with pytest.raises(ValueError, match=r"^abort_controller is not set$"):
        answered().abort()
