"""For every error about tests on seeds a call that raises it, and its text."""

from pykvbinding.sim.explore.sampling import some_schedules
from tests.support.error_cases import Case

CASES: dict[str, Case] = {
    "seeds_wrong": (
        lambda _: some_schedules(seeds=0),
        ValueError(
            "@some_schedules(seeds=0): give a number of seeds, 1 or more, or the seeds themselves, "
            "as in seeds=[7]"
        ),
    ),
}
