"""Requests as a test writes them, made into those that a handler gets."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

from pykvbinding.js.fetch.body import extract
from pykvbinding.js.fetch.request import Request
from pykvbinding.js.url.url import parse_url
from pykvbinding.workers.runtime.cf import DEFAULT_LOCATION, request_cf

Pairs: TypeAlias = list[tuple[str, str]]
GivenHeaders: TypeAlias = Mapping[str, str] | Iterable[tuple[str, str]]

BASE: Final = "http://localhost"
"""Before a path, as `wrangler dev` has it (without its port)."""

ABSENT: Final[Any] = object()
"""What is not given where None would be JSON's null."""


def make_request(
    resource: Any,
    *,
    method: str | None = None,
    headers: GivenHeaders | None = None,
    json: Any = ABSENT,
    body: Any = None,
    form: Any = None,
    cf: Mapping[str, Any] | None = None,
    at: str | None = None,
) -> Request:
    """The request that a client's call comes to; `at` is the location that it has reached.

    A path is one of http://localhost. A request that is one already is taken as it is.

    Raises: TypeError for what is no resource, and for two bodies.
    """
    if type(resource) is not str:
        return _ready(resource)
    url = parse_url(BASE + resource if resource[:1] == "/" else resource)
    if url is None or url[:4] != "http":
        raise _not_a_resource(resource)
    host = "localhost" if resource[:1] == "/" else url.split("/", 3)[2]
    pairs: Pairs = [("host", host)]
    content = None
    if json is not ABSENT or body is not None or form is not None:
        content, kind = _content(json, body, form)
        method = method or "POST"
        if kind:
            pairs.append(("content-type", kind))
        if isinstance(content, str | bytes):
            pairs.append(("content-length", str(_length(content))))
    if headers:
        pairs = _with(pairs, headers)
    if cf is None:
        cf = request_cf(at or DEFAULT_LOCATION)
    method = "GET" if method is None else method.upper()
    return Request.make(method, url.partition("#")[0], pairs, content, cf)


def shown(resource: Any, request: Mapping[str, Any]) -> str:
    """A request in a few words: `GET /notes`."""
    method, url = getattr(resource, "method", None), getattr(resource, "url", resource)
    has_body = any(request.get(name) is not None for name in ("json", "body", "form"))
    method = request.get("method") or method or ("POST" if has_body else "GET")
    return f"{str(method).upper()} {url}"


def _ready(resource: Any) -> Request:
    """A request of `workers` or of `js`."""
    request = getattr(resource, "js_object", resource)
    if not isinstance(request, Request):
        raise _not_a_resource(resource)
    return request


def _not_a_resource(resource: object) -> TypeError:
    return TypeError(f'fetch({resource!r}): give a path as in "/notes?page=2", a URL, or a Request')


def _content(json: Any, body: Any, form: Any) -> tuple[Any, str]:
    """The body, and its content type; empty where the body is to say nothing of it."""
    if (json is not ABSENT) + (body is not None) + (form is not None) > 1:
        raise TypeError("fetch(…): a request has one body; give one of json, form and body")
    if form is not None:
        return _form(form)
    if json is not ABSENT:
        from json import dumps

        return dumps(json), "application/json"
    if isinstance(body, str):
        return body, "text/plain;charset=UTF-8"
    if isinstance(body, bytes | bytearray | memoryview):
        return bytes(body), ""
    if isinstance(body, dict | list | tuple):
        raise TypeError(
            f"fetch(body=…) is no {type(body).__name__}: to send one, write json=… or form=…; "
            "a body is str, bytes, a stream, a Blob or a form"
        )
    content, kind = extract(getattr(body, "js_object", body))
    return content, kind or ""


def _form(form: Any) -> tuple[Any, str]:
    """A form with texts alone as browsers send it; with files, in parts."""
    from pykvbinding.js.fetch.form_data import FormData
    from pykvbinding.js.fetch.multipart import serialize

    form = getattr(form, "js_object", form)
    if isinstance(form, FormData):
        return serialize(form)
    fields = [
        (name, each)
        for name, value in (form.items() if isinstance(form, Mapping) else form)
        for each in (value if isinstance(value, list) else [value])
    ]
    if all(isinstance(value, str | int | float) for _, value in fields):
        from urllib.parse import urlencode

        return urlencode(fields), "application/x-www-form-urlencoded"
    parts = FormData()
    for name, value in fields:
        _append(parts, name, value)
    return serialize(parts)


def _append(parts: Any, name: str, value: Any) -> None:
    """A field: a text, bytes, `(filename, content)` or `(filename, content, type)`, or a File."""
    from pykvbinding.js.fetch.blob import Blob, File

    value = getattr(value, "js_object", value)
    if isinstance(value, tuple):
        filename, content, *kind = value
        value = File.of_blob(Blob.of(_bytes(content), *kind), filename)
    elif isinstance(value, bytes):
        value = Blob.of(value)
    parts.append(name, value if isinstance(value, Blob) else str(value))


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def _with(pairs: Pairs, headers: GivenHeaders) -> Pairs:
    """The headers of the call, and before them those of ours that it does not name."""
    given = list(headers.items() if isinstance(headers, Mapping) else headers)
    names = {str(name).lower() for name, _ in given}
    return [pair for pair in pairs if pair[0] not in names] + [
        (str(name).lower(), str(value)) for name, value in given
    ]


def _length(content: str | bytes) -> int:
    if isinstance(content, str) and not content.isascii():
        return len(content.encode("utf-8", "surrogatepass"))
    return len(content)
