"""The ids of Durable Objects."""

from typing import Any

from pykvbinding.js.core.proxy import JsProxy


class DurableObjectId(JsProxy, name="DurableObjectId"):
    """An id: 64 hexadecimal digits, and the name from which it was derived, or None."""

    __slots__ = ("_text", "name")

    def __init__(self, text: str, name: str | None) -> None:
        self._text = text
        self.name: str | None = name

    def toString(self) -> str:
        """Return the 64 digits."""
        return self._text

    def equals(self, other: Any, /) -> bool:
        """Return whether both ids identify the same object."""
        return isinstance(other, DurableObjectId) and other._text == self._text

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"<DurableObjectId {self.name or self._text}>"
