"""Every `KVUsageWarning`: what was written, what production does, what to write instead."""

import sys
import warnings
from collections.abc import Collection
from typing import Literal, TypeAlias

from pykvbinding.errors import KVUsageWarning

MAX_SHOWN_KEY_CHARACTERS = 40
"""Characters of a key that a warning shows."""

WarningKind: TypeAlias = Literal[
    "digits-lost",
    "extra-arguments-ignored",
    "handler-arguments",
    "key-coerced",
    "keywords-ignored",
    "metadata-changed",
    "metadata-of-null-lost",
    "names-dropped",
    "options-in-a-map",
    "options-not-a-dict",
    "unknown-option",
    "value-is-none",
    "wrangler",
    "other",
]
"""The kinds of warnings: each is named after the function below that builds its text."""

_PACKAGE = __name__.partition(".")[0]


def warn(text: str, kind: WarningKind = "other") -> None:
    """Issue `text`, pointing at the line outside this package that awaits the operation.

    Under `gather`, tasks and `wait_for` that line is not on the stack: then it points at the line
    that runs the loop, as `asyncio.run(kv.put(…))`.
    """
    level, frame = 2, sys._getframe(1)
    while frame.f_back is not None and _is_skipped(frame.f_globals.get("__name__", "")):
        level, frame = level + 1, frame.f_back
    warnings.warn(KVUsageWarning(text, kind), stacklevel=level)


def _is_skipped(module: str) -> bool:
    return module.partition(".")[0] in (_PACKAGE, "asyncio")


def key_coerced(method: str, given: object, key: str) -> str:
    several = isinstance(given, list | tuple | set | frozenset | dict)
    hint = "one key at a time" if several and method in ("put", "delete") else "the key as a str"
    hint = "several keys as a list of str" if several and method.startswith("get") else hint
    what = f"{method}({given!r})" if len(repr(given)) <= 40 else f"{method}({type(given).__name__})"
    return f"{what}: production turns this into the one key {key!r}. Pass {hint}."


def value_is_none(key: str) -> str:
    return (
        f'put({key!r}, None): production stores the text "null", which reads back as a str, not '
        "as None. Write delete(key) to remove it, or json.dumps(None) if you mean JSON."
    )


def format_call(method: str, key: str | None = None) -> str:
    """How a warning begins to name a call: its method and its key, up to the options."""
    if key is None:
        return f"{method}("
    return (
        f"{method}({key!r}, "
        if len(key) <= MAX_SHOWN_KEY_CHARACTERS
        else f"{method}({key[:MAX_SHOWN_KEY_CHARACTERS]!r}…, "
    )


def format_bulk_call(method: str) -> str:
    """The same for a list of keys."""
    return f"{method}([…], "


def unknown_option(call_prefix: str, option: str, known: Collection[str]) -> str:
    close = _closest(option, known)
    takes = f"What it takes: {', '.join(sorted(known))}." if known else "It takes none."
    instead = takes if close is None else f"Write {close}=… instead."
    return f"{call_prefix}{option}=…): production silently ignores this option. {instead}"


def _closest(option: str, known: Collection[str]) -> str | None:
    """The option that was meant: another spelling first, then a near miss."""
    flat = {name.lower(): name for name in known}
    same = flat.get(option.replace("_", "").replace("-", "").lower())
    if same is not None:
        return same
    from difflib import get_close_matches  # not at the top: only a misspelling needs it

    near = get_close_matches(option, list(known), n=1)
    return near[0] if near else None


def keywords_ignored(call_prefix: str, names: Collection[str], position: str) -> str:
    return (
        f"{call_prefix}…, {', '.join(f'{name}=…' for name in names)}): beside {position}, production "
        "silently ignores keywords. Write all options as keywords, or all in one dict."
    )


def extra_arguments_ignored(call_prefix: str, count: int) -> str:
    return (
        f"{call_prefix}…): production silently ignores what stands behind the options (arguments: "
        f"{count}). Write options as keywords."
    )


def options_not_a_dict(call_prefix: str, given: object) -> str:
    return (
        f"{call_prefix}{given!r}): production finds no options in a {type(given).__name__} and silently "
        "goes without. Write keywords or one dict."
    )


def options_in_a_map(call_prefix: str, names: Collection[object]) -> str:
    shown = ", ".join(map(str, names)) or "no option"
    return (
        f"{call_prefix}to_js({{…}})): to_js makes a JavaScript Map of a dict, and in a Map a Worker on "
        f"Python 3.12 finds no options, so {shown} would be silently dropped, as here. Pass the "
        "dict itself, keywords, or to_js(…, dict_converter=Object.fromEntries)."
    )


def metadata_changed(key: str, was: str, becomes: str) -> str:
    return (
        f"put({key!r}, …, metadata=…) holds {was}: production writes {becomes} for it, as "
        "JSON.stringify does, and it does not come back. Pass JSON values only."
    )


def digits_lost(key: str, digits: str, number: float) -> str:
    return (
        f"get({key!r}, type='json') holds the integer {digits[:40]}: a JavaScript number cannot, "
        f"so production (and this emulator) reads {number!r}. Store such ids as strings."
    )


def names_dropped(method: str, names: Collection[str]) -> str:
    shown = ", ".join(map(repr, list(names)[:3]))
    return (
        f"{method}([…]) names {shown}: the documentation promises every key in the answer, as "
        "this emulator gives it, but the runtime drops names that look like integers, and "
        "__proto__. Give keys a prefix, or read these one by one."
    )


def metadata_of_null_lost(key: str) -> str:
    return (
        f"getWithMetadata([…, {key!r}], type='json'): its value is JSON null, and for that "
        "production answers None as for a missing key, so its metadata is lost. Read this key "
        "alone, or store something else than null."
    )


def wrangler_warning(path: object, text: str) -> str:
    """A warning of wrangler about a file, in its own words."""
    return f"{path}: {text}"


def handler_arguments(name: str, count: int) -> str:
    first = "controller" if name == "scheduled" else "batch"
    return (
        f"Default.{name}() takes {count} argument{'' if count == 1 else 's'} beside self: "
        f"production calls it with three, so there it is a TypeError. "
        f"Write async def {name}(self, {first}, env, ctx)."
    )
