"""A KV binding converts JavaScript values that a handler passes to it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from pykvbinding import KVError, KVNamespace, KVUsageWarning
from pykvbinding.js.core.proxy import JsProxy, jsnull, to_python_value


class Converted(JsProxy):
    """A JavaScript value whose `to_py` returns a given Python value."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def to_py(self, *, depth: int = -1, default_converter: Any = None) -> Any:
        return self.value

    def getTime(self) -> int:
        return 1_700_000_000_000


class Object(Converted, name="Object"): ...


class Array(Converted, name="Array"): ...


class Map(Converted, name="Map"): ...


class Date(Converted, name="Date"): ...


class Uint8Array(Converted, name="Uint8Array"): ...


class Blob(JsProxy): ...


def test_an_object_becomes_a_dict_without_undefined_members() -> None:
    assert to_python_value(Object({"a": Object({"b": jsnull}), "c": None})) == {"a": {"b": None}}


def test_an_array_becomes_a_list() -> None:
    assert to_python_value(Array([1, Array(["x"])])) == [1, ["x"]]


def test_a_date_becomes_a_datetime() -> None:
    assert to_python_value(Date(None)) == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


def test_a_value_without_a_python_equivalent_is_returned_unchanged() -> None:
    blob = Blob()

    assert to_python_value(blob) is blob
    assert blob.to_py() is blob
    assert str(blob) == "[object Blob]"
    assert repr(blob.constructor) == "[class Blob]"


def test_a_default_converter_converts_a_value_without_a_python_equivalent() -> None:
    blob = Blob()

    def convert(value: Any, convert_item: Any, cache: Any) -> Any:
        cache(value, "result")
        return convert_item(value)

    assert blob.to_py(default_converter=convert) is blob


def test_null_is_false_and_becomes_none() -> None:
    assert not jsnull
    assert repr(jsnull) == "jsnull"
    assert to_python_value(jsnull) is None


async def test_put_accepts_options_in_an_object(kv: KVNamespace) -> None:
    await kv.put("session", "on", Object({"expirationTtl": 60}))

    assert kv.namespace.peek_entry("session") is not None
    assert (await kv.list())["keys"][0]["expiration"] == 1_700_000_060


async def test_put_ignores_options_in_a_map_with_a_warning(kv: KVNamespace) -> None:
    with pytest.warns(KVUsageWarning, match="JavaScript Map.* silently ignores expirationTtl"):
        await kv.put("session", "on", Map({"expirationTtl": 60}))

    assert "expiration" not in (await kv.list())["keys"][0]


async def test_list_ignores_options_in_an_array_with_a_warning(kv: KVNamespace) -> None:
    with pytest.warns(KVUsageWarning, match="ignores options passed as a list"):
        await kv.list(Array([1]))


async def test_null_as_an_option_is_sent_as_null(kv: KVNamespace) -> None:
    with pytest.raises(KVError, match="Invalid expiration_ttl of 0"):
        await kv.put("session", "on", expirationTtl=jsnull)  # type: ignore[call-overload]


async def test_null_as_the_options_argument_means_no_options(kv: KVNamespace) -> None:
    await kv.put("session", "on", jsnull)  # type: ignore[call-overload]

    assert await kv.get("session") == "on"


async def test_put_stores_the_bytes_of_a_typed_array(kv: KVNamespace) -> None:
    await kv.put("k", Uint8Array(memoryview(b"abc")))

    assert await kv.get("k") == "abc"


async def test_put_stores_null_as_the_text_null(kv: KVNamespace) -> None:
    with pytest.warns(KVUsageWarning, match="stores the text"):
        await kv.put("k", jsnull)  # type: ignore[call-overload]

    assert await kv.get("k") == "null"


async def test_put_rejects_a_blob(kv: KVNamespace) -> None:
    with pytest.raises(KVError, match="KV put"):
        await kv.put("k", Blob())


async def test_get_accepts_an_array_of_keys(kv: KVNamespace) -> None:
    await kv.put("a", "1")

    assert await kv.get(Array(["a", "b"])) == {"a": "1", "b": None}  # type: ignore[call-overload]


async def test_metadata_can_contain_objects_and_null(kv: KVNamespace) -> None:
    await kv.put("k", "v", metadata={"of": Object({"x": jsnull})})

    assert (await kv.getWithMetadata("k"))["metadata"] == {"of": {"x": None}}


async def test_a_map_in_metadata_loses_its_entries_with_a_warning(kv: KVNamespace) -> None:
    with pytest.warns(KVUsageWarning, match="contains a Map: production stores {}"):
        await kv.put("k", "v", metadata=Map({"x": 1}))

    assert (await kv.getWithMetadata("k"))["metadata"] == {}
