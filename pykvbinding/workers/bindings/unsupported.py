"""A placeholder for a binding in the wrangler file that pykvbinding does not emulate."""

from typing import Any


class UnsupportedBindingStub:
    """A binding that raises when it is used, with a message that explains the alternatives.

    Raises: NotImplementedError on any use.
    """

    is_worker_binding = True

    __slots__ = ("__kind", "__name")

    def __init__(self, name: str, kind: str) -> None:
        self.__name = name
        self.__kind = kind

    def __getattr__(self, attribute: str) -> Any:
        if attribute == "constructor" or attribute.startswith("_"):
            raise AttributeError(attribute)  # probed on any object to determine its type
        raise _not_emulated(self.__name, self.__kind)

    def __call__(self, *_: Any, **__: Any) -> Any:
        """Raises: NotImplementedError, "env.DB (D1 Database) is not emulated by pykvbinding; …"."""
        raise _not_emulated(self.__name, self.__kind)

    def __repr__(self) -> str:
        return f"<{self.__name}: {self.__kind}, not emulated>"


def _not_emulated(name: str, kind: str) -> NotImplementedError:
    return NotImplementedError(
        f"env.{name} ({kind}) is not emulated by pykvbinding; supply a fake with "
        f"Worker.load(…, bindings={{{name!r}: …}}), or worker.env.{name} = …"
    )
