"""What `@pytest.mark.kv(…)` asks for, parsed and checked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, Protocol, get_args

from pykvbinding.limits import Limits
from pykvbinding.middleware.faults import Fault
from pykvbinding.usage_warnings import WarningKind

ANY_WARNING: Final = "warnings"
UNAWAITED: Final = "unawaited"
UNUSED_FAULT: Final = "unused-fault"

ALLOWABLE: Final = (UNAWAITED, UNUSED_FAULT, ANY_WARNING, *get_args(WarningKind))
"""What a test may be allowed: all that strictness finds, by name; `warnings` is each of them."""


class Mark(Protocol):
    """As pytest has it: what was given to one marker."""

    @property
    def args(self) -> tuple[Any, ...]:
        """By position."""
        ...

    @property
    def kwargs(self) -> Mapping[str, Any]:
        """By name."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The arguments of a test's markers together. `None` where none says anything."""

    limits: Limits | None = None
    seed: int | None = None
    data: Mapping[str, Any] | None = None
    faults: tuple[Fault, ...] = ()
    allow: frozenset[str] = frozenset()


NAMES: Final = tuple(field.name for field in fields(Asked))


def asked_of(marks: Iterable[Mark]) -> Asked:
    """What markers ask for, the closest first: it wins, but `allow` adds up.

    Raises: TypeError for an unknown argument or a wrong type, ValueError for what cannot be
    allowed; each names what is right.
    """
    asked: dict[str, Any] = {}
    allowed: set[str] = set()
    for mark in marks:
        for position in mark.args:
            raise _unknown_argument(f"at a position ({position!r})")
        for name, value in mark.kwargs.items():
            if name not in NAMES:
                raise _unknown_argument(repr(name))
            checked = _checked(name, value)
            asked.setdefault(name, checked)
            if name == "allow":
                allowed |= checked
    return Asked(**asked | {"allow": frozenset(allowed)})


def _checked(name: str, value: Any) -> Any:
    if name == "limits":
        return _of_type(name, value, Limits, "Limits(writes_per_second_per_key=1)")
    if name == "seed":
        if type(value) is not int:
            raise _wrong_type(name, value, "7")
        return value
    if name == "data":
        return _of_type(name, value, Mapping, '{"key": "value"}')
    if isinstance(value, str) or not isinstance(value, Iterable):
        example = '[Fault(kind="put")]' if name == "faults" else '["unknown-option"]'
        raise _wrong_type(name, value, example)
    if name == "faults":
        return tuple(_of_type(name, rule, Fault, '[Fault(kind="put")]') for rule in value)
    kinds = list(value)
    for kind in kinds:
        if kind not in ALLOWABLE:
            raise ValueError(
                f"pytest.mark.kv(allow=[{kind!r}]): there is nothing of that name to allow; "
                f"there are {', '.join(ALLOWABLE)}"
            )
    return frozenset(kinds)


def _of_type(name: str, value: Any, wanted: Any, right: str) -> Any:
    if not isinstance(value, wanted):
        raise _wrong_type(name, value, right)
    return value


def _unknown_argument(argument: str) -> TypeError:
    return TypeError(f"pytest.mark.kv has no argument {argument}; it has {', '.join(NAMES)}")


def _wrong_type(name: str, value: object, right: str) -> TypeError:
    return TypeError(f"pytest.mark.kv({name}={value!r}): write {name}={right}")
