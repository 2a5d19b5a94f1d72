"""For every function of `errors`, a public call that raises its error, and the expected error."""

import warnings
from collections.abc import Callable
from typing import Any

from pykvbinding import KVError, KVNamespace, KVUsageWarning, ReadableStream
from tests.support.stores import START

Case = tuple[Callable[[KVNamespace], Any], Exception]


def refused(method: str, status: int, reason: str) -> KVError:
    return KVError("Error", f"KV {method} failed: {status} {reason}", status)


def type_error(message: str) -> KVError:
    return KVError("TypeError", message)


async def read_unknown_type(kv: KVNamespace) -> None:
    await kv.put("k", "v")
    await kv.get("k", {"type": "blob"})  # type: ignore[call-overload]


async def read_invalid_json(kv: KVNamespace) -> None:
    await kv.put("k", "nope")
    await kv.get("k", "json")


async def bulk_read_invalid_json(kv: KVNamespace) -> None:
    await kv.put("k", "nope")
    await kv.get(["k"], "json")


async def bulk_read_too_large(kv: KVNamespace) -> None:
    await kv.put("key", "x" * (1024 * 1024 + 1))
    await kv.get(["key"] * 25)


async def put_disturbed_stream(kv: KVNamespace) -> None:
    stream = ReadableStream([b"a", b"b"])
    reader = stream.getReader()
    await reader.read()
    reader.releaseLock()
    await kv.put("k", stream)


async def put_locked_stream(kv: KVNamespace) -> None:
    stream = ReadableStream()
    stream.getReader()
    await kv.put("k", stream)


def call_twice(method: str) -> Callable[[KVNamespace], None]:
    def call(_: KVNamespace) -> None:
        stream = ReadableStream()
        getattr(stream, method)()
        getattr(stream, method)()

    return call


async def read_released(_: KVNamespace) -> None:
    reader = ReadableStream().getReader()
    reader.releaseLock()
    await reader.read()


async def read_while_reading(_: KVNamespace) -> None:
    async def chunks() -> Any:
        await reader.read()
        yield b""

    reader = ReadableStream(chunks()).getReader()
    await reader.read()


async def release_while_reading(_: KVNamespace) -> None:
    async def chunks() -> Any:
        reader.releaseLock()
        yield b""

    reader = ReadableStream(chunks()).getReader()
    await reader.read()


async def put_an_operation(kv: KVNamespace) -> None:
    operation = kv.get("other")
    try:
        await kv.put("k", operation)  # type: ignore[call-overload]
    finally:
        operation.close()


async def put_a_function_as_metadata(kv: KVNamespace) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", KVUsageWarning)
        await kv.put("k", "v", metadata=print)


def set_options(kv: Any, **options: Any) -> Any:
    return kv.put("k", "v", options)


KEYS: dict[str, Case] = {
    "key_empty": (lambda kv: kv.get(""), type_error("Key name cannot be empty.")),
    "key_is_dot_segment": (
        lambda kv: kv.delete(".."),
        type_error('".." is not allowed as a key name.'),
    ),
    "key_too_long": (
        lambda kv: kv.delete("x" * 513),
        refused("DELETE", 414, "UTF-8 encoded length of 513 exceeds key length limit of 512."),
    ),
    "key_undecodable": (
        lambda kv: kv.put("\ud800", "v"),
        refused("PUT", 400, "Could not URL-decode key name"),
    ),
    "bulk_key_empty": (
        lambda kv: kv.get([""]),
        refused("GET_BULK", 400, "Key names must not be empty"),
    ),
    "bulk_key_is_dot_segment": (
        lambda kv: kv.get(["."]),
        refused("GET_BULK", 400, 'Illegal key name ".". Please use a different name.'),
    ),
}
READS: dict[str, Case] = {
    "cache_ttl_too_short": (
        lambda kv: kv.get("k", cacheTtl=30),
        refused("GET", 400, "Invalid cache_ttl of 30. Cache TTL must be at least 60."),
    ),
    "response_type_unknown": (
        read_unknown_type,
        type_error(
            'Unknown response type. Possible types are "text", "arrayBuffer", "json", and "stream".'
        ),
    ),
    "bulk_type_invalid": (
        lambda kv: kv.get(["k"], {"type": "stream"}),  # type: ignore[call-overload]
        refused("GET_BULK", 400, '"stream" is not a valid type. Use "json" or "text"'),
    ),
    "bulk_too_many_keys": (
        lambda kv: kv.getWithMetadata(["k"] * 101),
        refused("GET_BULK", 400, "You can request a maximum of 100 keys"),
    ),
    "bulk_no_keys": (
        lambda kv: kv.getWithMetadata([]),
        refused("GET_BULK", 400, "You must request a minimum of 1 key"),
    ),
    "bulk_not_json": (
        bulk_read_invalid_json,
        refused(
            "GET_BULK", 400, "At least one of the requested keys corresponds to a non-json value"
        ),
    ),
    "bulk_too_large": (
        bulk_read_too_large,
        refused("GET_BULK", 413, "Total size of request exceeds the limit of 25MB"),
    ),
    "json_invalid": (
        read_invalid_json,
        KVError("SyntaxError", "Unexpected token 'o', \"nope\" is not valid JSON"),
    ),
    "list_limit_too_large": (
        lambda kv: kv.list(limit=1001),
        refused(
            "GET",
            400,
            "Invalid key_count_limit of 1001. Please specify an integer less than 1000.",
        ),
    ),
    "cursor_invalid": (
        lambda kv: kv.list(cursor="garbage"),
        refused("GET", 400, "Invalid cursor"),
    ),
}
WRITES: dict[str, Case] = {
    "value_wrong_type": (
        lambda kv: kv.put("k", {}),  # type: ignore[call-overload]
        type_error(
            "KV put() accepts only strings, ArrayBuffers, ArrayBufferViews, and ReadableStreams "
            "as values."
        ),
    ),
    "value_too_long": (
        lambda kv: kv.put("k", bytes(26214401)),
        refused("PUT", 413, "Value length of 26214401 exceeds limit of 26214400."),
    ),
    "metadata_too_long": (
        lambda kv: set_options(kv, metadata="x" * 1023),
        refused("PUT", 413, "Metadata length of 1025 exceeds limit of 1024."),
    ),
    "metadata_function": (
        put_a_function_as_metadata,
        refused("PUT", 500, "Internal Server Error"),
    ),
    "bigint_in_json": (
        lambda kv: set_options(kv, metadata=[2**53]),
        type_error("Do not know how to serialize a BigInt"),
    ),
    "expiration_ttl_not_positive": (
        lambda kv: set_options(kv, expirationTtl=0),
        refused("PUT", 400, "Invalid expiration_ttl of 0. Please specify integer greater than 0."),
    ),
    "expiration_ttl_too_short": (
        lambda kv: set_options(kv, expirationTtl=59),
        refused("PUT", 400, "Invalid expiration_ttl of 59. Expiration TTL must be at least 60."),
    ),
    "expiration_past": (
        lambda kv: set_options(kv, expiration=START),
        refused(
            "PUT",
            400,
            f"Invalid expiration of {START}. Please specify integer greater than the current "
            "number of seconds since the UNIX epoch.",
        ),
    ),
    "expiration_too_soon": (
        lambda kv: set_options(kv, expiration=START + 59),
        refused(
            "PUT",
            400,
            f"Invalid expiration of {START + 59}. Expiration times must be at least 60 seconds "
            "in the future.",
        ),
    ),
    "number_out_of_range": (
        lambda kv: set_options(kv, expiration=2**31),
        type_error("Value out of range. Must be between -2147483648 and 2147483647 (inclusive)."),
    ),
    "number_is_bigint": (
        lambda kv: set_options(kv, expiration=2**53),
        type_error("Cannot convert a BigInt value to a number"),
    ),
    "options_wrong_type": (
        lambda kv: kv.put("k", "v", "text"),  # type: ignore[call-overload]
        type_error(
            "Failed to execute 'put' on 'KvNamespace': parameter 3 is not of type 'PutOptions'."
        ),
    ),
    "cannot_be_sent": (
        lambda kv: kv.put("k", (1,)),  # type: ignore[call-overload]
        TypeError("<class 'tuple'> cannot be sent over RPC."),
    ),
    "awaitable_cannot_be_sent": (
        put_an_operation,
        TypeError("Awaitable <class 'coroutine'> cannot be sent over RPC."),
    ),
    "not_iterable": (list, TypeError("'KvNamespace' object is not iterable")),
    "no_len": (len, TypeError("'KvNamespace' object has no len()")),
}
STREAMS: dict[str, Case] = {
    "stream_locked": (
        call_twice("getReader"),
        type_error("This ReadableStream is currently locked to a reader."),
    ),
    "stream_tee_locked": (
        call_twice("tee"),
        type_error("This ReadableStream is currently locked to a reader,"),
    ),
    "stream_put_locked": (
        put_locked_stream,
        type_error("The ReadableStream has been locked to a reader."),
    ),
    "stream_disturbed": (
        put_disturbed_stream,
        type_error("This ReadableStream is disturbed."),
    ),
    "stream_not_bytes": (
        lambda kv: kv.put("k", ReadableStream(["text"])),
        type_error("This ReadableStream did not return bytes."),
    ),
    "stream_read_pending": (
        read_while_reading,
        type_error("This ReadableStream only supports a single pending read request at a time."),
    ),
    "stream_release_pending": (
        release_while_reading,
        type_error("Cannot call releaseLock() on a reader with outstanding read promises."),
    ),
    "stream_reader_released": (
        read_released,
        type_error("This ReadableStream reader has been released."),
    ),
}
CASES = KEYS | READS | WRITES | STREAMS
