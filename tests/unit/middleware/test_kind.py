"""The kinds of operation, and the refusal of what is none."""

import pytest

from pykvbinding.middleware.kind import KINDS, check_kind


@pytest.mark.parametrize("kind", [*KINDS, None])
def test_every_kind_and_none_are_accepted(kind: str | None) -> None:
    check_kind("here", kind)


@pytest.mark.parametrize("kind", ["read", "", "GET", 1])
def test_any_other_kind_is_refused_with_the_place_and_the_four(kind: object) -> None:
    with pytest.raises(ValueError, match=r'^here: .* "get" .*"put", "delete" and "list"$'):
        check_kind("here", kind)
