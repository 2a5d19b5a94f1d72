"""`get` and `getWithMetadata` with one key."""

from typing import Any

import pytest

from pykvbinding import KVNamespace, KVUsageWarning, ReadableStream, VirtualClock
from pykvbinding.js.core.js_dict import JsDict
from tests.support.assertions import refusal
from tests.support.stores import START, make_kv, missed

KINDS = [None, True, 0, -1.5, "", "text", [], [1, [None]], {}, {"a": {"b": [False]}}, "é日😀"]


async def test_a_missing_key_is_none_for_every_type(kv: KVNamespace) -> None:
    for response_type in ("text", "json", "arrayBuffer", "stream", "blob"):
        assert await kv.get("nothing", response_type) is None  # type: ignore[call-overload]


async def test_text_is_the_default(kv: KVNamespace) -> None:
    await kv.put("key", "text")

    assert await kv.get("key") == await kv.get("key", None) == await kv.get("key", "text") == "text"


async def test_invalid_utf8_becomes_replacement_characters(kv: KVNamespace) -> None:
    await kv.put("key", b"a\xff\xe6\x97")

    assert await kv.get("key") == "a��"


async def test_json_is_parsed(kv: KVNamespace) -> None:
    await kv.put("key", '{"a": [1, 1.0, 1.5, null, true, "é"]}')

    assert await kv.get("key", type="json") == {"a": [1, 1, 1.5, None, True, "é"]}


async def test_json_null_is_none(kv: KVNamespace) -> None:
    await kv.put("key", "null")

    assert await kv.get("key", "json") is None


async def test_an_empty_value_is_not_json(kv: KVNamespace) -> None:
    await kv.put("key", "")

    assert await refusal(kv.get("key", "json")) == "Unexpected end of JSON input"


async def test_an_integer_beyond_53_bits_loses_digits_with_a_warning(kv: KVNamespace) -> None:
    await kv.put("key", "[9007199254740993, 9007199254740995]")

    with pytest.warns(
        KVUsageWarning, match="reads the integer 9007199254740993, which a JavaScript"
    ):
        ids = await kv.get("key", "json")

    assert ids == [9007199254740992.0, 9007199254740996.0]


async def test_an_infinity_in_json_is_preserved_for_a_single_key(kv: KVNamespace) -> None:
    await kv.put("key", "[1e999, -1e999]")

    assert await kv.get("key", "json") == [float("inf"), float("-inf")]


async def test_an_array_buffer_is_a_memoryview_of_the_bytes(kv: KVNamespace) -> None:
    await kv.put("key", b"\x00\xff")

    buffer = await kv.get("key", "arrayBuffer")

    assert type(buffer) is memoryview
    assert bytes(buffer) == b"\x00\xff"


async def test_writing_into_an_array_buffer_does_not_change_the_stored_value(
    kv: KVNamespace,
) -> None:
    await kv.put("key", b"abc")
    buffer = await kv.get("key", "arrayBuffer")
    assert buffer is not None

    buffer[0] = 0

    assert await kv.get("key") == "abc"


async def test_a_stream_delivers_the_bytes_in_chunks(kv: KVNamespace) -> None:
    await kv.put("key", "é" * 3000)

    stream = await kv.get("key", "stream")

    assert isinstance(stream, ReadableStream)
    assert [len(chunk) async for chunk in stream] == [4096, 1904]


async def test_rejects_an_unknown_type_if_the_key_exists(kv: KVNamespace) -> None:
    await kv.put("key", "v")

    text = await refusal(kv.get("key", {"type": "blob"}))  # type: ignore[call-overload]

    possible = '"text", "arrayBuffer", "json", and "stream"'
    assert text == f"Unknown response type. Possible types are {possible}."


async def test_the_empty_type_is_unknown_for_one_key(kv: KVNamespace) -> None:
    options: Any = {"type": ""}
    await kv.put("key", "v")

    assert (await refusal(kv.get("key", options))).startswith("Unknown response type.")


@pytest.mark.parametrize(
    "key", ["k", "ab", "key", "é", "日本語", "😀", "a/b?c#d%20", " ", "k" * 512]
)
async def test_accepts_any_text_as_a_key(kv: KVNamespace, key: str) -> None:
    await kv.put(key, "v")

    assert await kv.get(key) == "v"
    assert await kv.get([key]) == {key: "v"}
    assert (await kv.list())["keys"] == [{"name": key}]


async def test_rejects_a_key_of_513_bytes(kv: KVNamespace) -> None:
    text = await refusal(kv.get("é" * 256 + "x"))

    assert text == (
        "KV GET failed: 414 UTF-8 encoded length of 513 exceeds key length limit of 512."
    )


async def test_a_surrogate_pair_is_the_same_key_as_its_character(kv: KVNamespace) -> None:
    await kv.put("\ud83d\ude00", "v")

    assert await kv.get("😀") == "v"


async def test_a_key_that_is_not_text_is_converted_with_a_warning(kv: KVNamespace) -> None:
    await kv.put("None", "python")
    await kv.put("null", "javascript")

    with pytest.warns(
        KVUsageWarning, match="get.None.: production converts this to the single key"
    ):
        assert await kv.get(None) == "javascript"  # type: ignore[call-overload]


async def test_a_numeric_key_is_converted_to_text(kv: KVNamespace) -> None:
    await kv.put(4.0, "v")  # type: ignore[call-overload]

    assert await kv.get("4") == "v"


async def test_an_entry_has_value_metadata_and_cache_status(kv: KVNamespace) -> None:
    await kv.put("key", "v", metadata={"a": 1})

    entry = await kv.getWithMetadata("key")

    assert entry == {"value": "v", "metadata": {"a": 1}, "cacheStatus": missed(kv)}


async def test_an_entry_of_a_missing_key_has_only_none_values(kv: KVNamespace) -> None:
    entry = await kv.getWithMetadata("nothing", "json")

    assert entry == {"value": None, "metadata": None, "cacheStatus": missed(kv)}


async def test_an_entry_supports_every_type(kv: KVNamespace) -> None:
    await kv.put("key", "[1]")

    stream = (await kv.getWithMetadata("key", "stream")).value
    buffer = (await kv.getWithMetadata("key", "arrayBuffer")).value

    assert stream is not None
    assert buffer is not None
    assert (await kv.getWithMetadata("key", "text")).value == "[1]"
    assert (await kv.getWithMetadata("key", type="json")).value == [1]
    assert buffer.tobytes() == b"[1]"
    assert [chunk async for chunk in stream] == [b"[1]"]


@pytest.mark.parametrize("metadata", KINDS, ids=repr)
async def test_metadata_of_every_json_type_is_returned(kv: KVNamespace, metadata: Any) -> None:
    await kv.put("key", "v", metadata=metadata)

    entry = await kv.getWithMetadata("key")

    assert entry.metadata == metadata
    assert type(entry.metadata) is (JsDict if metadata.__class__ is dict else type(metadata))
    assert (await kv.getWithMetadata(["key"]))["key"] == {"value": "v", "metadata": metadata}


@pytest.mark.parametrize("metadata", [kind for kind in KINDS if kind is not None], ids=repr)
async def test_metadata_of_every_json_type_is_listed(kv: KVNamespace, metadata: Any) -> None:
    await kv.put("key", "v", metadata=metadata)

    assert (await kv.list())["keys"] == [{"name": "key", "metadata": metadata}]


async def test_metadata_none_is_not_listed(kv: KVNamespace) -> None:
    await kv.put("key", "v", metadata=None)

    assert (await kv.list())["keys"] == [{"name": "key"}]


@pytest.mark.parametrize("key", ["k", "key"])
async def test_a_value_expires_exactly_at_its_expiration(
    kv: KVNamespace, clock: VirtualClock, key: str
) -> None:
    await kv.put(key, "v", expiration=START + 60)

    clock.advance(59.999)
    assert await kv.get(key) == (await kv.getWithMetadata(key)).value == "v"
    assert await kv.get([key]) == {key: "v"}
    assert (await kv.list())["keys"] == [{"name": key, "expiration": START + 60}]

    clock.advance(0.001)
    assert await kv.get(key) is (await kv.getWithMetadata(key)).value is None
    assert await kv.get([key]) == {key: None}
    assert await kv.getWithMetadata([key]) == {key: None}
    assert (await kv.list())["keys"] == []


async def test_a_read_does_not_extend_an_expiration(kv: KVNamespace, clock: VirtualClock) -> None:
    await kv.put("key", "v", expirationTtl=60)
    clock.advance(30)
    await kv.get("key", cacheTtl=3600)

    clock.advance(30)

    assert await kv.get("key", cacheTtl=3600) is None


async def test_rejects_a_cache_ttl_below_the_minimum(kv: KVNamespace) -> None:
    text = await refusal(kv.get("key", cacheTtl=59))

    assert text == "KV GET failed: 400 Invalid cache_ttl of 59. Cache TTL must be at least 60."


@pytest.mark.parametrize("over", ["engine", "chain", "network"])
async def test_the_minimum_cache_ttl_is_configurable(over: str) -> None:
    kv = make_kv(over, min_cache_ttl=30)
    await kv.put("key", "v")

    assert await kv.get("key", cacheTtl=30) == (await kv.get(["key"], cacheTtl=30))["key"] == "v"
    assert await refusal(kv.get("key", cacheTtl=29)) == (
        "KV GET failed: 400 Invalid cache_ttl of 29. Cache TTL must be at least 30."
    )
    assert await refusal(kv.get(["key"], cacheTtl=29)) == (
        "KV GET_BULK failed: 400 Invalid cache_ttl of 29. Cache TTL must be at least 30."
    )
