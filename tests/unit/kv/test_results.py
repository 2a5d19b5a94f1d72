"""Structure of the results of operations: attributes and items."""

from typing import Any

import pytest

from pykvbinding import KVNamespace
from pykvbinding.js.core.js_dict import JsDict
from pykvbinding.kv.result_types import (
    BulkValueWithMetadata,
    ListKey,
    ListResult,
    ValueWithMetadata,
)
from tests.support.stores import START, missed


@pytest.fixture
def filled(kv: KVNamespace) -> KVNamespace:
    kv.namespace.seed(
        {
            "a": "plain",
            "b": {"value": '{"n": {"m": [{"x": 1}]}}', "metadata": {"tags": [{"t": "é"}]}},
            "c": {"value": b"[]", "expiration": START + 60},
        }
    )
    return kv


async def test_an_object_in_json_has_attributes_at_every_depth(filled: KVNamespace) -> None:
    value = await filled.get("b", "json")

    assert value.n.m[0].x == value["n"]["m"][0]["x"] == 1
    assert [type(value), type(value.n), type(value.n.m), type(value.n.m[0])] == [
        JsDict,
        JsDict,
        list,
        JsDict,
    ]


async def test_an_object_in_json_has_attributes_in_a_bulk_read(filled: KVNamespace) -> None:
    value: Any = (await filled.get(["b"], "json"))["b"]

    assert type(value.n.m[0]) is JsDict
    assert value.n.m[0].x == 1


async def test_metadata_has_attributes_at_every_depth(filled: KVNamespace) -> None:
    entry = await filled.getWithMetadata("b")
    listed = (await filled.list(prefix="b"))["keys"][0]

    assert entry.metadata.tags[0].t == listed.metadata.tags[0].t == "é"


async def test_an_entry_has_exactly_three_items(filled: KVNamespace) -> None:
    for key in ("a", "c", "nothing"):
        entry = await filled.getWithMetadata(key)

        assert type(entry) is ValueWithMetadata
        assert list(entry) == ["value", "metadata", "cacheStatus"]


async def test_an_entry_of_a_bulk_read_has_no_cache_status(filled: KVNamespace) -> None:
    result = await filled.getWithMetadata(["a", "nothing"])

    assert isinstance(result, dict)
    assert result["nothing"] is None
    assert type(result["a"]) is BulkValueWithMetadata
    assert result["a"] == {"value": "plain", "metadata": None}


async def test_a_bulk_read_returns_a_dict(filled: KVNamespace) -> None:
    result = await filled.get(["c", "a"])

    assert isinstance(result, dict)
    assert list(result.items()) == [("c", "[]"), ("a", "plain")]


async def test_a_page_and_its_keys_have_attributes(filled: KVNamespace) -> None:
    page = await filled.list(limit=2)

    assert type(page) is ListResult
    assert list(page) == ["keys", "list_complete", "cursor", "cacheStatus"]
    assert (page.list_complete, page.cacheStatus) == (False, missed(filled))
    assert [type(key) for key in page["keys"]] == [ListKey, ListKey]
    assert page["keys"][0].name == "a"


async def test_the_last_page_has_no_cursor(filled: KVNamespace) -> None:
    page = await filled.list()

    assert list(page) == ["keys", "list_complete", "cacheStatus"]
    with pytest.raises(AttributeError, match=r"^cursor$"):
        _ = page.cursor


async def test_a_listed_key_has_only_the_items_that_are_set(filled: KVNamespace) -> None:
    plain, annotated, expiring = (await filled.list())["keys"]

    assert list(plain) == ["name"]
    assert list(annotated) == ["name", "metadata"]
    assert list(expiring) == ["name", "expiration"]
    assert expiring.expiration == START + 60


async def test_a_page_without_metadata_has_the_same_structure(kv: KVNamespace) -> None:
    kv.namespace.seed({"a": "1", "b": "2"})

    keys = (await kv.list())["keys"]

    assert keys == [{"name": "a"}, {"name": "b"}]
    assert [type(key) for key in keys] == [ListKey, ListKey]


async def test_changing_a_result_does_not_change_the_record(filled: KVNamespace) -> None:
    entry = await filled.getWithMetadata("b", "json")
    entry.value.n = entry.metadata.tags = None
    page = await filled.list()
    page["keys"].clear()

    again = await filled.getWithMetadata("b", "json")

    assert again.value == {"n": {"m": [{"x": 1}]}}
    assert again.metadata == {"tags": [{"t": "é"}]}
    assert len((await filled.list())["keys"]) == 3


async def test_integer_property_names_are_first_as_in_javascript(kv: KVNamespace) -> None:
    await kv.put("key", '{"b": 1, "10": 2, "9": 3}', metadata={"b": 1, "10": 2, "9": 3})

    entry = await kv.getWithMetadata("key", "json")

    assert list(entry.value) == list(entry.metadata) == ["9", "10", "b"]
