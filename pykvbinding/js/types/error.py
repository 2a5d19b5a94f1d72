"""`JsError`, an Error of JavaScript that Python can hold, raise and catch; thrown values."""

from typing import Any

from pykvbinding.errors import JsException
from pykvbinding.js.core.coercion import to_js_string
from pykvbinding.js.core.proxy import Constructor, JsProxy

_CODES = {
    "InvalidCharacterError": 5,
    "NotSupportedError": 9,
    "InvalidStateError": 11,
    "TypeMismatchError": 17,
    "AbortError": 20,
    "QuotaExceededError": 22,
    "TimeoutError": 23,
    "DataCloneError": 25,
}


class JsError(JsException, JsProxy, name="Error"):
    """An Error: `js.Error.new("…")` makes one, and `raise` takes it.

    >>> error = JsError("no such note", name="RangeError")
    >>> error.name, error.message, error.toString(), error.constructor.name
    ('RangeError', 'no such note', 'RangeError: no such note', 'RangeError')
    """

    def __init__(self, message: str = "", options: Any = None, *, name: str = "Error") -> None:
        super().__init__(name, message)
        cause = _cause(options)
        if cause is not None:
            self.cause = cause
        self.stack: str = self.toString()

    def toString(self) -> str:
        """The name, and the message behind a colon if there is one."""
        return f"{self.name}: {self.message}" if self.message else self.name


def _constructor(error: JsError) -> Constructor:
    return Constructor(error.name)


# Each kind of error has its own; the base class gives one to a class as a whole.
JsError.constructor = property(_constructor)  # type: ignore[assignment]


class DOMException(JsError, name="DOMException"):
    """An error of the web platform, told by its name ("AbortError"), or its old `code`."""

    def __init__(self, message: str = "", name: str = "Error") -> None:
        super().__init__(message, name=name)

    @property
    def code(self) -> int:
        """The number that such errors had before they had names; 0 for later ones."""
        return _CODES.get(self.name, 0)


def _cause(options: Any) -> Any:
    if isinstance(options, dict):
        return options.get("cause")
    return getattr(options, "cause", None)


class AggregateError(JsError, name="AggregateError"):
    """Several errors in one: `errors`."""

    def __init__(self, errors: Any = (), message: str = "") -> None:
        super().__init__(message, name="AggregateError")
        self.errors = errors


class Thrown(JsException):
    """A thrown value that is not an Error: `reason`. The message is `String(reason)`."""

    def __init__(self, reason: Any) -> None:
        super().__init__("Error", to_js_string(reason))
        self.reason = reason


def thrown(reason: Any) -> BaseException:
    """Return the exception to raise where JavaScript throws `reason`.

    >>> error = ValueError("no")
    >>> thrown(error) is error, str(thrown("why")), thrown("why").reason
    (True, 'why', 'why')
    """
    return reason if isinstance(reason, BaseException) else Thrown(reason)
