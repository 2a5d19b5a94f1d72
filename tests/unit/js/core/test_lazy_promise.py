"""`Pending`: what a JavaScript method returns."""

import pytest

from pykvbinding.js.core.lazy_promise import Pending


async def five() -> int:
    return 5


async def test_it_is_carried_out_when_it_is_awaited() -> None:
    pending = Pending(five())

    assert pending.constructor.name == "Promise"
    assert await pending == 5


async def test_it_can_be_followed_by_a_function() -> None:
    assert await Pending(five()).then(lambda value: value + 1) == 6


def test_python_complains_if_nobody_awaits_it() -> None:
    with pytest.warns(RuntimeWarning, match="coroutine 'five' was never awaited"):
        Pending(five())
