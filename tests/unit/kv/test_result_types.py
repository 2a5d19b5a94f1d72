"""The annotated result classes at run time: they behave as `JsDict`."""

import copy
import json
import pickle
from collections.abc import Callable

import pytest

from pykvbinding import KVNamespace, types
from pykvbinding.js.core.js_dict import JsDict
from pykvbinding.kv.result_types import (
    BulkValueWithMetadata,
    ListKey,
    ListResult,
    ValueWithMetadata,
)

RESULTS: list[JsDict] = [
    ListKey(name="a", expiration=60, metadata={"n": 1}),
    ListResult(keys=[ListKey(name="a")], list_complete=False, cursor="c", cacheStatus=None),
    ValueWithMetadata[str | None](value=None, metadata=None, cacheStatus="HIT"),
    BulkValueWithMetadata[str](value="v", metadata=None),
]
CLASSES = [ListKey, ListResult, ValueWithMetadata, BulkValueWithMetadata]


@pytest.mark.parametrize("result", RESULTS, ids=lambda result: type(result).__name__)
def test_a_result_equals_the_dict_of_its_items(result: JsDict) -> None:
    assert result == dict(result)
    assert result == JsDict(result)
    assert repr(result) == repr(dict(result))
    assert json.dumps(result) == json.dumps(dict(result))


@pytest.mark.parametrize(
    "copied",
    [copy.copy, copy.deepcopy, lambda result: pickle.loads(pickle.dumps(result))],
    ids=["copy", "deepcopy", "pickle"],
)
@pytest.mark.parametrize("result", RESULTS, ids=lambda result: type(result).__name__)
def test_a_copy_of_a_result_has_its_class_and_items(
    result: JsDict, copied: Callable[[JsDict], JsDict]
) -> None:
    again = copied(result)

    assert type(again) is type(result)
    assert again == result


@pytest.mark.parametrize("result_class", CLASSES)
def test_a_result_class_adds_nothing_to_an_instance(result_class: type[JsDict]) -> None:
    assert issubclass(result_class, JsDict)
    assert result_class().__sizeof__() == JsDict().__sizeof__()
    assert not hasattr(result_class(), "__dict__")


@pytest.mark.parametrize("result_class", CLASSES)
def test_an_annotated_attribute_that_is_not_set_is_missing(result_class: type[JsDict]) -> None:
    for name in ("name", "value", "metadata", "cursor", "list_complete", "cacheStatus"):
        with pytest.raises(AttributeError, match=f"^{name}$"):
            getattr(result_class(), name)


def test_an_attribute_and_an_item_are_the_same() -> None:
    page = ListResult(list_complete=False)

    page.list_complete = True

    assert page["list_complete"] is True


@pytest.mark.parametrize("result_class", CLASSES)
def test_the_types_module_has_the_result_classes(result_class: type[JsDict]) -> None:
    assert getattr(types, result_class.__name__) is result_class


async def test_each_operation_returns_its_class(kv: KVNamespace) -> None:
    await kv.put("k", "v")

    page = await kv.list()
    entry = await kv.getWithMetadata("k")
    entries = await kv.getWithMetadata(["k"])

    assert [type(page), type(page["keys"][0])] == [ListResult, ListKey]
    assert [type(entry), type(entries["k"])] == [ValueWithMetadata, BulkValueWithMetadata]


def test_a_parameter_of_a_result_class_adds_no_item() -> None:
    assert list(ValueWithMetadata[str](value="v")) == ["value"]
    assert list(BulkValueWithMetadata[str](value="v")) == ["value"]
