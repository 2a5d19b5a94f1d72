"""Placeholders for bindings that pykvbinding does not emulate."""

from typing import Any

import pytest

from pykvbinding.workers.bindings.unsupported import UnsupportedBindingStub


def test_using_an_unsupported_binding_raises() -> None:
    binding: Any = UnsupportedBindingStub("DB", "D1 Database")

    for use in (lambda: binding.prepare("SELECT 1"), binding):
        with pytest.raises(NotImplementedError) as caught:
            use()
        assert str(caught.value) == (
            "env.DB (D1 Database) is not emulated by pykvbinding; supply a fake with "
            "Worker.load(…, bindings={'DB': …}), or worker.env.DB = …"
        )
    assert not hasattr(binding, "constructor")
    assert repr(binding) == "<DB: D1 Database, not emulated>"
