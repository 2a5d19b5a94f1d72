"""What Python gives as a body, as JavaScript takes it."""

from typing import Any

from pykvbinding.workers.standin.formdata import FormData


def to_js_body(body: Any) -> Any:
    """The JavaScript body: a Python form gives its own, all else goes as it is."""
    if type(body) is str:  # before asking an abstract base class, which takes a microsecond
        return body
    return body.js_object if isinstance(body, FormData) else body
