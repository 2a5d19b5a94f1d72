"""Validation of a configuration, with the checks and messages of wrangler, in its order.

The messages are those of wrangler 4.164.0, observed through its `unstable_readConfig`. Only the
fields that this package reads are checked, not, for example, routes or buckets.
"""

import re
from difflib import get_close_matches

from pykvbinding.js.core.js_dict import JsDict
from pykvbinding.wrangler.bindings import iter_bindings
from pykvbinding.wrangler.diagnostics import (
    ConfigValue,
    Diagnostics,
    TomlDate,
    array_items,
    is_object,
    is_string,
    json_stringify,
    object_entries,
    type_mismatch,
)
from pykvbinding.wrangler.validate_bindings import (
    validate_durable_objects,
    validate_queues,
    validate_triggers,
    warn_about_uninherited_objects,
)

KV_FIELDS = ("binding", "id", "preview_id", "remote")

NOT_INHERITED = """\
"{field}" exists at the top level, but not on "env.{environment}".
This is not what you probably want, since "{field}" is not inherited by environments.
Please add "{field}" to "env.{environment}"."""

KV_NOT_INHERITED = """\
There is a kv_namespaces binding with name "{name}" at the top level, but not on \
"env.{environment}".
This is not what you probably want, since "kv_namespaces" configuration is not inherited by \
environments.
Please add a binding for "{name}" to "env.{environment}.kv_namespaces.bindings"."""

VARS_NOT_INHERITED = """\
The following vars exist at the top level, but not on "env.{environment}.vars".
This is probably not what you want, since "vars" configuration is not inherited by environments.
Please add these vars to "env.{environment}.vars":
{names}"""

UNKNOWN_ENVIRONMENT = """\
No environment found in configuration with name "{environment}".
Before using `--env={environment}` there should be an equivalent environment section in the \
configuration.
{known}
Consider adding an environment configuration section to the wrangler.{suffix} file:
```
[env.{environment}]
```
"""

NAMES_NOT_UNIQUE = (
    "Bindings must have unique names, so that they can all be referenced in the worker.\n"
    "Please change your bindings to have unique names."
)


def validate_config(
    top: JsDict, section: JsDict | None, environment: str | None, *, file: str
) -> Diagnostics:
    """Validate a configuration as wrangler does when it reads one.

    `section` is the section of `environment`, or None if there is none; `file` is the name of the
    file in messages.
    """
    diagnostics = Diagnostics(f"Processing {file} configuration:")
    _validate_settings(diagnostics, top)
    validate_triggers(diagnostics, top)
    _validate_vars(diagnostics, top, "vars")
    validate_durable_objects(diagnostics, top, "durable_objects")
    _validate_kv_namespaces(diagnostics, top, "kv_namespaces")
    validate_queues(diagnostics, top, "queues", "queues")
    if environment and section is None:
        _report_unknown_environment(diagnostics, top, environment, file)
    elif environment and section is not None:
        child = Diagnostics(f'"env.{environment}" environment configuration')
        prefix = f"env.{environment}"
        _validate_settings(child, section)
        validate_triggers(child, section)
        _validate_vars(child, section, f"{prefix}.vars")
        _warn_about_uninherited_vars(child, section, top, environment)
        if validate_durable_objects(child, section, f"{prefix}.durable_objects"):
            warn_about_uninherited_objects(child, section, top, environment)
        _warn_about_uninherited_field(child, section, top, "durable_objects", environment)
        _validate_kv_namespaces(child, section, f"{prefix}.kv_namespaces")
        _warn_about_uninherited_kv(child, section, top, environment)
        validate_queues(child, section, f"{prefix}.queues", "queues")
        _warn_about_uninherited_field(child, section, top, "queues", environment)
        diagnostics.children.append(child)
    _validate_binding_names(diagnostics, top, top if section is None else section)
    _warn_about_misspelled_fields(diagnostics, top)
    return diagnostics


def _validate_settings(diagnostics: Diagnostics, section: JsDict) -> None:
    """Validate the fields that are not bindings: compatibility, name, main."""
    date = section.get("compatibility_date", "")
    if not is_string(date):
        diagnostics.errors.append(type_mismatch("compatibility_date", "string", date))
    elif "–" in date or "—" in date:
        diagnostics.errors.append(
            '"compatibility_date" field should use ISO-8601 accepted hyphens (-) rather than '
            "en-dashes (–) or em-dashes (—)."
        )
    flags = section.get("compatibility_flags", [])
    if not isinstance(flags, list) or not all(map(is_string, flags)):
        diagnostics.errors.append(type_mismatch("compatibility_flags", "string array", flags))
    name = section.get("name", "")
    if not is_string(name) or not re.fullmatch(r"(?:[a-z0-9_][a-z0-9-_]*)?", name):
        kind = "string, alphanumeric and lowercase with dashes only"
        diagnostics.errors.append(type_mismatch("name", kind, name))
    if not is_string(section.get("main", "")):
        diagnostics.errors.append(type_mismatch("main", "string", section["main"]))


def _validate_vars(diagnostics: Diagnostics, section: JsDict, path: str) -> None:
    if "vars" not in section:
        return
    values = section["vars"]
    if not is_object(values):
        diagnostics.errors.append(
            f'The field "{path}" should be an object but got {json_stringify(values)}.\n'
        )
        return
    for name, value in object_entries(values).items():
        if isinstance(value, TomlDate):
            diagnostics.errors.append(
                f'The field "{path}.{name}" is a TOML date, which is not supported. '
                f'Please use a string instead, e.g. {name} = "2025-12-19".'
            )


def _warn_about_uninherited_vars(
    diagnostics: Diagnostics, section: JsDict, top: JsDict, environment: str
) -> None:
    if "vars" not in section:
        _warn_about_uninherited_field(diagnostics, section, top, "vars", environment)
    elif is_object(section["vars"]):
        present = object_entries(section["vars"])
        missing = [f"- {name}" for name in object_entries(top.get("vars")) if name not in present]
        if missing:
            diagnostics.warnings.append(
                VARS_NOT_INHERITED.format(environment=environment, names="\n".join(missing))
            )


def _warn_about_uninherited_field(
    diagnostics: Diagnostics, section: JsDict, top: JsDict, field: str, environment: str
) -> None:
    if field in top and field not in section:
        diagnostics.warnings.append(NOT_INHERITED.format(field=field, environment=environment))


def _validate_kv_namespaces(diagnostics: Diagnostics, section: JsDict, path: str) -> None:
    if "kv_namespaces" not in section:
        return
    for item, item_path in array_items(diagnostics, section["kv_namespaces"], path):
        _validate_kv_namespace(diagnostics, item, item_path)


def _validate_kv_namespace(diagnostics: Diagnostics, item: ConfigValue, path: str) -> None:
    got = json_stringify(item)
    if not is_object(item):
        diagnostics.errors.append(f'"kv_namespaces" bindings should be objects, but got {got}')
        return
    entries = object_entries(item)
    if not is_string(entries.get("binding")):
        diagnostics.errors.append(
            f'"{path}" bindings should have a string "binding" field but got {got}.'
        )
    identifier = entries.get("id", "none")
    if not is_string(identifier) or identifier == "":
        diagnostics.errors.append(
            f'"{path}" bindings should have a string "id" field but got {got}.'
        )
    if not is_string(entries.get("preview_id", "")):
        diagnostics.errors.append(
            f'"{path}" bindings should, optionally, have a string "preview_id" field but got {got}.'
        )
    if not isinstance(entries.get("remote", False), bool):
        diagnostics.errors.append(
            f'"{path}" should, optionally, have a boolean "remote" field but got {got}.'
        )
    unexpected = [f'"{name}"' for name in entries if name not in KV_FIELDS]
    if unexpected:
        diagnostics.warnings.append(
            f"Unexpected fields found in {path} field: {','.join(unexpected)}"
        )


def _warn_about_uninherited_kv(
    diagnostics: Diagnostics, section: JsDict, top: JsDict, environment: str
) -> None:
    if "kv_namespaces" not in section:
        _warn_about_uninherited_field(diagnostics, section, top, "kv_namespaces", environment)
    elif isinstance(section["kv_namespaces"], list):
        present = [object_entries(item).get("binding") for item in section["kv_namespaces"]]
        for item in object_entries(top.get("kv_namespaces")).values():
            name = object_entries(item).get("binding")
            if is_string(name) and name not in present:
                diagnostics.warnings.append(
                    KV_NOT_INHERITED.format(name=name, environment=environment)
                )


def _report_unknown_environment(
    diagnostics: Diagnostics, top: JsDict, environment: str, file: str
) -> None:
    """Add an error if there are other environments, else a warning: the top level is used."""
    known, environments = "", top.get("env")
    if is_object(environments) or environments:  # truthy in JavaScript
        names = json_stringify(list(object_entries(environments)))
        known = f"The available configured environment names are: {names}\n"
    text = UNKNOWN_ENVIRONMENT.format(
        environment=environment, known=known, suffix=file.rpartition(".")[2]
    )
    (diagnostics.errors if known else diagnostics.warnings).append(text)


def _validate_binding_names(diagnostics: Diagnostics, top: JsDict, section: JsDict) -> None:
    """Check that the names of all bindings are unique."""
    kinds_by_name: dict[str, list[str]] = {}
    for kind, name in iter_bindings(top, section):
        kinds_by_name.setdefault(name, []).append(kind)
    for name, kinds in kinds_by_name.items():
        distinct = list(dict.fromkeys(kinds))
        if len(distinct) > 1:
            diagnostics.errors.append(f"{name} assigned to {_format_list(distinct)} bindings.")
        for kind in distinct:
            if kinds.count(kind) > 1:
                diagnostics.errors.append(f"{name} assigned to multiple {kind} bindings.")
    if any(len(kinds) > 1 for kinds in kinds_by_name.values()):
        diagnostics.errors.append(NAMES_NOT_UNIQUE)


def _format_list(words: list[str]) -> str:
    """Format a list as `Intl.ListFormat` does in English."""
    *rest, last = words
    return f"{', '.join(rest)}{',' if len(rest) > 1 else ''} and {last}"


def _warn_about_misspelled_fields(diagnostics: Diagnostics, top: JsDict) -> None:
    """Warn about top-level fields that are similar to one that this package reads.

    Wrangler warns about every field that it does not know; its list grows with each release.
    """
    misspelled = [
        f'"{name}"'
        for name in top
        if name not in ("kv_namespaces", "vars")
        and get_close_matches(name, ("kv_namespaces", "vars"), n=1, cutoff=0.85)
    ]
    if misspelled:
        diagnostics.warnings.append(
            f"Unexpected fields found in top-level field: {','.join(misspelled)}"
        )
