"""Diagnostics of a configuration, collected and formatted as in wrangler."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from pykvbinding.js.core.json import JsonSerializer

ConfigValue: TypeAlias = Any
"""A parsed value with JavaScript's numbers: None, bool, int, float, str, TomlDate, list, JsDict."""


class TomlDate(str):
    """A date or time in a TOML file, in JavaScript's text format."""

    __slots__ = ()


@dataclass(slots=True)
class Diagnostics:
    """The errors and warnings of one section of a configuration, and of its subsections."""

    title: str
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    children: list["Diagnostics"] = field(default_factory=list)

    def has_errors(self) -> bool:
        """Return whether wrangler rejects the configuration."""
        return bool(self.errors) or any(child.has_errors() for child in self.children)

    def render_errors(self) -> str:
        """Return all errors as one text, formatted as wrangler prints it."""
        lines = "\n".join(f"- {_indented(text)}" for text in self.errors)
        children = [f"\n- {child.render_errors()}" for child in self.children if child.has_errors()]
        return _indented(f"{self.title}\n{lines}" + "\n".join(children))

    def all_warnings(self) -> Iterator[str]:
        """Iterate over the warnings, including those of children."""
        yield from self.warnings
        for child in self.children:
            yield from child.all_warnings()


def _indented(text: str) -> str:
    first, *rest = text.split("\n")
    lines = [first, *(f"  {line}" for line in rest)]
    return "\n".join("" if line.isspace() else line for line in lines)


def object_entries(value: ConfigValue) -> dict[str, ConfigValue]:
    """Return `Object.entries(value)`, which JavaScript defines for any JSON value."""
    if isinstance(value, dict):
        return value
    if isinstance(value, list) or (isinstance(value, str) and not isinstance(value, TomlDate)):
        return {str(index): item for index, item in enumerate(value)}
    return {}


def json_stringify(value: ConfigValue) -> str:
    """Return `JSON.stringify(value)`."""
    return str(JsonSerializer().stringify(value))


def is_string(value: ConfigValue) -> bool:
    """Return `typeof value === "string"`."""
    return isinstance(value, str) and not isinstance(value, TomlDate)


def is_object(value: ConfigValue) -> bool:
    """Return `typeof value === "object"`, except for null."""
    return isinstance(value, dict | list | TomlDate)


def array_items(
    diagnostics: Diagnostics, value: ConfigValue, path: str
) -> list[tuple[ConfigValue, str]]:
    """Return the items of an array with their paths. A value of another type adds an error."""
    if not isinstance(value, list):
        got = json_stringify(value)
        diagnostics.errors.append(f'The field "{path}" should be an array but got {got}.')
        return []
    return [(item, f"{path}[{index}]") for index, item in enumerate(value)]


def type_mismatch(field: str, kind: str, value: ConfigValue) -> str:
    """Return the message for a field of the wrong type."""
    return f'Expected "{field}" to be of type {kind} but got {json_stringify(value)}.'
