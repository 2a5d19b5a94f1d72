"""The Durable Object namespace binding, ids and stubs."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pykvbinding import VirtualClock
from pykvbinding.errors import JsException
from pykvbinding.workers.bindings.durable_objects import DurableObjectNamespace
from pykvbinding.workers.runtime.worker import Worker
from tests.support.counter_worker import BINDINGS, SOURCE
from tests.support.workers import project
from tests.support.workers_fixture import workers  # noqa: F401 -- a fixture

pytestmark = pytest.mark.usefixtures("workers")


@pytest.fixture
def worker(tmp_path: Any) -> Worker:
    return Worker.load(project(tmp_path, SOURCE, **BINDINGS), clock=VirtualClock(1000))


def test_every_name_has_a_different_id(worker: Worker) -> None:
    namespace = worker.env.COUNTER
    first, again, other = (namespace.idFromName(name) for name in ("a", "a", "b"))

    assert first.equals(again)
    assert not first.equals(other)
    assert not first.equals("a")
    assert len(first.toString()) == 64
    assert str(first) == first.toString()
    assert (first.name, repr(first)) == ("a", "<DurableObjectId a>")
    assert first.constructor.name == "DurableObjectId"


def test_id_from_string_equals_the_original(worker: Worker) -> None:
    namespace = worker.env.COUNTER
    written = namespace.idFromName("a").toString()

    read = namespace.idFromString(written.upper())

    assert read.equals(namespace.idFromName("a"))
    assert read.name is None
    assert repr(read) == f"<DurableObjectId {written}>"


def test_new_unique_ids_differ(worker: Worker) -> None:
    namespace = worker.env.COUNTER

    assert not namespace.newUniqueId().equals(namespace.newUniqueId())
    assert namespace.jurisdiction("eu") is namespace


@pytest.mark.parametrize(
    ("method", "argument", "text"),
    [
        ("idFromString", "xyz", "Invalid Durable Object ID: must be 64 hex digits"),
        ("idFromString", "g" * 64, "Invalid Durable Object ID: must be 64 hex digits"),
        ("idFromString", "0" * 64, "Durable Object ID is not valid for this namespace."),
        (
            "get",
            "a",
            "Failed to execute 'get' on 'DurableObjectNamespace': parameter 1 is not of type "
            "'DurableObjectId'.",
        ),
        (
            "idFromName",
            None,
            "Failed to execute 'idFromName' on 'DurableObjectNamespace': parameter 1 is not of "
            "type 'string'.",
        ),
        (
            "getByName",
            None,
            "Failed to execute 'getByName' on 'DurableObjectNamespace': parameter 1 is not of "
            "type 'string'.",
        ),
    ],
)
def test_rejects_invalid_ids_with_the_runtime_text(
    worker: Worker, method: str, argument: Any, text: str
) -> None:
    with pytest.raises(JsException) as caught:
        getattr(worker.env.COUNTER, method)(argument)

    assert (caught.value.name, caught.value.message) == ("TypeError", text)


def test_sdk_recognizes_the_binding(worker: Worker) -> None:
    assert worker.env.COUNTER.constructor.name == "DurableObjectNamespace"
    assert repr(worker.env.COUNTER) == "<DurableObjectNamespace COUNTER: Counter>"
    stub = worker.env.COUNTER.get(worker.env.COUNTER.idFromName("a"))
    assert (stub.constructor.name, stub.name, stub.id.name) == ("DurableObject", "a", "a")
    assert repr(stub) == "<Durable Object Counter a>"
    assert not hasattr(stub, "then")


@given(name=st.text(max_size=20))
def test_accepts_any_name(name: str) -> None:
    objects: Any = None
    namespace = DurableObjectNamespace(objects, "COUNTER", "Counter")

    written = namespace.idFromName(name).toString()

    assert namespace.idFromString(written).toString() == written
