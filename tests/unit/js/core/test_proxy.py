"""What a KV binding makes of JavaScript values that a handler hands it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from pykvbinding import KVError, KVNamespace, KVUsageWarning
from pykvbinding.js.core.proxy import JsProxy, jsnull, sent


class Held(JsProxy):
    """A JavaScript value that holds a Python one."""

    def __init__(self, held: Any) -> None:
        self.held = held

    def to_py(self, *, depth: int = -1, default_converter: Any = None) -> Any:
        return self.held

    def getTime(self) -> int:
        return 1_700_000_000_000


class Object(Held, name="Object"): ...


class Array(Held, name="Array"): ...


class Map(Held, name="Map"): ...


class Date(Held, name="Date"): ...


class Uint8Array(Held, name="Uint8Array"): ...


class Blob(JsProxy): ...


def test_an_object_arrives_as_a_dict_without_what_is_undefined() -> None:
    assert sent(Object({"a": Object({"b": jsnull}), "c": None})) == {"a": {"b": None}}


def test_an_array_arrives_as_a_list() -> None:
    assert sent(Array([1, Array(["x"])])) == [1, ["x"]]


def test_a_date_arrives_as_a_datetime() -> None:
    assert sent(Date(None)) == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


def test_a_value_that_python_has_not_stays_what_it_is() -> None:
    blob = Blob()

    assert sent(blob) is blob
    assert blob.to_py() is blob
    assert str(blob) == "[object Blob]"
    assert repr(blob.constructor) == "[class Blob]"


def test_a_default_converter_is_asked_about_a_value_that_python_has_not() -> None:
    blob = Blob()

    def convert(value: Any, inner: Any, remember: Any) -> Any:
        remember(value, "found")
        return inner(value)

    assert blob.to_py(default_converter=convert) is blob


def test_null_is_false_and_none() -> None:
    assert not jsnull
    assert repr(jsnull) == "jsnull"
    assert sent(jsnull) is None


async def test_options_in_an_object_count(kv: KVNamespace) -> None:
    await kv.put("session", "on", Object({"expirationTtl": 60}))

    assert kv.namespace.peek_entry("session") is not None
    assert (await kv.list())["keys"][0]["expiration"] == 1_700_000_060


async def test_options_in_a_map_are_dropped_with_a_warning(kv: KVNamespace) -> None:
    with pytest.warns(KVUsageWarning, match="JavaScript Map.* silently ignores expirationTtl"):
        await kv.put("session", "on", Map({"expirationTtl": 60}))

    assert "expiration" not in (await kv.list())["keys"][0]


async def test_options_in_an_array_are_dropped_with_a_warning(kv: KVNamespace) -> None:
    with pytest.warns(KVUsageWarning, match="ignores options passed as a list"):
        await kv.list(Array([1]))


async def test_null_for_an_option_is_sent_as_null(kv: KVNamespace) -> None:
    with pytest.raises(KVError, match="Invalid expiration_ttl of 0"):
        await kv.put("session", "on", expirationTtl=jsnull)  # type: ignore[call-overload]


async def test_null_in_place_of_options_is_none(kv: KVNamespace) -> None:
    await kv.put("session", "on", jsnull)  # type: ignore[call-overload]

    assert await kv.get("session") == "on"


async def test_a_typed_array_is_stored_as_its_bytes(kv: KVNamespace) -> None:
    await kv.put("k", Uint8Array(memoryview(b"abc")))

    assert await kv.get("k") == "abc"


async def test_null_is_stored_as_the_text_null(kv: KVNamespace) -> None:
    with pytest.warns(KVUsageWarning, match="stores the text"):
        await kv.put("k", jsnull)  # type: ignore[call-overload]

    assert await kv.get("k") == "null"


async def test_a_blob_is_no_value(kv: KVNamespace) -> None:
    with pytest.raises(KVError, match="KV put"):
        await kv.put("k", Blob())


async def test_an_array_of_keys_reads_them_all(kv: KVNamespace) -> None:
    await kv.put("a", "1")

    assert await kv.get(Array(["a", "b"])) == {"a": "1", "b": None}  # type: ignore[call-overload]


async def test_objects_and_null_may_stand_in_metadata(kv: KVNamespace) -> None:
    await kv.put("k", "v", metadata={"of": Object({"x": jsnull})})

    assert (await kv.getWithMetadata("k"))["metadata"] == {"of": {"x": None}}


async def test_a_map_in_metadata_loses_its_entries_with_a_warning(kv: KVNamespace) -> None:
    with pytest.warns(KVUsageWarning, match="contains a Map: production stores {}"):
        await kv.put("k", "v", metadata=Map({"x": 1}))

    assert (await kv.getWithMetadata("k"))["metadata"] == {}
