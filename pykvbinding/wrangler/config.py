"""Read the configuration of one environment from a wrangler file."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from pykvbinding import usage_warnings
from pykvbinding.js.core.js_dict import JsDict
from pykvbinding.wrangler import errors
from pykvbinding.wrangler.bindings import iter_bindings
from pykvbinding.wrangler.diagnostics import (
    ConfigValue,
    Diagnostics,
    is_string,
    json_stringify,
    object_entries,
)
from pykvbinding.wrangler.parser import parse_file
from pykvbinding.wrangler.validate import validate_config

AnyPath: TypeAlias = str | os.PathLike[str]

PYTHON_FLAG = "python_workers"

EMULATED = ("Durable Object", "KV Namespace", "Queue", "Environment Variable", "Secret")

FILE_NAMES = ("wrangler.json", "wrangler.jsonc", "wrangler.toml")
"""In the order of wrangler (`findWranglerConfig`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KVBinding:
    """An item of `kv_namespaces`: the name on `env`, and the id of the namespace."""

    binding: str
    id: str
    """As `wrangler dev` resolves it: the preview id if requested, else the id, else the name of
    the binding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DurableObjectBinding:
    """An item of `durable_objects.bindings`."""

    name: str
    class_name: str
    script_name: str | None
    """The Worker that defines the class; None for this Worker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueBinding:
    """An item of `queues.producers`: the name on `env`, and the queue."""

    binding: str
    queue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsupportedBinding:
    """A binding that is not emulated: its name on `env`, and wrangler's name of its kind."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WranglerConfig:
    """The configuration of one environment in a wrangler file. See `read_wrangler`."""

    path: Path
    environment: str | None
    """The requested environment; None for the top level."""

    name: str | None
    """The name of the Worker; if inherited, with `-` and the name of the environment appended."""

    main: str | None
    """The absolute path of the Worker's module."""

    compatibility_date: str | None
    compatibility_flags: tuple[str, ...]
    kv_namespaces: tuple[KVBinding, ...]
    vars: Mapping[str, Any]
    """Strings are str; other values are JSON: objects are JsDict, numbers are JavaScript's."""

    durable_objects: tuple[DurableObjectBinding, ...] = ()
    queues: tuple[QueueBinding, ...] = ()
    """The queues to which the Worker sends messages."""

    consumers: tuple[str, ...] = ()
    """The queues from which the Worker receives messages."""

    crons: tuple[str, ...] = ()
    other_bindings: tuple[UnsupportedBinding, ...] = ()


def read_wrangler(
    path: AnyPath, *, env: str | None = None, preview: bool = False
) -> WranglerConfig:
    """Read a wrangler file, or that of a directory: .json, else .jsonc, else .toml.

    As in wrangler, the parent directories are searched too, for one name after the other.
    `env` is the environment; None and "" are the top level. With `preview=True`, `preview_id`
    takes precedence over `id`, as in `wrangler dev`. The process environment (`CLOUDFLARE_ENV`)
    and `.dev.vars` are not read, so that a test depends only on its arguments.

    Warns (KVUsageWarning) if wrangler warns: about bindings that an environment does not inherit,
    unexpected fields, and an environment that is missing from a file without environments.

    Raises: FileNotFoundError if the file does not exist; ValueError if wrangler rejects the file,
    with wrangler's message, or if it has a syntax error, with file, line and column.
    """
    file = _find_file(Path(path))
    top = _require_object(parse_file(file), file, "the configuration")
    section = _environment_section(top, env, file)
    diagnostics = validate_config(top, section, env, file=os.path.relpath(file))
    active = top if section is None else section
    _raise_or_warn(diagnostics, file)
    return WranglerConfig(
        path=file,
        environment=env or None,
        name=_name(top, section, env),
        main=_main(file, active.get("main", top.get("main"))),
        compatibility_date=active.get("compatibility_date", top.get("compatibility_date")),
        compatibility_flags=tuple(
            active.get("compatibility_flags", top.get("compatibility_flags", ()))
        ),
        kv_namespaces=tuple(
            _kv_binding(item, preview=preview) for item in active.get("kv_namespaces", ())
        ),
        vars=dict(object_entries(active.get("vars"))),
        **_other_fields(top, active),
    )


def check_python(config: WranglerConfig) -> None:
    """Reject a Python Worker without its compatibility flag, as wrangler does.

    Reading its bindings does not require the flag, so `read_wrangler` does not check it.

    Raises: ValueError, "The `python_workers` compatibility flag is required to use Python."
    """
    if (config.main or "").endswith(".py") and PYTHON_FLAG not in config.compatibility_flags:
        raise errors.config_python_flag()


def _other_fields(top: JsDict, active: JsDict) -> dict[str, Any]:
    """Return the configuration other than KV namespaces and variables."""
    queues = object_entries(active.get("queues"))
    triggers = object_entries(active.get("triggers", top.get("triggers")))
    durable = object_entries(object_entries(active.get("durable_objects")).get("bindings"))
    return {
        "durable_objects": tuple(
            DurableObjectBinding(
                name=item["name"],
                class_name=item["class_name"],
                script_name=item.get("script_name"),
            )
            for item in durable.values()
        ),
        "queues": tuple(
            QueueBinding(binding=item["binding"], queue=item["queue"])
            for item in map(object_entries, object_entries(queues.get("producers")).values())
            if is_string(item.get("binding"))
            and is_string(item.get("queue"))  # wrangler only warns about others
        ),
        "consumers": tuple(
            item["queue"] for item in object_entries(queues.get("consumers")).values()
        ),
        "crons": tuple(map(str, object_entries(triggers.get("crons")).values())),
        "other_bindings": tuple(
            UnsupportedBinding(name=name, kind=kind)
            for kind, name in iter_bindings(top, active)
            if kind not in EMULATED
        ),
    }


def _find_file(path: Path) -> Path:
    if not path.is_dir():
        if path.suffix not in (".json", ".jsonc", ".toml"):
            raise ValueError(
                f"{path}: the name of a wrangler file ends in .json, .jsonc or .toml; pass such a "
                "file, or its directory"
            )
        if not path.is_file():
            raise FileNotFoundError(
                f"file not found: {path}. Pass a wrangler file or its directory"
            )
        return path
    directory = path.absolute()
    for name in FILE_NAMES:
        for parent in (directory, *directory.parents):
            if (parent / name).is_file():
                return parent / name
    raise FileNotFoundError(
        f"none of {', '.join(FILE_NAMES)} exists in {path} or its parent directories"
    )


def _environment_section(top: JsDict, environment: str | None, path: Path) -> JsDict | None:
    environments = object_entries(top.get("env"))
    if not environment or environment not in environments:
        return None
    return _require_object(environments[environment], path, f'"env.{environment}"')


def _require_object(value: ConfigValue, path: Path, label: str) -> JsDict:
    if not isinstance(value, JsDict):
        raise ValueError(f"{path}: {label} should be an object but got {json_stringify(value)}.")
    return value


def _raise_or_warn(diagnostics: Diagnostics, path: Path) -> None:
    if diagnostics.has_errors():
        raise ValueError(diagnostics.render_errors())
    for text in diagnostics.all_warnings():
        usage_warnings.warn(usage_warnings.wrangler_warning(path, text), "wrangler")


def _name(top: JsDict, section: JsDict | None, environment: str | None) -> str | None:
    if section is not None and "name" in section:
        return str(section["name"])
    name: str | None = top.get("name")
    if environment:
        return f"{name}-{environment}" if name else None
    return name


def _main(path: Path, main: str | None) -> str | None:
    return None if main is None else os.path.normpath(path.parent.absolute() / main)


def _kv_binding(item: JsDict, *, preview: bool) -> KVBinding:
    name = item["binding"]
    identifier = item.get("id", name)
    return KVBinding(binding=name, id=item.get("preview_id", identifier) if preview else identifier)
