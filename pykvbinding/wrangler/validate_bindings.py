"""What wrangler says of triggers, Durable Objects and queues in a configuration."""

from typing import Final

from pykvbinding.js.core.js_dict import JsDict
from pykvbinding.wrangler.diagnostics import (
    Diagnosis,
    Json,
    is_object,
    is_text,
    items_of,
    json_text,
    members,
)

OBJECT_FIELDS: Final = ("class_name", "environment", "name", "script_name")
PRODUCER_FIELDS: Final = ("binding", "queue", "delivery_delay", "remote")

CONSUMER_NUMBERS: Final = (
    *("max_batch_size", "max_batch_timeout", "max_retries", "dead_letter_queue"),
    *("max_concurrency", "visibility_timeout_ms", "retry_delay"),
)
CONSUMER_FIELDS: Final = ("queue", "type", *CONSUMER_NUMBERS)

MISSING_OBJECTS: Final = """\
The following bindings are at the top level, but not on "env.{environment}".
This is not what you probably want, since "durable_objects" configuration is not inherited by \
environments.
Please add a binding for each to "env.{environment}.durable_objects.bindings":
{names}"""


def check_triggers(found: Diagnosis, section: JsDict) -> None:
    """Check `triggers`, which holds the `crons`."""
    triggers = section.get("triggers")
    if triggers is None:
        return
    if not is_object(triggers):
        got = json_text(triggers)
        found.errors.append(f'Expected "triggers" to be of type object but got {got}.')
        return
    inside = members(triggers)
    if "crons" in inside and not isinstance(inside["crons"], list):
        got = json_text(triggers)
        found.errors.append(f'Expected "triggers.crons" to be of type array, but got {got}.')
    _check_fields(found, inside, "triggers", ("crons",))


def check_durable_objects(found: Diagnosis, section: JsDict, place: str) -> bool:
    """Check `durable_objects`. Whether it is there, and right."""
    if "durable_objects" not in section:
        return False
    value = section["durable_objects"]
    if not is_object(value) or isinstance(value, list):
        found.errors.append(f'The field "{place}" should be an object but got {json_text(value)}.')
    elif "bindings" not in members(value):
        found.errors.append(f'The field "{place}" is missing the required "bindings" property.')
    else:
        items = items_of(found, value["bindings"], f"{place}.bindings")
        parts = [_checked_object(item, its_place) for item, its_place in items]
        found.parts += parts
        return isinstance(value["bindings"], list) and not any(map(Diagnosis.has_errors, parts))
    return False


def _checked_object(item: Json, place: str) -> Diagnosis:
    """What is wrong with one binding of a Durable Object."""
    found = Diagnosis(f'"{place}": {json_text(item)}')
    if not is_object(item):
        found.errors.append(f'Expected "{place}" to be an object but got {json_text(item)}')
        return found
    inside = members(item)
    for name in ("name", "class_name"):
        if not is_text(inside.get(name)):
            found.errors.append(f'binding should have a string "{name}" field.')
    for name in ("script_name", "environment"):
        if not is_text(inside.get(name, "")):
            found.errors.append(f'the field "{name}", when present, should be a string.')
    if "environment" in inside and "script_name" not in inside:
        found.errors.append(
            'binding should have a "script_name" field if "environment" is present.'
        )
    _check_remote(found, item, place)
    _check_fields(found, inside, place, OBJECT_FIELDS)
    return found


def report_missing_objects(
    found: Diagnosis, section: JsDict, top: JsDict, environment: str
) -> None:
    """Warn of Durable Objects that an environment has lost."""
    there = _object_names(section.get("durable_objects"))
    absent = [name for name in _object_names(top.get("durable_objects")) if name not in there]
    if absent:
        names = "\n".join(f"- {name}" for name in absent)
        found.warnings.append(MISSING_OBJECTS.format(environment=environment, names=names))


def _object_names(value: Json) -> list[str]:
    """The names that wrangler finds in a section of Durable Objects, whatever its shape."""
    inside = members(value) if isinstance(value, dict) else {}
    items = inside.get("bindings")
    if isinstance(items, list):
        names = [members(item).get("name") for item in items]
        if all(map(is_text, names)):
            return [str(name) for name in names]
    return list(inside)


def check_queues(found: Diagnosis, section: JsDict, place: str, field: str) -> None:
    """Check `queues`: those from which messages come, and those to which they go."""
    if field not in section:
        return
    value = section[field]
    if not isinstance(value, dict):
        found.errors.append(f'The field "{place}" should be an object but got {json_text(value)}.')
        return
    _check_fields(found, value, place, ("consumers", "producers"))
    for item, its_place in items_of(found, value.get("consumers", []), f"{place}.consumers"):
        _check_consumer(found, item, its_place)
    for item, its_place in items_of(found, value.get("producers", []), f"{place}.producers"):
        _check_producer(found, item, its_place)


def _check_consumer(found: Diagnosis, item: Json, place: str) -> None:
    got = json_text(item)
    if not is_object(item):
        found.errors.append(f'"{place}" should be a objects, but got {got}')
        return
    inside = members(item)
    _check_fields(found, inside, place, CONSUMER_FIELDS)
    if not is_text(inside.get("queue")):
        found.errors.append(f'"{place}" should have a string "queue" field but got {got}.')
    kind = inside.get("type", "worker")
    if kind != "worker":
        found.errors.append(
            f'"{place}.type" has an invalid value "{kind if is_text(kind) else json_text(kind)}". '
            'Only "worker" consumers can be configured in your Wrangler configuration.'
        )
    if not is_text(kind):
        found.errors.append(_optional(place, "string", "type", got))
    for name in CONSUMER_NUMBERS:
        if name == "dead_letter_queue":
            if not is_text(inside.get(name, "")):
                found.errors.append(_optional(place, "string", name, got))
        elif not _is_number(inside.get(name, 0)):
            found.errors.append(_optional(place, "number", name, got))


def _check_producer(found: Diagnosis, item: Json, place: str) -> None:
    got = json_text(item)
    if not is_object(item):
        found.errors.append(f'"queue" bindings should be objects, but got {got}')
        return
    inside = members(item)
    if not _check_fields(found, inside, place, PRODUCER_FIELDS):
        return
    for name in ("binding", "queue"):
        value = inside.get(name)
        if not is_text(value) or (name == "queue" and not value):
            found.errors.append(
                f'"{place}" bindings should have a string "{name}" field but got {got}.'
            )
    if not _is_number(inside.get("delivery_delay", 0)):
        found.errors.append(_optional(place, "number", "delivery_delay", got))
    _check_remote(found, item, place)


def _check_remote(found: Diagnosis, item: Json, place: str) -> None:
    if not isinstance(members(item).get("remote", False), bool):
        found.errors.append(_optional(place, "boolean", "remote", json_text(item)))


def _optional(place: str, kind: str, name: str, got: str) -> str:
    return f'"{place}" should, optionally, have a {kind} "{name}" field but got {got}.'


def _check_fields(
    found: Diagnosis, inside: dict[str, Json], place: str, known: tuple[str, ...]
) -> bool:
    """Warn of fields that wrangler does not know. Whether there are none."""
    unexpected = [f'"{name}"' for name in inside if name not in known]
    if unexpected:
        found.warnings.append(f"Unexpected fields found in {place} field: {','.join(unexpected)}")
    return not unexpected


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
