"""`thrown`: what Python catches when JavaScript throws a value that need not be an Error."""

from typing import Any

from pykvbinding.errors import JsException
from pykvbinding.js.types.container import string_of


class Thrown(JsException):
    """A value that was thrown and is no Error: `reason`. Its message is `String(reason)`."""

    def __init__(self, reason: Any) -> None:
        super().__init__("Error", string_of(reason))
        self.reason = reason


def thrown(reason: Any) -> BaseException:
    """The exception to raise where JavaScript throws `reason`.

    >>> error = ValueError("no")
    >>> thrown(error) is error, str(thrown("why")), thrown("why").reason
    (True, 'why', 'why')
    """
    return reason if isinstance(reason, BaseException) else Thrown(reason)
