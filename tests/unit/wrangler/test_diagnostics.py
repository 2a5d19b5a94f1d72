"""Collection and formatting of diagnostics."""

from typing import Any

import pytest

from pykvbinding.wrangler.diagnostics import (
    Diagnostics,
    TomlDate,
    is_object,
    is_string,
    json_stringify,
    object_entries,
    type_mismatch,
)


def test_errors_are_formatted_as_in_wrangler() -> None:
    diagnostics = Diagnostics(
        "Processing wrangler.json configuration:", ["first\nof two lines", "second"]
    )
    diagnostics.children = [
        Diagnostics("one", ["inner"]),
        Diagnostics("none", warnings=["odd"]),
        Diagnostics("two", children=[Diagnostics("deep", ["deeper"])]),
    ]

    assert diagnostics.has_errors()
    assert diagnostics.render_errors() == (
        "Processing wrangler.json configuration:\n"
        "  - first\n    of two lines\n  - second\n"
        "  - one\n    - inner\n"
        "\n"
        "  - two\n\n    - deep\n      - deeper"
    )
    assert list(diagnostics.all_warnings()) == ["odd"]
    assert not Diagnostics("nothing", warnings=["odd"]).has_errors()


@pytest.mark.parametrize(
    ("value", "entries"),
    [({"a": 1}, {"a": 1}), (["x"], {"0": "x"}), ("ab", {"0": "a", "1": "b"}), (5, {}), (None, {})],
)
def test_every_value_has_entries(value: Any, entries: dict[str, Any]) -> None:
    assert object_entries(value) == entries


def test_a_toml_date_is_an_object_and_not_a_string() -> None:
    date = TomlDate("1979-05-27")

    assert is_object(date)
    assert not is_string(date)
    assert object_entries(date) == {}
    assert is_string("1979-05-27")
    assert not is_object(5)


def test_type_mismatch_shows_the_value_as_json() -> None:
    assert json_stringify([1, None]) == "[1,null]"
    assert type_mismatch("main", "string", 5) == 'Expected "main" to be of type string but got 5.'
