"""`DataView` covers a range of a buffer; its accessors are not emulated."""

import pytest

from pykvbinding.js.types.buffer import ArrayBuffer
from pykvbinding.js.types.data_view import DataView


def test_a_view_covers_a_range_of_its_buffer() -> None:
    view = DataView(ArrayBuffer.from_bytes(b"abcdefgh"), 2, 4)

    assert (view.byteOffset, view.byteLength, view.to_bytes()) == (2, 4, b"cdef")


def test_assign_writes_to_the_buffer() -> None:
    buffer = ArrayBuffer(4)

    DataView(buffer, 1, 2).assign(b"ab")

    assert buffer.to_bytes() == b"\0ab\0"


@pytest.mark.parametrize("accessor", ["getUint8", "setFloat64", "getBigInt64", "setUint16"])
def test_accessors_are_not_emulated(accessor: str) -> None:
    view = DataView(ArrayBuffer(8))

    with pytest.raises(NotImplementedError) as caught:
        getattr(view, accessor)

    assert str(caught.value) == (
        f"js.DataView.{accessor} is not emulated by pykvbinding; "
        "a test may supply its own: js.DataView = …"
    )


@pytest.mark.parametrize("name", ["getUint8Clamped", "nope"])
def test_an_unknown_member_raises_attribute_error(name: str) -> None:
    assert not hasattr(DataView(ArrayBuffer(8)), name)
