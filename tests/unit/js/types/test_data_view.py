"""`DataView` against `struct`."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from pykvbinding.js.types.buffer import ArrayBuffer
from pykvbinding.js.types.data_view import DataView

KINDS = {"Int8": "b", "Uint8": "B", "Int16": "h", "Uint32": "I", "BigInt64": "q", "Float64": "d"}


@given(
    data=st.binary(min_size=16, max_size=16),
    kind=st.sampled_from(sorted(KINDS)),
    offset=st.integers(0, 8),
    little=st.booleans(),
)
def test_what_is_read_is_what_struct_reads(
    data: bytes, kind: str, offset: int, little: bool
) -> None:
    view = DataView(ArrayBuffer.of(data))

    read = getattr(view, f"get{kind}")(offset, little)
    expected = struct.unpack_from(("<" if little else ">") + KINDS[kind], data, offset)[0]

    assert read == expected or expected != expected


def test_what_is_written_lies_in_the_buffer() -> None:
    buffer = ArrayBuffer(8)
    view = DataView(buffer, 2, 4)

    view.setInt16(0, -2, True)

    assert buffer.to_bytes() == b"\0\0\xfe\xff\0\0\0\0"
    assert (view.byteOffset, view.byteLength) == (2, 4)
    assert not hasattr(view, "getUint8Clamped")
