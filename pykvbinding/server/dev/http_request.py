"""Converts an HTTP request into the one that a Worker receives."""

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from pykvbinding.workers.runtime.cf import request_cf

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

LOCATION_HEADER: Final = "pykvbinding-at"
"""Names the location where a request arrives, if there are several."""

WORKER_ENCODINGS: Final = "br, gzip"
""""Accept-Encoding is always set to "br, gzip" in Workers" (Miniflare's entry worker)."""

LOCAL_NAMES: Final = ("localhost", "127.0.0.1", "[::1]")


@dataclass(slots=True)
class IncomingRequest:
    """A request for the Worker: `headers` in order of arrival, `cf` as `request.cf`."""

    method: str
    url: str
    target: str
    """Path and query, as in the request line."""

    path: str
    headers: list[tuple[str, str]]
    cf: dict[str, Any]
    location: str
    wrong_location: str | None
    """The unknown location that the request names, or None."""

    accept_encoding: str | None
    """The Accept-Encoding of the client."""

    host: str
    origin: str | None


def parse_request(
    scope: Scope, locations: tuple[str, ...], location: str, number: int
) -> IncomingRequest:
    """Return the request of an ASGI scope. It arrives at `location` unless it names another one.

    The header `pykvbinding-at: NRT` or the host `nrt.localhost` names a location. The Worker sees
    neither, because in production only `request.cf.colo` shows the location.
    """
    headers = [
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]
    ]
    wrong = None
    if len(locations) > 1:
        requested, headers = _requested_location(headers, locations)
        wrong = requested if requested is not None and requested not in locations else None
        location = requested if requested in locations else location
    by_name = dict(headers)
    path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
    query = scope["query_string"].decode("latin-1")
    target = f"{path}?{query}" if query else path
    host = by_name.get("host") or _address(scope)
    accept_encoding = by_name.get("accept-encoding")
    protocol = f"HTTP/{scope['http_version']}"
    cf = request_cf(location, clientAcceptEncoding=accept_encoding or "", httpProtocol=protocol)
    client = scope.get("client")
    return IncomingRequest(
        method=scope["method"],
        url=f"{scope['scheme']}://{host}{target}",
        target=target,
        path=path,
        headers=_worker_headers(headers, cf, client[0] if client else "127.0.0.1", number),
        cf=cf,
        location=location,
        wrong_location=wrong,
        accept_encoding=accept_encoding,
        host=host,
        origin=by_name.get("origin"),
    )


def is_local(request: IncomingRequest, host: str) -> bool:
    """Return whether a request for `/cdn-cgi/` may be served: whether it names this machine.

    A page of another origin, in a browser on this machine, must not trigger handlers.
    """
    names = {*LOCAL_NAMES, host}
    origin = request.origin
    return _host_name(request.host) in names and (
        origin is None or _host_name(origin.partition("://")[2]) in names
    )


def _requested_location(
    headers: list[tuple[str, str]], locations: tuple[str, ...]
) -> tuple[str | None, list[tuple[str, str]]]:
    """Return the location that the headers name, and the headers without it."""
    requested: str | None = None
    kept = []
    for name, value in headers:
        if name == LOCATION_HEADER:
            requested = value.upper()
            continue
        if name == "host":
            label, _, rest = value.partition(".")
            if label.upper() in locations and _host_name(rest) == "localhost":
                requested = requested or label.upper()
                value = rest
        kept.append((name, value))
    return requested, kept


def _worker_headers(
    headers: list[tuple[str, str]], cf: dict[str, Any], client: str, number: int
) -> list[tuple[str, str]]:
    """Return the headers for the Worker: the platform adds some, and replaces one."""
    added = {
        "accept-encoding": WORKER_ENCODINGS,
        "cf-connecting-ip": client,
        "cf-ipcountry": cf["country"],
        "cf-ray": f"{number:016x}-{cf['colo']}",
        "cf-visitor": '{"scheme":"http"}',
        "x-forwarded-proto": "http",
        "x-real-ip": client,
    }
    sent = {name for name, _ in headers}
    kept = [(name, value) for name, value in headers if name != "accept-encoding"]
    # Headers of the client are kept, so that a test can set its own address.
    kept += [
        (name, value) for name, value in added.items() if name not in sent - {"accept-encoding"}
    ]
    return kept


def _address(scope: Scope) -> str:
    """Return the host for a request without a Host header."""
    name, port = scope.get("server") or ("localhost", None)
    return name if port is None else f"{name}:{port}"


def _host_name(host: str) -> str:
    """Return a host without its port."""
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0].lower()
