"""Parse a wrangler file: JSON with comments and trailing commas, or TOML."""

import json
import re
import sys
from datetime import date, datetime, time
from pathlib import Path

from pykvbinding.js.core.coercion import MAX_SAFE_INTEGER
from pykvbinding.js.core.js_dict import JsDict
from pykvbinding.wrangler import errors
from pykvbinding.wrangler.diagnostics import Json, TomlDate, members

BYTE_ORDER_MARKS = {
    b"\x00\x00\xfe\xff": "UTF-32 BE",
    b"\xff\xfe\x00\x00": "UTF-32 LE",
    b"\xfe\xff": "UTF-16 BE",
    b"\xff\xfe": "UTF-16 LE",
}


def parse_file(path: Path) -> Json:
    """Return the content of a .json, .jsonc or .toml file as JavaScript values.

    Raises: ValueError for another encoding than UTF-8, for a syntax error, with file, line and
    column, and for an integer in TOML that a JavaScript number cannot hold.
    """
    content = path.read_bytes()
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            raise errors.config_encoding(path, encoding)
    text = content.decode("utf-8", "replace").removeprefix("\ufeff")
    if path.suffix == ".toml":
        parsed = _parse_toml(path, text)
        _check_integers(path, parsed)
        return _as_javascript(parsed)
    return _as_javascript(_parse_json(path, text))


def _parse_toml(path: Path, text: str) -> Json:
    import tomllib  # not at the top: only a TOML file needs it

    try:
        return tomllib.loads(text)
    except ValueError as error:
        place = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", str(error))
        what = str(error)[: place.start()] if place else str(error)
        if place and place[1]:
            raise _syntax_error(path, int(place[1]), int(place[2]), what) from None
        raise _syntax_error(path, *_line_and_column(text, len(text)), what) from None


def _check_integers(path: Path, value: Json) -> None:
    """Refuse what wrangler's parser refuses: an integer that a JavaScript number cannot hold."""
    if isinstance(value, int) and abs(value) > MAX_SAFE_INTEGER:
        raise errors.config_large_integer(path, value)
    if isinstance(value, dict | list):
        for item in members(value).values():
            _check_integers(path, item)


def _parse_json(path: Path, text: str) -> Json:
    """Parse JSON with comments and trailing commas, in a .json file too.

    pyjson5 accepts all of JSON5, which is more than wrangler accepts: `{a: 'b'}` passes here.
    """
    try:
        return json.loads(text, parse_int=float)
    except json.JSONDecodeError as error:
        strict = error
    import pyjson5  # not at the top: a file that is plain JSON does not need it

    try:
        return pyjson5.decode(text)
    except pyjson5.Json5DecoderException as error:
        offset, what = _json5_complaint(str(error.message))
    # What comes later is nearer to the mistake: plain JSON may have stumbled over a comment, and
    # pyjson5 names the start of what is never closed.
    if strict.pos >= offset:
        offset, what = strict.pos, strict.msg
    raise _syntax_error(path, *_line_and_column(text, offset), what) from None


def _json5_complaint(message: str) -> tuple[int, str]:
    """Where, and what, out of `Expected b'colon' near 14, found U+0032`."""
    read = re.search(r"near (\d+)", message)
    what = re.sub(r" (?:starting )?near \d+", "", message)
    what = re.sub(r"b'([^']*)'", r"\1", what)
    what = re.sub(r"U\+([0-9a-f]+)", lambda code: repr(chr(int(code[1], 16))), what)
    return (max(int(read[1]) - 1, 0) if read else 0), what


def _syntax_error(path: Path, line: int, column: int, what: str) -> ValueError:
    return ValueError(f"{path}:{line}:{column}: {what}")


def _line_and_column(text: str, offset: int) -> tuple[int, int]:
    before = text[:offset]
    return before.count("\n") + 1, offset - before.rfind("\n")


def _as_javascript(value: Json) -> Json:
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, list):
        return [_as_javascript(item) for item in value]
    if isinstance(value, dict):
        return JsDict((name, _as_javascript(item)) for name, item in value.items())
    if isinstance(value, datetime | time):
        return TomlDate(value.isoformat(timespec="milliseconds").replace("+00:00", "Z"))
    return TomlDate(value.isoformat()) if isinstance(value, date) else value


def _number(value: float) -> float | None:
    """A safe integer is int, any other number float; what JSON cannot say arrives as null."""
    if not abs(value) <= sys.float_info.max:
        return None
    number = float(value)
    return int(number) if number.is_integer() and abs(number) <= MAX_SAFE_INTEGER else number
