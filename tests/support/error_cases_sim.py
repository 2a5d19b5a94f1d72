"""For every error about guarantees a call that raises it, and its text."""

from collections.abc import Callable
from typing import Any

from pykvbinding import KVNamespace
from pykvbinding.sim.check.guarantees import check, fresh, together
from pykvbinding.sim.trace import Trace
from tests.support.error_cases import Case


def checking(*guarantees: Any) -> Callable[[KVNamespace], object]:
    return lambda _: check(Trace(), *guarantees)


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
}
