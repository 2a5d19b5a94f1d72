"""`JsObject`, members of options arguments, and iteration."""

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


def test_dir_lists_the_members() -> None:
    assert {"status", "object_keys"} <= set(dir(JsObject({"status": 1})))


def test_as_object_map_shares_the_members() -> None:
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
def test_option_members_reads_an_object_and_a_dict(init: Any) -> None:
    members = option_members(init)

    assert members.get("status") == 404
    assert members.get("headers", "none") == "none"


@pytest.mark.parametrize("init", [None, jsnull, "text", 5, 1.5, True, make_map([["status", 404]])])
def test_option_members_is_empty_for_other_values(init: Any) -> None:
    assert option_members(init).get("status") is None


def test_option_members_reads_the_attributes_of_any_object() -> None:
    class Init:
        status = 404

    members = option_members(Init())

    assert (members["status"], "headers" in members) == (404, False)
    assert (list(members), len(members)) == ([], 0)


@pytest.mark.parametrize(
    ("value", "description"), [(True, "boolean true"), (1.5, "number 1.5"), (None, "undefined")]
)
def test_iterate_describes_a_value_that_is_not_iterable(value: Any, description: str) -> None:
    with pytest.raises(JsException, match=f"^{description} is not iterable"):
        iterate(value)


def test_an_entry_of_one_item_has_an_undefined_value() -> None:
    assert iterate_entries([["a"]]) == [("a", None)]
