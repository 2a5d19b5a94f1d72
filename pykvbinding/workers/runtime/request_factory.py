"""Builds the requests that handlers receive from the arguments of `worker.fetch`."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

from pykvbinding.js.fetch.body import extract
from pykvbinding.js.fetch.request import Request
from pykvbinding.js.url.url import parse_url
from pykvbinding.workers.runtime.cf import DEFAULT_LOCATION, request_cf

HeaderPairs: TypeAlias = list[tuple[str, str]]
HeadersInit: TypeAlias = Mapping[str, str] | Iterable[tuple[str, str]]

BASE_URL: Final = "http://localhost"
"""The origin of a request for a path, as in `wrangler dev` (without its port)."""

UNSET: Final[Any] = object()
"""Default of a parameter for which None has a meaning: the JSON null."""


def build_request(
    resource: Any,
    *,
    method: str | None = None,
    headers: HeadersInit | None = None,
    json: Any = UNSET,
    body: Any = None,
    form: Any = None,
    cf: Mapping[str, Any] | None = None,
    at: str | None = None,
) -> Request:
    """Return the request for a call of `worker.fetch`; `at` is the location where it arrives.

    A path is requested from http://localhost. A Request is used unchanged.

    Raises: TypeError if `resource` is invalid, or if there is more than one body.
    """
    if type(resource) is not str:
        return _unwrap_request(resource)
    url = parse_url(BASE_URL + resource if resource[:1] == "/" else resource)
    if url is None or url[:4] != "http":
        raise _not_a_resource(resource)
    host = "localhost" if resource[:1] == "/" else url.split("/", 3)[2]
    pairs: HeaderPairs = [("host", host)]
    content = None
    if json is not UNSET or body is not None or form is not None:
        content, content_type = _encode_body(json, body, form)
        method = method or "POST"
        if content_type:
            pairs.append(("content-type", content_type))
        if isinstance(content, str | bytes):
            pairs.append(("content-length", str(_length(content))))
    if headers:
        pairs = _merge_headers(pairs, headers)
    if cf is None:
        cf = request_cf(at or DEFAULT_LOCATION)
    method = "GET" if method is None else method.upper()
    return Request.make(method, url.partition("#")[0], pairs, content, cf)


def describe_request(resource: Any, request: Mapping[str, Any]) -> str:
    """Return a short description of a request: `GET /notes`."""
    method, url = getattr(resource, "method", None), getattr(resource, "url", resource)
    has_body = any(request.get(name) is not None for name in ("json", "body", "form"))
    method = request.get("method") or method or ("POST" if has_body else "GET")
    return f"{str(method).upper()} {url}"


def _unwrap_request(resource: Any) -> Request:
    """Return the `js.Request` of a request of `workers` or of `js`."""
    request = getattr(resource, "js_object", resource)
    if not isinstance(request, Request):
        raise _not_a_resource(resource)
    return request


def _not_a_resource(resource: object) -> TypeError:
    return TypeError(
        f'fetch({resource!r}): expected a path such as "/notes?page=2", a URL, or a Request'
    )


def _encode_body(json: Any, body: Any, form: Any) -> tuple[Any, str]:
    """Return the body and its content type, which is empty if there is none."""
    if (json is not UNSET) + (body is not None) + (form is not None) > 1:
        raise TypeError("fetch(…): a request has one body; pass only one of json, form and body")
    if form is not None:
        return _encode_form(form)
    if json is not UNSET:
        from json import dumps

        return dumps(json), "application/json"
    if isinstance(body, str):
        return body, "text/plain;charset=UTF-8"
    if isinstance(body, bytes | bytearray | memoryview):
        return bytes(body), ""
    if isinstance(body, dict | list | tuple):
        raise TypeError(
            f"fetch(body=…) does not accept a {type(body).__name__}; use json=… or form=…, or pass "
            "str, bytes, a stream, a Blob or a form"
        )
    content, content_type = extract(getattr(body, "js_object", body))
    return content, content_type or ""


def _encode_form(form: Any) -> tuple[Any, str]:
    """Return the body of a form: URL-encoded, or multipart if it contains files."""
    from pykvbinding.js.fetch.form_data import FormData
    from pykvbinding.js.fetch.multipart import serialize

    form = getattr(form, "js_object", form)
    if isinstance(form, FormData):
        return serialize(form)
    fields = [
        (name, item)
        for name, value in (form.items() if isinstance(form, Mapping) else form)
        for item in (value if isinstance(value, list) else [value])
    ]
    if all(isinstance(value, str | int | float) for _, value in fields):
        from urllib.parse import urlencode

        return urlencode(fields), "application/x-www-form-urlencoded"
    parts = FormData()
    for name, value in fields:
        _append_field(parts, name, value)
    return serialize(parts)


def _append_field(parts: Any, name: str, value: Any) -> None:
    """Append a str, bytes, `(filename, content)`, `(filename, content, type)` or a File."""
    from pykvbinding.js.fetch.blob import Blob, File

    value = getattr(value, "js_object", value)
    if isinstance(value, tuple):
        filename, content, *content_type = value
        value = File.of_blob(Blob.of(_bytes(content), *content_type), filename)
    elif isinstance(value, bytes):
        value = Blob.of(value)
    parts.append(name, value if isinstance(value, Blob) else str(value))


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def _merge_headers(pairs: HeaderPairs, headers: HeadersInit) -> HeaderPairs:
    """Return the headers of the call, preceded by default headers that it does not set."""
    given_pairs = list(headers.items() if isinstance(headers, Mapping) else headers)
    names = {str(name).lower() for name, _ in given_pairs}
    return [pair for pair in pairs if pair[0] not in names] + [
        (str(name).lower(), str(value)) for name, value in given_pairs
    ]


def _length(content: str | bytes) -> int:
    if isinstance(content, str) and not content.isascii():
        return len(content.encode("utf-8", "surrogatepass"))
    return len(content)
