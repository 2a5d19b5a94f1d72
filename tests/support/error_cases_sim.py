"""For every error about guarantees and recorded histories a call that raises it, and its text."""

from collections.abc import Callable
from typing import Any

from pykvbinding import KVNamespace
from pykvbinding.sim.check.guarantees import check, fresh, together
from pykvbinding.sim.check.import_history import read_history
from pykvbinding.sim.trace import Trace
from tests.support.error_cases import Case


def checking(*guarantees: Any) -> Callable[[KVNamespace], object]:
    return lambda _: check(Trace(), *guarantees)


def reading(*lines: str) -> Callable[[KVNamespace], object]:
    return lambda _: read_history(lines)


CASES: dict[str, Case] = {
    "guarantee_missing": (
        checking(),
        TypeError("check() without a guarantee checks nothing; write check(no_lost_updates)"),
    ),
    "guarantee_unknown": (
        checking(together),
        TypeError(
            "check(together): this is no guarantee; name some, as in "
            'check(no_lost_updates, fresh(within=60), together("item", "index"))'
        ),
    ),
    "guarantee_arguments": (
        lambda _: fresh(60),  # type: ignore[call-overload]
        TypeError("fresh does not take that; write fresh(within=60) or fresh(versions=1)"),
    ),
    "guarantee_bound": (
        lambda _: fresh(within=-1),
        ValueError("fresh(within=-1): give a number, 0 or more (of versions, a whole one)"),
    ),
    "history_not_json": (
        reading("", '["get"]'),
        ValueError(
            "line 2 is no operation: it is no object. Write a JSON object on a line of its own"
        ),
    ),
    "history_field": (
        reading('{"kind": "read"}'),
        ValueError("line 1: kind is 'read'; it has to be one of get, put, delete, list"),
    ),
    "history_order": (
        reading(
            '{"kind": "put", "key": "k", "value": "1", "at": 2, "asked": 0}',
            '{"kind": "put", "key": "k", "value": "2", "at": 3, "asked": 1}',
        ),
        ValueError(
            "which version of 'k' came first cannot be told: it was written twice at once, or by "
            "several sessions from several locations. Record the versions of its operations"
        ),
    ),
    "history_written_twice": (
        reading(
            '{"kind": "put", "key": "k", "value": "1", "at": 1}',
            '{"kind": "put", "key": "k", "value": "1", "at": 2}',
            '{"kind": "get", "key": "k", "value": "1", "at": 3}',
        ),
        ValueError(
            "which version of 'k' was read as '1' cannot be told: it was written twice. "
            "Record the versions of its operations, or write values that are unique"
        ),
    ),
    "history_unwritten": (
        reading(
            '{"kind": "get", "key": "k", "value": "1", "at": 1}',
            '{"kind": "get", "key": "k", "value": "2", "at": 2}',
        ),
        ValueError(
            "'k' was read as '1' and as '2', and nobody has written that. Record its "
            "writes, too, or the versions of its operations"
        ),
    ),
    "history_version_twice": (
        reading(
            '{"kind": "put", "key": "k", "value": "1", "version": 1, "at": 1}',
            '{"kind": "put", "key": "k", "value": "2", "version": 1, "at": 2}',
        ),
        ValueError("version 1 of 'k' was written twice, by what was recorded"),
    ),
}
