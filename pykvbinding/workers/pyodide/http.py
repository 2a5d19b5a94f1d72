"""`pyodide.http`: `pyfetch`, and a response with Python's names."""

from collections.abc import Awaitable, Callable
from typing import Any

from pykvbinding.errors import JsException
from pykvbinding.workers.pyodide import errors

__all__ = [
    "AbortError",
    "BodyUsedError",
    "FetchResponse",
    "HttpStatusError",
    "open_url",
    "pyfetch",
]


class HttpStatusError(OSError):
    """The response tells of a failure: its status is 4xx or 5xx."""

    def __init__(self, status: int, status_text: str, url: str) -> None:
        if 400 <= status < 500:
            kind = "Client Error"
        elif 500 <= status < 600:
            kind = "Server Error"
        else:
            kind = "Invalid error code not between 400 and 599"
        super().__init__(f"{status} {kind}: {status_text} for url: {url}")
        self.status = status
        self.status_text = status_text
        self.url = url

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.status, self.status_text, self.url)


class BodyUsedError(OSError):
    """A body is read once."""

    def __init__(self, *arguments: Any) -> None:  # noqa: ARG002
        super().__init__("Response body is already used")


class AbortError(OSError):
    """The fetch failed, or was called off. The message is that of the error in JavaScript."""

    def __init__(self, reason: JsException) -> None:
        super().__init__(reason.message)


class FetchResponse:
    """A `js.Response` (`js_response`) with Python's names and results.

    `url` is what was asked for. `abort_controller` calls the request off, `abort_signal` tells
    that it was.
    """

    def __init__(
        self, url: str, js_response: Any, abort_controller: Any = None, abort_signal: Any = None
    ) -> None:
        self._url = url
        self.js_response = js_response
        self.abort_controller = abort_controller
        self.abort_signal = abort_signal

    @property
    def body_used(self) -> bool:
        """Whether the body has been read."""
        return bool(self.js_response.bodyUsed)

    @property
    def headers(self) -> Any:
        """The headers as a dict, names in lower case; of several Set-Cookie, the last."""
        return {name: value for name, value in self.js_response.headers.entries()}  # noqa: C416 -- a pair is an Array

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx."""
        return bool(self.js_response.ok)

    @property
    def redirected(self) -> bool:
        """Whether a redirect led here."""
        return bool(self.js_response.redirected)

    @property
    def status(self) -> int:
        """The status."""
        return int(self.js_response.status)

    @property
    def status_text(self) -> str:
        """The words that go with the status."""
        return str(self.js_response.statusText)

    @property
    def type(self) -> str:
        """The type of the response: "default" of one that was made here."""
        return str(self.js_response.type)

    @property
    def url(self) -> str:
        """Where the response comes from; empty of one that was made here."""
        return str(self.js_response.url)

    def _raise_if_failed(self) -> None:
        signal = self.abort_signal
        if signal and signal.aborted:
            raise AbortError(signal.reason)
        if self.js_response.bodyUsed:
            raise BodyUsedError

    def raise_for_status(self) -> None:
        """Raises: HttpStatusError for 4xx and 5xx, "404 Client Error: Not Found for url: …"."""
        if 400 <= self.status < 600:
            raise HttpStatusError(self.status, self.status_text, self.url)

    def clone(self) -> "FetchResponse":
        """Another response with the same body. Raises: BodyUsedError."""
        if self.js_response.bodyUsed:
            raise BodyUsedError
        cloned = self.js_response.clone()
        return FetchResponse(self._url, cloned, self.abort_controller, self.abort_signal)

    async def buffer(self) -> Any:
        """The body as an ArrayBuffer. Raises: BodyUsedError, AbortError."""
        self._raise_if_failed()
        return await self._read(self.js_response.arrayBuffer)

    async def text(self) -> str:
        """The body as a text."""
        self._raise_if_failed()
        found: str = await self._read(self.js_response.text)
        return found

    async def string(self) -> str:
        """As `text`, by an older name."""
        return await self.text()

    async def json(self, **named: Any) -> Any:
        """What `json.loads` makes of the body, with its keywords."""
        import json

        return json.loads(await self.text(), **named)

    async def memoryview(self) -> memoryview:
        """The body as a view of its bytes."""
        found: memoryview = (await self.buffer()).to_memoryview()
        return found

    async def bytes(self) -> bytes:
        """The body as bytes."""
        found: bytes = (await self.buffer()).to_bytes()
        return found

    async def unpack_archive(self, **named: Any) -> None:
        """A Worker has no files to unpack to."""
        raise NotImplementedError(
            "FetchResponse.unpack_archive is not emulated by pykvbinding; unpack `await bytes()` "
            "yourself"
        )

    def abort(self, reason: Any = None) -> None:
        """Call the request off. Raises: ValueError, "abort_controller is not set"."""
        if self.abort_controller is None:
            raise errors.no_abort_controller()
        self.abort_controller.abort(_reason(reason))

    async def _read(self, method: Callable[[], Awaitable[Any]]) -> Any:
        try:
            return await method()
        except JsException as error:
            signal = self.abort_signal
            called_off = signal is not None and signal.aborted
            raise AbortError(signal.reason if called_off else error) from None


def _reason(reason: Any) -> JsException | None:
    return None if reason is None else JsException("AbortError", str(reason))


async def pyfetch(
    url: Any, /, *, signal: Any = None, fetcher: Any = None, **options: Any
) -> FetchResponse:
    """Ask `url`, with the options of `js.fetch` as keywords; `fetcher` may ask in its place.

    Raises: AbortError, with the message of the error in JavaScript.
    """
    from pykvbinding.js.fetch.abort import AbortController, AbortSignal
    from pykvbinding.js.fetch.fetch import fetch
    from pykvbinding.js.types.object import from_entries
    from pykvbinding.js.types.to_js import to_js

    controller = AbortController()
    own = controller.signal
    options["signal"] = AbortSignal.any(to_js([signal, own])) if signal else own
    given = to_js(options, dict_converter=from_entries)
    try:
        answer = await (fetcher or fetch)(url, given)
    except JsException as error:
        raise AbortError(error) from None
    return FetchResponse(url, answer, controller, options["signal"])


def open_url(url: str) -> Any:
    """A Worker has no XMLHttpRequest. Raises: NotImplementedError."""
    raise NotImplementedError(
        f"pyodide.http.open_url({url!r}) is not emulated by pykvbinding; await pyfetch(…) instead"
    )
