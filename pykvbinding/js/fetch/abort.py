"""`AbortController` and `AbortSignal`: calling off what is under way."""

from collections.abc import Callable
from typing import Any

from pykvbinding.js.core import errors, runtime_errors
from pykvbinding.js.core.proxy import JsProxy, jsnull
from pykvbinding.js.types.error import DOMException, thrown
from pykvbinding.js.types.object import JsArray, JsObject


class AbortSignal(JsProxy, name="AbortSignal"):
    """Tells whoever listens, once, that something is called off."""

    __slots__ = ("__weakref__", "_listeners", "_told", "aborted", "onabort", "reason")

    aborted: bool
    """Whether it is called off."""

    reason: Any
    """Why: what `abort` was given, by default an AbortError; `None` before."""

    onabort: Any
    """A function to call with the event, or jsnull."""

    _listeners: list[Callable[[Any], Any]]
    _told: list[Callable[[], Any]]

    def __init__(self) -> None:
        raise runtime_errors.illegal_constructor()

    @classmethod
    def make(cls) -> "AbortSignal":
        """A signal that nobody has given yet."""
        made = cls.__new__(cls)
        made.aborted = False
        made.reason = None
        made.onabort = jsnull
        made._listeners = []
        made._told = []
        return made

    @classmethod
    def abort(cls, reason: Any = None) -> "AbortSignal":
        """`AbortSignal.abort(reason)`: one that is given already."""
        made = cls.make()
        made.give(_reason(reason))
        return made

    @classmethod
    def timeout(cls, delay_ms: float) -> "AbortSignal":
        """`AbortSignal.timeout(milliseconds)`: one that is given by itself, later."""
        import asyncio  # only who waits comes here

        made = cls.make()
        error = DOMException("The operation was aborted due to timeout", "TimeoutError")
        seconds = max(delay_ms, 0) / 1000
        asyncio.get_running_loop().call_later(seconds, made.give, error)
        return made

    @classmethod
    def any(cls, signals: Any) -> "AbortSignal":
        """`AbortSignal.any(signals)`: one that is given with the first of them."""
        if not isinstance(signals, list | tuple | JsArray):
            raise errors.not_of_type("any", "AbortSignal", 1, "Array")
        made = cls.make()
        for signal in signals:
            signal.when_aborted(lambda signal=signal: made.give(signal.reason))
        return made

    def throwIfAborted(self) -> None:
        """Raise `reason`, if the signal was given."""
        if self.aborted:
            raise thrown(self.reason)

    def addEventListener(
        self,
        kind: str,
        listener: Callable[[Any], Any],
        options: Any = None,  # noqa: ARG002
    ) -> None:
        """Call `listener` with the event "abort". It comes once, whatever `options` say."""
        if kind == "abort" and listener not in self._listeners:
            self._listeners.append(listener)

    def removeEventListener(self, kind: str, listener: Callable[[Any], Any]) -> None:
        """Do not call `listener` after all."""
        if kind == "abort" and listener in self._listeners:
            self._listeners.remove(listener)

    def when_aborted(self, callback: Callable[[], Any]) -> None:
        """Call `callback` when the signal is given, before any listener; now, if it was."""
        if self.aborted:
            callback()
        else:
            self._told.append(callback)

    def forget(self, callback: Callable[[], Any]) -> None:
        """Take back `when_aborted`."""
        if callback in self._told:
            self._told.remove(callback)

    def give(self, reason: Any) -> None:
        """Tell everybody, unless they were told."""
        if self.aborted:
            return
        self.aborted = True
        self.reason = reason
        told, self._told = self._told, []
        for callback in told:
            callback()
        event = JsObject({"type": "abort", "target": self, "currentTarget": self})
        if callable(self.onabort):
            self.onabort(event)
        for listener in list(self._listeners):
            listener(event)


class AbortController(JsProxy, name="AbortController"):
    """Gives a signal: `controller.abort(reason)` tells who listens to `controller.signal`.

    >>> controller = AbortController()
    >>> controller.abort("enough")
    >>> controller.signal.aborted, controller.signal.reason
    (True, 'enough')
    """

    __slots__ = ("_signal",)

    def __init__(self) -> None:
        self._signal = AbortSignal.make()

    @property
    def signal(self) -> AbortSignal:
        """The signal to hand to `fetch`."""
        return self._signal

    def abort(self, reason: Any = None) -> None:
        """Give the signal; a second time does nothing."""
        self._signal.give(_reason(reason))


def _reason(reason: Any) -> Any:
    if reason is not None:
        return reason
    return DOMException("The operation was aborted", "AbortError")
