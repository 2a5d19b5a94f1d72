"""Tests of `js.crypto`: digests against `hashlib`, random values, and missing operations."""

import hashlib
import uuid
from typing import Any

import pytest

from pykvbinding.errors import JsException
from pykvbinding.js.globals.crypto import make_crypto
from pykvbinding.js.types.object import JsObject
from pykvbinding.js.types.typed_array import (
    ArrayBuffer,
    Float64Array,
    Uint8Array,
    Uint32Array,
)


@pytest.mark.parametrize(
    ("algorithm", "name"),
    [
        ("SHA-256", "sha256"),
        ("sha-1", "sha1"),
        (JsObject({"name": "SHA-512"}), "sha512"),
        ("MD5", "md5"),
    ],
)
async def test_a_digest_equals_that_of_hashlib(algorithm: Any, name: str) -> None:
    result = await make_crypto().subtle.digest(algorithm, Uint8Array(b"abc"))

    assert result.to_bytes() == hashlib.new(name, b"abc").digest()
    assert result.constructor.name == "ArrayBuffer"


async def test_rejects_an_unknown_digest() -> None:
    with pytest.raises(JsException) as caught:
        await make_crypto().subtle.digest("foo", Uint8Array(1))

    assert caught.value.name == "NotSupportedError"


@pytest.mark.parametrize("data", ["abc", b"abc", None])
async def test_digest_rejects_data_other_than_a_buffer_of_javascript(data: Any) -> None:
    with pytest.raises(JsException, match="'digest' on 'SubtleCrypto': parameter 2 is not of type"):
        await make_crypto().subtle.digest("SHA-256", data)


def test_getrandomvalues_fills_the_argument() -> None:
    array = Uint32Array(8)

    assert make_crypto().getRandomValues(array) is array
    assert any(array)


@pytest.mark.parametrize(
    ("array", "name"),
    [
        (ArrayBuffer(1), "TypeError"),
        (b"abc", "TypeError"),
        (Float64Array(1), "TypeMismatchError"),
        (Uint8Array(65_537), "QuotaExceededError"),
    ],
)
def test_getrandomvalues_rejects_other_types_and_large_arrays(array: Any, name: str) -> None:
    with pytest.raises(JsException) as caught:
        make_crypto().getRandomValues(array)

    assert caught.value.name == name


def test_randomuuid_returns_a_uuid_of_version_4() -> None:
    assert uuid.UUID(make_crypto().randomUUID()).version == 4


def test_timingsafeequal_compares_buffers() -> None:
    equal = make_crypto().subtle.timingSafeEqual

    assert equal(Uint8Array(b"ab"), Uint8Array(b"ab"))
    assert not equal(Uint8Array(b"ab"), Uint8Array(b"ac"))


def test_other_operations_are_not_emulated() -> None:
    with pytest.raises(
        NotImplementedError, match=r"^js\.crypto\.subtle\.importKey is not emulated"
    ):
        make_crypto().subtle.importKey("raw")
