"""Validation of configurations; tests/conformance/test_wrangler.py compares it with wrangler."""

from typing import Any

import pytest

from pykvbinding.js.core.js_dict import JsDict
from pykvbinding.wrangler.diagnostics import Diagnostics, TomlDate, object_entries
from pykvbinding.wrangler.validate import validate_config

UNIQUE = (
    "Bindings must have unique names, so that they can all be referenced in the worker.\n"
    "Please change your bindings to have unique names."
)


def validate(top: dict[str, Any], environment: str | None = None) -> Diagnostics:
    sections = object_entries(top.get("env"))
    section = sections.get(environment or "")
    js_section = None if section is None else JsDict(section)
    return validate_config(JsDict(top), js_section, environment, file="wrangler.json")


def errors_of(top: dict[str, Any]) -> list[str]:
    return validate(top).errors


def warnings_of(top: dict[str, Any], environment: str | None = None) -> list[str]:
    return list(validate(top, environment).all_warnings())


def kv_errors(*items: object) -> list[str]:
    return errors_of({"kv_namespaces": list(items)})


# Errors


def test_a_valid_configuration_has_no_errors() -> None:
    diagnostics = validate({"name": "a-b_1", "main": "m.py", "kv_namespaces": [], "vars": {"A": 1}})

    assert not diagnostics.has_errors()
    assert list(diagnostics.all_warnings()) == []


def test_errors_are_formatted_as_in_wrangler() -> None:
    diagnostics = validate({"main": 5, "env": {"staging": {"main": 6, "vars": 7}}}, "staging")

    assert diagnostics.render_errors() == (
        "Processing wrangler.json configuration:\n"
        '  - Expected "main" to be of type string but got 5.\n'
        '  - "env.staging" environment configuration\n'
        '    - Expected "main" to be of type string but got 6.\n'
        '    - The field "env.staging.vars" should be an object but got 7.\n'
    )


def test_errors_of_an_environment_alone_follow_a_blank_line() -> None:
    diagnostics = validate({"env": {"staging": {"main": 6}}}, "staging")

    assert diagnostics.render_errors() == (
        "Processing wrangler.json configuration:\n"
        "\n"
        '  - "env.staging" environment configuration\n'
        '    - Expected "main" to be of type string but got 6.'
    )


@pytest.mark.parametrize("name", ["Worker", "my worker", "-x", 5, None, TomlDate("1979-05-27")])
def test_rejects_an_invalid_name(name: object) -> None:
    (error,) = errors_of({"name": name})

    assert error.startswith(
        'Expected "name" to be of type string, alphanumeric and lowercase with dashes only but got '
    )


def test_rejects_an_invalid_compatibility_date() -> None:
    assert errors_of({"compatibility_date": 5}) == [
        'Expected "compatibility_date" to be of type string but got 5.'
    ]
    assert errors_of({"compatibility_date": "2026—01—01"}) == [
        '"compatibility_date" field should use ISO-8601 accepted hyphens (-) rather than '
        "en-dashes (–) or em-dashes (—)."
    ]


@pytest.mark.parametrize(("flags", "got"), [("x", '"x"'), (["a", 1], '["a",1]')])
def test_rejects_invalid_compatibility_flags(flags: object, got: str) -> None:
    assert errors_of({"compatibility_flags": flags}) == [
        f'Expected "compatibility_flags" to be of type string array but got {got}.'
    ]


def test_rejects_kv_namespaces_that_is_not_an_array() -> None:
    assert errors_of({"kv_namespaces": {"binding": "KV"}}) == [
        'The field "kv_namespaces" should be an array but got {"binding":"KV"}.'
    ]


@pytest.mark.parametrize(("item", "got"), [(None, "null"), (3, "3"), ("x", '"x"')])
def test_rejects_an_item_of_kv_namespaces_that_is_not_an_object(item: object, got: str) -> None:
    assert kv_errors(item) == [f'"kv_namespaces" bindings should be objects, but got {got}']


@pytest.mark.parametrize(
    ("item", "got"), [({"id": "1"}, '{"id":"1"}'), ({"binding": 1}, '{"binding":1}'), ([], "[]")]
)
def test_rejects_an_item_without_a_string_binding(item: object, got: str) -> None:
    assert kv_errors(item) == [
        f'"kv_namespaces[0]" bindings should have a string "binding" field but got {got}.'
    ]


@pytest.mark.parametrize(("id", "got"), [(5, "5"), (None, "null"), ("", '""')])
def test_rejects_an_id_that_is_not_a_nonempty_string(id: object, got: str) -> None:
    assert kv_errors({"binding": "A"}, {"binding": "KV", "id": id}) == [
        '"kv_namespaces[1]" bindings should have a string "id" field but got '
        f'{{"binding":"KV","id":{got}}}.'
    ]


def test_rejects_a_preview_id_that_is_not_a_string() -> None:
    assert kv_errors({"binding": "KV", "preview_id": 5}) == [
        '"kv_namespaces[0]" bindings should, optionally, have a string "preview_id" field but got '
        '{"binding":"KV","preview_id":5}.'
    ]


def test_rejects_remote_that_is_not_a_boolean() -> None:
    assert kv_errors({"binding": "KV", "remote": 1}) == [
        '"kv_namespaces[0]" should, optionally, have a boolean "remote" field but got '
        '{"binding":"KV","remote":1}.'
    ]


def test_rejects_a_toml_date_as_a_variable() -> None:
    assert errors_of({"vars": {"DAY": TomlDate("1979-05-27")}}) == [
        'The field "vars.DAY" is a TOML date, which is not supported. Please use a string instead, '
        'e.g. DAY = "2025-12-19".'
    ]


def test_rejects_two_bindings_with_one_name() -> None:
    assert kv_errors({"binding": "KV", "id": "1"}, {"binding": "KV", "id": "2"}) == [
        "KV assigned to multiple KV Namespace bindings.",
        UNIQUE,
    ]


@pytest.mark.parametrize(
    ("others", "kinds"),
    [
        ({"vars": {"KV": "x"}}, "KV Namespace and Environment Variable"),
        (
            {"ai": {"binding": "KV"}, "vars": {"KV": "x"}},
            "KV Namespace, AI, and Environment Variable",
        ),
        ({"r2_buckets": [{"binding": "KV"}]}, "KV Namespace and R2 Bucket"),
        (
            {"durable_objects": {"bindings": [{"name": "KV"}]}},
            "Durable Object and KV Namespace",
        ),
        ({"queues": {"producers": [{"binding": "KV", "queue": "q"}]}}, "KV Namespace and Queue"),
        ({"assets": {"binding": "KV"}}, "KV Namespace and Assets"),
        ({"text_blobs": {"KV": "file"}}, "KV Namespace and Text Blob"),
        ({"secrets": {"required": ["KV"]}}, "KV Namespace and Secret"),
    ],
)
def test_rejects_bindings_of_different_kinds_with_one_name(
    others: dict[str, Any], kinds: str
) -> None:
    assert errors_of({"kv_namespaces": [{"binding": "KV"}], **others}) == [
        f"KV assigned to {kinds} bindings.",
        UNIQUE,
    ]


def test_bindings_inherited_from_the_top_level_count_in_an_environment() -> None:
    top = {
        "assets": {"binding": "KV"},
        "text_blobs": {"KV": "file"},
        "env": {"staging": {"kv_namespaces": [{"binding": "KV"}]}},
    }

    assert validate(top, "staging").errors == [
        "KV assigned to KV Namespace, Text Blob, and Assets bindings.",
        UNIQUE,
    ]


@pytest.mark.parametrize(
    "others",
    [
        {"r2_buckets": [{"binding": 5}, {"binding": "KV"}]},
        {"unsafe": {"bindings": [{"name": 5}]}},
        {"ai": {"binding": 5}},
        {"ai": "KV"},
        {"secrets": {"required": [5]}},
    ],
)
def test_names_in_a_malformed_field_do_not_count(others: dict[str, Any]) -> None:
    assert errors_of({"kv_namespaces": [{"binding": "KV"}], **others}) == []


def test_rejects_an_unknown_environment_if_there_are_others() -> None:
    assert validate({"env": {"production": {}, "test": {}}}, "staging").errors == [
        'No environment found in configuration with name "staging".\n'
        "Before using `--env=staging` there should be an equivalent environment section in the "
        "configuration.\n"
        'The available configured environment names are: ["production","test"]\n'
        "\n"
        "Consider adding an environment configuration section to the wrangler.json file:\n"
        "```\n[env.staging]\n```\n"
    ]


@pytest.mark.parametrize("environments", [{}, []])
def test_rejects_an_unknown_environment_if_env_is_empty(environments: object) -> None:
    (error,) = validate({"env": environments}, "staging").errors

    assert "The available configured environment names are: []\n" in error


# Warnings


@pytest.mark.parametrize("top", [{}, {"env": None}])
def test_warns_about_an_unknown_environment_in_a_file_without_environments(
    top: dict[str, Any],
) -> None:
    assert warnings_of(top, "staging") == [
        'No environment found in configuration with name "staging".\n'
        "Before using `--env=staging` there should be an equivalent environment section in the "
        "configuration.\n"
        "\n"
        "Consider adding an environment configuration section to the wrangler.json file:\n"
        "```\n[env.staging]\n```\n"
    ]


@pytest.mark.parametrize("field", ["kv_namespaces", "vars"])
def test_warns_about_a_field_that_an_environment_does_not_inherit(field: str) -> None:
    top = {field: [] if field == "kv_namespaces" else {}, "env": {"staging": {}}}

    assert warnings_of(top, "staging") == [
        f'"{field}" exists at the top level, but not on "env.staging".\n'
        f'This is not what you probably want, since "{field}" is not inherited by environments.\n'
        f'Please add "{field}" to "env.staging".'
    ]


def test_warns_about_a_binding_that_an_environment_does_not_inherit() -> None:
    top = {
        "kv_namespaces": [{"binding": "A"}, {"binding": "B"}],
        "env": {"staging": {"kv_namespaces": [{"binding": "A"}]}},
    }

    assert warnings_of(top, "staging") == [
        'There is a kv_namespaces binding with name "B" at the top level, but not on '
        '"env.staging".\n'
        'This is not what you probably want, since "kv_namespaces" configuration is not inherited '
        "by environments.\n"
        'Please add a binding for "B" to "env.staging.kv_namespaces.bindings".'
    ]


def test_warns_about_variables_that_an_environment_does_not_inherit() -> None:
    top = {"vars": {"A": 1, "B": 2, "C": 3}, "env": {"staging": {"vars": {"B": 0}}}}

    assert warnings_of(top, "staging") == [
        'The following vars exist at the top level, but not on "env.staging.vars".\n'
        'This is probably not what you want, since "vars" configuration is not inherited by '
        "environments.\n"
        'Please add these vars to "env.staging.vars":\n'
        "- A\n- C"
    ]


def test_does_not_warn_about_a_complete_environment() -> None:
    section = {"vars": {"A": 1}, "kv_namespaces": [{"binding": "KV"}]}

    assert warnings_of({**section, "env": {"staging": section}}, "staging") == []


def test_does_not_warn_about_malformed_fields() -> None:
    top = {
        "vars": {"A": 1},
        "kv_namespaces": [{"binding": "KV"}],
        "env": {"staging": {"vars": 5, "kv_namespaces": 5}},
    }

    assert warnings_of(top, "staging") == []


def test_warns_about_an_unexpected_field_of_a_kv_namespace() -> None:
    item = {"binding": "KV", "namespace_id": "1", "title": "x"}

    assert warnings_of({"kv_namespaces": [item]}) == [
        'Unexpected fields found in kv_namespaces[0] field: "namespace_id","title"'
    ]


@pytest.mark.parametrize("field", ["kv_namespace", "kv-namespaces", "kvNamespaces", "var"])
def test_warns_about_a_misspelled_field(field: str) -> None:
    assert warnings_of({field: []}) == [f'Unexpected fields found in top-level field: "{field}"']


@pytest.mark.parametrize("field", ["dispatch_namespaces", "ai_search_namespaces", "dev", "rules"])
def test_does_not_warn_about_other_fields(field: str) -> None:
    assert warnings_of({field: []}) == []


# Entries


@pytest.mark.parametrize(
    ("value", "entries"),
    [
        ({"a": 1}, {"a": 1}),
        (["a"], {"0": "a"}),
        ("ab", {"0": "a", "1": "b"}),
        (TomlDate("1979-05-27"), {}),
        (None, {}),
        (5, {}),
    ],
)
def test_object_entries_are_those_of_javascript(value: object, entries: dict[str, object]) -> None:
    assert object_entries(value) == entries
