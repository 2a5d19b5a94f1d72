"""`to_blob_type`: converts the Content-Type of a body to the type of its Blob."""

import re

_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_ESSENCE = re.compile(rf"[ \t\r\n]*({_NAME}/{_NAME})[ \t\r\n]*(?=;|\Z)")
_PARAMETER = re.compile(
    rf';[ \t\r\n]*({_NAME})=(?:"((?:\\.|[^"\\])*)"[^;]*|([^;"]*))|;[^;]*', re.DOTALL
)
_PART = re.compile(r'(?:[^,"]|"(?:\\.|[^"\\])*"?)+')
_QUOTED_PAIR = re.compile(r"\\(.)", re.DOTALL)
_TOKEN = re.compile(rf"{_NAME}\Z")


def to_blob_type(content_type: str) -> str:
    """Serialize a Content-Type as workerd does: the last valid MIME type of the list, normalized.

    A charset also applies to later types of the same essence. A multipart type keeps only its
    boundary, after a space.

    >>> to_blob_type("TEXT/HTML; Charset=Utf-8"), to_blob_type("garbage")
    ('text/html;charset=Utf-8', '')
    >>> to_blob_type("a/b; q=1, c/d")
    'c/d'
    """
    essence, parameters = "", dict[str, str]()
    for part in _PART.findall(content_type):
        match = _ESSENCE.match(part)
        if match is None:
            continue
        previous_essence, previous_parameters = essence, parameters
        essence = match[1].lower()
        parameters = _parse_parameters(part[match.end() :])
        if essence == previous_essence and "charset" in previous_parameters:
            parameters.setdefault("charset", previous_parameters["charset"])
    if essence == "multipart/form-data" and "boundary" in parameters:
        return f"{essence}; boundary={_quote_value(parameters['boundary'])}"
    return essence + "".join(f";{name}={_quote_value(value)}" for name, value in parameters.items())


def _parse_parameters(text: str) -> dict[str, str]:
    parameters: dict[str, str] = {}
    for match in _PARAMETER.finditer(text):
        name, quoted, unquoted = match.groups()
        if name is None:
            continue
        value = unquoted.rstrip("\t\n\r ") if quoted is None else _QUOTED_PAIR.sub(r"\1", quoted)
        if value or quoted is not None:
            parameters.setdefault(name.lower(), value)
    return parameters


def _quote_value(value: str) -> str:
    if _TOKEN.match(value):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
