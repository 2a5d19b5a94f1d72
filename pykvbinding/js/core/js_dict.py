"""`JsDict`: a JavaScript object in Python, a `dict` whose items are also attributes."""

from typing import Any


class JsDict(dict[str, Any]):
    """A `dict` with attribute access, as the Python Workers SDK returns JavaScript objects.

    Attributes of `dict` take precedence, as in the SDK: `result.keys` is the method, and the keys
    of a page are `result["keys"]`.

    >>> JsDict(name="a", expiration=60).expiration
    60
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value
