"""What our own `workers` asks of a JavaScript value, and how errors become Python's."""

from typing import Any

from pykvbinding.errors import JsException
from pykvbinding.js.core.proxy import jsnull


def class_name(value: Any) -> str | None:
    """The name of the JavaScript class of `value`; None for what is not from JavaScript."""
    constructor = getattr(value, "constructor", None)
    return None if constructor is None else constructor.name


def none_for_null(value: Any) -> Any:
    """Python's None for JavaScript's null."""
    return None if value is jsnull else value


def to_python_error(error: JsException) -> Exception:
    """The Python exception that says the same, ValueError for a RangeError; or the error itself."""
    if error.name == "RangeError":
        return ValueError(error.message)
    if error.name == "TypeError":
        return TypeError(error.message)
    return error


def is_iterable(value: Any) -> bool:
    """Whether `value` is a collection: iterable, but not text or bytes."""
    if isinstance(value, str | bytes):
        return False
    try:
        iter(value)
    except TypeError:
        return False
    return True
