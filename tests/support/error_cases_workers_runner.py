"""For every error of the runner, in workerd's words or ours, a call that raises it."""

import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from types import ModuleType
from typing import Any

from pykvbinding import EdgeNetwork, Env, KVNamespace, VirtualClock
from pykvbinding.errors import JsException
from pykvbinding.js.types.object import JsArray, JsObject
from pykvbinding.workers.bindings.object_storage import DurableObjectStorage, Kept
from pykvbinding.workers.bindings.queues import WorkerQueue
from pykvbinding.workers.current import CurrentEnv
from pykvbinding.workers.install import import_workers, install
from pykvbinding.workers.runtime.mock_fetch import Outbound
from pykvbinding.workers.runtime.request_factory import make_request
from pykvbinding.workers.runtime.worker import Worker
from tests.support.workers import ENTRY, project

Case = tuple[Callable[[KVNamespace], Any], Exception]

FOLDER = Path(gettempdir()) / f"pykvbinding-runner-{os.getpid()}"
NAMESPACE = "'{}' on 'DurableObjectNamespace': parameter 1 is not of type '{}'."

OBJECTS = {
    "durable_objects": {
        "bindings": [
            {"name": "ROOM", "class_name": "Room"},
            {"name": "GONE", "class_name": "Gone"},
        ]
    },
    "ai": {"binding": "AI"},
}

ROOMS = (
    ENTRY
    + """
from workers import DurableObject
class Room(DurableObject):
    async def raises(self):
        raise ValueError("boom")
    async def sockets(self):
        self.ctx.getWebSockets()
    async def sql(self):
        self.ctx.storage.sql
"""
)


def with_project(
    use: Callable[[Worker], Any], source: str = ROOMS, **settings: Any
) -> Callable[[KVNamespace], Awaitable[Any]]:
    """A call that uses the Worker of a project; nothing of it stays."""

    async def call(_: KVNamespace) -> Any:
        FOLDER.mkdir(exist_ok=True)
        try:
            with install(sdk=False):
                done = use(Worker.load(project(FOLDER, source, **OBJECTS, **settings)))
                return await done if hasattr(done, "__await__") else done
        finally:
            TemporaryDirectory._rmtree(str(FOLDER))  # type: ignore[attr-defined]

    return call


def loading(source: Any = None, **options: Any) -> Callable[[KVNamespace], Any]:
    """A call that loads a source, or an empty class."""

    def call(_: KVNamespace) -> None:
        with install(sdk=False):
            given = import_workers().WorkerEntrypoint if source is None else source
            worker = Worker.load(given, **options)
            worker.reload()

    return call


def not_a_world(_: KVNamespace) -> None:
    with install(sdk=False):
        Worker.load(import_workers().WorkerEntrypoint).on("LHR")  # type: ignore[arg-type]


def room(worker: Worker) -> Any:
    return worker.env.ROOM.getByName("a")


def storage() -> Any:
    return DurableObjectStorage(Kept(), VirtualClock)


def queue() -> Any:
    return WorkerQueue("Q", "jobs", [])


def outbound(mock: Any) -> Callable[[KVNamespace], Any]:
    async def call(_: KVNamespace) -> None:
        made = Outbound(lambda request: request)
        made.mock(mock)
        await made.fetch(make_request("https://example.com/"))

    return call


def fetching(source: str, path: str = "/") -> Callable[[KVNamespace], Any]:
    """A call that raises what a handler is answered for."""

    async def use(worker: Worker) -> None:
        await worker.fetch(path)
        raise worker.exceptions[0]

    return with_project(use, source)


def both(_: KVNamespace) -> Any:
    source = ENTRY + "\ndef on_fetch(request): pass"
    return with_project(lambda _: None, source, compatibility_date="2025-01-01")(_)


def type_error(text: str) -> JsException:
    return JsException("TypeError", text)


SHOWN = FOLDER / "wrangler.json"
HELD = "class Default(WorkerEntrypoint):\n    kept = None\n    async def fetch(self, request):\n"
IMPORTS = "from workers import *\nfrom workers import WorkerEntrypoint\n"

CASES: dict[str, Case] = {
    "env_outside": (
        lambda _: CurrentEnv().KV,
        RuntimeError(
            "workers.env.KV: no Worker is running, so there is no env. "
            "A test has it as worker.env; code of a Worker, within an invocation"
        ),
    ),
    "no_main": (
        with_project(lambda _: None, main=None),
        ValueError(
            f'{SHOWN} names no Worker: it has no "main". Write "main": "src/entry.py" into it'
        ),
    ),
    "main_missing": (
        with_project(lambda _: None, main="src/gone.py"),
        FileNotFoundError(
            f'{SHOWN}: The entry-point file at "{FOLDER / "src" / "gone.py"}" was not found.'
        ),
    ),
    "main_not_python": (
        with_project(lambda _: None, main="index.js"),
        ValueError(
            f'{SHOWN}: "main" is {FOLDER / "index.js"}, and pykvbinding runs Python Workers only: '
            "a file ending in .py"
        ),
    ),
    "no_entrypoint": (
        loading(ModuleType("empty")),
        ValueError(
            "empty has no entrypoint: neither a class Default(WorkerEntrypoint) nor a function "
            "on_fetch. Write class Default(WorkerEntrypoint): async def fetch(self, request): ..."
        ),
    ),
    "not_a_worker": (
        loading(int),
        TypeError(
            "Worker.load(<class 'int'>): give a wrangler file, its directory, a module, or a "
            "class that is a WorkerEntrypoint"
        ),
    ),
    "several_worlds": (
        loading(env=Env(), clock=VirtualClock()),
        TypeError(
            "Worker.load(env=…, clock=…): env has its own. Give clock to what you make it of"
        ),
    ),
    "environment_without_file": (
        loading(env="staging"),
        TypeError(
            "Worker.load(…, env='staging'): the name of an environment is for a wrangler file; "
            "for a module or a class give an Env"
        ),
    ),
    "nothing_to_reload": (
        loading(),
        TypeError("reload() is for a Worker of a file; Worker.load(cls) again runs another class"),
    ),
    "location_without_network": (
        with_project(lambda worker: worker.fetch("/", at="LHR")),
        ValueError(
            "at='LHR': this Worker runs in no network. "
            'Write worker.on(EdgeNetwork("LHR", "NRT", bindings=worker.env)) first'
        ),
    ),
    "network_lacks": (
        with_project(lambda worker: worker.on(EdgeNetwork("LHR", bindings=["A"]))),
        ValueError(
            "the network has no binding 'KV', which the Worker's wrangler file has. Make it with "
            "EdgeNetwork(…, bindings=['KV']), or with bindings=worker.env"
        ),
    ),
    "not_a_world": (not_a_world, TypeError("on('LHR'): give an EdgeNetwork or an Env")),
    "no_resource": (
        lambda _: make_request("notes"),
        TypeError("fetch('notes'): give a path as in \"/notes?page=2\", a URL, or a Request"),
    ),
    "several_bodies": (
        lambda _: make_request("/", json=1, body="1"),
        TypeError("fetch(…): a request has one body; give one of json, form and body"),
    ),
    "no_body": (
        lambda _: make_request("/", body={}),
        TypeError(
            "fetch(body=…) is no dict: to send one, write json=… or form=…; "
            "a body is str, bytes, a stream, a Blob or a form"
        ),
    ),
    "binding_not_emulated": (
        with_project(lambda worker: worker.env.AI.run("model")),
        NotImplementedError(
            "env.AI (AI) is not emulated by pykvbinding; supply your own with "
            "Worker.load(…, bindings={'AI': …}), or worker.env.AI = …"
        ),
    ),
    "not_a_mock": (
        outbound(5),
        TypeError(
            "mock_fetch(5): give a function of the request, or a dict as in "
            '{"https://api.example.com/*": {"ok": True}}'
        ),
    ),
    "no_mock": (
        outbound(None),
        RuntimeError(
            "fetch of GET https://example.com/: tests reach no network. "
            "Say what it answers: worker.mock_fetch({'https://example.com/': …})"
        ),
    ),
    "unmatched_fetch": (
        outbound({"https://other.example.com/": 1}),
        RuntimeError(
            "fetch of GET https://example.com/: mock_fetch has no answer for it; "
            "there are 'https://other.example.com/'"
        ),
    ),
    "not_an_answer": (
        outbound({"*": 1.5}),
        TypeError(
            "mock_fetch: 1.5 answers nothing of https://example.com/; give a Response, a str or "
            "bytes, a dict or list (JSON), an int (status), an exception, or a function that "
            "returns one"
        ),
    ),
    "storage_not_emulated": (
        lambda _: storage().sql,
        NotImplementedError(
            "ctx.storage.sql is not emulated by pykvbinding; ctx.storage has get, put, delete, "
            "deleteAll, list, transaction and alarms"
        ),
    ),
    "no_durable_class": (
        with_project(lambda worker: worker.env.GONE.getByName("a").greet()),
        ValueError(
            "env.GONE: the main module has no class Gone(DurableObject); there are Room. "
            '"class_name" in the wrangler file names one'
        ),
    ),
    "no_such_alarm": (
        with_project(lambda worker: worker.alarm("ROOM", "a")),
        ValueError("the object a of ROOM has set no alarm; setAlarm() sets one"),
    ),
    "not_a_durable_binding": (
        with_project(lambda worker: worker.alarm("KV", "a")),
        LookupError("no Durable Objects are bound as 'KV'; there are 'ROOM', 'GONE'"),
    ),
    "state_not_emulated": (
        with_project(lambda worker: worker.durable and state().getWebSockets),
        NotImplementedError(
            "ctx.getWebSockets of a Durable Object is not emulated by pykvbinding; ctx has id, "
            "storage, waitUntil, blockConcurrencyWhile and abort"
        ),
    ),
    "no_dump": (
        with_project(lambda worker: worker.durable.load(b"")),
        ValueError("load() takes the bytes that worker.durable.dump() returned; these are others"),
    ),
    # What the runtime says.
    "several_defaults": (both, type_error("Cannot define multiple default entrypoints")),
    "no_handler": (
        fetching(IMPORTS + "class Default(WorkerEntrypoint):\n    pass"),
        JsException("Error", "Handler does not export a fetch() function."),
    ),
    "no_method": (
        with_project(lambda worker: room(worker).nothing()),
        type_error("Method nothing does not exist"),
    ),
    "not_a_response": (
        fetching(IMPORTS + HELD + "        return None"),
        type_error("Incorrect type for Promise: the Promise did not resolve to 'Response'."),
    ),
    "response_used": (
        fetching(
            IMPORTS + HELD + "        r = Response('a')\n        await r.text()\n        return r"
        ),
        type_error(
            "Body has already been used. It can only be used once. "
            "Use tee() first if you need to read it twice."
        ),
    ),
    "no_message_body": (lambda _: queue().send(), type_error("Message body cannot be undefined")),
    "no_messages": (
        lambda _: queue().sendBatch(JsArray([])),
        type_error("sendBatch() requires at least one message"),
    ),
    "not_a_sequence": (
        lambda _: queue().sendBatch(5),
        type_error(
            "Failed to execute 'sendBatch' on 'WorkerQueue': parameter 1 is not of type 'Sequence'."
        ),
    ),
    "message_content_type": (
        lambda _: queue().send("x", contentType="zip"),
        type_error("Unsupported queue message content type: zip"),
    ),
    "message_not_text": (
        lambda _: queue().send(5, contentType="text"),
        type_error('Content Type "text" requires a value of type string, but received: number'),
    ),
    "put_undefined": (
        lambda _: storage().put("key"),
        type_error("put() called with undefined value."),
    ),
    "no_storage_key": (
        lambda _: storage().get(),
        type_error(
            "Failed to execute 'get' on 'DurableObjectStorage': parameter 1 is not of type "
            "'string or Array'."
        ),
    ),
    "list_limit": (
        lambda _: storage().list(limit=0),
        type_error("List limit must be positive."),
    ),
    "list_start_twice": (
        lambda _: storage().list(JsObject({"start": "a", "startAfter": "b"})),
        type_error("list() cannot be called with both start and startAfter values."),
    ),
    "not_a_date": (
        lambda _: storage().setAlarm("x"),
        type_error(
            "Failed to execute 'setAlarm' on 'DurableObjectStorage': parameter 1 is not of type "
            "'date'."
        ),
    ),
    "object_id_not_hexadecimal": (
        with_project(lambda worker: worker.env.ROOM.idFromString("x")),
        type_error("Invalid Durable Object ID: must be 64 hex digits"),
    ),
    "object_id_of_others": (
        with_project(lambda worker: worker.env.ROOM.idFromString("0" * 64)),
        type_error("Durable Object ID is not valid for this namespace."),
    ),
    "namespace_argument": (
        with_project(lambda worker: worker.env.ROOM.get("a")),
        type_error("Failed to execute " + NAMESPACE.format("get", "DurableObjectId")),
    ),
}


def state() -> Any:
    """The context of a Durable Object of which nothing else is asked."""
    from pykvbinding.workers.bindings.object_instances import DurableObjectState

    return DurableObjectState.__new__(DurableObjectState)
