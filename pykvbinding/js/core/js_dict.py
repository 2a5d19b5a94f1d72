"""The shape of a JavaScript object in Python: a `dict` whose items are attributes too."""

from typing import Any


class JsDict(dict[str, Any]):
    """A `dict` with attribute access, as the Python Workers SDK returns JavaScript objects.

    A name that `dict` itself has keeps its meaning there and here: `result.keys` is the method,
    so the keys of a page are `result["keys"]`.

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
