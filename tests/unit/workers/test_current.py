"""`workers.env`: the env of whatever invocation asks."""

from types import MappingProxyType, SimpleNamespace
from typing import Any

import pytest

from pykvbinding import Env, KVNamespace
from pykvbinding.workers.current import CURRENT, OUTSIDE, PATCHED, CurrentEnv, Running


@pytest.fixture
def env() -> Any:
    first = Env(KV=KVNamespace(), TOKEN="first", LIST=Callable(["a", "b"]))
    token = CURRENT.set(Running(first))
    yield CurrentEnv()
    CURRENT.reset(token)


class Callable(list[str]):
    """A binding that can be anything."""

    def __call__(self, number: int) -> str:
        return self[number]


async def test_a_binding_is_that_of_the_invocation_that_calls_it(env: Any) -> None:
    kv, other = env.KV, KVNamespace()
    await kv.put("key", "first")
    token = CURRENT.set(Running(Env(KV=other, TOKEN="second")))
    second = await kv.get("key"), env.TOKEN
    CURRENT.reset(token)

    assert second == (None, "second")
    assert (await kv.get("key"), env.TOKEN) == ("first", "first")


def test_a_binding_is_whatever_it_stands_for(env: Any) -> None:
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


def test_a_binding_of_ones_own_can_be_anything() -> None:
    class Service:
        def __call__(self, number: int) -> int:
            return number

        def __getitem__(self, key: str) -> str:
            return key

    token = CURRENT.set(Running(Env(SERVICE=Service())))
    service: Any = CurrentEnv().SERVICE

    assert (service(5), service["a"]) == (5, "a")
    CURRENT.reset(token)


def test_what_is_not_there_is_not_there(env: Any) -> None:
    with pytest.raises(AttributeError, match="env has no 'PLANS'"):
        env.PLANS  # noqa: B018
    assert getattr(env, "PLANS", None) is None
    assert repr(env) == "workers.env"


def test_outside_of_invocations_there_is_none() -> None:
    env: Any = CurrentEnv()

    with pytest.raises(RuntimeError) as caught:
        env.KV  # noqa: B018
    assert str(caught.value) == (
        "workers.env.KV: no Worker is running, so there is no env. "
        "A test has it as worker.env; code of a Worker, within an invocation"
    )
    assert not hasattr(env, "_private")
    assert env.constructor.name == "Object"


def test_a_module_that_a_test_imports_sees_variables_and_names() -> None:
    rooms = SimpleNamespace(constructor="a class")
    token = OUTSIDE.set(Env(KV=object(), ROOMS=rooms, TOKEN="secret"))
    env: Any = CurrentEnv()
    kv = env.KV

    assert not hasattr(kv, "constructor")
    assert env.ROOMS.constructor == "a class"

    assert env.TOKEN == "secret"
    assert not hasattr(env, "PLANS")
    with pytest.raises(RuntimeError, match=r"workers.env.KV: no Worker is running"):
        kv.get("key")
    OUTSIDE.reset(token)


def test_a_patch_comes_first(env: Any) -> None:
    token = PATCHED.set(MappingProxyType({"TOKEN": "patched"}))
    inside = env.TOKEN
    running = CURRENT.set(None)
    outside = env.TOKEN
    CURRENT.reset(running)
    PATCHED.reset(token)

    assert (inside, outside, env.TOKEN) == ("patched", "patched", "first")
