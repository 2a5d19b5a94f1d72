"""What the static functions of `js.Object` and `js.Array` refuse or leave alone."""

import pytest

from pykvbinding.errors import JsException
from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.globals import object as objects
from pykvbinding.js.types.object import JsArray, JsDate, JsObject


def test_a_new_object_of_an_object_is_that_object() -> None:
    held = JsObject({"a": 1})

    assert objects.make_object(held) is held
    assert objects.make_object(jsnull).to_py() == {}


def test_booleans_and_numbers_are_not_the_same() -> None:
    assert not objects.object_is(True, 1)
    assert objects.object_is(True, True)
    assert objects.object_is(None)


@pytest.mark.parametrize("length", [-1, 1.5, 2**32])
def test_an_array_has_a_whole_length(length: float) -> None:
    with pytest.raises(JsException, match="Invalid array length"):
        objects.make_array(length)


def test_what_has_no_members_has_no_entries() -> None:
    assert objects.entries(JsDate(0)).to_py() == []
    assert objects.array_from(JsDate(0)).to_py() == []


def test_an_array_is_made_of_what_a_function_makes_of_the_items() -> None:
    assert objects.array_from(JsArray([1, 2]), lambda item, index: item * index).to_py() == [0, 2]
