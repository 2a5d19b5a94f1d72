"""`workers.env`: the env of the current invocation."""

from types import MappingProxyType, SimpleNamespace
from typing import Any

import pytest

from pykvbinding import Env, KVNamespace
from pykvbinding.workers.current import (
    CurrentEnv,
    InvocationContext,
    current_invocation,
    env_overrides,
    import_time_env,
)


@pytest.fixture
def env() -> Any:
    first = Env(KV=KVNamespace(), TOKEN="first", LIST=Callable(["a", "b"]))
    token = current_invocation.set(InvocationContext(first))
    yield CurrentEnv()
    current_invocation.reset(token)


class Callable(list[str]):
    """A binding that supports every operation."""

    def __call__(self, number: int) -> str:
        return self[number]


async def test_binding_belongs_to_the_calling_invocation(env: Any) -> None:
    kv, other = env.KV, KVNamespace()
    await kv.put("key", "first")
    token = current_invocation.set(InvocationContext(Env(KV=other, TOKEN="second")))
    second = await kv.get("key"), env.TOKEN
    current_invocation.reset(token)

    assert second == (None, "second")
    assert (await kv.get("key"), env.TOKEN) == ("first", "first")


def test_binding_forwards_to_the_current_one(env: Any) -> None:
    class Binding(Callable):
        pass

    binding = env.KV
    assert bool(binding)
    assert repr(binding) == "<KVNamespace 'KV'>"
    assert not hasattr(binding, "constructor")
    with pytest.raises(TypeError, match="is not iterable"):
        iter(binding)
    with pytest.raises(TypeError, match="has no len"):
        len(binding)


def test_custom_binding_can_be_any_object() -> None:
    class Service:
        def __call__(self, number: int) -> int:
            return number

        def __getitem__(self, key: str) -> str:
            return key

    token = current_invocation.set(InvocationContext(Env(SERVICE=Service())))
    service: Any = CurrentEnv().SERVICE

    assert (service(5), service["a"]) == (5, "a")
    current_invocation.reset(token)


def test_missing_name_is_an_attribute_error(env: Any) -> None:
    with pytest.raises(AttributeError, match="env has no 'PLANS'"):
        env.PLANS  # noqa: B018
    assert getattr(env, "PLANS", None) is None
    assert repr(env) == "workers.env"


def test_env_is_not_available_outside_of_invocations() -> None:
    env: Any = CurrentEnv()

    with pytest.raises(RuntimeError) as caught:
        env.KV  # noqa: B018
    assert str(caught.value) == (
        "workers.env.KV is not available outside of an invocation; in a test, use worker.env"
    )
    assert not hasattr(env, "_private")
    assert env.constructor.name == "Object"


def test_module_imported_by_a_test_sees_variables_and_names() -> None:
    rooms = SimpleNamespace(constructor="a class")
    token = import_time_env.set(Env(KV=object(), ROOMS=rooms, TOKEN="secret"))
    env: Any = CurrentEnv()
    kv = env.KV

    assert not hasattr(kv, "constructor")
    assert env.ROOMS.constructor == "a class"

    assert env.TOKEN == "secret"
    assert not hasattr(env, "PLANS")
    with pytest.raises(RuntimeError, match=r"workers.env.KV is not available"):
        kv.get("key")
    import_time_env.reset(token)


def test_patch_takes_precedence(env: Any) -> None:
    token = env_overrides.set(MappingProxyType({"TOKEN": "patched"}))
    inside = env.TOKEN
    running = current_invocation.set(None)
    outside = env.TOKEN
    current_invocation.reset(running)
    env_overrides.reset(token)

    assert (inside, outside, env.TOKEN) == ("patched", "patched", "first")
