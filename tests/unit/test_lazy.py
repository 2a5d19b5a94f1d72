"""Names of a package that are imported when they are first asked for."""

import sys
from types import ModuleType

import pytest

from pykvbinding._lazy import lazily
from pykvbinding.errors import KVError


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module = ModuleType("shop")
    monkeypatch.setitem(sys.modules, "shop", module)
    module.__getattr__, module.__dir__ = lazily("shop", {"KVError": "errors"})  # type: ignore[method-assign]
    return module


def test_a_name_is_found_in_its_home_and_then_kept(shop: ModuleType) -> None:
    assert "KVError" not in vars(shop)

    assert shop.KVError is KVError
    assert vars(shop)["KVError"] is KVError


def test_every_name_is_listed_before_it_is_there(shop: ModuleType) -> None:
    assert {"KVError", "__name__"} <= set(dir(shop))


def test_any_other_name_is_refused(shop: ModuleType) -> None:
    with pytest.raises(AttributeError, match="module 'shop' has no attribute 'KVErorr'"):
        _ = shop.KVErorr
