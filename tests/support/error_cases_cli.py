"""For every error of the commands a call that raises it, and its text."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

from pykvbinding import KVNamespace
from pykvbinding import __main__ as command
from pykvbinding.errors import JsException
from pykvbinding.js.fetch.request import Request
from pykvbinding.server.dev import data_file as saving
from pykvbinding.server.dev import http_client as outbound
from pykvbinding.server.dev.project import Options, Session
from pykvbinding.server.http_server import listen
from tests.support.error_cases import Case

LOCAL = "127.0.0.1"


def without_the_extra(_: KVNamespace) -> None:
    with mock.patch.object(command, "find_spec", return_value=None):
        command.require_extra()


def listening(port: int | None) -> Callable[[KVNamespace], object]:
    """Have every port in use."""

    def call(_: KVNamespace) -> None:
        failure = OSError(98, "Address already in use")
        with mock.patch.object(socket.socket, "bind", side_effect=failure):
            listen(LOCAL, port)

    return call


def elsewhere(_: KVNamespace) -> None:
    failure = OSError(99, "Cannot assign requested address")
    with mock.patch.object(socket.socket, "bind", side_effect=failure):
        listen(LOCAL, 8123)


def serving(**options: Any) -> Callable[[KVNamespace], object]:
    return lambda _: Session(Options(path=Path("nowhere"), **options))


def reading(content: bytes) -> Callable[[KVNamespace], object]:
    """Read a file called `data` that has this content."""

    def call(_: KVNamespace) -> None:
        with TemporaryDirectory() as folder, chdir(folder):
            Path("data").write_bytes(content)
            saving.DataFile(Path("data")).read()

    return call


def keeping(path: str) -> Callable[[KVNamespace], object]:
    return lambda _: saving.DataFile(Path(path))


class Asked:
    """A `workers.Request` as far as an answer needs one."""

    def __init__(self, url: str) -> None:
        self.js_object = Request(url)


def fetching(url: str, answer: Any) -> Callable[[KVNamespace], object]:
    """Fetch where every exchange has that answer."""

    def call(_: KVNamespace) -> object:
        with mock.patch.object(outbound, "_exchange", side_effect=answer):
            return asyncio.run(outbound.fetch_outside(Asked(url)))

    return call


def around(*_: object) -> tuple[int, list[tuple[str, str]], bytes]:
    return 302, [("location", "/again")], b""


def to_a_file(*_: object) -> object:
    return outbound_exchange("GET", "file:///etc/hosts", [], None)


outbound_exchange = outbound._exchange

CASES: dict[str, Case] = {
    "extra_missing": (
        without_the_extra,
        RuntimeError(
            "python -m pykvbinding needs click and uvicorn: pip install 'pykvbinding[server]'"
        ),
    ),
    "port_taken": (
        listening(8123),
        OSError(
            "Port 8123 of 127.0.0.1 is in use. Stop what listens there, or choose another: "
            "--port 8124"
        ),
    ),
    "ports_taken": (
        listening(None),
        OSError("Ports 8787 to 8806 of 127.0.0.1 are all in use. Choose another one: --port 8807"),
    ),
    "cannot_listen": (
        elsewhere,
        OSError("Cannot listen on 127.0.0.1, port 8123: Cannot assign requested address"),
    ),
    "location_not_among": (
        serving(locations=("LHR", "NRT"), location="CDG"),
        ValueError("--at CDG: this is not one of --locations LHR,NRT"),
    ),
    "data_of_something_else": (
        reading(b"something else"),
        ValueError("data was not written by --persist. It is left as it is; name another file."),
    ),
    "data_damaged": (
        reading(saving.MAGIC),
        ValueError(
            "data is damaged: its checksum is wrong, or its end is missing. It is left as it is; "
            "name another file, or start afresh: --clear"
        ),
    ),
    "data_newer": (
        reading(saving.MAGIC + b"\x00\x07"),
        ValueError(
            "data was written by a newer pykvbinding (version 7 of the format; this one reads up "
            "to 1)"
        ),
    ),
    "data_has_no_place": (
        keeping("nowhere/data"),
        OSError("--persist nowhere/data: there is no directory nowhere to put it into"),
    ),
    "data_is_a_directory": (
        keeping("."),
        OSError("--persist .: this is a directory; name a file in it"),
    ),
    "no_connection": (
        fetching("http://192.0.2.1/", OSError("unreachable")),
        JsException("Error", "Network connection lost."),
    ),
    "redirected_too_often": (
        fetching("http://192.0.2.1/", around),
        JsException("TypeError", "Too many redirects."),
    ),
    "not_fetchable": (
        fetching("http://192.0.2.1/", to_a_file),
        JsException("TypeError", "Fetch API cannot load: file:///etc/hosts"),
    ),
}
