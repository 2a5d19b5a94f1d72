"""What the `js` module publishes: constructors, functions and namespaces, as Python sees them."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from pykvbinding.errors import JsException
from pykvbinding.js.core import errors
from pykvbinding.js.core.not_emulated import not_emulated
from pykvbinding.js.core.proxy import JsProxy
from pykvbinding.js.types.container import python_name
from pykvbinding.js.types.object import JsObject

Function = Callable[..., Any]


class JsFunction(JsProxy, name="Function"):
    """A function of JavaScript. Keywords reach it as one object, behind the other arguments.

    >>> JsFunction(lambda *given: len(given), "count")(1, a=2, b=3)
    2
    """

    __slots__ = ("_function", "name")

    typeof = "function"

    def __init__(self, function: Function, name: str) -> None:
        self._function = function
        self.name = name

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Call it."""
        if named:
            return self._function(*arguments, JsObject(named))
        return self._function(*arguments)

    def call(self, this: Any = None, *arguments: Any) -> Any:  # noqa: ARG002
        """`function.call(this, …)`: ours know their `this`."""
        return self._function(*arguments)

    def apply(self, this: Any = None, arguments: Any = ()) -> Any:  # noqa: ARG002
        """`function.apply(this, […])`."""
        return self._function(*arguments)

    def bind(self, this: Any = None, *bound: Any) -> "JsFunction":  # noqa: ARG002
        """`function.bind(this, …)`: the same function with its first arguments."""
        return JsFunction(
            lambda *arguments: self._function(*bound, *arguments), f"bound {self.name}"
        )

    def toString(self) -> str:
        """The source, which is not shown."""
        return str(self)

    def __str__(self) -> str:
        return f"function {self.name}() {{ [native code] }}"

    __repr__ = __str__


def _function(value: Any, name: str) -> Any:
    """A member of what is published: a Python function as one of JavaScript."""
    is_plain = isinstance(value, JsProxy) or not callable(value)
    return value if is_plain else JsFunction(value, python_name(name))


class JsClass(JsProxy, name="Function"):
    """A constructor of JavaScript: `js.Headers.new(…)`; its static members are attributes.

    `made` makes an instance; `called` implements a call without `new`, such as `js.Error("…")`,
    where that is allowed. V8 words the error for the rest of its own classes (`of_v8`) differently
    from workerd. `not_emulated` names the static members that raise a NotImplementedError.
    """

    __slots__ = ("_called", "_made", "_not_emulated", "_of_v8", "_statics", "name")

    typeof = "function"

    def __init__(
        self,
        made: Function,
        name: str | None = None,
        *,
        called: Function | None = None,
        of_v8: bool = False,
        not_emulated: Collection[str] = (),
        **statics: Any,
    ) -> None:
        self._made = made
        self.name = made.constructor.name if name is None else name  # type: ignore[attr-defined]
        self._called = called
        self._of_v8 = of_v8
        self._not_emulated = not_emulated
        self._statics = {python_name(key): _function(value, key) for key, value in statics.items()}

    def new(self, *arguments: Any, **named: Any) -> Any:
        """A new instance. Keywords reach the constructor as one object, behind the others."""
        if named:
            return self._made(*arguments, JsObject(named))
        return self._made(*arguments)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Call it without `new`. Raises: JsException, for most of them."""
        if self._called is None:
            raise self._refusal()
        return self._called(*arguments, JsObject(named)) if named else self._called(*arguments)

    def _refusal(self) -> JsException:
        if self._of_v8:
            return errors.requires_new(self.name)
        return errors.called_without_new(self.name)

    def __getattr__(self, name: str) -> Any:
        if name in self._not_emulated:
            raise not_emulated(f"{self.name}.{name}")
        try:
            return self._statics[python_name(name)]
        except KeyError:
            raise AttributeError(name) from None

    def __str__(self) -> str:
        return f"function {self.name}() {{ [native code] }}"

    __repr__ = __str__


class JsNamespace(JsProxy, name="Object"):
    """An object of functions and constants, such as `js.JSON` and `js.Math`."""

    __slots__ = ("_held", "_tag")

    def __init__(self, tag: str, plain: Mapping[str, Any] | None = None, **held: Any) -> None:
        self._tag = tag
        self._held = {python_name(name): _function(value, name) for name, value in held.items()}
        self._held.update(plain or {})

    def __getattr__(self, name: str) -> Any:
        try:
            return self._held[python_name(name)]
        except KeyError:
            raise AttributeError(name) from None

    def __str__(self) -> str:
        return f"[object {self._tag}]"

    __repr__ = __str__
