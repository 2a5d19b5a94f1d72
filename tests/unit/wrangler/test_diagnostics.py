"""How what is wrong with a configuration is collected and laid out."""

from typing import Any

import pytest

from pykvbinding.wrangler.diagnostics import (
    Diagnosis,
    TomlDate,
    is_object,
    is_text,
    json_text,
    members,
    not_of_type,
)


def test_errors_are_laid_out_as_wrangler_prints_them() -> None:
    found = Diagnosis("Processing wrangler.json configuration:", ["first\nof two lines", "second"])
    found.parts = [
        Diagnosis("one", ["inner"]),
        Diagnosis("none", warnings=["odd"]),
        Diagnosis("two", parts=[Diagnosis("deep", ["deeper"])]),
    ]

    assert found.has_errors()
    assert found.error_text() == (
        "Processing wrangler.json configuration:\n"
        "  - first\n    of two lines\n  - second\n"
        "  - one\n    - inner\n"
        "\n"
        "  - two\n\n    - deep\n      - deeper"
    )
    assert list(found.all_warnings()) == ["odd"]
    assert not Diagnosis("nothing", warnings=["odd"]).has_errors()


@pytest.mark.parametrize(
    ("value", "entries"),
    [({"a": 1}, {"a": 1}), (["x"], {"0": "x"}), ("ab", {"0": "a", "1": "b"}), (5, {}), (None, {})],
)
def test_every_value_has_members(value: Any, entries: dict[str, Any]) -> None:
    assert members(value) == entries


def test_a_date_of_toml_is_an_object_and_no_text() -> None:
    date = TomlDate("1979-05-27")

    assert is_object(date)
    assert not is_text(date)
    assert members(date) == {}
    assert is_text("1979-05-27")
    assert not is_object(5)


def test_a_setting_of_another_type_is_shown_as_json() -> None:
    assert json_text([1, None]) == "[1,null]"
    assert not_of_type("main", "string", 5) == 'Expected "main" to be of type string but got 5.'
