"""For every error of the runtime of Workers, a call that raises it."""

import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any

from pykvbinding import KVNamespace, VirtualClock
from pykvbinding.errors import JsException
from pykvbinding.js.types.object import JsArray, JsObject
from pykvbinding.workers.bindings.object_storage import DurableObjectStorage, ObjectData
from pykvbinding.workers.bindings.queues import WorkerQueue
from pykvbinding.workers.install import install
from pykvbinding.workers.runtime.worker import Worker
from tests.support.workers import ENTRY, project

Case = tuple[Callable[[KVNamespace], Any], Exception]

FOLDER = Path(gettempdir()) / f"pykvbinding-runner-{os.getpid()}"
NAMESPACE = "'{}' on 'DurableObjectNamespace': parameter 1 is not of type '{}'."

OBJECTS = {"durable_objects": {"bindings": [{"name": "ROOM", "class_name": "Room"}]}}

ROOMS = (
    ENTRY
    + """
from workers import DurableObject
class Room(DurableObject):
    pass
"""
)


def with_project(
    use: Callable[[Worker], Any], source: str = ROOMS, **settings: Any
) -> Callable[[KVNamespace], Awaitable[Any]]:
    """Return a call that uses the Worker of a temporary project."""

    async def call(_: KVNamespace) -> Any:
        FOLDER.mkdir(exist_ok=True)
        try:
            with install():
                done = use(Worker.load(project(FOLDER, source, **OBJECTS, **settings)))
                return await done if hasattr(done, "__await__") else done
        finally:
            TemporaryDirectory._rmtree(str(FOLDER))  # type: ignore[attr-defined]

    return call


def room(worker: Worker) -> Any:
    return worker.env.ROOM.getByName("a")


def storage() -> Any:
    return DurableObjectStorage(ObjectData(), VirtualClock)


def queue() -> Any:
    return WorkerQueue("Q", "jobs", [])


def fetching(source: str, path: str = "/") -> Callable[[KVNamespace], Any]:
    """Return a call that raises the exception of a handler."""

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
    "main_missing": (
        with_project(lambda _: None, main="src/gone.py"),
        FileNotFoundError(
            f'{SHOWN}: The entry-point file at "{FOLDER / "src" / "gone.py"}" was not found.'
        ),
    ),
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
