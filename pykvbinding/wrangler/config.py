"""Find a wrangler file and read the configuration of one of its environments."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from pykvbinding import usage_warnings
from pykvbinding.js.core.js_dict import JsDict
from pykvbinding.wrangler import errors
from pykvbinding.wrangler.diagnostics import Diagnosis, Json, is_text, json_text, members
from pykvbinding.wrangler.parser import parse_file
from pykvbinding.wrangler.validate import bound, diagnose

AnyPath: TypeAlias = str | os.PathLike[str]

PYTHON_FLAG = "python_workers"

EMULATED = ("Durable Object", "KV Namespace", "Queue", "Environment Variable", "Secret")

FILE_NAMES = ("wrangler.json", "wrangler.jsonc", "wrangler.toml")
"""In wrangler's order (its `findWranglerConfig`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KVBinding:
    """One item of `kv_namespaces`: the name on `env`, and the id of the namespace behind it."""

    binding: str
    id: str
    """As `wrangler dev` resolves it: the preview id where one was asked for, then the id, then the
    name of the binding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DurableObjectBinding:
    """One item of `durable_objects.bindings`."""

    name: str
    class_name: str
    script_name: str | None
    """The Worker whose class it is; None for this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueBinding:
    """One item of `queues.producers`: the name on `env`, and the queue."""

    binding: str
    queue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherBinding:
    """A binding that is not emulated: its name on `env`, and what wrangler calls its kind."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrangler:
    """What a wrangler file says about one environment. See `read_wrangler`."""

    path: Path
    environment: str | None
    """The environment that was asked for; None is the top level."""

    name: str | None
    """Of the Worker; inherited, then with `-` and the environment's name behind it."""

    main: str | None
    """The absolute path of the Worker's module."""

    compatibility_date: str | None
    compatibility_flags: tuple[str, ...]
    kv_namespaces: tuple[KVBinding, ...]
    vars: Mapping[str, Any]
    """Text as str; anything else as JSON: objects are JsDict, numbers are those of JavaScript."""

    durable_objects: tuple[DurableObjectBinding, ...] = ()
    queues: tuple[QueueBinding, ...] = ()
    """Where messages are sent to."""

    consumers: tuple[str, ...] = ()
    """The queues of which messages are received."""

    crons: tuple[str, ...] = ()
    other_bindings: tuple[OtherBinding, ...] = ()


def read_wrangler(path: AnyPath, *, env: str | None = None, preview: bool = False) -> Wrangler:
    """Read a wrangler file, or the one of a directory: .json, then .jsonc, then .toml.

    As wrangler does, a directory without a file is searched upwards, for each name in turn.
    `env` is the environment, None (or "") the top level. `preview=True` takes `preview_id` before
    `id`, as `wrangler dev` does. The process environment (`CLOUDFLARE_ENV`) and `.dev.vars` are
    not looked at: a test depends on its arguments alone.

    Warns (KVUsageWarning) where wrangler warns: of what an environment does not inherit, of
    unexpected fields, of an environment in a file that has none.

    Raises: FileNotFoundError without a file; ValueError for one that wrangler refuses, in
    wrangler's words, or, for a syntax error, with file, line and column.
    """
    found = _find(Path(path))
    top = _object(parse_file(found), found, "the configuration")
    section = _section(top, env, found)
    diagnosis = diagnose(top, section, env, file=os.path.relpath(found))
    active = top if section is None else section
    _tell(diagnosis, found)
    return Wrangler(
        path=found,
        environment=env or None,
        name=_name(top, section, env),
        main=_main(found, active.get("main", top.get("main"))),
        compatibility_date=active.get("compatibility_date", top.get("compatibility_date")),
        compatibility_flags=tuple(
            active.get("compatibility_flags", top.get("compatibility_flags", ()))
        ),
        kv_namespaces=tuple(
            _kv_binding(item, preview=preview) for item in active.get("kv_namespaces", ())
        ),
        vars=dict(members(active.get("vars"))),
        **_others(top, active),
    )


def check_python(config: Wrangler) -> None:
    """Refuse a Worker in Python without the flag for it, as wrangler does.

    To read its bindings takes no flag, so `read_wrangler` does not ask for one.

    Raises: ValueError, "The `python_workers` compatibility flag is required to use Python."
    """
    if (config.main or "").endswith(".py") and PYTHON_FLAG not in config.compatibility_flags:
        raise errors.config_python_flag()


def _others(top: JsDict, active: JsDict) -> dict[str, Any]:
    """What a file says beside KV and variables."""
    queues = members(active.get("queues"))
    triggers = members(active.get("triggers", top.get("triggers")))
    durable = members(members(active.get("durable_objects")).get("bindings"))
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
            for item in map(members, members(queues.get("producers")).values())
            if is_text(item.get("binding")) and is_text(item.get("queue"))  # else only warned of
        ),
        "consumers": tuple(item["queue"] for item in members(queues.get("consumers")).values()),
        "crons": tuple(map(str, members(triggers.get("crons")).values())),
        "other_bindings": tuple(
            OtherBinding(name=name, kind=kind)
            for kind, name in bound(top, active)
            if kind not in EMULATED
        ),
    }


def _find(path: Path) -> Path:
    if not path.is_dir():
        if path.suffix not in (".json", ".jsonc", ".toml"):
            raise ValueError(
                f"{path}: a wrangler file ends in .json, .jsonc or .toml; give one, or its "
                "directory"
            )
        if not path.is_file():
            raise FileNotFoundError(
                f"there is no file {path}; give a wrangler file or its directory"
            )
        return path
    folder = path.absolute()
    for name in FILE_NAMES:
        for place in (folder, *folder.parents):
            if (place / name).is_file():
                return place / name
    raise FileNotFoundError(
        f"there is none of {', '.join(FILE_NAMES)} in {path} or in a directory above it"
    )


def _section(top: JsDict, environment: str | None, path: Path) -> JsDict | None:
    environments = members(top.get("env"))
    if not environment or environment not in environments:
        return None
    return _object(environments[environment], path, f'"env.{environment}"')


def _object(value: Json, path: Path, what: str) -> JsDict:
    if not isinstance(value, JsDict):
        raise ValueError(f"{path}: {what} should be an object but got {json_text(value)}.")
    return value


def _tell(diagnosis: Diagnosis, path: Path) -> None:
    if diagnosis.has_errors():
        raise ValueError(diagnosis.error_text())
    for text in diagnosis.all_warnings():
        usage_warnings.warn(usage_warnings.wrangler_says(path, text), "wrangler")


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
