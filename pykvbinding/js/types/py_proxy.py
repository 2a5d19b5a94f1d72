"""`PyProxy`: a Python value that JavaScript holds, until somebody destroys the proxy."""

from collections.abc import Callable, Iterable
from typing import Any

from pykvbinding.js.core import errors
from pykvbinding.js.core.proxy import Convert, JsProxy
from pykvbinding.js.types.object import JsObject
from pykvbinding.js.types.typed_array import of_python_buffer

_DESTROYED: Any = object()


class PyProxy(JsProxy, name="PyProxy"):
    """What `create_proxy` returns: attributes are those of the Python value.

    >>> proxy = PyProxy([1, 2])
    >>> proxy.unwrap(), proxy.type
    ([1, 2], 'list')
    """

    __slots__ = ("_held",)

    def __init__(self, held: Any) -> None:
        _set_held(self, held)

    def unwrap(self) -> Any:
        """The Python value. Raises: JsException, "Object has already been destroyed"."""
        held = _held_by(self)
        if held is _DESTROYED:
            raise errors.proxy_destroyed()
        return held

    def to_py(
        self,
        *,
        depth: int = -1,  # noqa: ARG002
        default_converter: Convert | None = None,  # noqa: ARG002
    ) -> Any:
        """The Python value itself."""
        return self.unwrap()

    def destroy(self) -> None:
        """Let go of the Python value; a second call does nothing."""
        _set_held(self, _DESTROYED)

    def getBuffer(self, type: str | None = None) -> "PyBufferView":  # noqa: ARG002
        """The value as a buffer, in place: `data` is a typed array over it."""
        return PyBufferView(self.unwrap())

    @property
    def type(self) -> str:
        """The name of the Python class."""
        return type(self.unwrap()).__name__

    def toString(self) -> str:
        """`str()` of the value."""
        return str(self)

    def __getattr__(self, name: str) -> Any:
        held = self.unwrap()
        if isinstance(held, dict) and name in held:
            return held[name]
        if name == "length" and hasattr(type(held), "__len__"):
            return len(held)
        try:
            return getattr(held, name)
        except AttributeError:
            raise AttributeError(name) from None

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self.unwrap(), name, value)

    def __str__(self) -> str:
        return str(self.unwrap())

    __repr__ = __str__


class PyCallableProxy(PyProxy, name="PyProxy"):
    """A proxy of what Python can call. Keywords arrive as one object, as from JavaScript."""

    __slots__ = ()

    typeof = "function"

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Call the Python value. Raises: JsException, "Object has already been destroyed"."""
        if named:
            return self.unwrap()(*arguments, JsObject(named))
        return self.unwrap()(*arguments)


class OnceCallable(JsProxy, name="Function"):
    """What `create_once_callable` returns: its first call is its last."""

    __slots__ = ("_held",)

    typeof = "function"

    def __init__(self, function: Callable[..., Any]) -> None:
        self._held: Any = function

    def __call__(self, *arguments: Any) -> Any:
        """Call it. Raises: JsException, "OnceProxy can only be called once"."""
        if self._held is _DESTROYED:
            raise errors.once_called()
        function, self._held = self._held, _DESTROYED
        return function(*arguments)

    def destroy(self) -> None:
        """Let go of the function, called or not."""
        self._held = _DESTROYED


class PyBufferView(JsProxy, name="PyBufferView"):
    """The memory of a Python buffer, until `release()`."""

    __slots__ = ("_array", "_view")

    def __init__(self, held: Any) -> None:
        array = of_python_buffer(held, copied=False)
        if array is None:
            raise errors.no_buffer()
        self._array: Any = array
        self._view = memoryview(held)

    def release(self) -> None:
        """Let go of the memory; afterwards there is no `data`."""
        self._array = None

    def __getattr__(self, name: str) -> Any:
        if self._array is None:
            raise AttributeError(name)
        if name == "data":
            return self._array
        if name in _OF_VIEW:
            return getattr(self._view, name)
        raise AttributeError(name)

    def __str__(self) -> str:
        return "[object Object]"

    __repr__ = __str__


_OF_VIEW = frozenset(("c_contiguous", "f_contiguous", "format", "itemsize", "nbytes", "ndim")) | {
    *("readonly", "shape", "strides")
}
_slot: Any = PyProxy.__dict__["_held"]
_set_held = _slot.__set__
_held_by = _slot.__get__


def create_proxy(obj: Any, /, *, capture_this: bool = False, roundtrip: bool = True) -> PyProxy:  # noqa: ARG001
    """A proxy of `obj` that lives until `destroy()`."""
    return PyCallableProxy(obj) if callable(obj) else PyProxy(obj)


def create_once_callable(obj: Callable[..., Any], /) -> OnceCallable:
    """A function that can be called once, and is destroyed by that."""
    return OnceCallable(obj)


def destroy_proxies(pyproxies: Iterable[Any], /) -> None:
    """Destroy all proxies in an Array that `to_js(…, pyproxies=…)` has filled."""
    for proxy in pyproxies:
        if isinstance(proxy, PyProxy):
            proxy.destroy()
