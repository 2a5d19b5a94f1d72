"""`js.crypto`: random values and digests; keys, signatures and ciphers are not emulated."""

from typing import Any

from pykvbinding.js.core import errors
from pykvbinding.js.core.coercion import to_js_string
from pykvbinding.js.core.not_emulated import NotEmulated
from pykvbinding.js.globals.callables import JsNamespace
from pykvbinding.js.types.object import option_members
from pykvbinding.js.types.typed_array import (
    ArrayBuffer,
    Float32Array,
    Float64Array,
    JsBuffer,
    TypedArray,
    as_bytes,
)

MAX_RANDOM_BYTES = 65_536

_HASHES = {
    "MD5": "md5",
    "SHA-1": "sha1",
    "SHA-256": "sha256",
    "SHA-384": "sha384",
    "SHA-512": "sha512",
}
_NOT_EMULATED = (
    *("decrypt", "deriveBits", "deriveKey", "encrypt", "exportKey", "generateKey"),
    *("importKey", "sign", "unwrapKey", "verify", "wrapKey"),
)


def make_crypto() -> JsNamespace:
    """Return `crypto`."""
    not_emulated = {name: NotEmulated(f"crypto.subtle.{name}") for name in _NOT_EMULATED}
    subtle = JsNamespace(
        "SubtleCrypto", digest=digest, timingSafeEqual=timing_safe_equal, unwrapped=not_emulated
    )
    return JsNamespace(
        "Crypto",
        randomUUID=random_uuid,
        getRandomValues=get_random_values,
        unwrapped={"subtle": subtle, "DigestStream": NotEmulated("crypto.DigestStream")},
    )


def random_uuid() -> str:
    """Return a random UUID, as `crypto.randomUUID()`."""
    import uuid  # imported at the call, because a simulation may replace its functions

    return str(uuid.uuid4())


def get_random_values(array: Any = None) -> TypedArray:
    """Fill `array` with random bytes and return it, as `crypto.getRandomValues(array)`.

    Raises: JsException if `array` is not a typed array of integers, or exceeds 64 KiB.
    """
    if not isinstance(array, JsBuffer) or isinstance(array, ArrayBuffer):
        raise errors.not_of_type("getRandomValues", "Crypto", 1, "JsArrayBufferView")
    if not isinstance(array, TypedArray) or isinstance(array, Float32Array | Float64Array):
        raise errors.random_type_mismatch()
    if array.byteLength > MAX_RANDOM_BYTES:
        raise errors.random_quota_exceeded(array.byteLength)
    import secrets

    array.view().cast("B")[:] = secrets.token_bytes(array.byteLength)
    return array


async def digest(algorithm: Any = None, data: Any = None) -> ArrayBuffer:
    """Return the hash of `data`, as `crypto.subtle.digest(algorithm, data)`.

    Raises: JsException named "NotSupportedError" for an unknown algorithm, "TypeError" if `data`
    is not a buffer of JavaScript.
    """
    import hashlib  # slow to import

    name_argument = (
        algorithm if isinstance(algorithm, str) else option_members(algorithm).get("name")
    )
    name = _HASHES.get(to_js_string(name_argument).upper())
    if name is None:
        raise errors.digest_unsupported()
    if not isinstance(data, JsBuffer):  # a Python buffer arrives as a proxy
        raise errors.not_of_type("digest", "SubtleCrypto", 2, "Array")
    return ArrayBuffer.from_bytes(
        hashlib.new(name, data.to_bytes(), usedforsecurity=False).digest()
    )


def timing_safe_equal(first: Any, second: Any) -> bool:
    """Return whether two buffers are equal, as `crypto.subtle.timingSafeEqual(a, b)`."""
    import hmac

    return hmac.compare_digest(as_bytes(first) or b"", as_bytes(second) or b"")
