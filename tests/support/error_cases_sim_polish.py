"""For every error about drawn schedules a call that raises it, and its text."""

from typing import Any

from pykvbinding.sim.explore.hypothesis_strategy import schedules
from tests.support.error_cases import Case

unknown: Any = "greedy"

CASES: dict[str, Case] = {
    "search_unknown": (
        lambda _: schedules(search=unknown),
        ValueError('schedules(search=\'greedy\'): searches are "uniform" or "pct"'),
    ),
}
