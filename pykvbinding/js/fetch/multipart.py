"""Forms as bodies: `multipart/form-data` and `application/x-www-form-urlencoded`, both ways."""

import re
from typing import Final

from pykvbinding.js.core import errors
from pykvbinding.js.fetch.blob import Blob, File
from pykvbinding.js.fetch.form_data import Entry, FormData

_URLENCODED: Final = "application/x-www-form-urlencoded"
_MULTIPART: Final = "multipart/form-data"
_UTF_8: Final = frozenset({"utf-8", "utf8", "unicode-1-1-utf-8"})
_ANY_TYPE: Final = "application/octet-stream"
_WHITE: Final = "\t\n\r "

_NAME: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_ESSENCE = re.compile(rf"[{_WHITE}]*({_NAME}/{_NAME})[{_WHITE}]*(?:;|\Z)")
_PARAMETER = re.compile(
    rf"[{_WHITE}]*(?P<name>[^;=]*)(?:=(?:\"(?P<quoted>(?:\\.|[^\"\\])*)(?:\"|\\?\Z)[^;]*"
    r"|(?P<plain>[^;]*)))?(?:;|\Z)",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)

_PERCENT = re.compile(rb"%([0-9A-Fa-f]{0,2})")
_HEADERS_END = re.compile(rb"\r?\n\r?\n")
_LINE_FEED = re.compile(rb"\r?\n")
_LINE_END = re.compile("\r\n?|\n")
_CONTINUED = re.compile("\r\n?(?=[ \t])|\n(?=[ \t])")
_HEADER = re.compile(r'([^\0- "(),/:-@\[-\]{}\x7f]+)[ \t]*:[ \t]*([^\0]*)')
_DISPOSITION = re.compile(r"[\w-]+", re.ASCII)
_DISPOSITION_PARAMETER = re.compile(r'\s*;\s*([\w-]+)\s*=\s*"((?:\\.|[^"\\])+)"', re.ASCII)


def parse(body: bytes, content_type: str | None) -> FormData:
    """The form that a body spells.

    Raises: JsException, "Parsing a Body as FormData requires a Content-Type header.",
    "Unrecognized Content-Type header value. …", and others where the body is not what it says.
    """
    if content_type is None:
        raise errors.form_without_type()
    found = _ESSENCE.match(content_type)
    essence = "" if found is None else found[1].lower()
    parameters = {} if found is None else _read_parameters(content_type[found.end() :])
    if essence == _MULTIPART:
        if "boundary" not in parameters:
            raise errors.form_without_boundary()
        return FormData.of(_read_parts(body, b"--" + parameters["boundary"].encode()))
    if essence != _URLENCODED:
        raise errors.form_type_unknown()
    if parameters.get("charset", "utf-8").lower() not in _UTF_8:
        raise errors.form_not_utf8()
    return FormData.of(_read_urlencoded(body))


def _read_urlencoded(body: bytes) -> list[Entry]:
    """The entries of a form. What is no %XX is read as far as it goes, other than in a URL."""
    entries: list[Entry] = []
    for part in body.replace(b"+", b" ").split(b"&"):
        if part:
            name, _, value = part.partition(b"=")
            entries.append((_unescaped(name), _unescaped(value)))
    return entries


def _unescaped(text: bytes) -> str:
    return _PERCENT.sub(_byte_of, text).decode("utf-8", "replace")


def _byte_of(match: re.Match[bytes]) -> bytes:
    return bytes([int(match[1], 16)]) if match[1] else b""


def _read_parameters(text: str) -> dict[str, str]:
    """The parameters of a MIME type: the first of each name, without those that are empty."""
    parameters: dict[str, str] = {}
    place = 0
    while place < len(text):
        found = _PARAMETER.match(text, place)
        assert found is not None, "it matches anything"
        place = found.end()
        value = found["plain"]
        if found["quoted"] is not None:
            value = _ESCAPED.sub(r"\1", found["quoted"])
        elif value is not None:
            value = value.rstrip(_WHITE) or None
        if value is not None:
            parameters.setdefault(found["name"].lower(), value)
    return parameters


def _read_parts(body: bytes, delimiter: bytes) -> list[Entry]:
    start = body.find(delimiter)
    place = start + len(delimiter)
    if start < 0 or place >= len(body):
        raise errors.form_without_start()
    next_delimiter = re.compile(rb"\r?\n" + re.escape(delimiter))
    entries: list[Entry] = []
    while not body.startswith(b"--", place):
        line_end = _LINE_FEED.match(body, place)
        if line_end is None:
            raise errors.form_boundary_goes_on()
        headers_end = _HEADERS_END.search(body, line_end.end())
        if headers_end is None:
            raise errors.form_headers_without_end()
        named = _Named(body[line_end.end() : headers_end.start()])
        content_end = next_delimiter.search(body, headers_end.end())
        if content_end is None or content_end.end() >= len(body):
            raise errors.form_without_end()
        entries.append(named.holding(body[headers_end.end() : content_end.start()]))
        place = content_end.end()
    return entries


class _Named:
    """What the headers of a part say: its name, and the name and the type of a file."""

    __slots__ = ("_content_type", "_filename", "_name")

    def __init__(self, headers: bytes) -> None:
        found = _read_headers(headers)
        parameters = _read_disposition(found.get("content-disposition", ""))
        if "name" not in parameters:
            raise errors.form_without_name()
        self._name, self._filename = parameters["name"], parameters.get("filename")
        self._content_type = found.get("content-type", "")

    def holding(self, content: bytes) -> Entry:
        """The entry with this content."""
        if self._filename is None:
            return self._name, content.decode("utf-8", "replace")
        return self._name, File.named(Blob.of(content, self._content_type), self._filename)


def _read_headers(text: bytes) -> dict[str, str]:
    headers: dict[str, str] = {}
    lines = _CONTINUED.sub(" ", text.decode("utf-8", "replace"))
    for line in _LINE_END.split(lines):
        found = _HEADER.fullmatch(line)
        if found is None:
            raise errors.form_headers_invalid()
        name, value = found[1].lower(), found[2]
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _read_disposition(text: str) -> dict[str, str]:
    """The parameters, up to the first that is not in quotes, or is empty."""
    if not text:
        raise errors.form_without_disposition()
    disposition = _DISPOSITION.match(text)
    if disposition is None:
        raise errors.form_disposition_invalid()
    if disposition[0] != "form-data":
        raise errors.form_disposition_unknown(disposition[0])
    parameters = {}
    found = _DISPOSITION_PARAMETER.match(text, disposition.end())
    while found is not None:
        parameters[found[1]] = _ESCAPED.sub(r"\1", found[2])
        found = _DISPOSITION_PARAMETER.match(text, found.end())
    return parameters


def serialize(form: FormData) -> tuple[bytes, str]:
    """The body of a form and its content type.

    The boundary is a digest of the entries: no chance is at work, and no entry can hold it.
    """
    parts = [_write_part(name, value) for name, value in form.pairs()]
    boundary = _digest(parts)
    delimiter = f"--{boundary}".encode()
    written = [delimiter + b"\r\n" + part + b"\r\n" for part in parts]
    return b"".join([*written, delimiter, b"--"]), f"{_MULTIPART}; boundary={boundary}"


def _write_part(name: str, value: str | File) -> bytes:
    disposition = f'Content-Disposition: form-data; name="{_escaped(name)}"'
    if isinstance(value, str):
        return f"{disposition}\r\n\r\n{value}".encode()
    content_type = f"Content-Type: {value.type or _ANY_TYPE}"
    file = f'{disposition}; filename="{_escaped(value.name)}"\r\n{content_type}\r\n\r\n'
    return file.encode() + value.data


def _escaped(name: str) -> str:
    return name.replace("\\", "\\\\").replace('"', "%22").replace("\n", "%0A")


def _digest(parts: list[bytes]) -> str:
    from hashlib import blake2b  # only who sends a form needs it

    digest = blake2b(digest_size=16)
    for part in parts:
        digest.update(part)
    return digest.hexdigest()
