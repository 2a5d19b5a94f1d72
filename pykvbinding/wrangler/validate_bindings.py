"""Validation of triggers, Durable Objects and queues in a configuration."""

from typing import Final

from pykvbinding.js.core.js_dict import JsDict
from pykvbinding.wrangler.diagnostics import (
    ConfigValue,
    Diagnostics,
    array_items,
    is_object,
    is_string,
    json_stringify,
    object_entries,
)

OBJECT_FIELDS: Final = ("class_name", "environment", "name", "script_name")
PRODUCER_FIELDS: Final = ("binding", "queue", "delivery_delay", "remote")

CONSUMER_NUMBERS: Final = (
    *("max_batch_size", "max_batch_timeout", "max_retries", "dead_letter_queue"),
    *("max_concurrency", "visibility_timeout_ms", "retry_delay"),
)
CONSUMER_FIELDS: Final = ("queue", "type", *CONSUMER_NUMBERS)

OBJECTS_NOT_INHERITED: Final = """\
The following bindings are at the top level, but not on "env.{environment}".
This is not what you probably want, since "durable_objects" configuration is not inherited by \
environments.
Please add a binding for each to "env.{environment}.durable_objects.bindings":
{names}"""


def validate_triggers(diagnostics: Diagnostics, section: JsDict) -> None:
    """Validate `triggers`, which contains the `crons`."""
    triggers = section.get("triggers")
    if triggers is None:
        return
    if not is_object(triggers):
        got = json_stringify(triggers)
        diagnostics.errors.append(f'Expected "triggers" to be of type object but got {got}.')
        return
    entries = object_entries(triggers)
    if "crons" in entries and not isinstance(entries["crons"], list):
        got = json_stringify(triggers)
        diagnostics.errors.append(f'Expected "triggers.crons" to be of type array, but got {got}.')
    _warn_about_unknown_fields(diagnostics, entries, "triggers", ("crons",))


def validate_durable_objects(diagnostics: Diagnostics, section: JsDict, path: str) -> bool:
    """Validate `durable_objects`. Return whether it exists and is valid."""
    if "durable_objects" not in section:
        return False
    value = section["durable_objects"]
    if not is_object(value) or isinstance(value, list):
        diagnostics.errors.append(
            f'The field "{path}" should be an object but got {json_stringify(value)}.'
        )
    elif "bindings" not in object_entries(value):
        diagnostics.errors.append(
            f'The field "{path}" is missing the required "bindings" property.'
        )
    else:
        items = array_items(diagnostics, value["bindings"], f"{path}.bindings")
        children = [_validate_durable_object(item, item_path) for item, item_path in items]
        diagnostics.children += children
        return isinstance(value["bindings"], list) and not any(
            map(Diagnostics.has_errors, children)
        )
    return False


def _validate_durable_object(item: ConfigValue, path: str) -> Diagnostics:
    """Return the diagnostics of one binding of a Durable Object."""
    diagnostics = Diagnostics(f'"{path}": {json_stringify(item)}')
    if not is_object(item):
        diagnostics.errors.append(
            f'Expected "{path}" to be an object but got {json_stringify(item)}'
        )
        return diagnostics
    entries = object_entries(item)
    for name in ("name", "class_name"):
        if not is_string(entries.get(name)):
            diagnostics.errors.append(f'binding should have a string "{name}" field.')
    for name in ("script_name", "environment"):
        if not is_string(entries.get(name, "")):
            diagnostics.errors.append(f'the field "{name}", when present, should be a string.')
    if "environment" in entries and "script_name" not in entries:
        diagnostics.errors.append(
            'binding should have a "script_name" field if "environment" is present.'
        )
    _validate_remote(diagnostics, item, path)
    _warn_about_unknown_fields(diagnostics, entries, path, OBJECT_FIELDS)
    return diagnostics


def warn_about_uninherited_objects(
    diagnostics: Diagnostics, section: JsDict, top: JsDict, environment: str
) -> None:
    """Warn about Durable Objects of the top level that the environment does not bind."""
    present = _durable_object_names(section.get("durable_objects"))
    missing = [
        name for name in _durable_object_names(top.get("durable_objects")) if name not in present
    ]
    if missing:
        names = "\n".join(f"- {name}" for name in missing)
        diagnostics.warnings.append(
            OBJECTS_NOT_INHERITED.format(environment=environment, names=names)
        )


def _durable_object_names(value: ConfigValue) -> list[str]:
    """Return the names of the bindings of Durable Objects, in each form that wrangler accepts."""
    entries = object_entries(value) if isinstance(value, dict) else {}
    items = entries.get("bindings")
    if isinstance(items, list):
        names = [object_entries(item).get("name") for item in items]
        if all(map(is_string, names)):
            return [str(name) for name in names]
    return list(entries)


def validate_queues(diagnostics: Diagnostics, section: JsDict, path: str, field: str) -> None:
    """Validate `queues`: its consumers and its producers."""
    if field not in section:
        return
    value = section[field]
    if not isinstance(value, dict):
        diagnostics.errors.append(
            f'The field "{path}" should be an object but got {json_stringify(value)}.'
        )
        return
    _warn_about_unknown_fields(diagnostics, value, path, ("consumers", "producers"))
    for item, item_path in array_items(
        diagnostics, value.get("consumers", []), f"{path}.consumers"
    ):
        _validate_consumer(diagnostics, item, item_path)
    for item, item_path in array_items(
        diagnostics, value.get("producers", []), f"{path}.producers"
    ):
        _validate_producer(diagnostics, item, item_path)


def _validate_consumer(diagnostics: Diagnostics, item: ConfigValue, path: str) -> None:
    got = json_stringify(item)
    if not is_object(item):
        diagnostics.errors.append(f'"{path}" should be a objects, but got {got}')
        return
    entries = object_entries(item)
    _warn_about_unknown_fields(diagnostics, entries, path, CONSUMER_FIELDS)
    if not is_string(entries.get("queue")):
        diagnostics.errors.append(f'"{path}" should have a string "queue" field but got {got}.')
    kind = entries.get("type", "worker")
    if kind != "worker":
        shown = kind if is_string(kind) else json_stringify(kind)
        diagnostics.errors.append(
            f'"{path}.type" has an invalid value "{shown}". '
            'Only "worker" consumers can be configured in your Wrangler configuration.'
        )
    if not is_string(kind):
        diagnostics.errors.append(_optional_type_mismatch(path, "string", "type", got))
    for name in CONSUMER_NUMBERS:
        if name == "dead_letter_queue":
            if not is_string(entries.get(name, "")):
                diagnostics.errors.append(_optional_type_mismatch(path, "string", name, got))
        elif not _is_number(entries.get(name, 0)):
            diagnostics.errors.append(_optional_type_mismatch(path, "number", name, got))


def _validate_producer(diagnostics: Diagnostics, item: ConfigValue, path: str) -> None:
    got = json_stringify(item)
    if not is_object(item):
        diagnostics.errors.append(f'"queue" bindings should be objects, but got {got}')
        return
    entries = object_entries(item)
    if not _warn_about_unknown_fields(diagnostics, entries, path, PRODUCER_FIELDS):
        return
    for name in ("binding", "queue"):
        value = entries.get(name)
        if not is_string(value) or (name == "queue" and not value):
            diagnostics.errors.append(
                f'"{path}" bindings should have a string "{name}" field but got {got}.'
            )
    if not _is_number(entries.get("delivery_delay", 0)):
        diagnostics.errors.append(_optional_type_mismatch(path, "number", "delivery_delay", got))
    _validate_remote(diagnostics, item, path)


def _validate_remote(diagnostics: Diagnostics, item: ConfigValue, path: str) -> None:
    if not isinstance(object_entries(item).get("remote", False), bool):
        diagnostics.errors.append(
            _optional_type_mismatch(path, "boolean", "remote", json_stringify(item))
        )


def _optional_type_mismatch(path: str, kind: str, name: str, got: str) -> str:
    return f'"{path}" should, optionally, have a {kind} "{name}" field but got {got}.'


def _warn_about_unknown_fields(
    diagnostics: Diagnostics, entries: dict[str, ConfigValue], path: str, known: tuple[str, ...]
) -> bool:
    """Warn about fields that wrangler does not know. Return whether all fields are known."""
    unexpected = [f'"{name}"' for name in entries if name not in known]
    if unexpected:
        diagnostics.warnings.append(
            f"Unexpected fields found in {path} field: {','.join(unexpected)}"
        )
    return not unexpected


def _is_number(value: ConfigValue) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
