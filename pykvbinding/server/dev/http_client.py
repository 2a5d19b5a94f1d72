"""What a Worker's `fetch` reaches from a local server: the network, as far as this machine does."""

import asyncio
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from pykvbinding.js.core import runtime_errors
from pykvbinding.js.fetch.response import NULL_BODY_STATUSES, REDIRECT_STATUSES, Response
from pykvbinding.server import errors
from pykvbinding.workers import log

MOST_REDIRECTS: Final = 20

OURS: Final = ("accept-encoding", "connection", "content-length", "host", "transfer-encoding")
"""Headers that belong to one connection, not to what passes over it."""


class _Stay(HTTPRedirectHandler):
    """Leaves redirects to us: the Worker says whether they are followed."""

    def redirect_request(self, *_: Any) -> None:
        """Follow none."""


async def fetch_outside(request: Any) -> Response:
    """The answer of the network to a request, which is a `workers.Request`.

    It comes when all of it has arrived; the machine's proxies and certificates are used.

    Raises: JsException, "Network connection lost." if there is no answer.
    """
    asked = request.js_object
    headers = [(str(name), str(value)) for name, value in asked.headers]
    body = None if asked.method in ("GET", "HEAD") else (await asked.arrayBuffer()).to_bytes()
    follows = asked.redirect == "follow"
    try:
        status, answered, content = await asyncio.to_thread(
            _follow, str(asked.method), str(asked.url), headers, body or None, follows=follows
        )
    except OSError as error:
        log.warning(f"fetch({str(asked.url)!r}): {error}")
        raise errors.no_connection() from None
    kept = [pair for pair in answered if pair[0].lower() not in OURS]
    init = {"status": status, "headers": kept}
    return Response(None if status in NULL_BODY_STATUSES else content, init)


def _follow(
    method: str, url: str, headers: list[tuple[str, str]], body: bytes | None, *, follows: bool
) -> tuple[int, list[tuple[str, str]], bytes]:
    """One answer, or the one at the end of its redirects."""
    for _ in range(MOST_REDIRECTS + 1):
        status, answered, content = _exchange(method, url, headers, body)
        target = dict(answered).get("Location") or dict(answered).get("location")
        if status not in REDIRECT_STATUSES or target is None or not follows:
            return status, answered, content
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
    sent = Request(url, data=body, method=method)  # noqa: S310 -- just checked
    for name, value in headers:
        if name not in OURS:
            sent.add_header(name, value)
    try:
        with build_opener(_Stay).open(sent) as response:
            return response.status, response.getheaders(), response.read()
    except HTTPError as answer:
        with answer:
            return answer.code, list(answer.headers.items()), answer.read()
