"""Parses and validates the arguments of `@pytest.mark.kv(…)`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, Protocol, get_args

from pykvbinding.limits import Limits
from pykvbinding.middleware.faults import Fault
from pykvbinding.usage_warnings import WarningKind

ANY_WARNING: Final = "warnings"
UNAWAITED: Final = "unawaited"
UNUSED_FAULT: Final = "unused-fault"

ALLOWED_VALUES: Final = (UNAWAITED, UNUSED_FAULT, ANY_WARNING, *get_args(WarningKind))
"""Values of `allow=`: each kind of finding; `warnings` is every kind of usage warning."""


class Mark(Protocol):
    """The part of `pytest.Mark` that is used here."""

    @property
    def args(self) -> tuple[Any, ...]:
        """Positional arguments."""
        ...

    @property
    def kwargs(self) -> Mapping[str, Any]:
        """Keyword arguments."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkerOptions:
    """The merged arguments of a test's markers; `None` for an argument that is not given."""

    limits: Limits | None = None
    seed: int | None = None
    data: Mapping[str, Any] | None = None
    faults: tuple[Fault, ...] = ()
    allow: frozenset[str] = frozenset()


NAMES: Final = tuple(field.name for field in fields(MarkerOptions))


def parse_markers(marks: Iterable[Mark]) -> MarkerOptions:
    """Merge the arguments of `marks`, the closest first.

    The closest marker has precedence; the values of `allow` are united.

    Raises: TypeError for an unknown argument or a wrong type, ValueError for an unknown value of
    `allow`. The message shows a valid argument.
    """
    options: dict[str, Any] = {}
    allowed: set[str] = set()
    for mark in marks:
        for value in mark.args:
            raise TypeError(
                f"pytest.mark.kv takes no positional argument ({value!r}); "
                f"its keyword arguments are {', '.join(NAMES)}"
            )
        for name, value in mark.kwargs.items():
            if name not in NAMES:
                raise TypeError(
                    f"pytest.mark.kv has no argument {name!r}; "
                    f"its keyword arguments are {', '.join(NAMES)}"
                )
            validated = _validate(name, value)
            options.setdefault(name, validated)
            if name == "allow":
                allowed |= validated
    return MarkerOptions(**options | {"allow": frozenset(allowed)})


def _validate(name: str, value: Any) -> Any:
    if name == "limits":
        return _require_type(name, value, Limits, "Limits(writes_per_second_per_key=1)")
    if name == "seed":
        if type(value) is not int:
            raise _wrong_type(name, value, "7")
        return value
    if name == "data":
        return _require_type(name, value, Mapping, '{"key": "value"}')
    if isinstance(value, str) or not isinstance(value, Iterable):
        example = '[Fault(kind="put")]' if name == "faults" else '["unknown-option"]'
        raise _wrong_type(name, value, example)
    if name == "faults":
        return tuple(_require_type(name, rule, Fault, '[Fault(kind="put")]') for rule in value)
    kinds = list(value)
    for kind in kinds:
        if kind not in ALLOWED_VALUES:
            raise ValueError(
                f"pytest.mark.kv(allow=[{kind!r}]): unknown value; "
                f"expected one of {', '.join(ALLOWED_VALUES)}"
            )
    return frozenset(kinds)


def _require_type(name: str, value: Any, expected: Any, example: str) -> Any:
    if not isinstance(value, expected):
        raise _wrong_type(name, value, example)
    return value


def _wrong_type(name: str, value: object, example: str) -> TypeError:
    return TypeError(f"pytest.mark.kv({name}={value!r}): write {name}={example}")
