"""What wrangler says about a configuration: its checks, in its order and its words.

The texts are those of wrangler 4.164.0, observed through its `unstable_readConfig`. Checked is
what this package reads; what wrangler has to say about routes or buckets is left to wrangler.
"""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from pykvbinding.js.core.js_dict import JsDict
from pykvbinding.wrangler.diagnostics import (
    Diagnosis,
    Json,
    TomlDate,
    is_object,
    is_text,
    items_of,
    json_text,
    members,
    not_of_type,
)
from pykvbinding.wrangler.validate_bindings import (
    check_durable_objects,
    check_queues,
    check_triggers,
    report_missing_objects,
)

KV_FIELDS = ("binding", "id", "preview_id", "remote")

_KINDS = (
    "data_blobs=Data Blob|durable_objects=Durable Object|kv_namespaces=KV Namespace|"
    "send_email=Send Email|queues=Queue|d1_databases=D1 Database|vectorize=Vectorize Index|"
    "ai_search_namespaces=AI Search Namespace|ai_search=AI Search Instance|"
    "agent_memory=Agent Memory|hyperdrive=Hyperdrive Config|r2_buckets=R2 Bucket|"
    "logfwdr=logfwdr|services=Worker|analytics_engine_datasets=Analytics Engine Dataset|"
    "text_blobs=Text Blob|browser=Browser Run|analytics=Analytics SQL|ai=AI|images=Images|"
    "stream=Stream|media=Media|version_metadata=Worker Version Metadata|"
    "unsafe=Unsafe Metadata|vars=Environment Variable|wasm_modules=Wasm Module|"
    "dispatch_namespaces=Dispatch Namespace|mtls_certificates=mTLS Certificate|"
    "workflows=Workflow|pipelines=Pipeline|k2=K2 Stream|"
    "secrets_store_secrets=Secrets Store Secret|artifacts=Artifacts|ratelimits=Rate Limit|"
    "assets=Assets|unsafe_hello_world=Hello World|flagship=Flagship|"
    "worker_loaders=Worker Loader|vpc_services=VPC Service|vpc_networks=VPC Network"
)
BINDING_KINDS = {field: kind for field, _, kind in (p.partition("=") for p in _KINDS.split("|"))}
"""The field of each kind of binding, with what wrangler calls the kind, in wrangler's order."""

ONLY_TOP_LEVEL = ("data_blobs", "text_blobs", "wasm_modules")
INHERITED = ("assets",)

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


def diagnose(
    top: JsDict, section: JsDict | None, environment: str | None, *, file: str
) -> Diagnosis:
    """Check a configuration as wrangler does before it does anything else with it.

    `section` is what the file holds for `environment`, None where it holds nothing; `file` is how
    wrangler names the file.
    """
    found = Diagnosis(f"Processing {file} configuration:")
    _check_settings(found, top)
    check_triggers(found, top)
    _check_vars(found, top, "vars")
    check_durable_objects(found, top, "durable_objects")
    _check_kv_namespaces(found, top, "kv_namespaces")
    check_queues(found, top, "queues", "queues")
    if environment and section is None:
        _report_unknown_environment(found, top, environment, file)
    elif environment and section is not None:
        part = Diagnosis(f'"env.{environment}" environment configuration')
        inside = f"env.{environment}"
        _check_settings(part, section)
        check_triggers(part, section)
        _check_vars(part, section, f"{inside}.vars")
        _check_vars_inherited(part, section, top, environment)
        if check_durable_objects(part, section, f"{inside}.durable_objects"):
            report_missing_objects(part, section, top, environment)
        _check_section_inherited(part, section, top, "durable_objects", environment)
        _check_kv_namespaces(part, section, f"{inside}.kv_namespaces")
        _check_kv_inherited(part, section, top, environment)
        check_queues(part, section, f"{inside}.queues", "queues")
        _check_section_inherited(part, section, top, "queues", environment)
        found.parts.append(part)
    _check_names(found, top, top if section is None else section)
    _check_spelling(found, top)
    return found


def _check_settings(found: Diagnosis, section: JsDict) -> None:
    """What stands beside the bindings: compatibility, name, main."""
    date = section.get("compatibility_date", "")
    if not is_text(date):
        found.errors.append(not_of_type("compatibility_date", "string", date))
    elif "–" in date or "—" in date:
        found.errors.append(
            '"compatibility_date" field should use ISO-8601 accepted hyphens (-) rather than '
            "en-dashes (–) or em-dashes (—)."
        )
    flags = section.get("compatibility_flags", [])
    if not isinstance(flags, list) or not all(map(is_text, flags)):
        found.errors.append(not_of_type("compatibility_flags", "string array", flags))
    name = section.get("name", "")
    if not is_text(name) or not re.fullmatch(r"(?:[a-z0-9_][a-z0-9-_]*)?", name):
        kind = "string, alphanumeric and lowercase with dashes only"
        found.errors.append(not_of_type("name", kind, name))
    if not is_text(section.get("main", "")):
        found.errors.append(not_of_type("main", "string", section["main"]))


def _check_vars(found: Diagnosis, section: JsDict, place: str) -> None:
    if "vars" not in section:
        return
    values = section["vars"]
    if not is_object(values):
        found.errors.append(
            f'The field "{place}" should be an object but got {json_text(values)}.\n'
        )
        return
    for name, value in members(values).items():
        if isinstance(value, TomlDate):
            found.errors.append(
                f'The field "{place}.{name}" is a TOML date, which is not supported. '
                f'Please use a string instead, e.g. {name} = "2025-12-19".'
            )


def _check_vars_inherited(found: Diagnosis, section: JsDict, top: JsDict, environment: str) -> None:
    if "vars" not in section:
        _check_section_inherited(found, section, top, "vars", environment)
    elif is_object(section["vars"]):
        there = members(section["vars"])
        absent = [f"- {name}" for name in members(top.get("vars")) if name not in there]
        if absent:
            found.warnings.append(
                VARS_NOT_INHERITED.format(environment=environment, names="\n".join(absent))
            )


def _check_section_inherited(
    found: Diagnosis, section: JsDict, top: JsDict, field: str, environment: str
) -> None:
    if field in top and field not in section:
        found.warnings.append(NOT_INHERITED.format(field=field, environment=environment))


def _check_kv_namespaces(found: Diagnosis, section: JsDict, place: str) -> None:
    if "kv_namespaces" not in section:
        return
    for item, its_place in items_of(found, section["kv_namespaces"], place):
        _check_kv_namespace(found, item, its_place)


def _check_kv_namespace(found: Diagnosis, item: Json, place: str) -> None:
    got = json_text(item)
    if not is_object(item):
        found.errors.append(f'"kv_namespaces" bindings should be objects, but got {got}')
        return
    inside = members(item)
    if not is_text(inside.get("binding")):
        found.errors.append(
            f'"{place}" bindings should have a string "binding" field but got {got}.'
        )
    identifier = inside.get("id", "none")
    if not is_text(identifier) or identifier == "":
        found.errors.append(f'"{place}" bindings should have a string "id" field but got {got}.')
    if not is_text(inside.get("preview_id", "")):
        found.errors.append(
            f'"{place}" bindings should, optionally, have a string "preview_id" field '
            f"but got {got}."
        )
    if not isinstance(inside.get("remote", False), bool):
        found.errors.append(
            f'"{place}" should, optionally, have a boolean "remote" field but got {got}.'
        )
    unexpected = [f'"{name}"' for name in inside if name not in KV_FIELDS]
    if unexpected:
        found.warnings.append(f"Unexpected fields found in {place} field: {','.join(unexpected)}")


def _check_kv_inherited(found: Diagnosis, section: JsDict, top: JsDict, environment: str) -> None:
    if "kv_namespaces" not in section:
        _check_section_inherited(found, section, top, "kv_namespaces", environment)
    elif isinstance(section["kv_namespaces"], list):
        there = [members(item).get("binding") for item in section["kv_namespaces"]]
        for item in members(top.get("kv_namespaces")).values():
            name = members(item).get("binding")
            if is_text(name) and name not in there:
                found.warnings.append(KV_NOT_INHERITED.format(name=name, environment=environment))


def _report_unknown_environment(found: Diagnosis, top: JsDict, environment: str, file: str) -> None:
    """Refused where there are other environments; without any, the top level serves, warned of."""
    known, environments = "", top.get("env")
    if is_object(environments) or environments:  # what JavaScript calls truthy
        names = json_text(list(members(environments)))
        known = f"The available configured environment names are: {names}\n"
    text = UNKNOWN_ENVIRONMENT.format(
        environment=environment, known=known, suffix=file.rpartition(".")[2]
    )
    (found.errors if known else found.warnings).append(text)


def bound(top: JsDict, section: JsDict) -> Iterator[tuple[str, str]]:
    """What is bound, whatever it is: what wrangler calls its kind, and its name."""
    for field_name, kind in BINDING_KINDS.items():
        value = top.get(field_name) if field_name in ONLY_TOP_LEVEL else section.get(field_name)
        if field_name in INHERITED and value is None:
            value = top.get(field_name)
        if field_name == "queues":
            value = members(value).get("producers")
        for name in _binding_names(value):
            yield kind, name
    for name in members(members(section.get("secrets")).get("required")).values():
        if is_text(name):
            yield "Secret", name


def _check_names(found: Diagnosis, top: JsDict, section: JsDict) -> None:
    """No two bindings of one name, whatever they bind."""
    kinds_of: dict[str, list[str]] = {}
    for kind, name in bound(top, section):
        kinds_of.setdefault(name, []).append(kind)
    for name, kinds in kinds_of.items():
        different = list(dict.fromkeys(kinds))
        if len(different) > 1:
            found.errors.append(f"{name} assigned to {_enumerated(different)} bindings.")
        for kind in different:
            if kinds.count(kind) > 1:
                found.errors.append(f"{name} assigned to multiple {kind} bindings.")
    if any(len(kinds) > 1 for kinds in kinds_of.values()):
        found.errors.append(NAMES_NOT_UNIQUE)


def _binding_names(value: Json) -> list[str]:
    """The names that one field gives to bindings, whatever its shape."""
    if isinstance(value, list):
        names: list[Any] = [members(item).get("binding") for item in value]
        return names if all(map(is_text, names)) else []
    if not isinstance(value, dict):
        return []
    if isinstance(value.get("bindings"), list):
        names = [members(item).get("name") for item in value["bindings"]]
        if all(map(is_text, names)):
            return names
    if "binding" in value:
        return [value["binding"]] if is_text(value["binding"]) else []
    return list(value)


def _enumerated(words: list[str]) -> str:
    """`Intl.ListFormat` in English."""
    *others, last = words
    return f"{', '.join(others)}{',' if len(others) > 1 else ''} and {last}"


def _check_spelling(found: Diagnosis, top: JsDict) -> None:
    """A field of the top level that is nearly one that this package reads.

    Wrangler warns of every field that it does not know; its list grows with each release.
    """
    near = [
        f'"{name}"'
        for name in top
        if name not in ("kv_namespaces", "vars")
        and get_close_matches(name, ("kv_namespaces", "vars"), n=1, cutoff=0.85)
    ]
    if near:
        found.warnings.append(f"Unexpected fields found in top-level field: {','.join(near)}")
