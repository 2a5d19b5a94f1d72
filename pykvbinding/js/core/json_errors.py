"""What V8 says about text that is not JSON: the message of the SyntaxError, to the character.

It runs only after the fast parser has refused the text, and walks it again as V8 does, without
recursion. Positions count UTF-16 units.
"""

import re

from pykvbinding.js.core.coercion import merge_surrogates

CONTEXT_UNITS = 10
"""How much of the text V8 shows on either side of an unexpected token."""

SPECIAL_TEXTS = frozenset({"NaN", "Infinity", "undefined", "[object Object]"})
"""Texts that come from stringifying the wrong thing; V8 shows them whole."""

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_SPACE = re.compile(r"[ \t\n\r]*")
_PLAIN = re.compile(r'[^"\\\x00-\x1f]*')
_HEX = re.compile("[0-9a-fA-F]{0,4}")
_DIGITS = re.compile("[0-9]*")
_LITERALS = {"t": "true", "f": "false", "n": "null"}


def explain_syntax_error(text: str) -> str | None:
    """V8's message for `text`; `None` if it is JSON. Runtime complexity: O(len(text)).

    >>> print(explain_syntax_error("[1,]"))
    Unexpected token ']', "[1,]" is not valid JSON
    """
    try:
        _Walk(_ASTRAL.sub(_surrogate_pair, text)).document()
    except _SyntaxError as error:
        return merge_surrogates(str(error))
    return None


def _surrogate_pair(match: re.Match[str]) -> str:
    raw = match[0].encode("utf-16-le")
    return "".join(chr(int.from_bytes(raw[i : i + 2], "little")) for i in (0, 2))


class _SyntaxError(Exception):
    """Where the walk ends."""


class _Walk:
    """One walk over the UTF-16 units of a text."""

    def __init__(self, units: str) -> None:
        self._units = units
        self._at = 0

    def document(self) -> None:
        """Walk one value and the end; raises at the first fault."""
        closers: list[str] = []
        while True:
            self._value_or_opening(closers)
            if not self._close(closers):
                break
        if self._next():
            raise self._fault("Unexpected non-whitespace character after JSON")

    def _value_or_opening(self, closers: list[str]) -> None:
        """Walk openings down to the first scalar or empty container."""
        while True:
            unit = self._next()
            if unit == "[":
                self._at += 1
                if self._next() == "]":
                    self._at += 1
                    return
                closers.append("]")
            elif unit == "{":
                self._at += 1
                if self._next() == "}":
                    self._at += 1
                    return
                self._property_name("Expected property name or '}' in JSON")
                closers.append("}")
            else:
                self._scalar(unit)
                return

    def _close(self, closers: list[str]) -> bool:
        """After a value: walk the closers and one comma. Whether another value must follow."""
        while closers:
            unit = self._next()
            if unit == ",":
                self._at += 1
                if closers[-1] == "}":
                    self._next()
                    self._property_name("Expected double-quoted property name in JSON")
                return True
            if unit != closers[-1]:
                place = "property value" if closers[-1] == "}" else "array element"
                raise self._fault(f"Expected ',' or '{closers[-1]}' after {place} in JSON")
            self._at += 1
            closers.pop()
        return False

    def _property_name(self, complaint: str) -> None:
        if self._peek() != '"':
            raise self._fault(complaint)
        self._string()
        if self._next() != ":":
            raise self._fault("Expected ':' after property name in JSON")
        self._at += 1

    def _scalar(self, unit: str) -> None:
        if unit == '"':
            self._string()
        elif unit == "-" or "0" <= unit <= "9":
            self._number()
        else:
            self._literal(_LITERALS.get(unit, ""))

    def _literal(self, word: str) -> None:
        for letter in word or " ":
            if self._peek() != letter:
                raise self._unexpected_token()
            self._at += 1

    def _number(self) -> None:
        if self._peek() == "-":
            self._at += 1
            if not "0" <= self._peek() <= "9":
                raise self._fault("No number after minus sign in JSON")
        if self._peek() == "0":
            self._at += 1
            if "0" <= self._peek() <= "9":
                raise self._fault("Unexpected number in JSON")
        self._digits()
        if self._peek() == ".":
            self._at += 1
            if not self._digits():
                raise self._fault("Unterminated fractional number in JSON")
        if self._peek() in ("e", "E"):
            self._at += 1
            if self._peek() in ("+", "-"):
                self._at += 1
            if not self._digits():
                raise self._fault("Exponent part is missing a number in JSON")

    def _string(self) -> None:
        self._at += 1
        while True:
            self._at = self._end_of(_PLAIN)
            unit = self._peek()
            if unit == '"':
                self._at += 1
                return
            if unit == "":
                raise self._fault("Unterminated string in JSON")
            if unit != "\\":
                raise self._fault("Bad control character in string literal in JSON")
            self._at += 1
            self._escape()

    def _escape(self) -> None:
        unit = self._peek()
        if unit == "" or unit > "\xff":
            raise self._unexpected_token()
        if unit not in '"\\/bfnrtu':
            raise self._fault("Bad escaped character in JSON")
        self._at += 1
        if unit == "u":
            start = self._at
            self._at = self._end_of(_HEX)
            if self._at < start + 4:
                raise self._fault("Bad Unicode escape in JSON")

    def _peek(self) -> str:
        return self._units[self._at : self._at + 1]

    def _next(self) -> str:
        """Skip white space; the unit there, "" at the end."""
        self._at = self._end_of(_SPACE)
        return self._peek()

    def _digits(self) -> bool:
        start = self._at
        self._at = self._end_of(_DIGITS)
        return self._at > start

    def _end_of(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self._units, self._at)
        assert match is not None  # each pattern matches the empty string
        return match.end()

    def _fault(self, complaint: str) -> _SyntaxError:
        breaks = [match.end() for match in _LINE_BREAK.finditer(self._units, 0, self._at)]
        column = self._at - (breaks[-1] if breaks else 0) + 1
        where = f"position {self._at} (line {len(breaks) + 1} column {column})"
        return _SyntaxError(f"{complaint} at {where}")

    def _unexpected_token(self) -> _SyntaxError:
        units, at = self._units, self._at
        if at >= len(units):
            return _SyntaxError("Unexpected end of JSON input")
        if units[at] == '"':
            return self._fault("Unexpected string in JSON")
        if units[at] in "-0123456789":
            return self._fault("Unexpected number in JSON")
        if units in SPECIAL_TEXTS:
            return _SyntaxError(f'"{units}" is not valid JSON')
        start, end = 0, len(units)
        if end > 2 * CONTEXT_UNITS:
            start, end = max(0, at - CONTEXT_UNITS), min(end, at + CONTEXT_UNITS)
        before = "..." if start > 0 else ""
        after = "..." if end < len(units) else ""
        shown = f'{before}"{units[start:end]}"{after}'
        return _SyntaxError(f"Unexpected token '{units[at]}', {shown} is not valid JSON")
