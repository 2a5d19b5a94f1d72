"""`Pending`: what a JavaScript method returns that is carried out when it is awaited."""

from collections.abc import Callable, Coroutine, Generator
from typing import Any

from pykvbinding.js.core.proxy import JsProxy


class Pending(JsProxy, name="Promise"):
    """A Promise as far as Python sees one: it can be awaited, and has `then`.

    As with every operation here, it begins when it is awaited, and Python complains of one that
    nobody awaits.
    """

    __slots__ = ("_coroutine",)

    def __init__(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        self._coroutine = coroutine

    def __await__(self) -> Generator[Any, None, Any]:
        return self._coroutine.__await__()

    def then(
        self,
        fulfilled: Callable[[Any], Any] | None = None,
        rejected: Callable[[Any], Any] | None = None,
    ) -> Any:
        """A promise of what the callback for its outcome returns; it begins at once."""
        from pykvbinding.js.core.promise import Deferred

        return Deferred.of(self._coroutine).then(fulfilled, rejected)
