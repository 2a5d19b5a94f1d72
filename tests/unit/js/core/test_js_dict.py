"""`JsDict`: a dict and a JavaScript object at once."""

import copy
import json
import pickle

import pytest

from pykvbinding.js.core.js_dict import JsDict


def test_an_item_is_an_attribute() -> None:
    assert JsDict(name="a").name == "a"


def test_a_missing_attribute_is_named_in_the_error() -> None:
    with pytest.raises(AttributeError) as caught:
        _ = JsDict(name="a").metadata

    assert str(caught.value) == "metadata"


def test_a_missing_attribute_hides_the_lookup_that_failed() -> None:
    with pytest.raises(AttributeError) as caught:
        _ = JsDict().metadata

    assert caught.value.__suppress_context__


def test_a_missing_attribute_can_have_a_default() -> None:
    assert getattr(JsDict(), "cursor", "none") == "none"


def test_setting_an_attribute_sets_the_item() -> None:
    found = JsDict(name="a")

    found.name = "b"

    assert found == {"name": "b"}


def test_a_name_that_dict_has_keeps_its_meaning() -> None:
    page = JsDict(keys=[1])

    assert list(page.keys()) == ["keys"]
    assert page["keys"] == [1]


def test_setting_a_name_that_dict_has_sets_the_item_only() -> None:
    page = JsDict()

    page.items = [1]  # type: ignore[method-assign, assignment]

    assert page["items"] == [1]
    assert list(page.items()) == [("items", [1])]


def test_it_equals_the_dict_of_its_items() -> None:
    assert JsDict(name="a", expiration=60) == {"name": "a", "expiration": 60}


def test_json_writes_it_as_an_object() -> None:
    assert json.dumps(JsDict(n=1)) == '{"n": 1}'


def test_copy_keeps_the_attributes() -> None:
    assert copy.copy(JsDict(n=1)).n == 1


def test_deepcopy_shares_nothing() -> None:
    original = JsDict(inner=JsDict(n=1))

    copied = copy.deepcopy(original)
    copied.inner.n = 2

    assert original.inner.n == 1


def test_it_survives_pickle() -> None:
    found = pickle.loads(pickle.dumps(JsDict(n=1)))

    assert found.n == 1
