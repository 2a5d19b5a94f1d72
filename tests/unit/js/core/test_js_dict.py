"""`JsDict`: a dict whose items are also attributes."""

import copy
import json
import pickle

import pytest

from pykvbinding.js.core.js_dict import JsDict


def test_an_item_is_an_attribute() -> None:
    assert JsDict(name="a").name == "a"


def test_the_error_names_a_missing_attribute() -> None:
    with pytest.raises(AttributeError) as caught:
        _ = JsDict(name="a").metadata

    assert str(caught.value) == "metadata"


def test_a_missing_attribute_suppresses_the_key_error() -> None:
    with pytest.raises(AttributeError) as caught:
        _ = JsDict().metadata

    assert caught.value.__suppress_context__


def test_a_missing_attribute_can_have_a_default() -> None:
    assert getattr(JsDict(), "cursor", "none") == "none"


def test_setting_an_attribute_sets_the_item() -> None:
    entry = JsDict(name="a")

    entry.name = "b"

    assert entry == {"name": "b"}


def test_attributes_of_dict_take_precedence() -> None:
    page = JsDict(keys=[1])

    assert list(page.keys()) == ["keys"]
    assert page["keys"] == [1]


def test_setting_an_attribute_of_dict_sets_only_the_item() -> None:
    page = JsDict()

    page.items = [1]  # type: ignore[method-assign, assignment]

    assert page["items"] == [1]
    assert list(page.items()) == [("items", [1])]


def test_equals_the_dict_of_its_items() -> None:
    assert JsDict(name="a", expiration=60) == {"name": "a", "expiration": 60}


def test_json_serializes_it_as_an_object() -> None:
    assert json.dumps(JsDict(n=1)) == '{"n": 1}'


def test_copy_keeps_the_attributes() -> None:
    assert copy.copy(JsDict(n=1)).n == 1


def test_deepcopy_copies_nested_values() -> None:
    original = JsDict(inner=JsDict(n=1))

    copied = copy.deepcopy(original)
    copied.inner.n = 2

    assert original.inner.n == 1


def test_can_be_pickled() -> None:
    copied = pickle.loads(pickle.dumps(JsDict(n=1)))

    assert copied.n == 1
