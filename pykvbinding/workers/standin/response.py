"""`Response` as a Python Worker has it, around a JavaScript one."""

from typing import Any, Never

from pykvbinding.errors import JsException
from pykvbinding.js.core.proxy import JsProxy
from pykvbinding.js.fetch.headers import Headers as JsHeaders
from pykvbinding.js.fetch.response import Response as JsResponse
from pykvbinding.workers.pyodide.http import FetchResponse as PyodideFetchResponse
from pykvbinding.workers.standin import refusals
from pykvbinding.workers.standin.blob import Blob
from pykvbinding.workers.standin.body import to_js_body
from pykvbinding.workers.standin.convert import class_name, none_for_null, to_python_error
from pykvbinding.workers.standin.formdata import FormData
from pykvbinding.workers.standin.headers import HTTPMessageMapping, to_js, to_python

BODIES = frozenset(
    (
        *("Blob", "ArrayBuffer", "TypedArray", "DataView", "Uint8Array"),
        *("Uint8ClampedArray", "Int8Array", "Uint16Array", "Int16Array", "Uint32Array"),
        *("Int32Array", "Float16Array", "Float32Array", "Float64Array", "BigInt64Array"),
        *("BigUint64Array", "FormData", "ReadableStream", "URLSearchParams", "Response"),
    )
)
"""The JavaScript classes that the SDK lets through as a body."""


class FetchResponse(PyodideFetchResponse):
    """A response as `fetch` gives it: Pyodide's, with the platform's forms, blobs and headers."""

    @property
    def body(self) -> Any:
        """The body as a JavaScript stream; None where there is none."""
        return none_for_null(self.js_response.body)

    @property
    def js_object(self) -> JsResponse:
        """The JavaScript response."""
        response: JsResponse = self.js_response
        return response

    @property
    def headers(self) -> HTTPMessageMapping:
        """A copy of the headers, whatever the case of a name."""
        return to_python(self.js_response.headers)

    async def formData(self) -> FormData:
        """`form_data` under its JavaScript name."""
        return await self.form_data()

    async def form_data(self) -> FormData:
        """The body, parsed as a form. Raises: TypeError where it is none, with workerd's words."""
        self._raise_if_failed()
        try:
            return FormData(await self.js_response.formData())
        except JsException as error:
            raise to_python_error(error) from error

    async def blob(self) -> Blob:
        """The body as a blob of the response's content type."""
        self._raise_if_failed()
        return Blob(await self.js_response.blob())

    def replace_body(self, body: Any) -> "Response":
        """A response of the same status and headers with another body."""
        return Response(JsResponse(to_js_body(body), self.js_response))

    @staticmethod
    def redirect(url: str, status: Any = 302) -> JsResponse:
        """A redirect to `url`: a JavaScript response, as the SDK gives it.

        Raises: ValueError for a status that redirects nobody; TypeError for no URL.
        """
        try:
            return JsResponse.redirect(url, getattr(status, "value", status))
        except JsException as error:
            raise to_python_error(error) from error

    @staticmethod
    def from_json(
        data: Any, status: Any = 200, status_text: str = "", headers: Any = None
    ) -> "Response":
        """A response whose body is `data` as JSON, with the content type that says so."""
        options = _options(status, status_text, headers)
        try:
            if isinstance(data, JsProxy):
                return Response(JsResponse.json(data, options))
            from json import dumps

            given: JsHeaders = options.setdefault("headers", JsHeaders())
            if not given.has("content-type"):
                given.set("content-type", "application/json")
            return Response(JsResponse(dumps(data), options))
        except JsException as error:
            raise to_python_error(error) from error

    def json(self, *args: Never, **named: Never) -> Any:
        """The body, parsed as JSON; on the class, `Response.json(data)`, it is `from_json`."""
        if isinstance(self, Response):
            return super().json()
        return Response.from_json(self, *args, **named)


class Response(FetchResponse):
    """The response to a request. `js_object` is the JavaScript one.

    Raises: TypeError, "Unsupported type in Response: dict"; ValueError for options beside a
    js.Response; JsException for what the runtime refuses, such as a status of 999.
    """

    def __init__(
        self,
        body: Any = None,
        status: Any = None,
        status_text: str = "",
        headers: Any = None,
        web_socket: Any = None,
    ) -> None:
        kind = _check_body(body)
        if kind == "Response":
            if status is not None or len(status_text) > 0 or headers is not None:
                raise refusals.options_for_js_response()
            super().__init__(body.url, body)
            return
        options = _options(status, status_text, headers, web_socket)
        made = JsResponse(to_js_body(body), options or None)
        super().__init__(made.url, made)

    def __repr__(self) -> str:
        shown = [f"status={self.status}"]
        response = self.js_response
        if response.statusText:
            shown.append(f"status_text={response.statusText!r}")
        if "content-type" in self.headers:
            shown.append(f"content_type={self.headers['content-type']!r}")
        if response.url:
            shown.append(f"url={response.url!r}")
        if response.type != "default":
            shown.append(f"type={response.type!r}")
        return f"Response({', '.join(shown)})"


def _check_body(body: Any) -> str | None:
    """The JavaScript class of a body.

    Raises: TypeError, "Unsupported type in Response: dict"
    """
    if type(body) is str or body is None or isinstance(body, bytes | FormData):
        return None
    kind = class_name(body)
    if kind is None:
        raise refusals.unsupported_in_response(type(body).__name__)
    if kind not in BODIES:
        raise refusals.unsupported_in_response(kind)
    return kind


def _options(
    status: Any = None, status_text: str = "", headers: Any = None, web_socket: Any = None
) -> dict[str, Any]:
    """The bag of options for JavaScript; what is empty stays out of it."""
    options: dict[str, Any] = {}
    if status:
        options["status"] = getattr(status, "value", status)
    if status_text:
        options["statusText"] = status_text
    if headers:
        options["headers"] = to_js(headers)
    if web_socket:
        options["webSocket"] = web_socket
    return options
