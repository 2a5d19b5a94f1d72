"""Text encodings: `TextEncoder`, `TextDecoder`, `atob`, `btoa`, `encodeURIComponent` and others."""

import re
from typing import Any

from pykvbinding.js.core import errors
from pykvbinding.js.core.coercion import to_js_string
from pykvbinding.js.core.proxy import JsProxy
from pykvbinding.js.types.object import JsObject, option_members
from pykvbinding.js.types.typed_array import JsBuffer, Uint8Array
from pykvbinding.js.types.webidl import to_usv_string

_ENCODINGS = {
    **dict.fromkeys(("utf-8", "utf8", "unicode-1-1-utf-8"), ("utf-8", "utf-8")),
    **dict.fromkeys(("utf-16", "utf-16le", "unicode"), ("utf-16le", "utf-16-le")),
    "utf-16be": ("utf-16be", "utf-16-be"),
    **dict.fromkeys(
        ("latin1", "iso-8859-1", "ascii", "us-ascii", "windows-1252", "cp1252", "l1"),
        ("windows-1252", "cp1252"),
    ),
}
_URI_UNESCAPED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()"
_URI_RESERVED = ";/?:@&=+$,#"
_ESCAPES = re.compile(r"(?:%[0-9a-fA-F]{2})+|%")
_BASE64_SPACE = str.maketrans("", "", "\t\n\f\r ")
_BASE64 = re.compile(r"[A-Za-z0-9+/]*", re.ASCII)


class TextEncoder(JsProxy):
    """Encodes text as UTF-8."""

    __slots__ = ()

    encoding = "utf-8"

    def encode(self, text: Any = "") -> Uint8Array:
        """Return the bytes of `text`; a lone surrogate becomes U+FFFD."""
        encoded = to_usv_string("" if text is None else text).encode()
        array: Uint8Array = Uint8Array.from_bytes(encoded)
        return array

    def encodeInto(self, text: Any, target: Uint8Array) -> JsObject:
        """Write the whole characters that fit; `read` counts UTF-16 units, `written` bytes."""
        read = written = 0
        view = target.view()
        for character in to_usv_string(text):
            data = character.encode()
            if written + len(data) > len(view):
                break
            view[written : written + len(data)] = data
            written += len(data)
            read += 2 if len(data) == 4 else 1
        return JsObject({"read": read, "written": written})


class TextDecoder(JsProxy):
    """Decodes bytes; with `stream: true`, a character may be split over several calls.

    Raises: JsException, '"foo" is not a valid encoding.'
    """

    __slots__ = ("_codec", "_decoder", "encoding", "fatal", "ignoreBOM")

    def __init__(self, label: Any = "utf-8", options: Any = None) -> None:
        encoding_names = _ENCODINGS.get(
            to_js_string("utf-8" if label is None else label).strip().lower()
        )
        if encoding_names is None:
            raise errors.encoding_unknown(to_js_string(label))
        self.encoding, self._codec = encoding_names
        fields = option_members(options)
        self.fatal = bool(fields.get("fatal", False))
        self.ignoreBOM = bool(fields.get("ignoreBOM", False))
        self._decoder: Any = None

    def decode(self, buffer: Any = None, options: Any = None) -> str:
        """Return the text in `buffer`. Raises: JsException, "Failed to decode input."."""
        data = b"" if buffer is None else buffer
        if isinstance(data, JsBuffer):
            data = data.to_bytes()
        elif buffer is not None:  # a Python buffer arrives as a proxy
            raise errors.not_of_type("decode", "TextDecoder", 1, "Array")
        is_stream = bool(option_members(options).get("stream", False))
        is_first_call = self._decoder is None
        if is_first_call:
            import codecs

            handler = "strict" if self.fatal else "replace"
            self._decoder = codecs.getincrementaldecoder(self._codec)(handler)
        try:
            text: str = self._decoder.decode(data, not is_stream)
        except UnicodeDecodeError:
            self._decoder = None
            raise errors.undecodable() from None
        if not is_stream:
            self._decoder = None
        return text if self.ignoreBOM or not is_first_call else text.removeprefix("\ufeff")


def atob(text: Any = None) -> str:
    """Decode base64 to bytes, represented as characters up to U+00FF.

    Raises: JsException named "InvalidCharacterError".
    """
    from base64 import b64decode

    characters = to_js_string(text).translate(_BASE64_SPACE)
    if len(characters) % 4 == 0:
        characters = (
            characters[:-2] + characters[-2:].rstrip("=")
            if characters.endswith("=")
            else characters
        )
    if len(characters) % 4 == 1 or not _BASE64.fullmatch(characters):
        raise errors.base64_invalid()
    return b64decode(characters + "=" * (-len(characters) % 4)).decode("latin-1")


def btoa(text: Any = None) -> str:
    """Encode characters up to U+00FF. Raises: JsException named "InvalidCharacterError"."""
    from base64 import b64encode

    try:
        return b64encode(to_js_string(text).encode("latin-1")).decode()
    except UnicodeEncodeError:
        raise errors.base64_beyond_latin1() from None


def encode_uri_component(text: Any = None) -> str:
    """Percent-encode `text`. Raises: JsException, "URI malformed" for a lone surrogate."""
    return _percent_encode(to_js_string(text), _URI_UNESCAPED)


def encode_uri(text: Any = None) -> str:
    """Percent-encode `text` except the delimiters of a URL; raises as `encode_uri_component`."""
    return _percent_encode(to_js_string(text), _URI_UNESCAPED + _URI_RESERVED)


def decode_uri_component(text: Any = None) -> str:
    """Percent-decode `text`. Raises: JsException, "URI malformed"."""
    return _ESCAPES.sub(lambda match: _percent_decode(match[0]), to_js_string(text))


def decode_uri(text: Any = None) -> str:
    """Percent-decode `text` except the delimiters of a URL; raises as `decode_uri_component`."""
    return _ESCAPES.sub(
        lambda match: _percent_decode(match[0], unescaped=_URI_RESERVED), to_js_string(text)
    )


def _percent_encode(text: str, unescaped: str) -> str:
    try:
        return "".join(
            character
            if character in unescaped
            else "".join(f"%{byte:02X}" for byte in character.encode())
            for character in text
        )
    except UnicodeEncodeError:
        raise errors.uri_malformed() from None


def _percent_decode(escapes: str, unescaped: str = "") -> str:
    if escapes == "%":
        raise errors.uri_malformed()
    try:
        characters = bytes.fromhex(escapes.replace("%", "")).decode()
    except UnicodeDecodeError:
        raise errors.uri_malformed() from None
    return "".join(
        f"%{ord(character):02X}" if character in unescaped else character
        for character in characters
    )
