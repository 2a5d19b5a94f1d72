"""What the annotations of the public names say. mypy and pyright read this file; nothing runs it.

A line that must be rejected has `type: ignore` with mypy's error code. Both checkers report an
unused one, so a line that is accepted by mistake is an error too.
"""

# pyright: strict, reportUnnecessaryTypeIgnoreComment=true

from typing import Any, Protocol, assert_type

from pykvbinding import (
    EdgeNetwork,
    Env,
    KVNamespace,
    Limits,
    ReadableStream,
    SystemClock,
    VirtualClock,
)
from pykvbinding.types import (
    BulkGetOptions,
    BulkValueWithMetadata,
    GetOptions,
    KVBinding,
    ListKey,
    ListOptions,
    ListResult,
    ValueWithMetadata,
)


async def reads_of_one_key_have_the_type_of_the_value(kv: KVNamespace) -> None:
    assert_type(await kv.get("k"), str | None)
    assert_type(await kv.get("k", None), str | None)
    assert_type(await kv.get("k", "text"), str | None)
    assert_type(await kv.get("k", type="text"), str | None)
    assert_type(await kv.get("k", cacheTtl=60), str | None)
    assert_type(await kv.get("k", "json"), Any)
    assert_type(await kv.get("k", type="json", cacheTtl=60), Any)
    assert_type(await kv.get("k", "arrayBuffer"), memoryview | None)
    assert_type(await kv.get("k", type="arrayBuffer", cacheTtl=60), memoryview | None)
    assert_type(await kv.get("k", "stream"), ReadableStream | None)
    assert_type(await kv.get("k", type="stream", cacheTtl=60), ReadableStream | None)
    assert_type(await kv.get("k", {"type": "json"}), Any)


async def reads_of_several_keys_are_dicts(kv: KVNamespace, keys: list[str]) -> None:
    assert_type(await kv.get(keys), dict[str, str | None])
    assert_type(await kv.get(["a", "b"], "text"), dict[str, str | None])
    assert_type(await kv.get(keys, None), dict[str, str | None])
    assert_type(await kv.get(keys, type="text", cacheTtl=60), dict[str, str | None])
    assert_type(await kv.get(keys, "json"), dict[str, Any])
    assert_type(await kv.get(keys, type="json", cacheTtl=60), dict[str, Any])
    assert_type(await kv.get(keys, {"type": "json"}), dict[str, Any])


async def options_are_dicts_with_known_keys(
    kv: KVNamespace, keys: list[str], read: GetOptions, many: BulkGetOptions, page: ListOptions
) -> None:
    assert_type(await kv.get("k", read), Any)
    assert_type(await kv.get(keys, many), dict[str, Any])
    assert_type(await kv.getWithMetadata("k", read), ValueWithMetadata[Any])
    assert_type(await kv.list(page), ListResult)
    await kv.get(keys, read)  # type: ignore[arg-type]


async def values_come_with_metadata(kv: KVNamespace) -> None:
    assert_type(await kv.getWithMetadata("k"), ValueWithMetadata[str | None])
    assert_type(await kv.getWithMetadata("k", "json"), ValueWithMetadata[Any])
    stream = await kv.getWithMetadata("k", "stream")
    assert_type(stream, ValueWithMetadata[ReadableStream | None])
    buffer = await kv.getWithMetadata("k", type="arrayBuffer", cacheTtl=60)
    assert_type(buffer.value, memoryview | None)
    assert_type(await kv.getWithMetadata("k", {"cacheTtl": 60}), ValueWithMetadata[Any])


async def many_values_come_with_metadata(kv: KVNamespace, keys: list[str]) -> None:
    texts = await kv.getWithMetadata(keys)
    assert_type(texts, dict[str, BulkValueWithMetadata[str] | None])
    parsed = await kv.getWithMetadata(keys, "json")
    assert_type(parsed, dict[str, BulkValueWithMetadata[Any] | None])
    parsed = await kv.getWithMetadata(keys, type="json")


async def results_have_typed_attributes_and_items(kv: KVNamespace) -> None:
    entry = await kv.getWithMetadata("k")
    assert_type(entry.value, str | None)
    assert_type(entry["value"], str | None)
    assert_type(entry["metadata"], Any)
    assert_type(entry.cacheStatus, str | None)
    assert_type(entry["cacheStatus"], str | None)
    bulk = (await kv.getWithMetadata(["k"]))["k"]
    assert bulk is not None
    assert_type(bulk.value, str)
    assert_type(bulk["value"], str)
    assert_type(bulk.metadata, Any)


async def pages_have_typed_attributes_and_items(kv: KVNamespace) -> None:
    page = await kv.list()
    assert_type(page.list_complete, bool)
    assert_type(page["list_complete"], bool)
    assert_type(page.cursor, str)
    assert_type(page["cursor"], str)
    assert_type(page["cacheStatus"], str | None)
    assert_type(page["keys"], list[ListKey])
    assert_type(page["keys"][0]["name"], str)
    assert_type(page["keys"][0].name, str)
    assert_type(page["keys"][0]["expiration"], int)
    assert_type(page["keys"][0].metadata, Any)


async def writes_and_lists(kv: KVNamespace) -> None:
    await kv.put("k", "v")
    await kv.put("k", 1.5)
    await kv.put("k", memoryview(b"v"))
    await kv.put("k", b"v", expiration=1, expirationTtl=60, metadata={"a": [1]})
    await kv.put("k", ReadableStream([b"v"]), {"metadata": None})
    await kv.delete("k")
    assert_type(await kv.list(), ListResult)
    assert_type(await kv.list(prefix="p", limit=10, cursor=None), ListResult)
    assert_type(await kv.list({"prefix": "p"}), ListResult)


async def a_namespace_is_a_binding(binding: KVBinding) -> None:
    assert_type(await binding.get("k"), str | None)
    assert_type(await binding.get(["k"], "json"), dict[str, Any])
    assert_type(await binding.get("k", "stream"), ReadableStream | None)
    assert_type(await binding.getWithMetadata("k"), ValueWithMetadata[str | None])
    assert_type((await binding.list(prefix="p"))["keys"][0]["name"], str)
    await binding.put("k", b"v", {"expirationTtl": 60})
    await binding.delete("k")
    await binding.put("k", {"a": 1})  # type: ignore[call-overload]
    await binding.put("k", "v", {"expirationTTL": 60})  # type: ignore[call-overload]
    await binding.get("k", {"cacheTTL": 60})  # type: ignore[call-overload]
    await binding.list({"Prefix": "p"})  # type: ignore[call-overload]
    await a_namespace_is_a_binding(KVNamespace())
    await a_namespace_is_a_binding(Env(KV=KVNamespace()).KV)


class HandlerEnv(Protocol):
    """The env as a handler declares it."""

    @property
    def KV(self) -> KVBinding: ...


async def an_env_has_every_declared_binding(handler_env: HandlerEnv) -> None:
    env = Env(KV=KVNamespace())
    await an_env_has_every_declared_binding(env)


def namespaces_take_keyword_arguments_only() -> None:
    assert_type(KVNamespace(), KVNamespace)
    KVNamespace(clock=VirtualClock(0), limits=Limits(min_cache_ttl=30), title="KV", id="1")
    KVNamespace(clock=SystemClock())
    KVNamespace(VirtualClock(0))  # type: ignore[call-arg]


def networks_have_a_keyword_for_each_anomaly() -> None:
    assert_type(
        EdgeNetwork("LHR", "NRT", stale_reads=False, cross_location_routing=True), EdgeNetwork
    )
    EdgeNetwork("LHR", stale_read=False)  # type: ignore[call-arg]
    EdgeNetwork("LHR", stale_reads="no")  # type: ignore[arg-type]


async def misspelled_options_are_rejected(kv: KVNamespace) -> None:
    await kv.put("k", "v", {"expirationTTL": 60})  # type: ignore[call-overload]
    await kv.get("k", {"cacheTTL": 60})  # type: ignore[call-overload]
    await kv.list({"Prefix": "p"})  # type: ignore[call-overload]
    await kv.put("k", "v", expiration_ttl=60)  # type: ignore[call-overload]
    await kv.put("k", "v", expirationTtl="60")  # type: ignore[call-overload]
    await kv.get("k", cache_ttl=60)  # type: ignore[call-overload]
    await kv.getWithMetadata("k", cache_ttl=60)  # type: ignore[call-overload]
    await kv.list(Prefix="p")  # type: ignore[call-overload]


async def wrong_types_are_rejected(kv: KVNamespace, keys: list[str]) -> None:
    await kv.put("k", {"a": 1})  # type: ignore[call-overload]
    await kv.put("k", bytearray(b"v"))  # type: ignore[call-overload]
    await kv.put("k", None)  # type: ignore[call-overload]
    await kv.get("k", "blob")  # type: ignore[call-overload]
    await kv.get("k", type="blob")  # type: ignore[call-overload]
    await kv.get(keys, "stream")  # type: ignore[call-overload]
    await kv.get(keys, type="arrayBuffer")  # type: ignore[call-overload]
    await kv.getWithMetadata("k", type="blob")  # type: ignore[call-overload]
    await kv.getWithMetadata(keys, type="stream")  # type: ignore[call-overload]
    await kv.getWithMetadata(keys, "stream")  # type: ignore[call-overload]


async def wrong_argument_positions_are_rejected(kv: KVNamespace) -> None:
    await kv.get(key="k")  # type: ignore[call-overload]
    await kv.get(("a", "b"))  # type: ignore[call-overload]
    await kv.get(None)  # type: ignore[call-overload]
    await kv.put("k", value="v")  # type: ignore[call-overload]
    await kv.put("k", "v", "json")  # type: ignore[call-overload]
    await kv.delete(["a"])  # type: ignore[arg-type]
    await kv.list("prefix")  # type: ignore[call-overload]


async def a_missing_key_must_be_handled(kv: KVNamespace) -> None:
    (await kv.get("k")).upper()  # type: ignore[union-attr]
