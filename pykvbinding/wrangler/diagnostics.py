"""What is wrong with a configuration, as wrangler collects and prints it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from pykvbinding.js.core.json import Writer

ConfigValue: TypeAlias = Any
"""A parsed file, with JavaScript's numbers: None, bool, int, float, str, TomlDate, list, JsDict."""


class TomlDate(str):
    """A date or time of a TOML file, as the text that JavaScript writes for it."""

    __slots__ = ()


@dataclass(slots=True)
class Diagnostics:
    """What is wrong (`errors`) and what is odd (`warnings`) in one section of a configuration."""

    title: str
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    children: list["Diagnostics"] = field(default_factory=list)

    def has_errors(self) -> bool:
        """Whether wrangler refuses the configuration."""
        return bool(self.errors) or any(child.has_errors() for child in self.children)

    def render_errors(self) -> str:
        """All errors in one text, laid out as wrangler prints it."""
        own = "\n".join(f"- {_indented(text)}" for text in self.errors)
        others = [f"\n- {child.render_errors()}" for child in self.children if child.has_errors()]
        return _indented(f"{self.title}\n{own}" + "\n".join(others))

    def all_warnings(self) -> Iterator[str]:
        """Every warning, of the parts too."""
        yield from self.warnings
        for child in self.children:
            yield from child.all_warnings()


def _indented(text: str) -> str:
    first, *others = text.split("\n")
    lines = [first, *(f"  {line}" for line in others)]
    return "\n".join("" if line.isspace() else line for line in lines)


def object_entries(value: ConfigValue) -> dict[str, ConfigValue]:
    """`Object.entries(value)`: what JavaScript finds in any JSON value."""
    if isinstance(value, dict):
        return value
    if isinstance(value, list) or (isinstance(value, str) and not isinstance(value, TomlDate)):
        return {str(index): item for index, item in enumerate(value)}
    return {}


def json_stringify(value: ConfigValue) -> str:
    """`JSON.stringify(value)`."""
    return str(Writer().stringify(value))


def is_string(value: ConfigValue) -> bool:
    """`typeof value === "string"`."""
    return isinstance(value, str) and not isinstance(value, TomlDate)


def is_object(value: ConfigValue) -> bool:
    """`typeof value === "object"`, null apart."""
    return isinstance(value, dict | list | TomlDate)


def array_items(
    diagnostics: Diagnostics, value: ConfigValue, path: str
) -> list[tuple[ConfigValue, str]]:
    """The items of an array, each with its place; none of what is no array, which is an error."""
    if not isinstance(value, list):
        got = json_stringify(value)
        diagnostics.errors.append(f'The field "{path}" should be an array but got {got}.')
        return []
    return [(item, f"{path}[{index}]") for index, item in enumerate(value)]


def type_mismatch(field: str, kind: str, value: ConfigValue) -> str:
    """That a setting is of another type than it should be."""
    return f'Expected "{field}" to be of type {kind} but got {json_stringify(value)}.'
