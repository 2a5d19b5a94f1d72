"""KV as a Python Worker uses it, through `self.env`."""

import re
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from pykvbinding import Env, KVError, KVNamespace, ReadableStream, VirtualClock
from pykvbinding.errors import JsException
from tests.support import workers_fixture

workers = workers_fixture.workers


@pytest.fixture
def env(workers: ModuleType) -> Any:
    """Return the binding on `self.env` of a handler, with the SDK's wrapper."""

    class Default(workers.WorkerEntrypoint):  # type: ignore[name-defined, misc]
        pass

    return Default(SimpleNamespace(), Env(KV=KVNamespace(clock=VirtualClock(1_700_000_000)))).env


async def test_binding_is_a_kv_namespace(env: Any) -> None:
    assert type(env.KV) is KVNamespace


async def test_get_returns_the_stored_value(env: Any) -> None:
    assert await env.KV.put("greeting", "hello") is None

    assert await env.KV.get("greeting") == "hello"


async def test_get_of_a_missing_key_is_none(env: Any) -> None:
    assert await env.KV.get("nope") is None
    assert await env.KV.get("nope", "json") is None
    assert await env.KV.get("nope", type="arrayBuffer") is None


async def test_put_replaces_a_value(env: Any) -> None:
    await env.KV.put("a", "one")
    await env.KV.put("a", "two")

    assert await env.KV.get("a") == "two"


async def test_get_of_a_deleted_key_is_none(env: Any) -> None:
    await env.KV.put("a", "1")

    assert await env.KV.delete("a") is None

    assert await env.KV.get("a") is None
    assert await env.KV.delete("a") is None


@pytest.mark.parametrize("spelled", ["positional", "keyword", "dict"])
async def test_type_has_three_spellings(env: Any, spelled: str) -> None:
    await env.KV.put("a", '{"n": [1, null, true]}')

    async def get(kind: str) -> Any:
        if spelled == "positional":
            return await env.KV.get("a", kind)
        if spelled == "keyword":
            return await env.KV.get("a", type=kind)
        return await env.KV.get("a", {"type": kind})

    assert await get("text") == '{"n": [1, null, true]}'
    assert await get("json") == {"n": [1, None, True]}
    assert bytes(await get("arrayBuffer")) == b'{"n": [1, null, true]}'
    assert isinstance(await get("stream"), ReadableStream)


async def test_array_buffer_is_a_memoryview(env: Any) -> None:
    await env.KV.put("a", b"\x00\xff")

    value = await env.KV.get("a", "arrayBuffer")

    assert isinstance(value, memoryview)
    assert value.tobytes() == b"\x00\xff"


async def test_reads_a_stream_in_chunks(env: Any) -> None:
    await env.KV.put("a", b"x" * 5000)

    stream = await env.KV.get("a", "stream")

    assert b"".join([bytes(chunk) async for chunk in stream]) == b"x" * 5000


async def test_json_is_a_dict_with_attributes(env: Any) -> None:
    await env.KV.put("a", '{"user": {"name": "Ada", "keys": [1]}}')

    value = await env.KV.get("a", "json")

    assert value.user.name == value["user"]["name"] == "Ada"
    assert value.user["keys"] == [1]


async def test_gets_several_keys_at_once(env: Any) -> None:
    await env.KV.put("a", "1")
    await env.KV.put("b", '{"n": 2}')

    found = await env.KV.get(["a", "b", "nope"])
    parsed = await env.KV.get(["a", "b", "nope"], "json")

    assert isinstance(found, dict)
    assert found == {"a": "1", "b": '{"n": 2}', "nope": None}
    assert parsed == {"a": 1, "b": {"n": 2}, "nope": None}
    assert parsed == await env.KV.get(["a", "b", "nope"], type="json")


async def test_get_with_metadata_returns_value_and_metadata(env: Any) -> None:
    await env.KV.put("a", "1", metadata={"role": "admin", "tags": ["x"], "none": None})

    found = await env.KV.getWithMetadata("a")

    assert found["value"] == found.value == "1"
    assert found["metadata"] == {"role": "admin", "tags": ["x"], "none": None}
    assert found.metadata.role == "admin"


async def test_missing_metadata_is_none(env: Any) -> None:
    await env.KV.put("a", "1")

    assert (await env.KV.getWithMetadata("a")).metadata is None
    absent = await env.KV.getWithMetadata("nope")
    assert (absent["value"], absent["metadata"]) == (None, None)


async def test_gets_several_keys_with_metadata(env: Any) -> None:
    await env.KV.put("a", "1", metadata={"n": 1})
    await env.KV.put("b", "2")

    found = await env.KV.getWithMetadata(["a", "b"])

    assert found["a"]["value"] == "1"
    assert found["a"].metadata.n == 1
    assert found["b"].metadata is None


async def test_accepts_options_as_keywords_or_a_dict(env: Any) -> None:
    await env.KV.put("a", "1", expirationTtl=60, metadata={"by": "keyword"})
    await env.KV.put("b", "2", {"expirationTtl": 60, "metadata": {"by": "dict"}})
    await env.KV.put("c", "3", None)

    listed = {key.name: key for key in (await env.KV.list())["keys"]}

    assert listed["a"].metadata.by == "keyword"
    assert listed["b"].metadata.by == "dict"
    assert listed["a"].expiration == listed["b"].expiration == 1_700_000_060
    assert "expiration" not in listed["c"]


async def test_lists_keys_in_pages(env: Any) -> None:
    for number in range(5):
        await env.KV.put(f"user:{number}", "x")
    await env.KV.put("other", "x")

    first = await env.KV.list(prefix="user:", limit=3)
    second = await env.KV.list({"prefix": "user:", "limit": 3, "cursor": first.cursor})

    assert [key["name"] for key in first["keys"]] == ["user:0", "user:1", "user:2"]
    assert [key.name for key in second["keys"]] == ["user:3", "user:4"]
    assert first["list_complete"] is False
    assert second.list_complete is True
    assert "cursor" not in second


async def test_list_without_options_has_all_keys(env: Any) -> None:
    await env.KV.put("a", "1")

    for page in (await env.KV.list(), await env.KV.list(None), await env.KV.list({})):
        assert [key.name for key in page["keys"]] == ["a"]


@pytest.mark.parametrize("value", [(1, 2), bytearray(b"x"), {"a": [()]}], ids=repr)
async def test_rejects_values_that_cannot_be_sent(env: Any, value: Any) -> None:
    with pytest.raises(TypeError, match=r"^<class '(tuple|bytearray)'> cannot be sent over RPC\.$"):
        await env.KV.put("a", value)


async def test_rejects_a_coroutine_as_value(env: Any) -> None:
    async def value() -> str:
        return "x"

    waiting = value()

    with pytest.raises(
        TypeError, match=re.escape("Awaitable <class 'coroutine'> cannot be sent over RPC.")
    ):
        await env.KV.put("a", waiting)
    waiting.close()


async def test_namespace_is_not_a_collection(env: Any) -> None:
    with pytest.raises(TypeError, match=r"KvNamespace.*is not iterable"):
        for _ in env.KV:
            pass
    with pytest.raises(TypeError, match=r"KvNamespace.*has no len\(\)"):
        len(env.KV)
    assert bool(env.KV)


async def test_platform_errors_are_js_exceptions(env: Any) -> None:
    from pyodide.ffi import JsException as Published

    assert Published is JsException
    with pytest.raises(Published) as caught:
        await env.KV.put("a", "1", expirationTtl=5)

    assert isinstance(caught.value, KVError)
    assert caught.value.message.startswith("KV PUT failed: 400 Invalid expiration_ttl of 5.")


async def test_accepts_javascript_options(env: Any) -> None:
    from js import Object
    from pyodide.ffi import to_js

    options = to_js({"expirationTtl": 60}, dict_converter=Object.fromEntries)

    await env.KV.put("a", "1", options)

    assert (await env.KV.list())["keys"][0].expiration == 1_700_000_060


async def test_accepts_javascript_values(env: Any) -> None:
    import js

    await env.KV.put("a", js.Uint8Array.new([104, 105]))
    await env.KV.put("b", js.Response.new("hello").body)

    assert await env.KV.get("a") == "hi"
    assert await env.KV.get("b") == "hello"


async def test_stored_stream_can_be_a_response_body(workers: ModuleType, env: Any) -> None:
    await env.KV.put("a", "x" * 5000)

    response = workers.Response(await env.KV.get("a", "stream"))

    assert await response.text() == "x" * 5000


async def test_stores_the_body_of_a_request(workers: ModuleType, env: Any) -> None:
    request = workers.Request("http://x/", method="POST", body="hello")

    await env.KV.put("a", request.body)

    assert await env.KV.get("a") == "hello"
