"""One call of a KV binding, drawn by `operations()`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyCall:
    """A call that can be made on any binding; its `repr` is the call as code.

    >>> StrategyCall(method="put", arguments=("a", "b"), options={"expirationTtl": 60})
    kv.put('a', 'b', expirationTtl=60)
    """

    method: str
    arguments: tuple[Any, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)

    def apply(self, kv: Any) -> Any:
        """Make the call on `kv` and return its result: for a binding, a coroutine."""
        return getattr(kv, self.method)(*self.arguments, **self.options)

    def __repr__(self) -> str:
        arguments = [repr(argument) for argument in self.arguments]
        arguments += [f"{name}={value!r}" for name, value in self.options.items()]
        return f"kv.{self.method}({', '.join(arguments)})"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: ARG002, FBT001
        """Print the call; Hypothesis would print the fields of a dataclass."""
        printer.text(repr(self))
