"""`JsMap`, `LiteralMap` and `JsSet` beyond what is compared with Pyodide."""

from pykvbinding.js.types.map import JsMap, JsSet, LiteralMap


def test_a_map_is_equal_only_to_itself_and_can_be_a_key() -> None:
    sizes = JsMap({"a": 1})

    assert sizes == sizes
    assert sizes != JsMap({"a": 1})
    assert {sizes: "known"}[sizes] == "known"


def test_for_each_may_change_the_map() -> None:
    sizes = JsMap({"a": 1, "b": 2})

    sizes.forEach(lambda value, key, whole: whole.delete(key))

    assert sizes.size == 0


def test_what_to_js_makes_of_a_dict_has_its_strings_as_members_unless_maps_have_them() -> None:
    made = LiteralMap({"status": 404, "get": 1, 5: 6})

    assert made.string_members() == {"status": 404}
    assert str(made) == "[object Map]"


def test_a_set_iterates_in_the_order_in_which_things_came() -> None:
    seen = JsSet(["b", "a", "b"])

    assert list(seen.keys()) == ["b", "a"]
    assert [pair.to_py() for pair in seen.entries()] == [["b", "b"], ["a", "a"]]


def test_a_set_can_be_emptied() -> None:
    seen = JsSet([1])

    seen.clear()

    assert (len(seen), str(seen)) == (0, "[object Set]")


def test_for_each_of_a_set_gets_each_item_twice() -> None:
    calls: list[object] = []

    JsSet(["a"]).forEach(lambda *given: calls.append(given[:2]))

    assert calls == [("a", "a")]
