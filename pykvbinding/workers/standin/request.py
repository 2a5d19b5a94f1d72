"""`Request` as a Python Worker has it, around a JavaScript one."""

from typing import TYPE_CHECKING, Any

from pykvbinding.errors import JsException
from pykvbinding.js.fetch.request import Request as JsRequest
from pykvbinding.workers.standin import refusals
from pykvbinding.workers.standin.blob import Blob
from pykvbinding.workers.standin.body import to_js_body
from pykvbinding.workers.standin.convert import class_name, none_for_null, to_python_error
from pykvbinding.workers.standin.formdata import FormData
from pykvbinding.workers.standin.headers import HTTPMessageMapping, to_js, to_python

if TYPE_CHECKING:
    from http import HTTPMethod


class Request:
    """A request: that which a handler serves, or one that it makes to `fetch` it.

    `js_object` is the JavaScript one. A body is read once.

    Raises: ValueError, "Expected no options when constructing Request from a js.Request";
    JsException for what the runtime refuses.
    """

    def __init__(self, input: Any, **other_options: Any) -> None:
        if class_name(input) == "Request":
            if other_options:
                raise refusals.options_for_js_request()
            self._js_request: JsRequest = input
            return
        if "method" in other_options:
            other_options["method"] = method_name(other_options["method"])
        if "headers" in other_options:
            other_options["headers"] = to_js(other_options["headers"])
        body = other_options.pop("body", None)
        if body is not None:
            other_options["body"] = to_js_body(body)
        source = input.js_object if isinstance(input, Request) else input
        self._js_request = JsRequest(source, other_options or None)

    def __repr__(self) -> str:
        return f"Request(method={self._js_request.method!r}, url={self._js_request.url!r})"

    @property
    def js_object(self) -> JsRequest:
        """The JavaScript request."""
        return self._js_request

    @property
    def body(self) -> Any:
        """The body as a JavaScript stream; JavaScript's null where there is none."""
        return self._js_request.body

    @property
    def body_used(self) -> bool:
        """Whether somebody has read from the body."""
        return self._js_request.bodyUsed

    @property
    def cache(self) -> Any:
        """The `cache` mode."""
        return self._js_request.cache

    @property
    def cf(self) -> Any:
        """What the network tells of it, `request.cf.colo`; None where it tells nothing."""
        return none_for_null(self._js_request.cf)

    @property
    def credentials(self) -> Any:
        """The `credentials` mode."""
        return self._for_browsers("credentials")

    @property
    def destination(self) -> Any:
        """What the response is for."""
        return self._for_browsers("destination")

    @property
    def headers(self) -> HTTPMessageMapping:
        """A copy of the headers, whatever the case of a name."""
        return to_python(self._js_request.headers)

    @property
    def integrity(self) -> Any:
        """The hash that the response is to have."""
        return self._js_request.integrity

    @property
    def is_history_navigation(self) -> Any:
        """Whether a browser goes back or forward."""
        return self._for_browsers("isHistoryNavigation")

    @property
    def keepalive(self) -> Any:
        """Whether the request outlives who makes it."""
        return self._js_request.keepalive

    @property
    def method(self) -> "HTTPMethod":
        """The method. Raises: KeyError for one that Python does not know."""
        from http import HTTPMethod  # 3 ms at first: many handlers do not ask

        return HTTPMethod[self._js_request.method]

    @property
    def mode(self) -> Any:
        """The `mode`."""
        return self._for_browsers("mode")

    @property
    def redirect(self) -> str:
        """What a redirect is to do: "follow", "manual" or "error"."""
        return self._js_request.redirect

    @property
    def referrer(self) -> Any:
        """Who refers."""
        return self._for_browsers("referrer")

    @property
    def referrer_policy(self) -> Any:
        """The `referrerPolicy`."""
        return self._for_browsers("referrerPolicy")

    @property
    def url(self) -> str:
        """The whole address."""
        return self._js_request.url

    async def buffer(self) -> Any:
        """The body as a JavaScript ArrayBuffer."""
        self._check_unread()
        return await self._js_request.arrayBuffer()

    async def bytes(self) -> bytes:
        """The body."""
        content: bytes = (await self.buffer()).to_bytes()
        return content

    async def text(self) -> str:
        """The body, decoded as UTF-8. Raises: OSError, "Body already used"."""
        self._check_unread()
        return await self._js_request.text()

    async def json(self, **named: Any) -> Any:
        """The body, parsed as JSON by Python's parser, which takes `named`."""
        from json import loads

        return loads(await self.text(), **named)

    async def form_data(self) -> FormData:
        """The body, parsed as a form. Raises: TypeError where it is none, with workerd's words."""
        self._check_unread()
        try:
            return FormData(await self._js_request.formData())
        except JsException as error:
            raise to_python_error(error) from error

    async def blob(self) -> Blob:
        """The body as a blob of the request's content type."""
        self._check_unread()
        return Blob(await self._js_request.blob())

    def clone(self) -> "Request":
        """A second request with a body of its own. Raises: OSError, "Body already used"."""
        self._check_unread()
        return Request(self._js_request.clone())

    def _for_browsers(self, name: str) -> Any:
        """What a request has in browsers only. Raises: AttributeError, as on the platform."""
        return getattr(self._js_request, name)

    def _check_unread(self) -> None:
        if self._js_request.bodyUsed:
            raise refusals.body_already_used()


def method_name(method: Any) -> Any:
    """The text of an `HTTPMethod`, which is a str of another `str()` to JavaScript."""
    return getattr(method, "value", method)
