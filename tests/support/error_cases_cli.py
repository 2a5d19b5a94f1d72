"""For every error of the servers, a call that raises it, and its text."""

import asyncio
from collections.abc import Callable
from typing import Any
from unittest import mock

from pykvbinding import KVNamespace
from pykvbinding.errors import JsException
from pykvbinding.js.fetch.request import Request
from pykvbinding.server.dev import http_client
from tests.support.error_cases import Case


class WorkersRequest:
    """The part of `workers.Request` that `fetch_outside` uses."""

    def __init__(self, url: str) -> None:
        self.js_object = Request(url)


def fetching(url: str, effect: Any) -> Callable[[KVNamespace], object]:
    """Fetch with an exchange that has this effect."""

    def call(_: KVNamespace) -> object:
        with mock.patch.object(http_client, "_exchange", side_effect=effect):
            return asyncio.run(http_client.fetch_outside(WorkersRequest(url)))

    return call


def redirect(*_: object) -> tuple[int, list[tuple[str, str]], bytes]:
    return 302, [("location", "/again")], b""


CASES: dict[str, Case] = {
    "no_connection": (
        fetching("http://192.0.2.1/", OSError("unreachable")),
        JsException("Error", "Network connection lost."),
    ),
    "redirected_too_often": (
        fetching("http://192.0.2.1/", redirect),
        JsException("TypeError", "Too many redirects."),
    ),
}
