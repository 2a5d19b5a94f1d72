"""`fetch` of a Worker on a local server: real HTTP requests."""

import asyncio
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from pykvbinding.js.core import runtime_errors
from pykvbinding.js.fetch.response import NULL_BODY_STATUSES, REDIRECT_STATUSES, Response
from pykvbinding.server import errors
from pykvbinding.workers import log

MAX_REDIRECTS: Final = 20

HOP_BY_HOP_HEADERS: Final = (
    "accept-encoding",
    "connection",
    "content-length",
    "host",
    "transfer-encoding",
)
"""Headers that apply to one connection, not to the message."""


class _NoRedirect(HTTPRedirectHandler):
    """Disables redirects of urllib: the Worker's request decides whether to follow them."""

    def redirect_request(self, *_: Any) -> None:
        """Do not follow."""


async def fetch_outside(request: Any) -> Response:
    """Send a `workers.Request` to the network and return the response.

    It returns when the body is complete. Proxies and certificates of the machine are used.

    Raises: JsException, "Network connection lost." if the connection fails.
    """
    js_request = request.js_object
    headers = [(str(name), str(value)) for name, value in js_request.headers]
    body = (
        None
        if js_request.method in ("GET", "HEAD")
        else (await js_request.arrayBuffer()).to_bytes()
    )
    follow_redirects = js_request.redirect == "follow"
    try:
        status, response_headers, content = await asyncio.to_thread(
            _follow,
            str(js_request.method),
            str(js_request.url),
            headers,
            body or None,
            follow_redirects=follow_redirects,
        )
    except OSError as error:
        log.warning(f"fetch({str(js_request.url)!r}): {error}")
        raise errors.no_connection() from None
    end_to_end = [pair for pair in response_headers if pair[0].lower() not in HOP_BY_HOP_HEADERS]
    init = {"status": status, "headers": end_to_end}
    return Response(None if status in NULL_BODY_STATUSES else content, init)


def _follow(
    method: str,
    url: str,
    headers: list[tuple[str, str]],
    body: bytes | None,
    *,
    follow_redirects: bool,
) -> tuple[int, list[tuple[str, str]], bytes]:
    """Send a request and return the response, after redirects if they are followed."""
    for _ in range(MAX_REDIRECTS + 1):
        status, response_headers, content = _exchange(method, url, headers, body)
        target = dict(response_headers).get("Location") or dict(response_headers).get("location")
        if status not in REDIRECT_STATUSES or target is None or not follow_redirects:
            return status, response_headers, content
        before, url = url, urljoin(url, target)
        if urlsplit(before).netloc != urlsplit(url).netloc:
            headers = [pair for pair in headers if pair[0] != "authorization"]
        if status == 303 or (status in (301, 302) and method == "POST"):
            method, body = "GET", None
    raise errors.redirected_too_often()


def _exchange(
    method: str, url: str, headers: list[tuple[str, str]], body: bytes | None
) -> tuple[int, list[tuple[str, str]], bytes]:
    if not url.lower().startswith(("http://", "https://")):
        raise runtime_errors.fetch_scheme(url)
    outgoing = Request(url, data=body, method=method)  # noqa: S310 -- the scheme was checked above
    for name, value in headers:
        if name not in HOP_BY_HOP_HEADERS:
            outgoing.add_header(name, value)
    try:
        with build_opener(_NoRedirect).open(outgoing) as response:
            return response.status, response.getheaders(), response.read()
    except HTTPError as error:
        with error:
            return error.code, list(error.headers.items()), error.read()
