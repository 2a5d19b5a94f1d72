"""Type annotations of the binding: mypy checks this file, and no code runs it.

A line that mypy must reject has an ignore comment with the code of its error: under
`--warn-unused-ignores` mypy reports the comment if it accepts the line.
"""

from typing import Any, assert_type

from pykvbinding import EdgeNetwork, KVNamespace, Limits, ReadableStream, SystemClock, VirtualClock
from pykvbinding.js.core.js_dict import JsDict


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


async def reads_with_metadata_are_js_dicts(kv: KVNamespace, keys: list[str]) -> None:
    assert_type(await kv.getWithMetadata("k"), JsDict)
    assert_type(await kv.getWithMetadata("k", "stream"), JsDict)
    assert_type(await kv.getWithMetadata("k", type="arrayBuffer", cacheTtl=60), JsDict)
    assert_type(await kv.getWithMetadata("k", {"cacheTtl": 60}), JsDict)
    assert_type(await kv.getWithMetadata(keys), dict[str, JsDict | None])
    assert_type(await kv.getWithMetadata(keys, "json"), dict[str, JsDict | None])
    assert_type(await kv.getWithMetadata(keys, type="json"), dict[str, JsDict | None])


async def writes_and_lists(kv: KVNamespace) -> None:
    await kv.put("k", "v")
    await kv.put("k", b"v", expiration=1, expirationTtl=60, metadata={"a": [1]})
    await kv.put("k", ReadableStream([b"v"]), {"metadata": None})
    await kv.delete("k")
    assert_type(await kv.list(), JsDict)
    assert_type(await kv.list(prefix="p", limit=10, cursor=None), JsDict)
    assert_type(await kv.list({"prefix": "p"}), JsDict)


def namespaces_take_keyword_arguments_only() -> None:
    assert_type(KVNamespace(), KVNamespace)
    KVNamespace(clock=VirtualClock(0), limits=Limits(min_cache_ttl=30), title="KV", id="1")
    KVNamespace(clock=SystemClock())
    KVNamespace(VirtualClock(0))  # type: ignore[call-arg]


def networks_have_a_keyword_for_each_anomaly() -> None:
    assert_type(EdgeNetwork("LHR", "NRT", stale_reads=False, roam=True), EdgeNetwork)
    EdgeNetwork("LHR", stale_read=False)  # type: ignore[call-arg]
    EdgeNetwork("LHR", stale_reads="no")  # type: ignore[arg-type]


async def misspelled_options_are_rejected(kv: KVNamespace) -> None:
    await kv.put("k", "v", expiration_ttl=60)  # type: ignore[call-overload]
    await kv.put("k", "v", expirationTtl="60")  # type: ignore[call-overload]
    await kv.get("k", cache_ttl=60)  # type: ignore[call-overload]
    await kv.getWithMetadata("k", cache_ttl=60)  # type: ignore[call-overload]
    await kv.list(Prefix="p")  # type: ignore[call-overload]


async def wrong_types_are_rejected(kv: KVNamespace, keys: list[str]) -> None:
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
