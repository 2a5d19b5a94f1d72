"""One call of a KV binding, as `operations()` draws it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One call of a binding that can be made anywhere: it prints as that call.

    >>> Operation(method="put", arguments=("a", "b"), options={"expirationTtl": 60})
    kv.put('a', 'b', expirationTtl=60)
    """

    method: str
    arguments: tuple[Any, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)

    def apply(self, kv: Any) -> Any:
        """What the call on `kv` returns: for a binding, a coroutine to await."""
        return getattr(kv, self.method)(*self.arguments, **self.options)

    def __repr__(self) -> str:
        given = [repr(argument) for argument in self.arguments]
        given += [f"{name}={value!r}" for name, value in self.options.items()]
        return f"kv.{self.method}({', '.join(given)})"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: ARG002, FBT001
        """How Hypothesis prints an example: it would spell a dataclass out."""
        printer.text(repr(self))
