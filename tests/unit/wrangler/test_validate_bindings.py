"""Validation of triggers, Durable Objects and queues."""

from typing import Any

import pytest

from pykvbinding.js.core.js_dict import JsDict
from pykvbinding.wrangler.diagnostics import Diagnostics
from pykvbinding.wrangler.validate import validate_config

OBJECT = {"name": "ROOM", "class_name": "Room"}


def js(value: Any) -> Any:
    if isinstance(value, dict):
        return JsDict({name: js(item) for name, item in value.items()})
    return [js(item) for item in value] if isinstance(value, list) else value


def all_errors(diagnostics: Diagnostics) -> list[str]:
    return [
        *diagnostics.errors,
        *(text for child in diagnostics.children for text in all_errors(child)),
    ]


def errors_of(**settings: Any) -> list[str]:
    return all_errors(validate_config(js(settings), None, None, file="wrangler.json"))


def warnings_of(**settings: Any) -> list[str]:
    return list(validate_config(js(settings), None, None, file="wrangler.json").all_warnings())


def durable(*items: Any) -> dict[str, Any]:
    return {"bindings": list(items)}


# Triggers.


@pytest.mark.parametrize("triggers", [None, {}, {"crons": ["* * * * *"]}])
def test_accepts_missing_and_empty_triggers(triggers: Any) -> None:
    assert errors_of(triggers=triggers) == []


def test_rejects_malformed_triggers() -> None:
    assert errors_of(triggers="x") == ['Expected "triggers" to be of type object but got "x".']
    assert errors_of(triggers={"crons": "x"}) == [
        'Expected "triggers.crons" to be of type array, but got {"crons":"x"}.'
    ]
    assert warnings_of(triggers={"cron": []}) == [
        'Unexpected fields found in triggers field: "cron"'
    ]


# Durable Objects.


@pytest.mark.parametrize(
    ("section", "text"),
    [
        ([], 'The field "durable_objects" should be an object but got [].'),
        (None, 'The field "durable_objects" should be an object but got null.'),
        ({}, 'The field "durable_objects" is missing the required "bindings" property.'),
        ({"bindings": 5}, 'The field "durable_objects.bindings" should be an array but got 5.'),
        (durable(5), 'Expected "durable_objects.bindings[0]" to be an object but got 5'),
        (durable({**OBJECT, "name": 5}), 'binding should have a string "name" field.'),
        (durable({"name": "A"}), 'binding should have a string "class_name" field.'),
        (
            durable({**OBJECT, "script_name": 5}),
            'the field "script_name", when present, should be a string.',
        ),
        (
            durable({**OBJECT, "script_name": "a", "environment": 5}),
            'the field "environment", when present, should be a string.',
        ),
        (
            durable({**OBJECT, "environment": "a"}),
            'binding should have a "script_name" field if "environment" is present.',
        ),
        (
            durable({**OBJECT, "remote": 5}),
            '"durable_objects.bindings[0]" should, optionally, have a boolean "remote" field but '
            'got {"name":"ROOM","class_name":"Room","remote":5}.',
        ),
    ],
)
def test_rejects_a_durable_object_without_a_name_or_a_class(section: Any, text: str) -> None:
    assert errors_of(durable_objects=section) == [text]


def test_warns_about_an_unexpected_field_of_a_durable_object() -> None:
    assert warnings_of(durable_objects=durable({**OBJECT, "class": "x"})) == [
        'Unexpected fields found in durable_objects.bindings[0] field: "class"'
    ]


def environment(top: Any, section: Any, field: str = "durable_objects") -> list[str]:
    whole = js({field: top, "env": {"staging": {} if section is None else {field: section}}})
    diagnostics = validate_config(whole, whole.env.staging, "staging", file="wrangler.json")
    return list(diagnostics.all_warnings())


@pytest.mark.parametrize("field", ["durable_objects", "queues"])
def test_warns_about_durable_objects_that_an_environment_does_not_inherit(field: str) -> None:
    top: Any = durable(OBJECT) if field == "durable_objects" else {"producers": []}

    assert environment(top, None, field) == [
        f'"{field}" exists at the top level, but not on "env.staging".\n'
        f'This is not what you probably want, since "{field}" is not inherited by environments.\n'
        f'Please add "{field}" to "env.staging".'
    ]


def test_warns_about_an_object_that_an_environment_does_not_bind() -> None:
    other = {"name": "OTHER", "class_name": "Other"}

    assert environment(durable(OBJECT, other), durable(other)) == [
        'The following bindings are at the top level, but not on "env.staging".\n'
        'This is not what you probably want, since "durable_objects" configuration is not '
        "inherited by environments.\n"
        'Please add a binding for each to "env.staging.durable_objects.bindings":\n'
        "- ROOM"
    ]
    assert environment(durable(OBJECT), durable(OBJECT)) == []


@pytest.mark.parametrize(("top", "names"), [({"x": 1}, "- x"), (durable(5), "- bindings")])
def test_reads_names_from_every_form_of_the_top_level(top: Any, names: str) -> None:
    (warning,) = environment(top, durable(OBJECT))

    assert warning.endswith(f"\n{names}")


def test_a_malformed_top_level_has_no_names() -> None:
    assert environment(5, durable(OBJECT)) == []


# Queues.


@pytest.mark.parametrize(
    ("queues", "text"),
    [
        (5, 'The field "queues" should be an object but got 5.'),
        ([], 'The field "queues" should be an object but got [].'),
        ({"consumers": 5}, 'The field "queues.consumers" should be an array but got 5.'),
        ({"producers": 5}, 'The field "queues.producers" should be an array but got 5.'),
        ({"producers": [5]}, '"queue" bindings should be objects, but got 5'),
        (
            {"producers": [{"queue": "q"}]},
            '"queues.producers[0]" bindings should have a string "binding" field but got '
            '{"queue":"q"}.',
        ),
        (
            {"producers": [{"binding": "Q", "queue": ""}]},
            '"queues.producers[0]" bindings should have a string "queue" field but got '
            '{"binding":"Q","queue":""}.',
        ),
        (
            {"producers": [{"binding": "Q", "queue": "q", "delivery_delay": "x"}]},
            '"queues.producers[0]" should, optionally, have a number "delivery_delay" field but '
            'got {"binding":"Q","queue":"q","delivery_delay":"x"}.',
        ),
        (
            {"producers": [{"binding": "Q", "queue": "q", "remote": "x"}]},
            '"queues.producers[0]" should, optionally, have a boolean "remote" field but '
            'got {"binding":"Q","queue":"q","remote":"x"}.',
        ),
        ({"consumers": [5]}, '"queues.consumers[0]" should be a objects, but got 5'),
        (
            {"consumers": [{}]},
            '"queues.consumers[0]" should have a string "queue" field but got {}.',
        ),
        (
            {"consumers": [{"queue": "q", "type": "http_pull"}]},
            '"queues.consumers[0].type" has an invalid value "http_pull". Only "worker" consumers '
            "can be configured in your Wrangler configuration.",
        ),
        (
            {"consumers": [{"queue": "q", "retry_delay": True}]},
            '"queues.consumers[0]" should, optionally, have a number "retry_delay" field but got '
            '{"queue":"q","retry_delay":true}.',
        ),
        (
            {"consumers": [{"queue": "q", "dead_letter_queue": 5}]},
            '"queues.consumers[0]" should, optionally, have a string "dead_letter_queue" field '
            'but got {"queue":"q","dead_letter_queue":5}.',
        ),
    ],
)
def test_rejects_a_malformed_queue(queues: Any, text: str) -> None:
    assert errors_of(queues=queues) == [text]


def test_a_type_that_is_not_a_string_gives_two_errors() -> None:
    first, second = errors_of(queues={"consumers": [{"queue": "q", "type": 5}]})

    assert '"queues.consumers[0].type" has an invalid value "5".' in first
    assert 'should, optionally, have a string "type" field' in second


@pytest.mark.parametrize(
    ("queues", "text"),
    [
        ({"x": 1}, 'Unexpected fields found in queues field: "x"'),
        (
            {"producers": [{"x": 1}]},
            'Unexpected fields found in queues.producers[0] field: "x"',
        ),
        (
            {"consumers": [{"queue": "q", "x": 1}]},
            'Unexpected fields found in queues.consumers[0] field: "x"',
        ),
    ],
)
def test_warns_about_an_unexpected_field(queues: Any, text: str) -> None:
    assert warnings_of(queues=queues) == [text]
    assert errors_of(queues=queues) == []
