"""JavaScript errors as Python exceptions: `JsError`, `DOMException`, and other thrown values."""

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
    """An Error, as `js.Error.new("…")` returns it. It can be raised.

    >>> error = JsError("no such note", name="RangeError")
    >>> error.name, error.message, error.toString(), error.constructor.name
    ('RangeError', 'no such note', 'RangeError: no such note', 'RangeError')
    """

    def __init__(self, message: str = "", options: Any = None, *, name: str = "Error") -> None:
        super().__init__(name, message)
        cause = _get_cause(options)
        if cause is not None:
            self.cause = cause
        self.stack: str = self.toString()

    def toString(self) -> str:
        """Return the name, followed by a colon and the message if it is not empty."""
        return f"{self.name}: {self.message}" if self.message else self.name


def _get_constructor(error: JsError) -> Constructor:
    return Constructor(error.name)


# An instance attribute: the constructor depends on `name`. Other proxies have one per class.
JsError.constructor = property(_get_constructor)  # type: ignore[assignment]


class DOMException(JsError, name="DOMException"):
    """An error of the web platform, identified by its name ("AbortError") or legacy `code`."""

    def __init__(self, message: str = "", name: str = "Error") -> None:
        super().__init__(message, name=name)

    @property
    def code(self) -> int:
        """The legacy number of the error; 0 for a name without one."""
        return _CODES.get(self.name, 0)


def _get_cause(options: Any) -> Any:
    if isinstance(options, dict):
        return options.get("cause")
    return getattr(options, "cause", None)


class AggregateError(JsError, name="AggregateError"):
    """An error that combines several `errors`."""

    def __init__(self, errors: Any = (), message: str = "") -> None:
        super().__init__(message, name="AggregateError")
        self.errors = errors


class ThrownValue(JsException):
    """A thrown value that is not an Error: `reason`. The message is `String(reason)`."""

    def __init__(self, reason: Any) -> None:
        super().__init__("Error", to_js_string(reason))
        self.reason = reason


def to_exception(reason: Any) -> BaseException:
    """Return the exception to raise where JavaScript throws `reason`.

    >>> error = ValueError("no")
    >>> to_exception(error) is error, str(to_exception("why")), to_exception("why").reason
    (True, 'why', 'why')
    """
    return reason if isinstance(reason, BaseException) else ThrownValue(reason)
