"""`JsMap`, `LiteralMap` and `JsSet`, beyond the comparison with Pyodide."""

from pykvbinding.js.types.map import JsMap, JsSet, LiteralMap


def test_a_map_is_equal_only_to_itself_and_hashable() -> None:
    sizes = JsMap({"a": 1})

    assert sizes == sizes
    assert sizes != JsMap({"a": 1})
    assert {sizes: "known"}[sizes] == "known"


def test_the_callback_of_for_each_can_change_the_map() -> None:
    sizes = JsMap({"a": 1, "b": 2})

    sizes.forEach(lambda value, key, js_map: js_map.delete(key))

    assert sizes.size == 0


def test_the_members_of_a_literal_map_are_its_string_keys_except_those_of_map() -> None:
    js_map = LiteralMap({"status": 404, "get": 1, 5: 6})

    assert js_map.string_members() == {"status": 404}
    assert str(js_map) == "[object Map]"


def test_a_set_iterates_in_insertion_order() -> None:
    seen = JsSet(["b", "a", "b"])

    assert list(seen.keys()) == ["b", "a"]
    assert [pair.to_py() for pair in seen.entries()] == [["b", "b"], ["a", "a"]]


def test_clear_removes_all_items() -> None:
    seen = JsSet([1])

    seen.clear()

    assert (len(seen), str(seen)) == (0, "[object Set]")


def test_for_each_of_a_set_passes_each_item_twice() -> None:
    calls: list[object] = []

    JsSet(["a"]).forEach(lambda *args: calls.append(args[:2]))

    assert calls == [("a", "a")]
