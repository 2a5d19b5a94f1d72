"""For every text of `pykvbinding.testing` in `misuse`: a call that raises it, and its words."""

import pytest
from hypothesis.errors import InvalidArgument

from pykvbinding.testing import strategies
from pykvbinding.testing.marker import ALLOWABLE, asked_of
from tests.support.error_cases import Case

CASES: dict[str, Case] = {
    "strategy_sizes": (
        lambda kv: strategies.keys(min_size=0),
        InvalidArgument(
            "keys(min_size=0, max_size=512): sizes are in order, 1 <= min_size <= max_size <= 512"
        ),
    ),
    "strategy_now": (
        lambda kv: strategies.put_options(now=2**31),
        InvalidArgument(
            "put_options(now=2147483648): seconds since the epoch, at which something can still "
            "expire a minute later; the latest expiration is 2147483647"
        ),
    ),
    "strategy_methods": (
        lambda kv: strategies.operations(methods=["set"]),
        InvalidArgument(
            "operations(methods=['set']): some of get, getWithMetadata, put, delete, list"
        ),
    ),
    "marker_arguments": (
        lambda kv: asked_of([pytest.mark.kv(limit=1).mark]),
        TypeError(
            "pytest.mark.kv has no argument 'limit'; it has limits, seed, data, faults, allow"
        ),
    ),
    "marker_wrong_type": (
        lambda kv: asked_of([pytest.mark.kv(seed="lucky").mark]),
        TypeError("pytest.mark.kv(seed='lucky'): write seed=7"),
    ),
    "marker_allow": (
        lambda kv: asked_of([pytest.mark.kv(allow=["everything"]).mark]),
        ValueError(
            "pytest.mark.kv(allow=['everything']): there is nothing of that name to allow; "
            f"there are {', '.join(ALLOWABLE)}"
        ),
    ),
}
