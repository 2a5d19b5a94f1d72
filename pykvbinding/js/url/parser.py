"""`parse`: text to the parts of a URL, relative to another one or not (WHATWG URL, section 4.4)."""

import re
from typing import Final

from pykvbinding.js.url import percent
from pykvbinding.js.url.components import (
    DRIVE,
    SLASHES,
    Invalid,
    Parts,
    end_of_place,
    is_drive,
    without_slash,
)
from pykvbinding.js.url.simple import plain_groups

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_TAB_OR_NEWLINE = re.compile("[\t\n\r]")
_AROUND: Final = "".join(map(chr, range(0x21)))
_DRIVE_FIRST = re.compile(r"[A-Za-z][:|](?:[/\\?#]|\Z)")


def parse_plain(text: str) -> Parts | None:
    """The parts of a plain http URL; `None` for whatever needs a second look."""
    groups = plain_groups(text)
    if groups is None:
        return None
    parts = Parts()
    parts.scheme, parts.host, port, parts.path, parts.query, parts.fragment = groups
    parts.port = int(port) if port else None
    return parts


def parse(text: str, base: Parts | None = None) -> Parts:
    """The parts of a URL, of one that is relative by its `base`.

    Raises: Invalid
    """
    plain = parse_plain(text)
    if plain is not None:
        return plain
    text = without_breaks(text.strip(_AROUND))
    rest, number_sign, fragment = text.partition("#")
    found = _SCHEME.match(rest)
    if found is not None:
        parts = Parts(found[1].lower())
        _parse_rest(parts, rest[found.end() :], base)
    elif base is None or (base.opaque and (rest or not number_sign)):
        raise Invalid
    elif base.opaque:
        parts = base.copy()
    else:
        parts = Parts(base.scheme)
        parse_more = _parse_file if base.scheme == "file" else _parse_relative
        parse_more(parts, rest, base)
    parts.read_fragment(fragment if number_sign else None)
    return parts


def _parse_rest(parts: Parts, rest: str, base: Parts | None) -> None:
    """What follows a scheme."""
    if parts.scheme == "file":
        _parse_file(parts, rest, base if base is not None and base.scheme == "file" else None)
    elif parts.special:
        if base is not None and base.scheme == parts.scheme and not rest.startswith("//"):
            _parse_relative(parts, rest, base)
        else:
            _parse_authority(parts, rest.lstrip("/\\"))
    elif rest.startswith("//"):
        _parse_authority(parts, rest[2:])
    elif rest.startswith("/"):
        _parse_path_and_query(parts, rest)
    else:
        path, question_mark, query = rest.partition("?")
        parts.opaque = True
        path = path[:-1] + "%20" if path.endswith(" ") else path  # or it would end in the query
        parts.path = percent.CONTROL.encode(path)
        parts.read_query(query if question_mark else None)


def _parse_authority(parts: Parts, rest: str) -> None:
    end = end_of_place(parts, rest)
    parts.read_authority(rest[:end])
    _parse_path_and_query(parts, rest[end:])


def _parse_path_and_query(parts: Parts, rest: str, before: list[str] | None = None) -> None:
    """A path, with the slash that it may begin with, and a query."""
    path, question_mark, query = rest.partition("?")
    parts.read_query(query if question_mark else None)
    if parts.special or path:
        parts.read_path(without_slash(parts, path), before)


def _parse_relative(parts: Parts, rest: str, base: Parts) -> None:
    slashes = SLASHES if parts.special else SLASHES[:1]
    if rest[:1] in slashes and rest[1:2] in slashes:
        _parse_authority(parts, rest.lstrip("/\\") if parts.special else rest[2:])
        return
    parts.take_authority(base)
    if rest[:1] in slashes:
        _parse_path_and_query(parts, rest)
    else:
        _parse_beside(parts, rest, base)


def _parse_beside(parts: Parts, rest: str, base: Parts) -> None:
    """What takes the place of the last segment of the base, or of its query."""
    path, question_mark, query = rest.partition("?")
    parts.read_query(query if question_mark else None)
    if path:
        parts.read_path(path, base.segments())
        return
    parts.path = base.path
    if not question_mark:
        parts.query = base.query


def _parse_file(parts: Parts, rest: str, base: Parts | None) -> None:
    parts.host = ""
    if rest[:1] in SLASHES and rest[1:2] in SLASHES:
        _parse_file_host(parts, rest[2:])
        return
    if base is not None:
        parts.host = base.host
    drive = _DRIVE_FIRST.match(rest[rest[:1] in SLASHES :])
    if rest[:1] in SLASHES:
        first = "" if base is None else base.path.split("/")[1]
        before = [first] if is_drive(first) and drive is None else None
        _parse_path_and_query(parts, rest, before)
    elif base is None or drive is not None:
        _parse_path_and_query(parts, rest)
    else:
        _parse_beside(parts, rest, base)


def _parse_file_host(parts: Parts, rest: str) -> None:
    end = end_of_place(parts, rest)
    if not DRIVE.fullmatch(rest[:end]):
        parts.read_host(rest[:end])
        rest = rest[end:]
    _parse_path_and_query(parts, rest)


def parse_both(text: str, base: str | None) -> Parts | None:
    """The parts of `text`, read beside the URL `base` if there is one; `None` if one is no URL."""
    try:
        return parse(text, None if base is None else parse(base))
    except Invalid:
        return None


def without_breaks(text: str) -> str:
    """`text` without the tabs and line ends that no part of a URL holds."""
    return _TAB_OR_NEWLINE.sub("", text)
