"""Typed arrays, beyond the comparison with Pyodide: compared with Python's buffers."""

from array import array
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pykvbinding.errors import JsException
from pykvbinding.js.types.typed_array import (
    TYPED_ARRAYS,
    ArrayBuffer,
    Float64Array,
    TypedArray,
    Uint8Array,
    Uint32Array,
    from_python_buffer,
)

SAFE_INTEGERS = st.integers(-(2**53) + 1, 2**53 - 1)
INTEGERS = [cls for cls in TYPED_ARRAYS if cls.FORMAT not in "fd"]


@pytest.mark.parametrize("cls", INTEGERS)
@given(data=st.data())
def test_an_integer_wraps_around_as_in_c(cls: type[TypedArray], data: Any) -> None:
    is_big = cls.__name__.startswith("Big")
    number = data.draw(st.integers(-(2**70), 2**70) if is_big else SAFE_INTEGERS)
    if cls.__name__ == "Uint8ClampedArray":
        assert cls.to_element(number) == min(255, max(0, number))
        return
    size = cls.BYTES_PER_ELEMENT
    signed = cls.FORMAT.islower()

    expected = int.from_bytes((number % 2 ** (8 * size)).to_bytes(size, "little"), "little")

    assert cls.to_element(number) == expected - (
        2 ** (8 * size) if signed and expected >> (8 * size - 1) else 0
    )


@pytest.mark.parametrize("cls", [cls for cls in TYPED_ARRAYS if "Big" not in cls.__name__])
def test_only_bigint_arrays_accept_a_bigint(cls: type[TypedArray]) -> None:
    with pytest.raises(JsException, match=r"^Cannot convert a BigInt value to a number$"):
        cls([2**53])


@given(st.lists(st.floats(allow_nan=False)))
def test_a_float64_array_contains_the_given_numbers(numbers: list[float]) -> None:
    assert list(Float64Array(numbers)) == numbers


@given(st.binary(), st.none() | st.integers(-9, 9), st.none() | st.integers(-9, 9))
def test_slice_copies_and_subarray_does_not(
    data: bytes, start: int | None, end: int | None
) -> None:
    items = Uint8Array(bytearray(data))

    copied, part = items.slice(start, end), items.subarray(start, end)
    items.fill(7)

    assert copied.to_bytes() == data[start:end]
    assert part.to_bytes() == bytes([7] * len(data[start:end]))


def test_writes_through_to_a_python_buffer() -> None:
    data = bytearray(b"abc")
    view = from_python_buffer(data, copy=False)
    assert view is not None

    view[0] = 88

    assert data == b"Xbc"


@pytest.mark.parametrize(
    "value", [memoryview(b"abcdef")[::2], memoryview(bytearray(b"abcdef"))[::2]]
)
def test_a_non_contiguous_python_buffer_is_copied(value: Any) -> None:
    result = from_python_buffer(value, copy=False)

    assert result is not None
    assert result.to_bytes() == b"ace"


def test_a_python_buffer_determines_the_class_of_the_array() -> None:
    result = from_python_buffer(array("I", [1, 2]), copy=False)

    assert isinstance(result, Uint32Array)
    assert list(result) == [1, 2]
    assert result.buffer.byteLength == 8


def test_a_typed_array_converts_the_items_of_a_python_buffer() -> None:
    assert list(Uint8Array(array("I", [1, 258]))) == [1, 2]
    assert list(Float64Array(b"ab")) == [97, 98]


def test_from_python_buffer_returns_none_for_other_values() -> None:
    assert from_python_buffer("abc") is None


def test_a_typed_array_covers_a_range_of_its_buffer() -> None:
    part = Uint8Array(ArrayBuffer.from_bytes(b"abcd"), 1, 2)

    assert (part.byteOffset, part.byteLength, part.length, len(part)) == (1, 2, 2, 2)
    assert (part.to_bytes(), part.object_values().to_py()) == (b"bc", [98, 99])
    assert part.object_entries().to_py() == [["0", 98], ["1", 99]]
    assert part.indexOf(5) == -1
