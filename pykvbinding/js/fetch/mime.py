"""`blob_type`: the type of a Blob that is made of a body, out of the body's Content-Type."""

import re

_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_ESSENCE = re.compile(rf"[ \t\r\n]*({_NAME}/{_NAME})[ \t\r\n]*(?=;|\Z)")
_PARAMETER = re.compile(
    rf';[ \t\r\n]*({_NAME})=(?:"((?:\\.|[^"\\])*)"[^;]*|([^;"]*))|;[^;]*', re.DOTALL
)
_PART = re.compile(r'(?:[^,"]|"(?:\\.|[^"\\])*"?)+')
_QUOTED_PAIR = re.compile(r"\\(.)", re.DOTALL)
_WHOLE_TOKEN = re.compile(rf"{_NAME}\Z")


def blob_type(content_type: str) -> str:
    """What workerd makes of a Content-Type: the last one that it names, spelled out.

    A charset holds for later ones of the same essence. Of a multipart type nothing but the
    boundary stays, behind a space.

    >>> blob_type("TEXT/HTML; Charset=Utf-8"), blob_type("garbage"), blob_type("a/b; q=1, c/d")
    ('text/html;charset=Utf-8', '', 'c/d')
    """
    essence, parameters = "", dict[str, str]()
    for part in _PART.findall(content_type):
        found = _ESSENCE.match(part)
        if found is None:
            continue
        before, known = essence, parameters
        essence = found[1].lower()
        parameters = _read_parameters(part[found.end() :])
        if essence == before and "charset" in known:
            parameters.setdefault("charset", known["charset"])
    if essence == "multipart/form-data" and "boundary" in parameters:
        return f"{essence}; boundary={_spelled(parameters['boundary'])}"
    return essence + "".join(f";{name}={_spelled(value)}" for name, value in parameters.items())


def _read_parameters(text: str) -> dict[str, str]:
    parameters: dict[str, str] = {}
    for found in _PARAMETER.finditer(text):
        name, quoted, plain = found.groups()
        if name is None:
            continue
        value = plain.rstrip("\t\n\r ") if quoted is None else _QUOTED_PAIR.sub(r"\1", quoted)
        if value or quoted is not None:
            parameters.setdefault(name.lower(), value)
    return parameters


def _spelled(value: str) -> str:
    if _WHOLE_TOKEN.match(value):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
