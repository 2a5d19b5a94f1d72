"""Parse a wrangler file: JSON with comments and trailing commas, or TOML."""

import json
import re
import sys
from datetime import date, datetime, time
from pathlib import Path

from pykvbinding.js.core.coercion import MAX_SAFE_INTEGER
from pykvbinding.js.core.js_dict import JsDict
from pykvbinding.wrangler import errors
from pykvbinding.wrangler.diagnostics import ConfigValue, TomlDate, object_entries

BYTE_ORDER_MARKS = {
    b"\x00\x00\xfe\xff": "UTF-32 BE",
    b"\xff\xfe\x00\x00": "UTF-32 LE",
    b"\xfe\xff": "UTF-16 BE",
    b"\xff\xfe": "UTF-16 LE",
}


def parse_file(path: Path) -> ConfigValue:
    """Return the content of a .json, .jsonc or .toml file as JavaScript values.

    Raises: ValueError if the encoding is not UTF-8, if there is a syntax error (with file, line
    and column), or if a JavaScript number cannot represent a TOML integer.
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


def _parse_toml(path: Path, text: str) -> ConfigValue:
    import tomllib  # not at the top: only TOML files need it

    try:
        return tomllib.loads(text)
    except ValueError as error:
        position = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", str(error))
        message = str(error)[: position.start()] if position else str(error)
        if position and position[1]:
            raise _syntax_error(path, int(position[1]), int(position[2]), message) from None
        raise _syntax_error(path, *_line_and_column(text, len(text)), message) from None


def _check_integers(path: Path, value: ConfigValue) -> None:
    """Reject integers that a JavaScript number cannot represent, as wrangler's parser does."""
    if isinstance(value, int) and abs(value) > MAX_SAFE_INTEGER:
        raise errors.config_large_integer(path, value)
    if isinstance(value, dict | list):
        for item in object_entries(value).values():
            _check_integers(path, item)


def _parse_json(path: Path, text: str) -> ConfigValue:
    """Parse JSON with comments and trailing commas, in a .json file too.

    pyjson5 accepts all of JSON5, which is more than wrangler accepts: `{a: 'b'}` passes here.
    """
    try:
        return json.loads(text, parse_int=float)
    except json.JSONDecodeError as error:
        strict_error = error
    import pyjson5  # not at the top: a file that is plain JSON does not need it

    try:
        return pyjson5.decode(text)
    except pyjson5.Json5DecoderException as error:
        offset, message = _parse_json5_error(str(error.message))
    # The later position is closer to the mistake: the strict parser fails at a comment, and
    # pyjson5 reports the start of an unterminated value.
    if strict_error.pos >= offset:
        offset, message = strict_error.pos, strict_error.msg
    raise _syntax_error(path, *_line_and_column(text, offset), message) from None


def _parse_json5_error(message: str) -> tuple[int, str]:
    """Return offset and message of an error such as `Expected b'colon' near 14, found U+0032`."""
    position = re.search(r"near (\d+)", message)
    message = re.sub(r" (?:starting )?near \d+", "", message)
    message = re.sub(r"b'([^']*)'", r"\1", message)
    message = re.sub(r"U\+([0-9a-f]+)", lambda code: repr(chr(int(code[1], 16))), message)
    return (max(int(position[1]) - 1, 0) if position else 0), message


def _syntax_error(path: Path, line: int, column: int, message: str) -> ValueError:
    return ValueError(f"{path}:{line}:{column}: {message}")


def _line_and_column(text: str, offset: int) -> tuple[int, int]:
    before = text[:offset]
    return before.count("\n") + 1, offset - before.rfind("\n")


def _as_javascript(value: ConfigValue) -> ConfigValue:
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
    """Return a safe integer as int, another number as float, and a non-finite number as None."""
    if not abs(value) <= sys.float_info.max:
        return None
    number = float(value)
    return int(number) if number.is_integer() and abs(number) <= MAX_SAFE_INTEGER else number
