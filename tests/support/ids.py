"""Ids of parameters that are the same in every process: pytest-xdist compares them."""

import re
from collections.abc import Callable

ADDRESS = re.compile(r" at 0x[0-9a-f]+")


def stable(show: Callable[[object], str]) -> Callable[[object], str]:
    """Return `show` without the addresses in what it returns; `show` is `repr`, `ascii` or such."""
    return lambda value: ADDRESS.sub("", show(value))
