"""V8's SyntaxError messages for invalid JSON, to the letter.

The scanner runs only after the fast parser has rejected the text. It scans the text again as V8
does, without recursion. Positions count UTF-16 code units.
"""

import re

from pykvbinding.js.core.coercion import merge_surrogates

CONTEXT_UNITS = 10
"""How many code units V8 shows before and after an unexpected token."""

SPECIAL_TEXTS = frozenset({"NaN", "Infinity", "undefined", "[object Object]"})
"""Texts that often result from serializing a wrong value; V8 shows them in full."""

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_SPACE = re.compile(r"[ \t\n\r]*")
_UNESCAPED = re.compile(r'[^"\\\x00-\x1f]*')
_HEX = re.compile("[0-9a-fA-F]{0,4}")
_DIGITS = re.compile("[0-9]*")
_LITERALS = {"t": "true", "f": "false", "n": "null"}


def explain_syntax_error(text: str) -> str | None:
    """Return V8's message for `text`; `None` if it is valid. Runtime complexity: O(len(text)).

    >>> print(explain_syntax_error("[1,]"))
    Unexpected token ']', "[1,]" is not valid JSON
    """
    try:
        _Scanner(_ASTRAL.sub(_to_surrogate_pair, text)).scan()
    except _SyntaxError as error:
        return merge_surrogates(str(error))
    return None


def _to_surrogate_pair(match: re.Match[str]) -> str:
    raw = match[0].encode("utf-16-le")
    return "".join(chr(int.from_bytes(raw[i : i + 2], "little")) for i in (0, 2))


class _SyntaxError(Exception):
    """The scanner found the first error."""


class _Scanner:
    """Scans the UTF-16 code units of a text once."""

    def __init__(self, units: str) -> None:
        self._units = units
        self._position = 0

    def scan(self) -> None:
        """Scan one value and the end of the text. Raises: _SyntaxError at the first error."""
        closers: list[str] = []
        while True:
            self._scan_to_value(closers)
            if not self._scan_closers(closers):
                break
        if self._skip_space():
            raise self._error("Unexpected non-whitespace character after JSON")

    def _scan_to_value(self, closers: list[str]) -> None:
        """Scan opening brackets up to the first scalar or empty container."""
        while True:
            unit = self._skip_space()
            if unit == "[":
                self._position += 1
                if self._skip_space() == "]":
                    self._position += 1
                    return
                closers.append("]")
            elif unit == "{":
                self._position += 1
                if self._skip_space() == "}":
                    self._position += 1
                    return
                self._scan_property_name("Expected property name or '}' in JSON")
                closers.append("}")
            else:
                self._scan_scalar(unit)
                return

    def _scan_closers(self, closers: list[str]) -> bool:
        """Scan closing brackets and one comma. Return whether another value must follow."""
        while closers:
            unit = self._skip_space()
            if unit == ",":
                self._position += 1
                if closers[-1] == "}":
                    self._skip_space()
                    self._scan_property_name("Expected double-quoted property name in JSON")
                return True
            if unit != closers[-1]:
                context = "property value" if closers[-1] == "}" else "array element"
                raise self._error(f"Expected ',' or '{closers[-1]}' after {context} in JSON")
            self._position += 1
            closers.pop()
        return False

    def _scan_property_name(self, message: str) -> None:
        if self._peek() != '"':
            raise self._error(message)
        self._scan_string()
        if self._skip_space() != ":":
            raise self._error("Expected ':' after property name in JSON")
        self._position += 1

    def _scan_scalar(self, unit: str) -> None:
        if unit == '"':
            self._scan_string()
        elif unit == "-" or "0" <= unit <= "9":
            self._scan_number()
        else:
            self._scan_literal(_LITERALS.get(unit, ""))

    def _scan_literal(self, word: str) -> None:
        for letter in word or " ":
            if self._peek() != letter:
                raise self._unexpected_token()
            self._position += 1

    def _scan_number(self) -> None:
        if self._peek() == "-":
            self._position += 1
            if not "0" <= self._peek() <= "9":
                raise self._error("No number after minus sign in JSON")
        if self._peek() == "0":
            self._position += 1
            if "0" <= self._peek() <= "9":
                raise self._error("Unexpected number in JSON")
        self._scan_digits()
        if self._peek() == ".":
            self._position += 1
            if not self._scan_digits():
                raise self._error("Unterminated fractional number in JSON")
        if self._peek() in ("e", "E"):
            self._position += 1
            if self._peek() in ("+", "-"):
                self._position += 1
            if not self._scan_digits():
                raise self._error("Exponent part is missing a number in JSON")

    def _scan_string(self) -> None:
        self._position += 1
        while True:
            self._position = self._end_of(_UNESCAPED)
            unit = self._peek()
            if unit == '"':
                self._position += 1
                return
            if unit == "":
                raise self._error("Unterminated string in JSON")
            if unit != "\\":
                raise self._error("Bad control character in string literal in JSON")
            self._position += 1
            self._scan_escape()

    def _scan_escape(self) -> None:
        unit = self._peek()
        if unit == "" or unit > "\xff":
            raise self._unexpected_token()
        if unit not in '"\\/bfnrtu':
            raise self._error("Bad escaped character in JSON")
        self._position += 1
        if unit == "u":
            start = self._position
            self._position = self._end_of(_HEX)
            if self._position < start + 4:
                raise self._error("Bad Unicode escape in JSON")

    def _peek(self) -> str:
        return self._units[self._position : self._position + 1]

    def _skip_space(self) -> str:
        """Skip white space. Return the next code unit, "" at the end."""
        self._position = self._end_of(_SPACE)
        return self._peek()

    def _scan_digits(self) -> bool:
        start = self._position
        self._position = self._end_of(_DIGITS)
        return self._position > start

    def _end_of(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self._units, self._position)
        assert match is not None  # every pattern matches the empty string
        return match.end()

    def _error(self, message: str) -> _SyntaxError:
        breaks = [match.end() for match in _LINE_BREAK.finditer(self._units, 0, self._position)]
        column = self._position - (breaks[-1] if breaks else 0) + 1
        location = f"position {self._position} (line {len(breaks) + 1} column {column})"
        return _SyntaxError(f"{message} at {location}")

    def _unexpected_token(self) -> _SyntaxError:
        units, position = self._units, self._position
        if position >= len(units):
            return _SyntaxError("Unexpected end of JSON input")
        if units[position] == '"':
            return self._error("Unexpected string in JSON")
        if units[position] in "-0123456789":
            return self._error("Unexpected number in JSON")
        if units in SPECIAL_TEXTS:
            return _SyntaxError(f'"{units}" is not valid JSON')
        start, end = 0, len(units)
        if end > 2 * CONTEXT_UNITS:
            start, end = max(0, position - CONTEXT_UNITS), min(end, position + CONTEXT_UNITS)
        before = "..." if start > 0 else ""
        after = "..." if end < len(units) else ""
        excerpt = f'{before}"{units[start:end]}"{after}'
        return _SyntaxError(f"Unexpected token '{units[position]}', {excerpt} is not valid JSON")
