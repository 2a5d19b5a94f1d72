"""Proxies of JavaScript's functions, constructors and namespaces, the attributes of `js`."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from pykvbinding.errors import JsException
from pykvbinding.js.core import errors
from pykvbinding.js.core.not_emulated import not_emulated
from pykvbinding.js.core.proxy import JsProxy
from pykvbinding.js.types.container import unescape_keyword
from pykvbinding.js.types.object import JsObject

Function = Callable[..., Any]


class JsFunction(JsProxy, name="Function"):
    """A function of JavaScript. Keywords are passed as one object, after the other arguments.

    >>> JsFunction(lambda *args: len(args), "count")(1, a=2, b=3)
    2
    """

    __slots__ = ("_function", "name")

    typeof = "function"

    def __init__(self, function: Function, name: str) -> None:
        self._function = function
        self.name: str = name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function."""
        if kwargs:
            return self._function(*args, JsObject(kwargs))
        return self._function(*args)

    def call(self, this: Any = None, *args: Any) -> Any:  # noqa: ARG002
        """Call the function, as `function.call(this, …)`; `this` is ignored."""
        return self._function(*args)

    def apply(self, this: Any = None, args: Any = ()) -> Any:  # noqa: ARG002
        """Call the function, as `function.apply(this, […])`; `this` is ignored."""
        return self._function(*args)

    def bind(self, this: Any = None, *bound: Any) -> "JsFunction":  # noqa: ARG002
        """Return the function with its first arguments bound; `this` is ignored."""
        return JsFunction(lambda *args: self._function(*bound, *args), f"bound {self.name}")

    def toString(self) -> str:
        """Return the text that V8 shows instead of the source of a built-in function."""
        return str(self)

    def __str__(self) -> str:
        return f"function {self.name}() {{ [native code] }}"

    __repr__ = __str__


def _to_js_member(value: Any, name: str) -> Any:
    """Convert a Python function to a JsFunction; return any other value."""
    is_js_value = isinstance(value, JsProxy) or not callable(value)
    return value if is_js_value else JsFunction(value, unescape_keyword(name))


class JsClass(JsProxy, name="Function"):
    """A constructor of JavaScript: `js.Headers.new(…)`; its static members are attributes.

    `construct` makes an instance. `call` implements a call without `new`, such as
    `js.Error("…")`; by default such a call raises an error, whose text is V8's for classes of the
    language (`of_v8`) and else workerd's. `not_emulated` lists the static members that raise a
    NotImplementedError.
    """

    __slots__ = ("_call", "_construct", "_not_emulated", "_of_v8", "_statics", "name")

    typeof = "function"

    def __init__(
        self,
        construct: Function,
        name: str | None = None,
        *,
        call: Function | None = None,
        of_v8: bool = False,
        not_emulated: Collection[str] = (),
        **statics: Any,
    ) -> None:
        self._construct = construct
        self.name: Any | str = construct.constructor.name if name is None else name  # type: ignore[attr-defined]
        self._call = call
        self._of_v8 = of_v8
        self._not_emulated = not_emulated
        self._statics = {
            unescape_keyword(key): _to_js_member(value, key) for key, value in statics.items()
        }

    def new(self, *args: Any, **kwargs: Any) -> Any:
        """Return a new instance. Keywords are passed as one object, after the other arguments."""
        if kwargs:
            return self._construct(*args, JsObject(kwargs))
        return self._construct(*args)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the class without `new`. Raises: JsException for most classes."""
        if self._call is None:
            raise self._missing_new_error()
        return self._call(*args, JsObject(kwargs)) if kwargs else self._call(*args)

    def _missing_new_error(self) -> JsException:
        if self._of_v8:
            return errors.requires_new(self.name)
        return errors.called_without_new(self.name)

    def __getattr__(self, name: str) -> Any:
        if name in self._not_emulated:
            raise not_emulated(f"{self.name}.{name}")
        try:
            return self._statics[unescape_keyword(name)]
        except KeyError:
            raise AttributeError(name) from None

    def __str__(self) -> str:
        return f"function {self.name}() {{ [native code] }}"

    __repr__ = __str__


class JsNamespace(JsProxy, name="Object"):
    """An object of functions and constants, such as `js.JSON` and `js.Math`.

    `members` are converted as the static members of a `JsClass`, `unwrapped` ones are not.
    """

    __slots__ = ("_members", "_tag")

    def __init__(
        self, tag: str, unwrapped: Mapping[str, Any] | None = None, **members: Any
    ) -> None:
        self._tag = tag
        self._members = {
            unescape_keyword(name): _to_js_member(value, name) for name, value in members.items()
        }
        self._members.update(unwrapped or {})

    def __getattr__(self, name: str) -> Any:
        try:
            return self._members[unescape_keyword(name)]
        except KeyError:
            raise AttributeError(name) from None

    def __str__(self) -> str:
        return f"[object {self._tag}]"

    __repr__ = __str__
