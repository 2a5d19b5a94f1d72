"""Globals of workerd, and members of globals, that pykvbinding does not emulate."""

from typing import Any

from pykvbinding.js.core.proxy import JsProxy


def not_emulated(path: str) -> NotImplementedError:
    """Return the error for a use of `js.<path>`, such as `js.Number.EPSILON`."""
    global_name = path.partition(".")[0]
    return NotImplementedError(
        f"js.{path} is not emulated by pykvbinding; a test may supply its own: js.{global_name} = …"
    )


class NotEmulated(JsProxy, name="Function"):
    """A placeholder that can be imported, and raises an error when it is used."""

    __slots__ = ("_path",)

    typeof = "function"

    def __init__(self, path: str) -> None:
        self._path = path

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # Python's protocols look these up on any object
            raise AttributeError(name)
        raise not_emulated(self._path)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ARG002
        """Raises: NotImplementedError, "js.caches is not emulated by pykvbinding; …"."""
        raise not_emulated(self._path)

    def __repr__(self) -> str:
        return f"<js.{self._path}, not emulated>"
