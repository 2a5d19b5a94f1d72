"""What is wrong with a configuration, as wrangler collects and prints it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from pykvbinding.js.core.json import JsonSerializer

Json: TypeAlias = Any
"""A parsed file, with JavaScript's numbers: None, bool, int, float, str, TomlDate, list, JsDict."""


class TomlDate(str):
    """A date or time of a TOML file, as the text that JavaScript writes for it."""

    __slots__ = ()


@dataclass(slots=True)
class Diagnosis:
    """What is wrong (`errors`) and what is odd (`warnings`) in one section of a configuration."""

    title: str
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    parts: list["Diagnosis"] = field(default_factory=list)

    def has_errors(self) -> bool:
        """Whether wrangler refuses the configuration."""
        return bool(self.errors) or any(part.has_errors() for part in self.parts)

    def error_text(self) -> str:
        """All errors in one text, laid out as wrangler prints it."""
        own = "\n".join(f"- {_indented(text)}" for text in self.errors)
        others = [f"\n- {part.error_text()}" for part in self.parts if part.has_errors()]
        return _indented(f"{self.title}\n{own}" + "\n".join(others))

    def all_warnings(self) -> Iterator[str]:
        """Every warning, of the parts too."""
        yield from self.warnings
        for part in self.parts:
            yield from part.all_warnings()


def _indented(text: str) -> str:
    first, *others = text.split("\n")
    lines = [first, *(f"  {line}" for line in others)]
    return "\n".join("" if line.isspace() else line for line in lines)


def members(value: Json) -> dict[str, Json]:
    """`Object.entries(value)`: what JavaScript finds in any JSON value."""
    if isinstance(value, dict):
        return value
    if isinstance(value, list) or (isinstance(value, str) and not isinstance(value, TomlDate)):
        return {str(index): item for index, item in enumerate(value)}
    return {}


def json_text(value: Json) -> str:
    """`JSON.stringify(value)`."""
    return str(JsonSerializer().stringify(value))


def is_text(value: Json) -> bool:
    """`typeof value === "string"`."""
    return isinstance(value, str) and not isinstance(value, TomlDate)


def is_object(value: Json) -> bool:
    """`typeof value === "object"`, null apart."""
    return isinstance(value, dict | list | TomlDate)


def items_of(found: Diagnosis, value: Json, place: str) -> list[tuple[Json, str]]:
    """The items of an array, each with its place; none of what is no array, which is an error."""
    if not isinstance(value, list):
        got = json_text(value)
        found.errors.append(f'The field "{place}" should be an array but got {got}.')
        return []
    return [(item, f"{place}[{index}]") for index, item in enumerate(value)]


def not_of_type(field: str, kind: str, value: Json) -> str:
    """That a setting is of another type than it should be."""
    return f'Expected "{field}" to be of type {kind} but got {json_text(value)}.'
