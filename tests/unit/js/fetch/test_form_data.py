"""`FormData`: entries in their order, strings and files."""

from typing import Any

import pytest

from pykvbinding.errors import JsException
from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.fetch.blob import Blob, File
from pykvbinding.js.fetch.form_data import FormData


def filled() -> FormData:
    return FormData.of([("a", "1"), ("b", "2"), ("a", "3")])


def test_values_are_found_by_their_names() -> None:
    form = filled()

    assert (form.get("a"), form.get("c"), form.get("c", "default")) == ("1", jsnull, jsnull)
    assert form.getAll("a").to_py() == ["1", "3"]
    assert (form.has("b"), form.has("c")) == (True, False)


@pytest.mark.parametrize(
    ("change", "after"),
    [
        (lambda form: form.append("b", None), ["a1", "b2", "a3", "bundefined"]),
        (lambda form: form.set("a", 5), ["a5", "b2"]),
        (lambda form: form.set("c", "x"), ["a1", "b2", "a3", "cx"]),
        (lambda form: form.delete("a"), ["b2"]),
        (lambda form: form.delete("c"), ["a1", "b2", "a3"]),
        (lambda form: form.__setitem__("b", "x"), ["a1", "bx", "a3"]),
    ],
)
def test_changes_keep_the_order(change: Any, after: list[str]) -> None:
    form = filled()

    change(form)

    assert [name + value for name, value in form] == after


def test_a_blob_becomes_a_file_with_the_name_of_the_entry() -> None:
    form = FormData()

    form.append("a", Blob.of(b"x", "t/t"))
    form.append("b", Blob.of(b"x"), "given")
    form.append("c", Blob.of(b"x"), jsnull)

    files = list(form.values())
    assert [type(file) for file in files] == [File, File, File]
    assert [file.name for file in files] == ["a", "given", "null"]
    assert files[0].type == "t/t"


def test_a_file_stays_the_same_unless_it_gets_another_name() -> None:
    file, form = File(None, "n"), FormData()

    form.append("a", file, None)
    form.append("a", file, "m")

    first, second = form.getAll("a")
    assert first is file
    assert (second.name, file.name) == ("m", "n")


def test_a_name_for_a_text_is_of_no_meaning() -> None:
    form = FormData()

    form.append("a", "x", "name.txt")

    assert form.get("a") == "x"


@pytest.mark.parametrize("method", ["get", "getAll", "has", "delete", "set", "append"])
def test_a_missing_argument_is_refused(method: str) -> None:
    with pytest.raises(JsException, match="'FormData': parameter 1 is not of type 'string'"):
        getattr(FormData(), method)()


def test_a_missing_value_is_refused() -> None:
    with pytest.raises(JsException, match="parameter 2 is not of type 'File or Blob or string'"):
        FormData().append("a")


def test_what_it_is_made_of_is_of_no_meaning_to_the_runtime() -> None:
    assert list(FormData({"a": "b"})) == []


def test_iterators_are_live() -> None:
    form, seen = filled(), []

    for name in form.keys():  # noqa: SIM118 -- the form itself gives pairs
        seen.append(name)
        form.delete(name)

    assert seen == ["a"]


def test_for_each_hands_over_value_name_and_form() -> None:
    form, seen = FormData.of([("a", "1")]), []

    form.forEach(lambda *given: seen.append(given))

    assert seen == [("1", "a", form)]


def test_python_can_ask_by_brackets_and_in() -> None:
    form = filled()

    assert ("a" in form, "c" in form) == (True, False)
    assert (form["a"], form["c"]) == ("1", jsnull)
    assert bool(FormData())
    assert not hasattr(form, "__len__")
    with pytest.raises(KeyError, match="a"):
        del form["a"]
    assert form.pairs() == [("b", "2")]


def test_it_prints_as_in_javascript() -> None:
    assert str(filled()) == repr(filled()) == "[object FormData]"
