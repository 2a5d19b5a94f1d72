"""Binary envelopes: round trip and detection of damage."""

from hypothesis import given
from hypothesis import strategies as st

from pykvbinding.storage.envelope import HEADER_BYTES, unwrap, wrap

MAGIC = b"magic"


@given(st.integers(0, 2**16 - 1), st.binary())
def test_wrap_and_unwrap_round_trip(version: int, body: bytes) -> None:
    assert unwrap(MAGIC, wrap(MAGIC, version, body)) == (version, body)


@given(st.binary(min_size=1), st.data())
def test_a_truncated_envelope_has_no_body(body: bytes, data: st.DataObject) -> None:
    envelope = wrap(MAGIC, 1, body)
    length = data.draw(st.integers(len(MAGIC) + 2, len(MAGIC) + HEADER_BYTES - 1))

    assert unwrap(MAGIC, envelope[:length]) == (1, None)


@given(st.binary(min_size=1), st.integers(0))
def test_a_changed_body_is_none(body: bytes, position: int) -> None:
    changed = bytearray(wrap(MAGIC, 1, body))
    changed[len(MAGIC) + HEADER_BYTES + position % len(body)] ^= 1

    assert unwrap(MAGIC, bytes(changed)) == (1, None)
