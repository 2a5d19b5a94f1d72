"""thrown: what Python raises for whatever JavaScript throws."""

from pykvbinding.errors import JsException
from pykvbinding.js.types.error import JsError
from pykvbinding.js.types.thrown import Thrown, thrown


def test_an_error_is_raised_itself() -> None:
    error, other = JsError("no"), ZeroDivisionError()

    assert thrown(error) is error
    assert thrown(other) is other


def test_anything_else_is_raised_as_an_error_that_remembers_it() -> None:
    error = thrown(5)

    assert isinstance(error, Thrown)
    assert isinstance(error, JsException)
    assert (error.name, error.message, error.reason) == ("Error", "5", 5)


def test_the_message_is_the_string_of_the_value() -> None:
    assert [str(thrown(value)) for value in ("why", None, True)] == ["why", "undefined", "true"]
