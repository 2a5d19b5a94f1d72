"""What wrangler says about a configuration; tests/test_wrangler.py asks wrangler itself."""

from typing import Any

import pytest

from pykvbinding.js.core.js_dict import JsDict
from pykvbinding.wrangler.diagnostics import Diagnostics, TomlDate, object_entries
from pykvbinding.wrangler.validate import validate_config

UNIQUE = (
    "Bindings must have unique names, so that they can all be referenced in the worker.\n"
    "Please change your bindings to have unique names."
)


def diagnosed(top: dict[str, Any], environment: str | None = None) -> Diagnostics:
    sections = object_entries(top.get("env"))
    section = sections.get(environment or "")
    found = None if section is None else JsDict(section)
    return validate_config(JsDict(top), found, environment, file="wrangler.json")


def errors_of(top: dict[str, Any]) -> list[str]:
    return diagnosed(top).errors


def warnings_of(top: dict[str, Any], environment: str | None = None) -> list[str]:
    return list(diagnosed(top, environment).all_warnings())


def kv_errors(*items: object) -> list[str]:
    return errors_of({"kv_namespaces": list(items)})


# Errors


def test_a_sound_configuration_has_none() -> None:
    found = diagnosed({"name": "a-b_1", "main": "m.py", "kv_namespaces": [], "vars": {"A": 1}})

    assert not found.has_errors()
    assert list(found.all_warnings()) == []


def test_errors_are_laid_out_as_wrangler_does() -> None:
    found = diagnosed({"main": 5, "env": {"staging": {"main": 6, "vars": 7}}}, "staging")

    assert found.render_errors() == (
        "Processing wrangler.json configuration:\n"
        '  - Expected "main" to be of type string but got 5.\n'
        '  - "env.staging" environment configuration\n'
        '    - Expected "main" to be of type string but got 6.\n'
        '    - The field "env.staging.vars" should be an object but got 7.\n'
    )


def test_errors_of_a_part_alone_stand_after_a_blank_line() -> None:
    found = diagnosed({"env": {"staging": {"main": 6}}}, "staging")

    assert found.render_errors() == (
        "Processing wrangler.json configuration:\n"
        "\n"
        '  - "env.staging" environment configuration\n'
        '    - Expected "main" to be of type string but got 6.'
    )


@pytest.mark.parametrize("name", ["Worker", "my worker", "-x", 5, None, TomlDate("1979-05-27")])
def test_a_name_is_lowercase_with_dashes(name: object) -> None:
    (error,) = errors_of({"name": name})

    assert error.startswith(
        'Expected "name" to be of type string, alphanumeric and lowercase with dashes only but got '
    )


def test_a_compatibility_date_is_text_with_hyphens() -> None:
    assert errors_of({"compatibility_date": 5}) == [
        'Expected "compatibility_date" to be of type string but got 5.'
    ]
    assert errors_of({"compatibility_date": "2026—01—01"}) == [
        '"compatibility_date" field should use ISO-8601 accepted hyphens (-) rather than '
        "en-dashes (–) or em-dashes (—)."
    ]


@pytest.mark.parametrize(("flags", "got"), [("x", '"x"'), (["a", 1], '["a",1]')])
def test_compatibility_flags_are_texts(flags: object, got: str) -> None:
    assert errors_of({"compatibility_flags": flags}) == [
        f'Expected "compatibility_flags" to be of type string array but got {got}.'
    ]


def test_kv_namespaces_is_an_array() -> None:
    assert errors_of({"kv_namespaces": {"binding": "KV"}}) == [
        'The field "kv_namespaces" should be an array but got {"binding":"KV"}.'
    ]


@pytest.mark.parametrize(("item", "got"), [(None, "null"), (3, "3"), ("x", '"x"')])
def test_an_item_of_kv_namespaces_is_an_object(item: object, got: str) -> None:
    assert kv_errors(item) == [f'"kv_namespaces" bindings should be objects, but got {got}']


@pytest.mark.parametrize(
    ("item", "got"), [({"id": "1"}, '{"id":"1"}'), ({"binding": 1}, '{"binding":1}'), ([], "[]")]
)
def test_an_item_needs_a_binding_that_is_text(item: object, got: str) -> None:
    assert kv_errors(item) == [
        f'"kv_namespaces[0]" bindings should have a string "binding" field but got {got}.'
    ]


@pytest.mark.parametrize(("id", "got"), [(5, "5"), (None, "null"), ("", '""')])
def test_an_id_is_text_that_says_something(id: object, got: str) -> None:
    assert kv_errors({"binding": "A"}, {"binding": "KV", "id": id}) == [
        '"kv_namespaces[1]" bindings should have a string "id" field but got '
        f'{{"binding":"KV","id":{got}}}.'
    ]


def test_a_preview_id_is_text() -> None:
    assert kv_errors({"binding": "KV", "preview_id": 5}) == [
        '"kv_namespaces[0]" bindings should, optionally, have a string "preview_id" field but got '
        '{"binding":"KV","preview_id":5}.'
    ]


def test_remote_is_true_or_false() -> None:
    assert kv_errors({"binding": "KV", "remote": 1}) == [
        '"kv_namespaces[0]" should, optionally, have a boolean "remote" field but got '
        '{"binding":"KV","remote":1}.'
    ]


def test_a_toml_date_is_no_variable() -> None:
    assert errors_of({"vars": {"DAY": TomlDate("1979-05-27")}}) == [
        'The field "vars.DAY" is a TOML date, which is not supported. Please use a string instead, '
        'e.g. DAY = "2025-12-19".'
    ]


def test_two_bindings_of_one_name_are_refused() -> None:
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
def test_a_name_is_free_for_one_kind_of_binding_only(others: dict[str, Any], kinds: str) -> None:
    assert errors_of({"kv_namespaces": [{"binding": "KV"}], **others}) == [
        f"KV assigned to {kinds} bindings.",
        UNIQUE,
    ]


def test_what_the_top_level_binds_for_every_environment_counts_there_too() -> None:
    top = {
        "assets": {"binding": "KV"},
        "text_blobs": {"KV": "file"},
        "env": {"staging": {"kv_namespaces": [{"binding": "KV"}]}},
    }

    assert diagnosed(top, "staging").errors == [
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
def test_names_of_a_malformed_field_do_not_count(others: dict[str, Any]) -> None:
    assert errors_of({"kv_namespaces": [{"binding": "KV"}], **others}) == []


def test_an_unknown_environment_is_refused_where_there_are_others() -> None:
    assert diagnosed({"env": {"production": {}, "test": {}}}, "staging").errors == [
        'No environment found in configuration with name "staging".\n'
        "Before using `--env=staging` there should be an equivalent environment section in the "
        "configuration.\n"
        'The available configured environment names are: ["production","test"]\n'
        "\n"
        "Consider adding an environment configuration section to the wrangler.json file:\n"
        "```\n[env.staging]\n```\n"
    ]


@pytest.mark.parametrize("environments", [{}, []])
def test_no_environments_are_others_too(environments: object) -> None:
    (error,) = diagnosed({"env": environments}, "staging").errors

    assert "The available configured environment names are: []\n" in error


# Warnings


@pytest.mark.parametrize("top", [{}, {"env": None}])
def test_an_unknown_environment_of_a_file_without_any_is_a_warning(top: dict[str, Any]) -> None:
    assert warnings_of(top, "staging") == [
        'No environment found in configuration with name "staging".\n'
        "Before using `--env=staging` there should be an equivalent environment section in the "
        "configuration.\n"
        "\n"
        "Consider adding an environment configuration section to the wrangler.json file:\n"
        "```\n[env.staging]\n```\n"
    ]


@pytest.mark.parametrize("field", ["kv_namespaces", "vars"])
def test_a_field_that_an_environment_lacks_is_not_inherited(field: str) -> None:
    top = {field: [] if field == "kv_namespaces" else {}, "env": {"staging": {}}}

    assert warnings_of(top, "staging") == [
        f'"{field}" exists at the top level, but not on "env.staging".\n'
        f'This is not what you probably want, since "{field}" is not inherited by environments.\n'
        f'Please add "{field}" to "env.staging".'
    ]


def test_a_binding_that_an_environment_lacks_is_not_inherited() -> None:
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


def test_variables_that_an_environment_lacks_are_not_inherited() -> None:
    top = {"vars": {"A": 1, "B": 2, "C": 3}, "env": {"staging": {"vars": {"B": 0}}}}

    assert warnings_of(top, "staging") == [
        'The following vars exist at the top level, but not on "env.staging.vars".\n'
        'This is probably not what you want, since "vars" configuration is not inherited by '
        "environments.\n"
        'Please add these vars to "env.staging.vars":\n'
        "- A\n- C"
    ]


def test_an_environment_that_has_everything_is_not_warned_of() -> None:
    section = {"vars": {"A": 1}, "kv_namespaces": [{"binding": "KV"}]}

    assert warnings_of({**section, "env": {"staging": section}}, "staging") == []


def test_malformed_fields_are_no_reason_for_a_warning() -> None:
    top = {
        "vars": {"A": 1},
        "kv_namespaces": [{"binding": "KV"}],
        "env": {"staging": {"vars": 5, "kv_namespaces": 5}},
    }

    assert warnings_of(top, "staging") == []


def test_a_field_that_no_kv_namespace_has_is_named() -> None:
    item = {"binding": "KV", "namespace_id": "1", "title": "x"}

    assert warnings_of({"kv_namespaces": [item]}) == [
        'Unexpected fields found in kv_namespaces[0] field: "namespace_id","title"'
    ]


@pytest.mark.parametrize("field", ["kv_namespace", "kv-namespaces", "kvNamespaces", "var"])
def test_a_field_that_is_nearly_ours_is_named(field: str) -> None:
    assert warnings_of({field: []}) == [f'Unexpected fields found in top-level field: "{field}"']


@pytest.mark.parametrize("field", ["dispatch_namespaces", "ai_search_namespaces", "dev", "rules"])
def test_a_field_that_wrangler_knows_is_not(field: str) -> None:
    assert warnings_of({field: []}) == []


# Members


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"a": 1}, {"a": 1}),
        (["a"], {"0": "a"}),
        ("ab", {"0": "a", "1": "b"}),
        (TomlDate("1979-05-27"), {}),
        (None, {}),
        (5, {}),
    ],
)
def test_members_are_what_javascript_finds(value: object, found: dict[str, object]) -> None:
    assert object_entries(value) == found
