"""Placeholders for globals that are not emulated."""

import pytest

from pykvbinding.js.core.not_emulated import NotEmulated, not_emulated


def test_a_global_that_is_not_emulated_fails_only_when_used() -> None:
    caches = NotEmulated("caches")
    message = r"^js\.caches is not emulated by pykvbinding; a test may supply its own: js\.caches ="

    with pytest.raises(NotImplementedError, match=message):
        caches.default  # noqa: B018 -- reading it raises the error
    with pytest.raises(NotImplementedError, match=message):
        caches()
    assert repr(caches) == "<js.caches, not emulated>"
    assert not hasattr(caches, "__wrapped__")


def test_the_message_names_the_global_that_a_test_can_replace() -> None:
    assert str(not_emulated("crypto.subtle.sign")) == (
        "js.crypto.subtle.sign is not emulated by pykvbinding; "
        "a test may supply its own: js.crypto = …"
    )
