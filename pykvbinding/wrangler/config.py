"""Wrangler files: finding one, parsing it, and what one of its environments comes to."""

import json
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, TypeAlias

from pykvbinding import usage_warnings as usage
from pykvbinding.js.core.coercion import MAX_SAFE_INTEGER
from pykvbinding.js.core.js_dict import JsDict
from pykvbinding.wrangler import errors as unreadable
from pykvbinding.wrangler.diagnostics import Diagnosis, Json, TomlDate, is_text, json_text, members
from pykvbinding.wrangler.validate import bound, diagnose

AnyPath: TypeAlias = str | os.PathLike[str]

PYTHON_FLAG = "python_workers"

EMULATED = ("Durable Object", "KV Namespace", "Queue", "Environment Variable", "Secret")

FILE_NAMES = ("wrangler.json", "wrangler.jsonc", "wrangler.toml")
"""In wrangler's order (its `findWranglerConfig`)."""

BYTE_ORDER_MARKS = {
    b"\x00\x00\xfe\xff": "UTF-32 BE",
    b"\xff\xfe\x00\x00": "UTF-32 LE",
    b"\xfe\xff": "UTF-16 BE",
    b"\xff\xfe": "UTF-16 LE",
}


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
    top = _object(_read(found), found, "the configuration")
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
        raise unreadable.config_python_flag()


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
            raise unreadable.config_unknown_format(path)
        if not path.is_file():
            raise unreadable.config_missing(path)
        return path
    folder = path.absolute()
    for name in FILE_NAMES:
        for place in (folder, *folder.parents):
            if (place / name).is_file():
                return place / name
    raise unreadable.config_not_found(path, FILE_NAMES)


def _read(path: Path) -> Json:
    """The content of a file, as JavaScript holds it."""
    content = path.read_bytes()
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            raise unreadable.config_encoding(path, encoding)
    text = content.decode("utf-8", "replace").removeprefix("\ufeff")
    if path.suffix == ".toml":
        parsed = _parse_toml(path, text)
        _check_integers(path, parsed)
        return _as_javascript(parsed)
    return _as_javascript(_parse_json(path, text))


def _parse_toml(path: Path, text: str) -> Json:
    import tomllib  # not at the top: only a TOML file needs it

    try:
        return tomllib.loads(text)
    except ValueError as error:
        place = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", str(error))
        what = str(error)[: place.start()] if place else str(error)
        if place and place[1]:
            raise unreadable.config_syntax(path, int(place[1]), int(place[2]), what) from None
        raise unreadable.config_syntax(path, *_line_and_column(text, len(text)), what) from None


def _check_integers(path: Path, value: Json) -> None:
    """Refuse what wrangler's parser refuses: an integer that a JavaScript number cannot hold."""
    if isinstance(value, int) and abs(value) > MAX_SAFE_INTEGER:
        raise unreadable.config_large_integer(path, value)
    if isinstance(value, dict | list):
        for item in members(value).values():
            _check_integers(path, item)


def _parse_json(path: Path, text: str) -> Json:
    """Plain JSON without help; comments and trailing commas, in .json too, with pyjson5.

    pyjson5 takes all of JSON5, so more than wrangler: `{a: 'b'}` passes here.
    """
    try:
        return json.loads(text, parse_int=float)
    except json.JSONDecodeError as error:
        strict = error
    try:
        import pyjson5  # not at the top: only for what is not plain JSON
    except ImportError:
        raise unreadable.config_needs_pyjson5(
            path, strict.lineno, strict.colno, strict.msg
        ) from None
    try:
        return pyjson5.decode(text)
    except pyjson5.Json5DecoderException as error:
        offset, what = _json5_complaint(str(error.message))
    # What comes later is nearer to the mistake: plain JSON may have stumbled over a comment, and
    # pyjson5 names the start of what is never closed.
    if strict.pos >= offset:
        offset, what = strict.pos, strict.msg
    raise unreadable.config_syntax(path, *_line_and_column(text, offset), what) from None


def _json5_complaint(message: str) -> tuple[int, str]:
    """Where, and what, out of `Expected b'colon' near 14, found U+0032`."""
    read = re.search(r"near (\d+)", message)
    what = re.sub(r" (?:starting )?near \d+", "", message)
    what = re.sub(r"b'([^']*)'", r"\1", what)
    what = re.sub(r"U\+([0-9a-f]+)", lambda code: repr(chr(int(code[1], 16))), what)
    return (max(int(read[1]) - 1, 0) if read else 0), what


def _line_and_column(text: str, offset: int) -> tuple[int, int]:
    before = text[:offset]
    return before.count("\n") + 1, offset - before.rfind("\n")


def _as_javascript(value: Json) -> Json:
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, list):
        return [_as_javascript(item) for item in value]
    if isinstance(value, dict):
        return JsDict((name, _as_javascript(item)) for name, item in value.items())
    if isinstance(value, datetime | time):
        return TomlDate(value.isoformat(timespec="milliseconds").replace("+00:00", "Z"))
    return TomlDate(value.isoformat()) if isinstance(value, date) else value


def _number(value: float) -> float | None:
    """A safe integer is int, any other number float; what JSON cannot say arrives as null."""
    if not abs(value) <= sys.float_info.max:
        return None
    number = float(value)
    return int(number) if number.is_integer() and abs(number) <= MAX_SAFE_INTEGER else number


def _section(top: JsDict, environment: str | None, path: Path) -> JsDict | None:
    environments = members(top.get("env"))
    if not environment or environment not in environments:
        return None
    return _object(environments[environment], path, f'"env.{environment}"')


def _object(value: Json, path: Path, what: str) -> JsDict:
    if not isinstance(value, JsDict):
        raise unreadable.config_not_an_object(path, what, json_text(value))
    return value


def _tell(diagnosis: Diagnosis, path: Path) -> None:
    if diagnosis.has_errors():
        raise unreadable.config_invalid(diagnosis.error_text())
    for text in diagnosis.all_warnings():
        usage.warn(usage.wrangler_says(path, text), "wrangler")


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
