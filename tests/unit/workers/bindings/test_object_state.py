"""`ctx` of a Durable Object: unsupported features. Other tests are in test_object_instances."""

import pytest

from pykvbinding.workers.bindings.object_state import DurableObjectState


@pytest.fixture
def state() -> DurableObjectState:
    return DurableObjectState.__new__(DurableObjectState)


def test_features_that_are_not_emulated_raise(state: DurableObjectState) -> None:
    with pytest.raises(NotImplementedError) as caught:
        state.acceptWebSocket  # noqa: B018

    assert str(caught.value) == (
        "ctx.acceptWebSocket of a Durable Object is not emulated by pykvbinding; ctx has id, "
        "storage, waitUntil, blockConcurrencyWhile and abort"
    )


def test_unknown_name_is_an_attribute_error(state: DurableObjectState) -> None:
    with pytest.raises(AttributeError, match=r"^nothing$"):
        state.nothing  # noqa: B018
