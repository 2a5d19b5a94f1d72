"""`AbortController` and `AbortSignal`, which abort pending operations."""

from collections.abc import Callable
from typing import Any

from pykvbinding.js.core import errors, runtime_errors
from pykvbinding.js.core.proxy import JsProxy, jsnull
from pykvbinding.js.types.error import DOMException, to_exception
from pykvbinding.js.types.object import JsArray, JsObject


class AbortSignal(JsProxy, name="AbortSignal"):
    """Notifies listeners, once, that an operation was aborted."""

    __slots__ = ("__weakref__", "_abort_algorithms", "_listeners", "aborted", "onabort", "reason")

    aborted: bool
    """Whether the signal has been aborted."""

    reason: Any
    """The argument of `abort`, by default an AbortError; `None` before the abort."""

    onabort: Any
    """A function that is called with the event, or jsnull."""

    _listeners: list[Callable[[Any], Any]]
    _abort_algorithms: list[Callable[[], Any]]

    def __init__(self) -> None:
        raise runtime_errors.illegal_constructor()

    @classmethod
    def make(cls) -> "AbortSignal":
        """Return a signal that is not aborted."""
        signal = cls.__new__(cls)
        signal.aborted = False
        signal.reason = None
        signal.onabort = jsnull
        signal._listeners = []
        signal._abort_algorithms = []
        return signal

    @classmethod
    def abort(cls, reason: Any = None) -> "AbortSignal":
        """Return a signal that is already aborted, as `AbortSignal.abort(reason)`."""
        signal = cls.make()
        signal.signal_abort(_reason_or_default(reason))
        return signal

    @classmethod
    def timeout(cls, delay_ms: float) -> "AbortSignal":
        """Return a signal that aborts after `delay_ms` milliseconds."""
        import asyncio  # only timeouts need it

        signal = cls.make()
        error = DOMException("The operation was aborted due to timeout", "TimeoutError")
        seconds = max(delay_ms, 0) / 1000
        asyncio.get_running_loop().call_later(seconds, signal.signal_abort, error)
        return signal

    @classmethod
    def any(cls, signals: Any) -> "AbortSignal":
        """Return a signal that aborts with the first of `signals`."""
        if not isinstance(signals, list | tuple | JsArray):
            raise errors.not_of_type("any", "AbortSignal", 1, "Array")
        dependent = cls.make()
        for signal in signals:
            signal.add_abort_algorithm(lambda signal=signal: dependent.signal_abort(signal.reason))
        return dependent

    def throwIfAborted(self) -> None:
        """Raise `reason` if the signal has been aborted."""
        if self.aborted:
            raise to_exception(self.reason)

    def addEventListener(
        self,
        event_type: str,
        listener: Callable[[Any], Any],
        options: Any = None,  # noqa: ARG002
    ) -> None:
        """Call `listener` with the event "abort", which occurs once; `options` are ignored."""
        if event_type == "abort" and listener not in self._listeners:
            self._listeners.append(listener)

    def removeEventListener(self, event_type: str, listener: Callable[[Any], Any]) -> None:
        """Remove a listener."""
        if event_type == "abort" and listener in self._listeners:
            self._listeners.remove(listener)

    def add_abort_algorithm(self, callback: Callable[[], Any]) -> None:
        """Call `callback` on the abort, before any listener; at once if already aborted."""
        if self.aborted:
            callback()
        else:
            self._abort_algorithms.append(callback)

    def remove_abort_algorithm(self, callback: Callable[[], Any]) -> None:
        """Remove a callback that `add_abort_algorithm` has added."""
        if callback in self._abort_algorithms:
            self._abort_algorithms.remove(callback)

    def signal_abort(self, reason: Any) -> None:
        """Abort the signal: call the algorithms and listeners. A second call does nothing."""
        if self.aborted:
            return
        self.aborted = True
        self.reason = reason
        algorithms, self._abort_algorithms = self._abort_algorithms, []
        for callback in algorithms:
            callback()
        event = JsObject({"type": "abort", "target": self, "currentTarget": self})
        if callable(self.onabort):
            self.onabort(event)
        for listener in list(self._listeners):
            listener(event)


class AbortController(JsProxy, name="AbortController"):
    """`controller.abort(reason)` aborts the signal `controller.signal`.

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
        """The signal, which is an option of `fetch`."""
        return self._signal

    def abort(self, reason: Any = None) -> None:
        """Abort the signal; a second call does nothing."""
        self._signal.signal_abort(_reason_or_default(reason))


def _reason_or_default(reason: Any) -> Any:
    if reason is not None:
        return reason
    return DOMException("The operation was aborted", "AbortError")
