"""Serialized and deserialized values are equal copies."""

from typing import Any

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pykvbinding.errors import JsException
from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.types.object import JsArray, JsDate, JsError, JsMap, JsObject, JsSet
from pykvbinding.js.types.structured_clone import deserialize, serialize
from pykvbinding.js.types.typed_array import ArrayBuffer, Float64Array, Uint8Array

SCALARS = (
    st.none() | st.just(jsnull) | st.booleans() | st.text() | st.integers(-(2**53) + 1, 2**53 - 1)
)
KEYS = st.text() | st.integers(0, 9)
LEAVES = (
    SCALARS
    | st.builds(JsDate, st.integers(0, 10**12))
    | st.builds(Uint8Array.from_bytes, st.binary())
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.builds(JsArray, st.lists(inner))
        | st.builds(JsObject, st.dictionaries(st.text(), inner))
        | st.builds(JsMap, st.dictionaries(KEYS, inner))
        | st.builds(JsSet, st.lists(SCALARS))
    ),
)


@given(value=VALUES)
def test_a_value_survives_a_round_trip_through_msgpack(value: Any) -> None:
    serialized = serialize(value)

    packed = msgpack.packb(serialized, unicode_errors="surrogatepass")
    copy = deserialize(msgpack.unpackb(packed, unicode_errors="surrogatepass"))

    assert serialize(copy) == serialized
    assert type(copy) is type(value)


def test_deserialize_copies_nested_values() -> None:
    inner = JsObject({"x": 1})
    copy = deserialize(serialize(JsArray([inner])))

    inner.x = 2

    assert copy[0].x == 1


@pytest.mark.parametrize("cls", [Float64Array, Uint8Array])
def test_a_typed_array_keeps_its_class(cls: Any) -> None:
    copy = deserialize(serialize(cls.of(1, 2)))

    assert type(copy) is cls
    assert list(copy) == [1, 2]


def test_an_array_buffer_and_an_error_keep_their_class_and_name() -> None:
    error = JsError("text")
    error.name = "RangeError"

    buffer = deserialize(serialize(ArrayBuffer.from_bytes(bytearray(b"ab"))))
    copied_error = deserialize(serialize(error))

    assert (type(buffer), buffer.to_bytes()) == (ArrayBuffer, b"ab")
    assert (copied_error.name, copied_error.message) == ("RangeError", "text")


def test_bytes_become_a_uint8array() -> None:
    assert deserialize(serialize(b"ab")).to_bytes() == b"ab"


@pytest.mark.parametrize("value", [print, object(), JsArray([print])])
def test_serialize_rejects_a_value_that_cannot_be_cloned(value: Any) -> None:
    with pytest.raises(JsException) as caught:
        serialize(value)

    assert caught.value.name == "DataCloneError"
    assert caught.value.message.endswith(" could not be cloned.")
