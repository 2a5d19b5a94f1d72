"""Ids of tests are the same in every process, as pytest-xdist needs them."""

import pytest

from tests.support.ids import stable


def test_no_id_of_this_run_contains_an_address(request: pytest.FixtureRequest) -> None:
    assert [item.nodeid for item in request.session.items if " at 0x" in item.nodeid] == []


def test_stable_removes_addresses_only() -> None:
    assert stable(repr)([object(), "at 0x1f"]) == "[<object object>, 'at 0x1f']"
