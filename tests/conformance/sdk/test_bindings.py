"""The SDK's wrapper of `env` with our bindings and with JavaScript objects."""

from types import ModuleType, SimpleNamespace
from typing import Any

from pykvbinding import Env, KVNamespace
from pykvbinding.js.core.promise import Deferred
from pykvbinding.js.core.proxy import JsProxy
from tests.support import workers_fixture

workers = workers_fixture.workers


def made(class_name: str, **members: Any) -> Any:
    """Return a JavaScript object of a class with these members."""
    return type(
        class_name,
        (JsProxy,),
        {**members, "to_py": lambda self, **named: named["default_converter"](self, None, None)},
        name=class_name,
    )()


def env_of(workers: ModuleType, **bindings: Any) -> Any:
    """Return Return `self.env` of an entrypoint with these bindings."""
    return workers.WorkerEntrypoint(SimpleNamespace(), Env(**bindings)).env


def answer(value: Any) -> Any:
    """Return a JavaScript method that returns a promise of `value`."""
    return staticmethod(lambda *given, **named: Deferred.resolved(value))


def test_kv_namespaces_are_not_wrapped(workers: ModuleType) -> None:
    kv = KVNamespace()

    assert env_of(workers, KV=kv).KV is kv


def test_variables_are_not_wrapped(workers: ModuleType) -> None:
    env = env_of(workers, TOKEN="secret", LIMITS={"a": 1})

    assert (env.TOKEN, env.LIMITS) == ("secret", {"a": 1})
    assert getattr(env, "PLANS", None) is None


async def test_bindings_convert_arguments_and_results(workers: ModuleType) -> None:
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


async def test_fetches_a_service_binding(workers: ModuleType) -> None:
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


async def test_body_of_a_stored_object_is_not_wrapped(workers: ModuleType) -> None:
    from pykvbinding import ReadableStream

    stored = made("R2ObjectBody", body=ReadableStream([b"x"]))
    bucket = made("R2Bucket", get=answer(stored))

    found = await env_of(workers, R2=bucket).R2.get("a")

    assert await workers.Response(found.body).text() == "x"


def test_wrapped_bindings_are_sent_unwrapped(workers: ModuleType) -> None:
    bucket = made("R2Bucket")
    wrapped = env_of(workers, R2=bucket).R2

    assert workers.python_to_rpc(wrapped) is bucket
    assert workers.python_to_rpc([wrapped])[0] is bucket
    assert workers.python_to_rpc({"a": wrapped}).a is bucket
