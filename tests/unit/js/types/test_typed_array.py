"""Typed arrays beyond what is compared with Pyodide: against the arrays of Python."""

import array
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
    of_python_buffer,
)

SAFE_INTEGERS = st.integers(-(2**53) + 1, 2**53 - 1)
INTEGERS = [made for made in TYPED_ARRAYS if made.FORMAT not in "fd"]


@pytest.mark.parametrize("made", INTEGERS)
@given(data=st.data())
def test_an_integer_wraps_around_as_it_does_in_c(made: type[TypedArray], data: Any) -> None:
    is_big = made.__name__.startswith("Big")
    number = data.draw(st.integers(-(2**70), 2**70) if is_big else SAFE_INTEGERS)
    if made.__name__ == "Uint8ClampedArray":
        assert made.stored(number) == min(255, max(0, number))
        return
    size = made.BYTES_PER_ELEMENT
    signed = made.FORMAT.islower()

    expected = int.from_bytes((number % 2 ** (8 * size)).to_bytes(size, "little"), "little")

    assert made.stored(number) == expected - (
        2 ** (8 * size) if signed and expected >> (8 * size - 1) else 0
    )


@pytest.mark.parametrize("made", [made for made in TYPED_ARRAYS if "Big" not in made.__name__])
def test_a_bigint_is_an_item_of_arrays_of_bigints_only(made: type[TypedArray]) -> None:
    with pytest.raises(JsException, match=r"^Cannot convert a BigInt value to a number$"):
        made([2**53])


@given(st.lists(st.floats(allow_nan=False)))
def test_numbers_go_in_and_come_out(numbers: list[float]) -> None:
    assert list(Float64Array(numbers)) == numbers


@given(st.binary(), st.none() | st.integers(-9, 9), st.none() | st.integers(-9, 9))
def test_a_slice_copies_and_a_subarray_does_not(
    data: bytes, start: int | None, end: int | None
) -> None:
    whole = Uint8Array(bytearray(data))

    copied, part = whole.slice(start, end), whole.subarray(start, end)
    whole.fill(7)

    assert copied.to_bytes() == data[start:end]
    assert part.to_bytes() == bytes([7] * len(data[start:end]))


def test_an_array_over_a_python_buffer_writes_through() -> None:
    data = bytearray(b"abc")
    over = of_python_buffer(data, copied=False)
    assert over is not None

    over[0] = 88

    assert data == b"Xbc"


@pytest.mark.parametrize(
    "value", [memoryview(b"abcdef")[::2], memoryview(bytearray(b"abcdef"))[::2]]
)
def test_a_python_buffer_with_gaps_is_copied(value: Any) -> None:
    found = of_python_buffer(value, copied=False)

    assert found is not None
    assert found.to_bytes() == b"ace"


def test_an_array_over_wider_items_of_python_keeps_their_kind() -> None:
    found = of_python_buffer(array.array("I", [1, 2]), copied=False)

    assert isinstance(found, Uint32Array)
    assert list(found) == [1, 2]
    assert found.buffer.byteLength == 8


def test_the_items_of_a_python_buffer_fill_an_array_of_another_kind() -> None:
    assert list(Uint8Array(array.array("I", [1, 258]))) == [1, 2]
    assert list(Float64Array(b"ab")) == [97, 98]


def test_what_is_no_buffer_makes_no_array() -> None:
    assert of_python_buffer("abc") is None


def test_an_array_lies_where_it_was_laid() -> None:
    laid = Uint8Array(ArrayBuffer.of(b"abcd"), 1, 2)

    assert (laid.byteOffset, laid.byteLength, laid.length, len(laid)) == (1, 2, 2, 2)
    assert (laid.to_bytes(), laid.object_values().to_py()) == (b"bc", [98, 99])
    assert laid.object_entries().to_py() == [["0", 98], ["1", 99]]
    assert laid.indexOf(5) == -1
