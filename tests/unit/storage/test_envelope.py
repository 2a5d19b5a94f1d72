"""Sealed bytes: whether they are whole, and in which form."""

from hypothesis import given
from hypothesis import strategies as st

from pykvbinding.storage.envelope import HEADER_BYTES, unwrap, wrap

MAGIC = b"magic"


@given(st.integers(0, 2**16 - 1), st.binary())
def test_what_is_sealed_is_unsealed(version: int, body: bytes) -> None:
    assert unwrap(MAGIC, wrap(MAGIC, version, body)) == (version, body)


@given(st.binary(min_size=1), st.data())
def test_what_is_cut_short_has_no_body(body: bytes, data: st.DataObject) -> None:
    sealed = wrap(MAGIC, 1, body)
    length = data.draw(st.integers(len(MAGIC) + 2, len(MAGIC) + HEADER_BYTES - 1))

    assert unwrap(MAGIC, sealed[:length]) == (1, None)


@given(st.binary(min_size=1), st.integers(0))
def test_a_body_that_is_changed_is_none(body: bytes, place: int) -> None:
    changed = bytearray(wrap(MAGIC, 1, body))
    changed[len(MAGIC) + HEADER_BYTES + place % len(body)] ^= 1

    assert unwrap(MAGIC, bytes(changed)) == (1, None)
