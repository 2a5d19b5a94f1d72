"""Tests of `FormData`: entries, files, iteration, and the members that Pyodide adds."""

from typing import Any

import pytest

from pykvbinding.errors import JsException
from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.fetch.blob import Blob, File
from pykvbinding.js.fetch.form_data import FormData


def make_form() -> FormData:
    return FormData.of([("a", "1"), ("b", "2"), ("a", "3")])


def test_get_getall_and_has_find_values_by_name() -> None:
    form = make_form()

    assert (form.get("a"), form.get("c"), form.get("c", "default")) == ("1", jsnull, jsnull)
    assert form.getAll("a").to_py() == ["1", "3"]
    assert (form.has("b"), form.has("c")) == (True, False)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda form: form.append("b", None), ["a1", "b2", "a3", "bundefined"]),
        (lambda form: form.set("a", 5), ["a5", "b2"]),
        (lambda form: form.set("c", "x"), ["a1", "b2", "a3", "cx"]),
        (lambda form: form.delete("a"), ["b2"]),
        (lambda form: form.delete("c"), ["a1", "b2", "a3"]),
        (lambda form: form.__setitem__("b", "x"), ["a1", "bx", "a3"]),
    ],
)
def test_changes_keep_the_order(change: Any, expected: list[str]) -> None:
    form = make_form()

    change(form)

    assert [name + value for name, value in form] == expected


def test_a_blob_becomes_a_file_with_the_name_of_the_entry() -> None:
    form = FormData()

    form.append("a", Blob.of(b"x", "t/t"))
    form.append("b", Blob.of(b"x"), "given")
    form.append("c", Blob.of(b"x"), jsnull)

    files = list(form.values())
    assert [type(file) for file in files] == [File, File, File]
    assert [file.name for file in files] == ["a", "given", "null"]
    assert files[0].type == "t/t"


def test_a_file_is_kept_unless_it_is_renamed() -> None:
    file, form = File(None, "n"), FormData()

    form.append("a", file, None)
    form.append("a", file, "m")

    first, second = form.getAll("a")
    assert first is file
    assert (second.name, file.name) == ("m", "n")


def test_the_filename_of_a_text_is_ignored() -> None:
    form = FormData()

    form.append("a", "x", "name.txt")

    assert form.get("a") == "x"


@pytest.mark.parametrize("method", ["get", "getAll", "has", "delete", "set", "append"])
def test_rejects_a_missing_argument(method: str) -> None:
    with pytest.raises(JsException, match="'FormData': parameter 1 is not of type 'string'"):
        getattr(FormData(), method)()


def test_rejects_a_missing_value() -> None:
    with pytest.raises(JsException, match="parameter 2 is not of type 'File or Blob or string'"):
        FormData().append("a")


def test_the_argument_of_the_constructor_is_ignored() -> None:
    assert list(FormData({"a": "b"})) == []


def test_iterators_reflect_later_changes() -> None:
    form, seen = make_form(), []

    for name in form.keys():  # noqa: SIM118 -- the form itself gives pairs
        seen.append(name)
        form.delete(name)

    assert seen == ["a"]


def test_foreach_passes_value_name_and_form() -> None:
    form, seen = FormData.of([("a", "1")]), []

    form.forEach(lambda *args: seen.append(args))

    assert seen == [("1", "a", form)]


def test_supports_brackets_and_in() -> None:
    form = make_form()

    assert ("a" in form, "c" in form) == (True, False)
    assert (form["a"], form["c"]) == ("1", jsnull)
    assert bool(FormData())
    assert not hasattr(form, "__len__")
    with pytest.raises(KeyError, match="a"):
        del form["a"]
    assert form.pairs() == [("b", "2")]


def test_str_and_repr_are_those_of_javascript() -> None:
    assert str(make_form()) == repr(make_form()) == "[object FormData]"
