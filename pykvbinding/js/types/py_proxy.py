"""`PyProxy`: the proxy of a Python value in JavaScript, which lives until `destroy()`."""

from collections.abc import Callable, Iterable
from typing import Any

from pykvbinding.js.core import errors
from pykvbinding.js.core.proxy import DefaultConverter, JsProxy
from pykvbinding.js.types.object import JsObject
from pykvbinding.js.types.typed_array import from_python_buffer

_DESTROYED: Any = object()


class PyProxy(JsProxy, name="PyProxy"):
    """The result of `create_proxy`: its attributes are those of the Python value.

    >>> proxy = PyProxy([1, 2])
    >>> proxy.unwrap(), proxy.type
    ([1, 2], 'list')
    """

    __slots__ = ("_target",)

    def __init__(self, target: Any) -> None:
        _set_target(self, target)

    def unwrap(self) -> Any:
        """Return the Python value. Raises: JsException, "Object has already been destroyed"."""
        target = _get_target(self)
        if target is _DESTROYED:
            raise errors.proxy_destroyed()
        return target

    def to_py(
        self,
        *,
        depth: int = -1,  # noqa: ARG002
        default_converter: DefaultConverter | None = None,  # noqa: ARG002
    ) -> Any:
        """Return the Python value itself."""
        return self.unwrap()

    def destroy(self) -> None:
        """Release the Python value; a second call does nothing."""
        _set_target(self, _DESTROYED)

    def getBuffer(self, type: str | None = None) -> "PyBufferView":  # noqa: ARG002
        """Return a view of the Python buffer: `data` is a typed array over its memory."""
        return PyBufferView(self.unwrap())

    @property
    def type(self) -> str:
        """The name of the Python class."""
        return type(self.unwrap()).__name__

    def toString(self) -> str:
        """Return `str()` of the Python value."""
        return str(self)

    def __getattr__(self, name: str) -> Any:
        target = self.unwrap()
        if isinstance(target, dict) and name in target:
            return target[name]
        if name == "length" and hasattr(type(target), "__len__"):
            return len(target)
        try:
            return getattr(target, name)
        except AttributeError:
            raise AttributeError(name) from None

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self.unwrap(), name, value)

    def __str__(self) -> str:
        return str(self.unwrap())

    __repr__ = __str__


class PyCallableProxy(PyProxy, name="PyProxy"):
    """A proxy of a Python callable. Keyword arguments are passed as one object."""

    __slots__ = ()

    typeof = "function"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the Python value. Raises: JsException, "Object has already been destroyed"."""
        if kwargs:
            return self.unwrap()(*args, JsObject(kwargs))
        return self.unwrap()(*args)


class OnceCallable(JsProxy, name="Function"):
    """The result of `create_once_callable`: a function that can be called once."""

    __slots__ = ("_target",)

    typeof = "function"

    def __init__(self, function: Callable[..., Any]) -> None:
        self._target: Any = function

    def __call__(self, *args: Any) -> Any:
        """Call the function. Raises: JsException, "OnceProxy can only be called once"."""
        if self._target is _DESTROYED:
            raise errors.once_proxy_called_twice()
        function, self._target = self._target, _DESTROYED
        return function(*args)

    def destroy(self) -> None:
        """Release the function, whether or not it was called."""
        self._target = _DESTROYED


class PyBufferView(JsProxy, name="PyBufferView"):
    """A view of the memory of a Python buffer, valid until `release()`."""

    __slots__ = ("_array", "_view")

    def __init__(self, target: Any) -> None:
        array = from_python_buffer(target, copy=False)
        if array is None:
            raise errors.no_buffer_protocol()
        self._array: Any = array
        self._view = memoryview(target)

    def release(self) -> None:
        """Release the memory; the view has no attributes afterwards."""
        self._array = None

    def __getattr__(self, name: str) -> Any:
        if self._array is None:
            raise AttributeError(name)
        if name == "data":
            return self._array
        if name in _VIEW_ATTRIBUTES:
            return getattr(self._view, name)
        raise AttributeError(name)

    def __str__(self) -> str:
        return "[object Object]"

    __repr__ = __str__


_VIEW_ATTRIBUTES = frozenset(
    (
        *("c_contiguous", "f_contiguous", "format", "itemsize", "nbytes", "ndim"),
        *("readonly", "shape", "strides"),
    )
)
_slot: Any = PyProxy.__dict__["_target"]
_set_target = _slot.__set__
_get_target = _slot.__get__


def create_proxy(obj: Any, /, *, capture_this: bool = False, roundtrip: bool = True) -> PyProxy:  # noqa: ARG001
    """Return a proxy of `obj` that lives until `destroy()`."""
    return PyCallableProxy(obj) if callable(obj) else PyProxy(obj)


def create_once_callable(obj: Callable[..., Any], /) -> OnceCallable:
    """Return a function that can be called once; the call destroys its proxy."""
    return OnceCallable(obj)


def destroy_proxies(pyproxies: Iterable[Any], /) -> None:
    """Destroy all proxies in an Array filled by `to_js(…, pyproxies=…)`."""
    for proxy in pyproxies:
        if isinstance(proxy, PyProxy):
            proxy.destroy()
