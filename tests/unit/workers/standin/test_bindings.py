"""What a handler finds on `env`, with our own `workers` and the SDK's."""

from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from pykvbinding import Env, KVNamespace
from pykvbinding.js.core.promise import Deferred
from pykvbinding.js.core.proxy import JsProxy
from tests.support import workers_fixture as standing_in

workers = standing_in.workers


def made(class_name: str, **members: Any) -> Any:
    """A JavaScript object of a class, with these members."""
    return type(
        class_name,
        (JsProxy,),
        {**members, "to_py": lambda self, **named: named["default_converter"](self, None, None)},
        name=class_name,
    )()


def env_of(workers: ModuleType, **bindings: Any) -> Any:
    """`self.env` of an entrypoint with these bindings."""
    return workers.WorkerEntrypoint(SimpleNamespace(), Env(**bindings)).env


def answer(value: Any) -> Any:
    """A method of JavaScript that promises `value`."""
    return staticmethod(lambda *given, **named: Deferred.resolved(value))


def test_a_namespace_is_handed_through(workers: ModuleType) -> None:
    kv = KVNamespace()

    assert env_of(workers, KV=kv).KV is kv


def test_variables_are_handed_through(workers: ModuleType) -> None:
    env = env_of(workers, TOKEN="secret", LIMITS={"a": 1})

    assert (env.TOKEN, env.LIMITS) == ("secret", {"a": 1})
    assert getattr(env, "PLANS", None) is None


def test_what_was_handed_out_stays(workers: ModuleType) -> None:
    inner = Env(TOKEN="secret")
    env = workers.WorkerEntrypoint(SimpleNamespace(), inner).env
    assert env.TOKEN == "secret"

    inner.TOKEN = "changed"

    assert env.TOKEN == "secret"


async def test_a_binding_takes_and_gives_values_of_python(workers: ModuleType) -> None:
    given: list[Any] = []

    def run(*args: Any, **named: Any) -> Any:
        given.extend([*args, named])
        return Deferred.resolved(workers.python_to_rpc({"response": [1, None]}))

    ai = env_of(workers, AI=made("Ai", run=staticmethod(run))).AI

    result = await ai.run("model", {"prompt": None}, stream=True)

    assert result == {"response": [1, None]}
    assert result.response == [1, None]
    assert given[0] == "model"
    assert given[1].constructor.name == "Object"
    assert given[2] == {"stream": True}


async def test_what_cannot_be_sent_is_refused_at_the_call(workers: ModuleType) -> None:
    ai = env_of(workers, AI=made("Ai", run=answer(None))).AI

    with pytest.raises(TypeError, match=r"^<class 'tuple'> cannot be sent over RPC.$"):
        ai.run((1, 2))


async def test_objects_that_a_binding_gives_are_wrapped_too(workers: ModuleType) -> None:
    statement = made("D1PreparedStatement", first=answer(workers.python_to_rpc({"n": 1})))
    database = made("D1Database", prepare=staticmethod(lambda query: statement))

    row = await env_of(workers, DB=database).DB.prepare("select 1").first()

    assert row.n == 1


async def test_lists_of_objects_are_wrapped_too(workers: ModuleType) -> None:
    inner = made("R2Object", key="a", read=answer("x"))
    bucket = made("R2Bucket", all=answer([inner, 5]))

    first, second = await env_of(workers, R2=bucket).R2.all()

    assert first.key == "a"
    assert await first.read() == "x"
    assert second == 5


def test_a_binding_is_true_and_says_what_it_cannot(workers: ModuleType) -> None:
    bucket = env_of(workers, R2=made("R2Bucket")).R2

    assert bucket
    with pytest.raises(TypeError, match=r"^'R2Bucket' object is not iterable$"):
        list(bucket)
    with pytest.raises(TypeError, match=r"^'R2Bucket' object has no len\(\)$"):
        len(bucket)
    with pytest.raises(AttributeError):
        bucket.nope()


def test_a_binding_that_is_a_list_is_one(workers: ModuleType) -> None:
    items = [None, 1]
    listed = made(
        "Ai",
        length=2,
        __iter__=lambda self: iter(items),
        __getitem__=lambda self, index: items[index],
        name="x",
    )
    wrapped = env_of(workers, AI=listed).AI

    assert len(wrapped) == 2
    assert list(wrapped) == [None, 1]
    assert (wrapped[1], wrapped["name"]) == (1, "x")


async def test_another_worker_is_fetched_like_the_network(workers: ModuleType) -> None:
    import js

    asked = []

    async def fetch(request: Any, *init: Any) -> Any:
        asked.append((request, init))
        return js.Response.new("from inside")

    other = made("Fetcher", fetch=staticmethod(fetch), add=staticmethod(lambda a, b: a + b))
    service = env_of(workers, OTHER=other).OTHER

    response = await service.fetch("http://other/")

    assert isinstance(response, workers.Response)
    assert await response.text() == "from inside"
    assert len(asked) == 1
    assert service.add(1, 2) == 3


async def test_durable_objects_are_fetched_and_called(workers: ModuleType) -> None:
    import js

    async def fetch(*given: Any) -> Any:
        return js.Response.new("counted")

    def stub() -> Any:
        return made("DurableObject", fetch=staticmethod(fetch), increment=answer(5))

    namespace = made(
        "DurableObjectNamespace",
        idFromName=staticmethod(lambda name: f"id of {name}"),
        get=staticmethod(lambda identity: stub()),
        getByName=staticmethod(lambda name: stub()),
        jurisdiction=staticmethod(lambda name: namespace),
    )
    counters = env_of(workers, COUNTERS=namespace).COUNTERS

    assert counters.idFromName("a") == "id of a"
    for found in (
        counters.get(counters.idFromName("a")),
        counters.getByName("a"),
        counters.jurisdiction("eu").getByName("a"),
    ):
        assert await (await found.fetch("http://x/")).text() == "counted"
        assert await found.increment() == 5


async def test_workflows_are_created_and_asked(workers: ModuleType) -> None:
    told = []

    def send(event: Any) -> Any:
        told.append(event.type)
        return Deferred.resolved(None)

    run = made("WorkflowInstance", id="1", status=answer("running"), sendEvent=staticmethod(send))
    workflow = made(
        "WorkflowImpl", get=answer(run), create=answer(run), createBatch=answer([run, run])
    )
    binding = env_of(workers, FLOW=workflow).FLOW

    created = await binding.create({"id": "1"})
    await created.send_event({"type": "go"})

    assert created.id == (await binding.get("1")).id == "1"
    assert await created.status() == "running"
    assert len(await binding.create_batch([{}, {}])) == 2
    assert told == ["go"]


async def test_a_function_from_another_worker_can_be_called(workers: ModuleType) -> None:
    stub = made("JsRpcStub", __call__=lambda self, value: Deferred.resolved(value + 1))
    other = made("Fetcher", counter=answer(stub))

    counter = await env_of(workers, OTHER=other).OTHER.counter()

    assert await counter(4) == 5


async def test_the_body_of_a_stored_object_is_not_wrapped(workers: ModuleType) -> None:
    from pykvbinding import ReadableStream

    stored = made("R2ObjectBody", body=ReadableStream([b"x"]))
    bucket = made("R2Bucket", get=answer(stored))

    found = await env_of(workers, R2=bucket).R2.get("a")

    assert await workers.Response(found.body).text() == "x"


def test_a_binding_is_sent_as_what_it_is(workers: ModuleType) -> None:
    bucket = made("R2Bucket")
    wrapped = env_of(workers, R2=bucket).R2

    assert workers.python_to_rpc(wrapped) is bucket
    assert workers.python_to_rpc([wrapped])[0] is bucket
    assert workers.python_to_rpc({"a": wrapped}).a is bucket


def test_a_wrapper_of_a_wrapper_is_that_wrapper(workers: ModuleType) -> None:
    wrapped = env_of(workers, R2=made("R2Bucket")).R2

    assert env_of(workers, R2=wrapped).R2 is wrapped
    assert type(wrapped)(wrapped) is wrapped
