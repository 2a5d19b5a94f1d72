"""For every text of `install`, `entry_helper` and our own `workers`: a call that raises it."""

import importlib
import sys
from collections.abc import Callable, Iterator
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest.mock import patch

from pykvbinding import Env, ReadableStream
from pykvbinding.errors import JsException
from pykvbinding.js.core.proxy import JsProxy
from pykvbinding.workers.install import import_workers, install
from pykvbinding.workers.standin.refusals import DurableObjectAbort

Case = tuple[Callable[[Any], Any], BaseException]
"""As in error_cases, with what a handler cannot catch by `except Exception`."""

URL = "http://localhost/"
GLOBAL_SCOPE = (
    "Disallowed operation called within global scope. Asynchronous I/O (ex: fetch() or connect()), "
    "setting a timeout, and generating random values are not allowed within global scope. To fix "
    "this error, perform this operation within a handler. "
    "https://developers.cloudflare.com/workers/runtime-apis/handlers/"
)


def in_standin(call: Callable[[Any], object]) -> Callable[[object], object]:
    """Call with our own `workers`."""

    def run(_: object) -> object:
        with install(sdk=False):
            return call(import_workers())

    return run


def asking(call: Callable[[Any], Any]) -> Callable[[object], object]:
    """Await with our own `workers`."""

    async def run(_: object) -> None:
        with install(sdk=False):
            await call(import_workers())

    return run


def install_other() -> None:
    with install(sdk=False):
        install(sdk=True)


def install_without_sdk() -> None:
    with patch.object(sys, "path", []):
        install(sdk=True)


def of_javascript(name: str) -> Any:
    return type(name, (JsProxy,), {})()


def on_env(workers: ModuleType, binding: object) -> Any:
    return workers.WorkerEntrypoint(None, Env(BINDING=binding)).env.BINDING


async def read_twice(workers: ModuleType) -> None:
    request = workers.Request(URL, method="POST", body="x")
    await request.text()
    await request.text()


async def step_of_a_workflow(workers: ModuleType) -> None:
    class Flow(workers.WorkflowEntrypoint):  # type: ignore[name-defined, misc]
        async def run(self, event: Any, step: Any) -> None:
            step.do("first")

    flow: Any = Flow(None, Env())
    await flow.run(1, 2)


def gateway(workers: ModuleType, kind: str) -> Any:
    return importlib.import_module(f"{workers.__name__}.{kind}")


def lifespan(phase: str, said: str) -> Callable[[Any], Any]:
    """Serve by an app whose lifespan says this."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            if phase == "shutdown":
                await send({"type": "lifespan.startup.complete"})
            await send({"type": f"lifespan.{said}"})
        else:
            await send({"type": "http.response.start", "status": 200})
            await send({"type": "http.response.body"})

    return lambda workers: gateway(workers, "asgi").fetch(app, workers.Request(URL), Env())


async def unknown_event(workers: ModuleType) -> None:
    refused: list[RuntimeError] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            try:
                await send({"type": "lifespan.pause"})
            except RuntimeError as error:
                refused.append(error)
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body"})

    await gateway(workers, "asgi").fetch(app, workers.Request(URL), Env())
    raise refused[0]


async def nothing(*_: Any) -> None:
    """An app that answers nothing."""


def start_twice(environ: Any, start_response: Any) -> list[bytes]:
    start_response("200 OK", [])
    start_response("200 OK", [])
    return []


def wsgi(app: Any, request: Any = None) -> Callable[[Any], Any]:
    return lambda workers: gateway(workers, "wsgi").fetch(
        app, request or workers.Request(URL), Env()
    )


async def read_broken_off(workers: ModuleType) -> None:
    def app(environ: Any, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [])
        yield b"x"
        raise ZeroDivisionError("no more")

    response = await wsgi(app)(workers)
    await response.text()


async def abort(workers: ModuleType) -> None:
    workers.DurableObject(SimpleNamespace(abort=lambda: None), Env()).ctx.abort()


# Texts of `pykvbinding.workers.errors`.
INSTALL: dict[str, Case] = {
    "other_installation": (
        lambda kv: install_other(),
        ValueError(
            "install(sdk=True): our own `workers` is installed already; "
            "take that back first, or leave `sdk` out to use it"
        ),
    ),
    "not_installed": (
        lambda kv: import_workers(),
        RuntimeError("import_workers() without install(): nothing is installed"),
    ),
    "sdk_missing": (
        lambda kv: install_without_sdk(),
        ModuleNotFoundError(
            "install(sdk=True): the Python Workers SDK is not importable; "
            "pip install workers-runtime-sdk, or leave `sdk` out to use our own `workers`"
        ),
    ),
    "module_not_emulated": (
        in_standin(lambda workers: importlib.import_module("pyodide.console")),
        ModuleNotFoundError("pyodide.console is not emulated by pykvbinding"),
    ),
    "no_attribute": (
        in_standin(lambda workers: workers.Respond),
        AttributeError("module 'workers' has no attribute 'Respond'"),
    ),
    "javascript_module_not_emulated": (
        in_standin(lambda workers: workers.import_from_javascript("node:fs")),
        NotImplementedError(
            "import_from_javascript('node:fs') is not emulated by pykvbinding, which runs no "
            "JavaScript; in a test, patch what your code imports"
        ),
    ),
    "outside_of_invocations": (
        in_standin(lambda workers: workers.wait_until(None)),
        JsException("Error", GLOBAL_SCOPE),
    ),
    "not_in_cloudflare_workers": (
        in_standin(lambda workers: workers.import_from_javascript("cloudflare:workers").exports),
        AttributeError(
            "cloudflare:workers has env and waitUntil in pykvbinding; exports is not emulated"
        ),
    ),
    "sockets_not_emulated": (
        in_standin(lambda workers: workers.import_from_javascript("cloudflare:sockets").connect()),
        NotImplementedError(
            "connect of cloudflare:sockets is not emulated by pykvbinding; in a test, patch what "
            "your code connects with"
        ),
    ),
}

# Texts of `pykvbinding.workers.standin.refusals`.
STANDIN: dict[str, Case] = {
    "unsupported_in_response": (
        in_standin(lambda workers: workers.Response({})),
        TypeError("Unsupported type in Response: dict"),
    ),
    "options_for_js_response": (
        in_standin(lambda workers: workers.Response(workers.Response("").js_object, status=200)),
        ValueError("Expected no options when constructing Response from a js.Response"),
    ),
    "options_for_js_request": (
        in_standin(lambda workers: workers.Request(workers.Request(URL).js_object, method="GET")),
        ValueError("Expected no options when constructing Request from a js.Request"),
    ),
    "unexpected_headers": (
        in_standin(lambda workers: workers.Response("", headers="x: y")),
        TypeError("Received unexpected type for headers argument"),
    ),
    "body_already_used": (asking(read_twice), OSError("Body already used")),
    "not_form_data": (
        in_standin(lambda workers: workers.FormData(5)),
        TypeError("Expected form_data to be a dict or an instance of FormData"),
    ),
    "many_form_values": (
        in_standin(lambda workers: workers.FormData().update({"a": []})),
        TypeError("Expected single item in arguments to FormData.__setitem__"),
    ),
    "form_without_len": (
        in_standin(lambda workers: len(workers.FormData())),
        TypeError("object of type 'generator' has no len()"),
    ),
    "unknown_blob_part": (
        in_standin(lambda workers: workers.Blob(5)),
        TypeError("Don't know how to handle <class 'int'> for Blob()"),
    ),
    "regular_expression": (
        in_standin(lambda workers: workers.python_to_rpc(of_javascript("RegExp"))),
        TypeError("RegExp cannot be sent over RPC."),
    ),
    "binding_not_iterable": (
        in_standin(lambda workers: list(on_env(workers, of_javascript("Ai")))),
        TypeError("'Ai' object is not iterable"),
    ),
    "binding_without_len": (
        in_standin(lambda workers: len(on_env(workers, of_javascript("Ai")))),
        TypeError("'Ai' object has no len()"),
    ),
    "header_absent": (
        in_standin(lambda workers: workers.Response("").headers.replace_header("A", "b")),
        KeyError("A"),
    ),
    "no_header_attribute": (
        in_standin(lambda workers: workers.Response("").headers.everything),
        AttributeError("'HTTPMessageMapping' object has no attribute 'everything'"),
    ),
    "workflow_steps_not_emulated": (
        asking(step_of_a_workflow),
        NotImplementedError(
            "the steps of a Workflow are not emulated by pykvbinding's own `workers`; "
            "install the SDK (pip install workers-runtime-sdk), and give `run` a step of your own"
        ),
    ),
    "web_sockets_not_emulated": (
        asking(lambda workers: gateway(workers, "asgi").websocket(None, None)),
        NotImplementedError("WebSockets of an ASGI app are not emulated by pykvbinding"),
    ),
    "unknown_encode_body": (
        in_standin(lambda workers: gateway(workers, "asgi").Options(encode_body="no")),
        ValueError("encode_body must be one of ('automatic', 'manual'), got 'no'"),
    ),
    "no_asgi_response": (
        asking(lambda workers: gateway(workers, "asgi").fetch(nothing, workers.Request(URL), None)),
        RuntimeError("The application did not generate a response"),
    ),
    "lifespan_event": (
        asking(unknown_event),
        RuntimeError("Unexpected lifespan event lifespan.pause"),
    ),
    "lifespan_failed": (
        asking(lifespan("startup", "startup.failed")),
        RuntimeError("ASGI lifespan startup failed"),
    ),
    "lifespan_shutdown_failed": (
        asking(lifespan("shutdown", "shutdown.failed")),
        RuntimeError("ASGI lifespan shutdown failed"),
    ),
    "no_wsgi_start": (
        asking(wsgi(lambda environ, start_response: [])),
        RuntimeError("The WSGI application did not call start_response()"),
    ),
    "wsgi_started_twice": (
        asking(wsgi(start_twice)),
        AssertionError("start_response() called more than once"),
    ),
    "url_not_absolute": (
        asking(wsgi(None, SimpleNamespace(url="/x", method="GET", body=ReadableStream()))),
        ValueError("Request URL is not absolute: '/x'"),
    ),
    "broken_off": (asking(read_broken_off), JsException("Error", "no more")),
    "no_asgi_attribute": (
        in_standin(lambda workers: gateway(workers, "asgi").application),
        AttributeError("module 'workers.asgi' has no attribute 'application'"),
    ),
    "aborted": (  # no Exception, that a handler might catch
        asking(abort),
        DurableObjectAbort("Durable Object abort requested"),
    ),
}

CASES: dict[str, Case] = {**INSTALL, **STANDIN}
