"""The order of the checks, which is that of the runtime."""

from typing import Any

import pytest

from pykvbinding import KVError, KVNamespace, ReadableStream
from pykvbinding.types import Value
from tests.support.assertions import complete, refusal
from tests.support.stores import make_kv

RANGE = "Value out of range. Must be between -2147483648 and 2147483647 (inclusive)."
EMPTY = "Key name cannot be empty."
BIGINT = "Do not know how to serialize a BigInt"
LOCKED = "The ReadableStream has been locked to a reader."
WRONG_VALUE = (
    "KV put() accepts only strings, ArrayBuffers, ArrayBufferViews, and ReadableStreams as values."
)
WRONG_OPTIONS = "Failed to execute 'put' on 'KvNamespace': parameter 3 is not of type 'PutOptions'."
SHORT_TTL = "KV PUT failed: 400 Invalid expiration_ttl of 1. Expiration TTL must be at least 60."
UNDECODABLE = "KV {} failed: 400 Could not URL-decode key name"
LONG = "KV {} failed: 414 UTF-8 encoded length of {} exceeds key length limit of 512."
BLOB = 'KV GET_BULK failed: 400 "blob" is not a valid type. Use "json" or "text"'
FEW_LETTERS_MANY_BYTES = "\ud800" * 171

READS: list[tuple[Any, dict[str, Any], str]] = [
    ("", {"cacheTtl": 3e9}, RANGE),
    ("x" * 513, {"cacheTtl": 3e9}, RANGE),
    ("", {"type": "foo"}, EMPTY),
    ("", {"cacheTtl": 1}, EMPTY),
    (".", {"cacheTtl": 1}, '"." is not allowed as a key name.'),
    ("..", {"type": "foo"}, '".." is not allowed as a key name.'),
    ("x" * 513, {"cacheTtl": 1}, LONG.format("GET", 513)),
    (FEW_LETTERS_MANY_BYTES, {}, LONG.format("GET", 513)),
    ("\ud800", {"cacheTtl": 1}, UNDECODABLE.format("GET")),
    ("\ud800", {"type": "foo"}, UNDECODABLE.format("GET")),
]
BULK_READS: list[tuple[Any, dict[str, Any], str]] = [
    ([""], {"cacheTtl": 3e9}, RANGE),
    ([], {"cacheTtl": 3e9}, RANGE),
    (["a", ""], {"type": "blob"}, BLOB),
    ([], {"type": "blob"}, BLOB),
    (["a"] * 101, {"type": "blob"}, BLOB),
    (["a"], {"type": "blob", "cacheTtl": 1}, BLOB),
    ([], {"cacheTtl": 1}, "KV GET_BULK failed: 400 You must request a minimum of 1 key"),
    ([""] * 101, {}, "KV GET_BULK failed: 400 You can request a maximum of 100 keys"),
    ([FEW_LETTERS_MANY_BYTES], {}, LONG.format("GET_BULK", 1539)),
]
WRITES: list[tuple[str, object, dict[str, Any], str]] = [
    ("", {}, {}, EMPTY),
    ("", {}, {"expiration": 3e9}, RANGE),
    ("", "v", {"metadata": 2**60}, EMPTY),
    ("", "v", {"expirationTtl": 1}, EMPTY),
    ("x" * 513, {}, {}, LONG.format("PUT", 513)),
    ("k", {}, {"expirationTtl": 1}, WRONG_VALUE),
    ("k", {}, {"expirationTtl": 3e9}, RANGE),
    ("k", {}, {"metadata": "x" * 1100}, WRONG_VALUE),
    ("k", {}, {"metadata": {"a": 2**60}}, BIGINT),
    ("k", "v", {"metadata": 2**60, "expirationTtl": 1}, BIGINT),
    ("k", "v", {"expirationTtl": 1, "metadata": "x" * 1100}, SHORT_TTL),
    ("k", "v", {"expirationTtl": 1, "expiration": 1}, SHORT_TTL),
    ("\ud800", {}, {}, WRONG_VALUE),
    ("\ud800", "v", {"metadata": 2**60}, BIGINT),
    ("\ud800", "v", {"expirationTtl": 1}, UNDECODABLE.format("PUT")),
    ("\ud800", "v", {"metadata": "x" * 1100}, UNDECODABLE.format("PUT")),
    (FEW_LETTERS_MANY_BYTES, "x", {}, LONG.format("PUT", 513)),
]


def locked_stream() -> ReadableStream:
    stream = ReadableStream([b"a"])
    stream.getReader()
    return stream


@pytest.mark.parametrize(("key", "options", "text"), READS)
async def test_a_read_reports_the_first_of_two_errors(
    kv: KVNamespace, key: Any, options: Any, text: str
) -> None:
    assert await refusal(kv.get(key, **options)) == text
    assert await refusal(kv.getWithMetadata(key, options)) == text


@pytest.mark.parametrize(("keys", "options", "text"), BULK_READS)
async def test_a_bulk_read_reports_the_first_of_two_errors(
    kv: KVNamespace, keys: Any, options: Any, text: str
) -> None:
    assert await refusal(kv.get(keys, **options)) == text
    assert await refusal(kv.getWithMetadata(keys, options)) == text


@pytest.mark.parametrize(("key", "value", "options", "text"), WRITES)
async def test_a_write_reports_the_first_of_two_errors(
    kv: KVNamespace, key: str, value: Any, options: Any, text: str
) -> None:
    assert await refusal(kv.put(key, value, options)) == text
    assert await refusal(kv.put(key, value, **options)) == text


@pytest.mark.parametrize("key", ["", "k", "\ud800"])
async def test_rejects_invalid_options_before_key_and_value(kv: KVNamespace, key: str) -> None:
    assert await refusal(kv.put(key, {}, 5)) == WRONG_OPTIONS  # type: ignore[call-overload]


@pytest.mark.parametrize("over", ["engine", "chain", "network"])
@pytest.mark.parametrize("value", ["123456", b"123456"])
async def test_the_size_of_metadata_is_checked_before_the_value(over: str, value: Value) -> None:
    kv = make_kv(over, max_value_bytes=5, max_metadata_bytes=5)

    text = await refusal(kv.put("k", value, metadata="12345"))

    assert text == "KV PUT failed: 413 Metadata length of 7 exceeds limit of 5."


@pytest.mark.parametrize("over", ["engine", "chain", "network"])
async def test_the_ttl_is_checked_before_the_length_of_the_value(over: str) -> None:
    kv = make_kv(over, max_value_bytes=5)

    assert await refusal(kv.put("k", "123456", expirationTtl=1)) == SHORT_TTL


async def test_the_limit_of_a_list_is_checked_before_the_prefix(kv: KVNamespace) -> None:
    text = await refusal(kv.list(prefix="x" * 513, limit=1001))

    hint = "Please specify an integer less than 1000."
    assert text == f"KV GET failed: 400 Invalid key_count_limit of 1001. {hint}"


async def test_the_prefix_of_a_list_is_checked_before_the_cursor(kv: KVNamespace) -> None:
    text = await refusal(kv.list(prefix="x" * 513, cursor="garbage"))

    assert text == LONG.format("GET", 513)


async def test_a_lone_surrogate_in_a_prefix_becomes_three_replacement_characters(
    kv: KVNamespace,
) -> None:
    await kv.put("���", "v")

    assert (await kv.list(prefix="\ud800"))["keys"] == [{"name": "���"}]
    assert await refusal(kv.list(prefix="\ud800" * 57)) == LONG.format("GET", 513)


async def test_the_range_of_a_list_limit_is_checked_first(kv: KVNamespace) -> None:
    assert await refusal(kv.list(prefix="x" * 513, limit=2**31)) == RANGE


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("", EMPTY),
        (".", '"." is not allowed as a key name.'),
        ("x" * 513, LONG.format("DELETE", 513)),
        ("\ud800", UNDECODABLE.format("DELETE")),
        (FEW_LETTERS_MANY_BYTES, LONG.format("DELETE", 513)),
    ],
)
async def test_a_delete_checks_its_key(kv: KVNamespace, key: str, text: str) -> None:
    assert await refusal(kv.delete(key)) == text


async def test_a_locked_stream_is_rejected_before_an_invalid_ttl(kv: KVNamespace) -> None:
    assert await refusal(kv.put("k", locked_stream(), expirationTtl=1)) == LOCKED


async def test_an_invalid_key_is_rejected_before_a_locked_stream(kv: KVNamespace) -> None:
    assert await refusal(kv.put("", locked_stream())) == EMPTY


async def test_invalid_metadata_is_rejected_before_a_locked_stream(kv: KVNamespace) -> None:
    assert await refusal(kv.put("k", locked_stream(), metadata=2**60)) == BIGINT


async def test_a_put_with_an_invalid_ttl_locks_the_stream(kv: KVNamespace) -> None:
    stream = ReadableStream([b"a"])

    assert await refusal(kv.put("k", stream, expirationTtl=1)) == SHORT_TTL
    assert stream.locked
    assert await refusal(kv.put("k", stream)) == LOCKED


async def test_a_put_with_an_invalid_key_does_not_lock_the_stream(kv: KVNamespace) -> None:
    stream = ReadableStream([b"a"])

    await refusal(kv.put("", stream))
    await kv.put("k", stream)

    assert await kv.get("k") == "a"


@pytest.mark.parametrize("call", ["get", "getWithMetadata", "put", "delete"])
@pytest.mark.parametrize("key", [("a",), bytearray(b"a")], ids=repr)
def test_a_key_that_cannot_be_sent_is_rejected_first(
    kv: KVNamespace, call: str, key: object
) -> None:
    arguments = [key, {}, 5] if call == "put" else [key]

    with pytest.raises(TypeError, match=rf"^{type(key)} cannot be sent over RPC\.$") as caught:
        complete(getattr(kv, call)(*arguments))

    assert not isinstance(caught.value, KVError)


@pytest.mark.parametrize("options", [{"type": (1,)}, {"other": [{"deep": (1,)}]}], ids=repr)
async def test_options_that_cannot_be_sent_are_rejected_before_parsing(
    kv: KVNamespace, options: Any
) -> None:
    with pytest.raises(TypeError, match=r"^<class 'tuple'> cannot be sent over RPC\.$"):
        await kv.get("", options)
    with pytest.raises(TypeError, match=r"^<class 'tuple'> cannot be sent over RPC\.$"):
        await kv.get([""], **options)


@pytest.mark.parametrize(
    ("ttl", "reason"),
    [
        (0, "0. Please specify integer greater than 0."),
        (-1, "-1. Please specify integer greater than 0."),
        (None, "0. Please specify integer greater than 0."),
        ("abc", "0. Please specify integer greater than 0."),
        (0.9, "0. Please specify integer greater than 0."),
        (59.9, "59. Expiration TTL must be at least 60."),
    ],
)
async def test_a_ttl_is_converted_to_an_integer(kv: KVNamespace, ttl: Any, reason: str) -> None:
    text = await refusal(kv.put("k", "v", expirationTtl=ttl))

    assert text == f"KV PUT failed: 400 Invalid expiration_ttl of {reason}"
