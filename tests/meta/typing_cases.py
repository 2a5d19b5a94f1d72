"""What the annotations of the binding say; mypy reads this file, nobody runs it.

A line that must be rejected carries the code of its error: under `--warn-unused-ignores` a line
that is accepted after all is an error in its turn.
"""

from typing import Any, assert_type

from pykvbinding import EdgeNetwork, KVNamespace, Limits, ReadableStream, SystemClock, VirtualClock
from pykvbinding.js.core.js_dict import JsDict


async def one_key_reads_as_its_type_says(kv: KVNamespace) -> None:
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


async def many_keys_read_as_a_dict(kv: KVNamespace, keys: list[str]) -> None:
    assert_type(await kv.get(keys), dict[str, str | None])
    assert_type(await kv.get(["a", "b"], "text"), dict[str, str | None])
    assert_type(await kv.get(keys, None), dict[str, str | None])
    assert_type(await kv.get(keys, type="text", cacheTtl=60), dict[str, str | None])
    assert_type(await kv.get(keys, "json"), dict[str, Any])
    assert_type(await kv.get(keys, type="json", cacheTtl=60), dict[str, Any])
    assert_type(await kv.get(keys, {"type": "json"}), dict[str, Any])


async def entries_come_with_metadata(kv: KVNamespace, keys: list[str]) -> None:
    assert_type(await kv.getWithMetadata("k"), JsDict)
    assert_type(await kv.getWithMetadata("k", "stream"), JsDict)
    assert_type(await kv.getWithMetadata("k", type="arrayBuffer", cacheTtl=60), JsDict)
    assert_type(await kv.getWithMetadata("k", {"cacheTtl": 60}), JsDict)
    assert_type(await kv.getWithMetadata(keys), dict[str, JsDict | None])
    assert_type(await kv.getWithMetadata(keys, "json"), dict[str, JsDict | None])
    assert_type(await kv.getWithMetadata(keys, type="json"), dict[str, JsDict | None])


async def writes_and_pages(kv: KVNamespace) -> None:
    await kv.put("k", "v")
    await kv.put("k", b"v", expiration=1, expirationTtl=60, metadata={"a": [1]})
    await kv.put("k", ReadableStream([b"v"]), {"metadata": None})
    await kv.delete("k")
    assert_type(await kv.list(), JsDict)
    assert_type(await kv.list(prefix="p", limit=10, cursor=None), JsDict)
    assert_type(await kv.list({"prefix": "p"}), JsDict)


def namespaces_are_made_with_keywords() -> None:
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


async def wrong_places_are_rejected(kv: KVNamespace) -> None:
    await kv.get(key="k")  # type: ignore[call-overload]
    await kv.get(("a", "b"))  # type: ignore[call-overload]
    await kv.get(None)  # type: ignore[call-overload]
    await kv.put("k", value="v")  # type: ignore[call-overload]
    await kv.put("k", "v", "json")  # type: ignore[call-overload]
    await kv.delete(["a"])  # type: ignore[arg-type]
    await kv.list("prefix")  # type: ignore[call-overload]


async def a_missing_key_has_to_be_thought_of(kv: KVNamespace) -> None:
    (await kv.get("k")).upper()  # type: ignore[union-attr]
