"""A binding that the wrangler file has and pykvbinding does not emulate."""

from typing import Any


class Absent:
    """It stands on the env, and says when it is used what to do about it.

    Raises: NotImplementedError by any use.
    """

    is_of_a_worker = True

    __slots__ = ("__kind", "__name")

    def __init__(self, name: str, kind: str) -> None:
        self.__name = name
        self.__kind = kind

    def __getattr__(self, attribute: str) -> Any:
        if attribute == "constructor" or attribute.startswith("_"):
            raise AttributeError(attribute)  # asked of anything, to find out what it is
        raise _not_emulated(self.__name, self.__kind)

    def __call__(self, *_: Any, **__: Any) -> Any:
        """Refuse.

        Raises: NotImplementedError, "env.DB (D1 Database) is not emulated by pykvbinding; …"
        """
        raise _not_emulated(self.__name, self.__kind)

    def __repr__(self) -> str:
        return f"<{self.__name}: {self.__kind}, not emulated>"


def _not_emulated(name: str, kind: str) -> NotImplementedError:
    return NotImplementedError(
        f"env.{name} ({kind}) is not emulated by pykvbinding; supply your own with "
        f"Worker.load(…, bindings={{{name!r}: …}}), or worker.env.{name} = …"
    )
