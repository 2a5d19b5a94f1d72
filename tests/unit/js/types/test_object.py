"""`JsObject`, and what an argument of options holds."""

from typing import Any

import pytest

from pykvbinding.errors import JsException
from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.globals.object import make_map
from pykvbinding.js.types.object import (
    JsObject,
    LiteralMap,
    iterate,
    iterate_entries,
    option_members,
)
from pykvbinding.js.types.to_js import to_js


def test_the_members_of_an_object_are_listed() -> None:
    assert {"status", "object_keys"} <= set(dir(JsObject({"status": 1})))


def test_an_object_and_the_mapping_of_its_members_change_together() -> None:
    holder = JsObject({"a": 1})

    holder.as_object_map()["b"] = 2
    holder.from_ = 3

    assert holder.to_py() == {"a": 1, "b": 2, "from": 3}


@pytest.mark.parametrize(
    "init",
    [
        JsObject({"status": 404}),
        {"status": 404},
        LiteralMap({"status": 404}),
        to_js({"status": 404}),
    ],
)
def test_options_are_found_in_an_object_and_in_a_dict(init: Any) -> None:
    found = option_members(init)

    assert found.get("status") == 404
    assert found.get("headers", "none") == "none"


@pytest.mark.parametrize("init", [None, jsnull, "text", 5, 1.5, True, make_map([["status", 404]])])
def test_nothing_is_found_in_what_has_no_members(init: Any) -> None:
    assert option_members(init).get("status") is None


def test_options_are_found_among_the_attributes_of_any_object() -> None:
    class Answer:
        status = 404

    found = option_members(Answer())

    assert (found["status"], "headers" in found, list(found), len(found)) == (404, False, [], 0)


@pytest.mark.parametrize(
    ("value", "told"), [(True, "boolean true"), (1.5, "number 1.5"), (None, "undefined")]
)
def test_what_does_not_iterate_is_told_by_its_kind(value: Any, told: str) -> None:
    with pytest.raises(JsException, match=f"^{told} is not iterable"):
        iterate(value)


def test_an_entry_of_one_item_has_an_undefined_value() -> None:
    assert iterate_entries([["a"]]) == [("a", None)]
