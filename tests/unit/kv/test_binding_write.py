"""`put` and `delete`."""

from array import array
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from pykvbinding import KVNamespace, KVUsageWarning, ReadableStream, VirtualClock
from pykvbinding.types import Value
from tests.support.assertions import refusal
from tests.support.ids import stable
from tests.support.stores import START, make_kv

WRONG_TYPE = (
    "KV put() accepts only strings, ArrayBuffers, ArrayBufferViews, and ReadableStreams as values."
)


@pytest.mark.parametrize("key", ["k", "key"])
@pytest.mark.parametrize("value", ["", "text", "é日😀", b"", b"\x00\xff"], ids=repr)
async def test_text_and_bytes_are_stored_unchanged(
    kv: KVNamespace, key: str, value: str | bytes
) -> None:
    await kv.put(key, value)

    assert kv.namespace.peek(key) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [(4.5, "4.5"), (1.0, "1"), (7, "7"), (True, "true"), (2**70, str(2**70)), (1e21, "1e+21")],
)
async def test_a_number_is_stored_as_its_text(kv: KVNamespace, value: float, text: str) -> None:
    await kv.put("key", value)

    assert await kv.get("key") == text


@pytest.mark.parametrize("buffer", [memoryview(b"xaxb")[1::2], array("B", b"ab")], ids=stable(repr))
async def test_any_buffer_is_stored_as_bytes(kv: KVNamespace, buffer: Any) -> None:
    await kv.put("key", buffer)

    assert kv.namespace.peek("key") == b"ab"


async def test_none_is_stored_as_the_text_null_with_a_warning(kv: KVNamespace) -> None:
    with pytest.warns(KVUsageWarning, match=r"put\('key', None\): production stores the text"):
        await kv.put("key", None)  # type: ignore[call-overload]

    assert await kv.get("key") == "null"


@pytest.mark.parametrize("value", [{}, {"a": 1}, [], ["a"], set(), object()], ids=stable(repr))
async def test_rejects_an_object_as_a_value(kv: KVNamespace, value: Any) -> None:
    assert await refusal(kv.put("key", value)) == WRONG_TYPE
    assert await kv.get("key") is None


@pytest.mark.parametrize("value", [(1,), bytearray(b"a")], ids=repr)
async def test_a_value_that_cannot_be_sent_raises_a_python_type_error(
    kv: KVNamespace, value: Any
) -> None:
    with pytest.raises(TypeError, match=rf"^{type(value)} cannot be sent over RPC\.$"):
        await kv.put("key", value)


async def test_rejects_an_awaitable(kv: KVNamespace) -> None:
    forgotten = kv.get("other")

    with pytest.raises(TypeError, match=r"^Awaitable <class 'coroutine'> cannot be sent over RPC"):
        await kv.put("key", forgotten)  # type: ignore[call-overload]

    forgotten.close()


async def test_a_lone_surrogate_in_a_value_is_stored_as_its_three_bytes(kv: KVNamespace) -> None:
    await kv.put("key", "a\ud800")

    assert kv.namespace.peek("key") == b"a\xed\xa0\x80"
    assert await kv.get("key") == "a���"


@pytest.mark.parametrize("key", ["k", "key"])
async def test_a_put_removes_earlier_metadata_and_expiration(
    kv: KVNamespace, clock: VirtualClock, key: str
) -> None:
    await kv.put(key, "old", metadata={"a": 1}, expirationTtl=60)

    await kv.put(key, "new")
    clock.advance(60)

    entry = await kv.getWithMetadata(key)
    assert (entry.value, entry.metadata) == ("new", None)
    assert (await kv.list())["keys"] == [{"name": key}]


async def test_metadata_is_copied(kv: KVNamespace) -> None:
    metadata = {"tags": ["a"]}
    await kv.put("key", "v", metadata=metadata)

    metadata["tags"].append("b")
    (await kv.getWithMetadata("key")).metadata.tags.append("c")

    assert (await kv.getWithMetadata("key")).metadata == {"tags": ["a"]}


async def test_metadata_that_json_cannot_represent_changes_with_a_warning(kv: KVNamespace) -> None:
    with pytest.warns(KVUsageWarning, match=r"metadata=…\) contains NaN: production stores null"):
        await kv.put("key", "v", metadata=[float("nan")])

    assert (await kv.getWithMetadata("key")).metadata == [None]


@pytest.mark.parametrize("letter", ["x", "é"])
async def test_limits_the_size_of_metadata_in_bytes_of_json(kv: KVNamespace, letter: str) -> None:
    fits = letter * (1022 // len(letter.encode()))

    await kv.put("key", "v", metadata=fits)
    text = await refusal(kv.put("key", "v", metadata=fits + "y"))

    assert text == "KV PUT failed: 413 Metadata length of 1025 exceeds limit of 1024."


@pytest.mark.parametrize("over", ["engine", "chain", "network"])
@pytest.mark.parametrize("value", ["12345", b"12345", "éé1", 12345])
async def test_accepts_a_value_of_exactly_the_limit(over: str, value: Value) -> None:
    kv = make_kv(over, max_value_bytes=5)

    await kv.put("key", value)

    assert await kv.get("key") is not None


@pytest.mark.parametrize("over", ["engine", "chain", "network"])
@pytest.mark.parametrize("value", ["123456", b"123456", "ééé", 123456])
async def test_rejects_a_value_over_the_limit(over: str, value: Value) -> None:
    kv = make_kv(over, max_value_bytes=5)

    text = await refusal(kv.put("key", value))

    assert text == "KV PUT failed: 413 Value length of 6 exceeds limit of 5."
    assert await kv.get("key") is None


async def test_the_documented_value_limit_is_25_mebibytes(kv: KVNamespace) -> None:
    largest = b"x" * 26214400
    await kv.put("key", largest)

    text = await refusal(kv.put("key", largest + b"x"))

    assert text == "KV PUT failed: 413 Value length of 26214401 exceeds limit of 26214400."
    assert kv.namespace.peek("key") == largest


async def test_a_ttl_counts_from_now_in_whole_seconds(kv: KVNamespace, clock: VirtualClock) -> None:
    clock.advance(0.9)
    await kv.put("key", "v", expirationTtl=60.9)  # type: ignore[call-overload]

    assert (await kv.list())["keys"] == [{"name": "key", "expiration": START + 60}]


async def test_the_ttl_takes_precedence_over_an_expiration(kv: KVNamespace) -> None:
    await kv.put("key", "v", expirationTtl=100, expiration=START + 500)
    await kv.put("past", "v", expirationTtl=100, expiration=1)

    assert [key.expiration for key in (await kv.list())["keys"]] == [START + 100, START + 100]


async def test_accepts_options_as_a_dict(kv: KVNamespace) -> None:
    await kv.put("key", "v", {"expirationTtl": "0x3c", "metadata": [1]})  # type: ignore[call-overload]

    assert (await kv.list())["keys"] == [{"name": "key", "expiration": START + 60, "metadata": [1]}]


async def test_a_rejected_put_keeps_the_old_value(kv: KVNamespace) -> None:
    await kv.put("key", "old", metadata=1)

    await refusal(kv.put("key", "new", expirationTtl=1))

    assert await kv.getWithMetadata(["key"]) == {"key": {"value": "old", "metadata": 1}}


async def test_a_stream_is_stored_completely(kv: KVNamespace) -> None:
    await kv.put("key", ReadableStream([b"hel", memoryview(b"lo"), b""]), metadata="m")

    assert kv.namespace.peek_entry("key") == {
        "value": b"hello",
        "metadata": "m",
        "expiration": None,
    }


async def test_a_stream_read_from_one_key_can_be_put_to_another(kv: KVNamespace) -> None:
    await kv.put("key", b"x" * 10_000)

    stream = await kv.get("key", "stream")
    assert stream is not None
    await kv.put("copy", stream)

    assert kv.namespace.peek("copy") == b"x" * 10_000


async def test_a_stream_can_be_asynchronous(kv: KVNamespace) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"a"
        yield b"b"

    await kv.put("key", ReadableStream(chunks()))

    assert await kv.get("key") == "ab"


async def test_a_stream_that_fails_keeps_the_old_value(kv: KVNamespace) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"new"
        raise OSError("connection lost")

    await kv.put("key", "old")

    with pytest.raises(OSError, match=r"^connection lost$"):
        await kv.put("key", ReadableStream(chunks()))

    assert await kv.get("key") == "old"


@pytest.mark.parametrize("over", ["engine", "chain", "network"])
async def test_a_stream_over_the_limit_keeps_the_old_value(over: str) -> None:
    kv = make_kv(over, max_value_bytes=5)
    await kv.put("key", "old")

    text = await refusal(kv.put("key", ReadableStream([b"123", b"456", b"7"])))

    assert text == "KV PUT failed: 413 Value length of 7 exceeds limit of 5."
    assert await kv.get("key") == "old"


@pytest.mark.parametrize("over", ["engine", "chain", "network"])
async def test_stops_reading_an_infinite_stream(over: str) -> None:
    kv = make_kv(over, max_value_bytes=5)
    delivered = []

    def chunks() -> Iterator[bytes]:
        while True:
            delivered.append(b"12")
            yield b"12"

    text = await refusal(kv.put("key", ReadableStream(chunks())))

    assert text == "KV PUT failed: 413 Value length of 82 exceeds limit of 5."
    assert len(delivered) == 41


async def test_a_put_replaces_the_value_after_the_stream_has_ended(kv: KVNamespace) -> None:
    seen = []

    async def chunks() -> AsyncIterator[bytes]:
        yield b"new"
        seen.append(await kv.get("key"))

    await kv.put("key", "old")

    await kv.put("key", ReadableStream(chunks()))

    assert (seen, await kv.get("key")) == (["old"], "new")


@pytest.mark.parametrize("key", ["k", "key", "é"])
async def test_delete_removes_the_key(kv: KVNamespace, key: str) -> None:
    await kv.put(key, "v", metadata=1, expirationTtl=60)

    await kv.delete(key)

    assert await kv.get(key) is None
    assert (await kv.list())["keys"] == []


async def test_deleting_a_missing_key_has_no_effect(kv: KVNamespace) -> None:
    await kv.delete("nothing")
    await kv.delete("nothing")

    assert (await kv.list())["keys"] == []


async def test_delete_ignores_options_with_a_warning(kv: KVNamespace) -> None:
    await kv.put("key", "v")

    with pytest.warns(KVUsageWarning, match=r"cacheTtl=…\): production silently ignores this"):
        await kv.delete("key", cacheTtl=60)

    assert await kv.get("key") is None


async def test_delete_converts_a_list_to_one_key_with_a_warning(kv: KVNamespace) -> None:
    kv.namespace.seed({"a": "1", "b": "2", "a,b": "3"})

    with pytest.warns(KVUsageWarning, match=r"the single key 'a,b'. Pass one key at a time\.$"):
        await kv.delete(["a", "b"])  # type: ignore[arg-type]

    assert await kv.get(["a", "b", "a,b"]) == {"a": "1", "b": "2", "a,b": None}
