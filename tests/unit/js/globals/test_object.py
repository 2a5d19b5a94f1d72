"""Tests of special cases of the static functions of `js.Object` and `js.Array`."""

import pytest

from pykvbinding.errors import JsException
from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.globals import object as objects
from pykvbinding.js.types.object import JsArray, JsDate, JsObject


def test_object_new_returns_its_argument() -> None:
    value = JsObject({"a": 1})

    assert objects.make_object(value) is value
    assert objects.make_object(jsnull).to_py() == {}


def test_object_is_distinguishes_booleans_and_numbers() -> None:
    assert not objects.object_is(True, 1)
    assert objects.object_is(True, True)
    assert objects.object_is(None)


@pytest.mark.parametrize("length", [-1, 1.5, 2**32])
def test_rejects_an_invalid_array_length(length: float) -> None:
    with pytest.raises(JsException, match="Invalid array length"):
        objects.make_array(length)


def test_values_without_members_have_no_entries() -> None:
    assert objects.entries(JsDate(0)).to_py() == []
    assert objects.array_from(JsDate(0)).to_py() == []


def test_array_from_maps_the_items() -> None:
    assert objects.array_from(JsArray([1, 2]), lambda item, index: item * index).to_py() == [0, 2]
