"""`pyodide.http`: `pyfetch`, and a response with Python names."""

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
    """The response has an error status: 4xx or 5xx."""

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
    """The body of the response was read before."""

    def __init__(self, *args: Any) -> None:  # noqa: ARG002
        super().__init__("Response body is already used")


class AbortError(OSError):
    """The fetch failed or was aborted. The message is that of the JavaScript error."""

    def __init__(self, reason: JsException) -> None:
        super().__init__(reason.message)


class FetchResponse:
    """A `js.Response` (`js_response`) with Python names and Python results.

    `url` is the requested URL. `abort_controller` aborts the request; `abort_signal` is its signal.
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
        """True if the body has been read."""
        return bool(self.js_response.bodyUsed)

    @property
    def headers(self) -> Any:
        """The headers as a dict with lower-case names. Only the last Set-Cookie is included."""
        return {name: value for name, value in self.js_response.headers.entries()}  # noqa: C416 -- a pair is an Array

    @property
    def ok(self) -> bool:
        """True if the status is 2xx."""
        return bool(self.js_response.ok)

    @property
    def redirected(self) -> bool:
        """True if the response is the result of a redirect."""
        return bool(self.js_response.redirected)

    @property
    def status(self) -> int:
        """The status."""
        return int(self.js_response.status)

    @property
    def status_text(self) -> str:
        """The status message."""
        return str(self.js_response.statusText)

    @property
    def type(self) -> str:
        """The type of the response: "default" if it was constructed locally."""
        return str(self.js_response.type)

    @property
    def url(self) -> str:
        """The URL of the response; empty if it was constructed locally."""
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
        """Return another response with the same body. Raises: BodyUsedError."""
        if self.js_response.bodyUsed:
            raise BodyUsedError
        cloned = self.js_response.clone()
        return FetchResponse(self._url, cloned, self.abort_controller, self.abort_signal)

    async def buffer(self) -> Any:
        """Return the body as an ArrayBuffer. Raises: BodyUsedError, AbortError."""
        self._raise_if_failed()
        return await self._read(self.js_response.arrayBuffer)

    async def text(self) -> str:
        """Return the body as a str."""
        self._raise_if_failed()
        result: str = await self._read(self.js_response.text)
        return result

    async def string(self) -> str:
        """Return the body as a str (the older name of `text`)."""
        return await self.text()

    async def json(self, **kwargs: Any) -> Any:
        """Return `json.loads` of the body, with its keyword arguments."""
        import json

        return json.loads(await self.text(), **kwargs)

    async def memoryview(self) -> memoryview:
        """Return the body as a memoryview."""
        result: memoryview = (await self.buffer()).to_memoryview()
        return result

    async def bytes(self) -> bytes:
        """Return the body as bytes."""
        result: bytes = (await self.buffer()).to_bytes()
        return result

    async def unpack_archive(self, **kwargs: Any) -> None:
        """Raises: NotImplementedError, because a Worker has no file system to unpack to."""
        raise NotImplementedError(
            "FetchResponse.unpack_archive is not emulated by pykvbinding; unpack `await bytes()` "
            "yourself"
        )

    def abort(self, reason: Any = None) -> None:
        """Abort the request. Raises: ValueError, "abort_controller is not set"."""
        if self.abort_controller is None:
            raise errors.no_abort_controller()
        self.abort_controller.abort(_reason(reason))

    async def _read(self, method: Callable[[], Awaitable[Any]]) -> Any:
        try:
            return await method()
        except JsException as error:
            signal = self.abort_signal
            is_aborted = signal is not None and signal.aborted
            raise AbortError(signal.reason if is_aborted else error) from None


def _reason(reason: Any) -> JsException | None:
    return None if reason is None else JsException("AbortError", str(reason))


async def pyfetch(
    url: Any, /, *, signal: Any = None, fetcher: Any = None, **options: Any
) -> FetchResponse:
    """Fetch `url`, with the options of `js.fetch` as keywords; `fetcher` replaces `js.fetch`.

    Raises: AbortError, with the message of the JavaScript error.
    """
    from pykvbinding.js.fetch.abort import AbortController, AbortSignal
    from pykvbinding.js.fetch.fetch import fetch
    from pykvbinding.js.types.object import from_entries
    from pykvbinding.js.types.to_js import to_js

    controller = AbortController()
    own = controller.signal
    options["signal"] = AbortSignal.any(to_js([signal, own])) if signal else own
    js_options = to_js(options, dict_converter=from_entries)
    try:
        response = await (fetcher or fetch)(url, js_options)
    except JsException as error:
        raise AbortError(error) from None
    return FetchResponse(url, response, controller, options["signal"])


def open_url(url: str) -> Any:
    """Raises: NotImplementedError, because a Worker has no XMLHttpRequest."""
    raise NotImplementedError(
        f"pyodide.http.open_url({url!r}) is not emulated by pykvbinding; await pyfetch(…) instead"
    )
