"""Parse forms (`multipart/form-data`, `application/x-www-form-urlencoded`) and serialize them."""

import re
from typing import Final

from pykvbinding.js.core import errors
from pykvbinding.js.fetch.blob import Blob, File
from pykvbinding.js.fetch.form_data import Entry, FormData

_URLENCODED: Final = "application/x-www-form-urlencoded"
_MULTIPART: Final = "multipart/form-data"
_UTF_8: Final = frozenset({"utf-8", "utf8", "unicode-1-1-utf-8"})
_DEFAULT_FILE_TYPE: Final = "application/octet-stream"
_WHITE_SPACE: Final = "\t\n\r "

_NAME: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_ESSENCE = re.compile(rf"[{_WHITE_SPACE}]*({_NAME}/{_NAME})[{_WHITE_SPACE}]*(?:;|\Z)")
_PARAMETER = re.compile(
    rf"[{_WHITE_SPACE}]*(?P<name>[^;=]*)(?:=(?:\"(?P<quoted>(?:\\.|[^\"\\])*)(?:\"|\\?\Z)[^;]*"
    r"|(?P<plain>[^;]*)))?(?:;|\Z)",
    re.DOTALL,
)
_QUOTED_PAIR = re.compile(r"\\(.)", re.DOTALL)

_PERCENT = re.compile(rb"%([0-9A-Fa-f]{0,2})")
_HEADERS_END = re.compile(rb"\r?\n\r?\n")
_LINE_FEED = re.compile(rb"\r?\n")
_LINE_END = re.compile("\r\n?|\n")
_LINE_FOLD = re.compile("\r\n?(?=[ \t])|\n(?=[ \t])")
_HEADER = re.compile(r'([^\0- "(),/:-@\[-\]{}\x7f]+)[ \t]*:[ \t]*([^\0]*)')
_DISPOSITION = re.compile(r"[\w-]+", re.ASCII)
_DISPOSITION_PARAMETER = re.compile(r'\s*;\s*([\w-]+)\s*=\s*"((?:\\.|[^"\\])+)"', re.ASCII)


def parse(body: bytes, content_type: str | None) -> FormData:
    """Parse the body of a form.

    Raises: JsException, "Parsing a Body as FormData requires a Content-Type header.",
    "Unrecognized Content-Type header value. …", and others for an invalid body.
    """
    if content_type is None:
        raise errors.form_content_type_missing()
    match = _ESSENCE.match(content_type)
    essence = "" if match is None else match[1].lower()
    parameters = {} if match is None else _parse_parameters(content_type[match.end() :])
    if essence == _MULTIPART:
        if "boundary" not in parameters:
            raise errors.form_boundary_missing()
        return FormData.of(_parse_parts(body, b"--" + parameters["boundary"].encode()))
    if essence != _URLENCODED:
        raise errors.form_type_unknown()
    if parameters.get("charset", "utf-8").lower() not in _UTF_8:
        raise errors.form_not_utf8()
    return FormData.of(_parse_urlencoded(body))


def _parse_urlencoded(body: bytes) -> list[Entry]:
    """Parse the entries of a form. Unlike in a URL, an invalid escape loses its percent sign."""
    entries: list[Entry] = []
    for part in body.replace(b"+", b" ").split(b"&"):
        if part:
            name, _, value = part.partition(b"=")
            entries.append((_percent_decode(name), _percent_decode(value)))
    return entries


def _percent_decode(text: bytes) -> str:
    return _PERCENT.sub(_decode_byte, text).decode("utf-8", "replace")


def _decode_byte(match: re.Match[bytes]) -> bytes:
    return bytes([int(match[1], 16)]) if match[1] else b""


def _parse_parameters(text: str) -> dict[str, str]:
    """Parse the parameters of a MIME type: the first of each name, without empty ones."""
    parameters: dict[str, str] = {}
    position = 0
    while position < len(text):
        match = _PARAMETER.match(text, position)
        assert match is not None, "every part of the pattern is optional"
        position = match.end()
        value = match["plain"]
        if match["quoted"] is not None:
            value = _QUOTED_PAIR.sub(r"\1", match["quoted"])
        elif value is not None:
            value = value.rstrip(_WHITE_SPACE) or None
        if value is not None:
            parameters.setdefault(match["name"].lower(), value)
    return parameters


def _parse_parts(body: bytes, delimiter: bytes) -> list[Entry]:
    start = body.find(delimiter)
    position = start + len(delimiter)
    if start < 0 or position >= len(body):
        raise errors.form_first_boundary_missing()
    next_delimiter = re.compile(rb"\r?\n" + re.escape(delimiter))
    entries: list[Entry] = []
    while not body.startswith(b"--", position):
        line_end = _LINE_FEED.match(body, position)
        if line_end is None:
            raise errors.form_boundary_unterminated()
        headers_end = _HEADERS_END.search(body, line_end.end())
        if headers_end is None:
            raise errors.form_headers_unterminated()
        part_headers = _PartHeaders(body[line_end.end() : headers_end.start()])
        content_end = next_delimiter.search(body, headers_end.end())
        if content_end is None or content_end.end() >= len(body):
            raise errors.form_last_boundary_missing()
        entries.append(part_headers.to_entry(body[headers_end.end() : content_end.start()]))
        position = content_end.end()
    return entries


class _PartHeaders:
    """The headers of a part: the name of the entry, and the name and the type of a file."""

    __slots__ = ("_content_type", "_filename", "_name")

    def __init__(self, headers: bytes) -> None:
        fields = _parse_headers(headers)
        parameters = _parse_disposition(fields.get("content-disposition", ""))
        if "name" not in parameters:
            raise errors.form_name_missing()
        self._name, self._filename = parameters["name"], parameters.get("filename")
        self._content_type = fields.get("content-type", "")

    def to_entry(self, content: bytes) -> Entry:
        """Return the entry with this content."""
        if self._filename is None:
            return self._name, content.decode("utf-8", "replace")
        return self._name, File.of_blob(Blob.of(content, self._content_type), self._filename)


def _parse_headers(text: bytes) -> dict[str, str]:
    headers: dict[str, str] = {}
    lines = _LINE_FOLD.sub(" ", text.decode("utf-8", "replace"))
    for line in _LINE_END.split(lines):
        match = _HEADER.fullmatch(line)
        if match is None:
            raise errors.form_headers_invalid()
        name, value = match[1].lower(), match[2]
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _parse_disposition(text: str) -> dict[str, str]:
    """Parse the parameters of a Content-Disposition, up to the first unquoted or empty one."""
    if not text:
        raise errors.form_disposition_missing()
    disposition = _DISPOSITION.match(text)
    if disposition is None:
        raise errors.form_disposition_invalid()
    if disposition[0] != "form-data":
        raise errors.form_disposition_unknown(disposition[0])
    parameters = {}
    match = _DISPOSITION_PARAMETER.match(text, disposition.end())
    while match is not None:
        parameters[match[1]] = _QUOTED_PAIR.sub(r"\1", match[2])
        match = _DISPOSITION_PARAMETER.match(text, match.end())
    return parameters


def serialize(form: FormData) -> tuple[bytes, str]:
    """Serialize a form, and return the body and its Content-Type.

    The boundary is a digest of the entries: it is deterministic, and no entry can contain it.
    """
    parts = [_serialize_part(name, value) for name, value in form.pairs()]
    boundary = _digest(parts)
    delimiter = f"--{boundary}".encode()
    encoded_parts = [delimiter + b"\r\n" + part + b"\r\n" for part in parts]
    return b"".join([*encoded_parts, delimiter, b"--"]), f"{_MULTIPART}; boundary={boundary}"


def _serialize_part(name: str, value: str | File) -> bytes:
    disposition = f'Content-Disposition: form-data; name="{_escape_name(name)}"'
    if isinstance(value, str):
        return f"{disposition}\r\n\r\n{value}".encode()
    content_type = f"Content-Type: {value.type or _DEFAULT_FILE_TYPE}"
    part_header = f'{disposition}; filename="{_escape_name(value.name)}"\r\n{content_type}\r\n\r\n'
    return part_header.encode() + value.data


def _escape_name(name: str) -> str:
    return name.replace("\\", "\\\\").replace('"', "%22").replace("\n", "%0A")


def _digest(parts: list[bytes]) -> str:
    from hashlib import blake2b  # only serializing a form needs it

    digest = blake2b(digest_size=16)
    for part in parts:
        digest.update(part)
    return digest.hexdigest()
