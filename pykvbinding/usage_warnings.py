"""The messages of `KVUsageWarning`: the call, what production does, and what to write instead."""

import sys
import warnings
from collections.abc import Collection
from typing import Literal, TypeAlias

from pykvbinding.errors import KVUsageWarning

MAX_SHOWN_KEY_CHARACTERS = 40
"""The number of characters of a key that a warning shows."""

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
"""The categories of warnings: each has the name of the function below that builds its message."""

_PACKAGE = __name__.partition(".")[0]


def warn(text: str, kind: WarningKind = "other") -> None:
    """Issue `text` with the location of the line outside this package that awaits the operation.

    Under `gather`, tasks and `wait_for` that line is not on the stack: then the location is the
    line that runs the loop, such as `asyncio.run(kv.put(…))`.
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
    call = f"{method}({given!r})" if len(repr(given)) <= 40 else f"{method}({type(given).__name__})"
    return f"{call}: production converts this to the single key {key!r}. Pass {hint}."


def value_is_none(key: str) -> str:
    return (
        f'put({key!r}, None): production stores the text "null", which reads back as a str, not '
        "as None. Call delete(key) to remove it, or pass json.dumps(None) to store JSON."
    )


def format_call(method: str, key: str | None = None) -> str:
    """Return the start of a call in a warning: its method and its key, up to the options."""
    if key is None:
        return f"{method}("
    return (
        f"{method}({key!r}, "
        if len(key) <= MAX_SHOWN_KEY_CHARACTERS
        else f"{method}({key[:MAX_SHOWN_KEY_CHARACTERS]!r}…, "
    )


def format_bulk_call(method: str) -> str:
    """Return the start of a call with a list of keys."""
    return f"{method}([…], "


def unknown_option(call_prefix: str, option: str, known: Collection[str]) -> str:
    close = _closest(option, known)
    valid = f"Valid options: {', '.join(sorted(known))}." if known else "It takes no options."
    instead = valid if close is None else f"Write {close}=… instead."
    return f"{call_prefix}{option}=…): production silently ignores this option. {instead}"


def _closest(option: str, known: Collection[str]) -> str | None:
    """Return the probably intended option: another spelling, else the closest match."""
    spellings = {name.lower(): name for name in known}
    same = spellings.get(option.replace("_", "").replace("-", "").lower())
    if same is not None:
        return same
    from difflib import get_close_matches  # not at the top: only a misspelling uses it

    near = get_close_matches(option, list(known), n=1)
    return near[0] if near else None


def keywords_ignored(call_prefix: str, names: Collection[str], position: str) -> str:
    return (
        f"{call_prefix}…, {', '.join(f'{name}=…' for name in names)}): production silently ignores "
        f"keywords combined with {position}. Pass all options as keywords, or all in one dict."
    )


def extra_arguments_ignored(call_prefix: str, count: int) -> str:
    return (
        f"{call_prefix}…): production silently ignores arguments after the options (count: "
        f"{count}). Pass options as keywords."
    )


def options_not_a_dict(call_prefix: str, given: object) -> str:
    return (
        f"{call_prefix}{given!r}): production silently ignores options passed as a "
        f"{type(given).__name__}. Pass keywords or one dict."
    )


def options_in_a_map(call_prefix: str, names: Collection[object]) -> str:
    shown = ", ".join(map(str, names)) or "any option"
    return (
        f"{call_prefix}to_js({{…}})): to_js converts a dict to a JavaScript Map, and a Worker on "
        f"Python 3.12 reads no options from a Map: it silently ignores {shown}, and so does this "
        "emulator. Pass the dict itself, keywords, or "
        "to_js(…, dict_converter=Object.fromEntries)."
    )


def metadata_changed(key: str, was: str, becomes: str) -> str:
    return (
        f"put({key!r}, …, metadata=…) contains {was}: production stores {becomes} instead, as "
        "JSON.stringify does, and the original is lost. Pass only JSON values."
    )


def digits_lost(key: str, digits: str, number: float) -> str:
    return (
        f"get({key!r}, type='json') reads the integer {digits[:40]}, which a JavaScript number "
        f"cannot represent: production (and this emulator) returns {number!r}. Store such ids "
        "as strings."
    )


def names_dropped(method: str, names: Collection[str]) -> str:
    shown = ", ".join(map(repr, list(names)[:3]))
    return (
        f"{method}([…]) reads {shown}: according to the documentation, and in this emulator, the "
        "result contains every key, but the runtime drops keys that look like integers, and "
        "__proto__. Add a prefix to the keys, or read these one at a time."
    )


def metadata_of_null_lost(key: str) -> str:
    return (
        f"getWithMetadata([…, {key!r}], type='json'): the value is JSON null, for which "
        "production returns None as for a missing key, so the metadata is lost. Read this key "
        "alone, or store a value other than null."
    )


def wrangler_warning(path: object, text: str) -> str:
    """A warning of wrangler about a file, with wrangler's own message."""
    return f"{path}: {text}"


def handler_arguments(name: str, count: int) -> str:
    first = "controller" if name == "scheduled" else "batch"
    return (
        f"Default.{name}() takes {count} argument{'' if count == 1 else 's'} besides self: "
        f"production calls it with three, which raises TypeError. "
        f"Write async def {name}(self, {first}, env, ctx)."
    )
