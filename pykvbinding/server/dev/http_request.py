"""A request as it came over HTTP, turned into the one that a Worker gets."""

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from pykvbinding.workers.runtime.cf import request_cf

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

AT_HEADER: Final = "pykvbinding-at"
"""Names the location where a request arrives, where there are several."""

WORKER_ENCODINGS: Final = "br, gzip"
""""Accept-Encoding is always set to "br, gzip" in Workers" (Miniflare's entry worker)."""

LOCAL_NAMES: Final = ("localhost", "127.0.0.1", "[::1]")


@dataclass(slots=True)
class Incoming:
    """What a Worker is asked: `headers` in the order of their arrival, `cf` as `request.cf`."""

    method: str
    url: str
    target: str
    """The path and the query, as they stood in the request."""

    path: str
    headers: list[tuple[str, str]]
    cf: dict[str, Any]
    location: str
    wrong_location: str | None
    """A location that the request names and that is not there."""

    accepts: str | None
    """The client's own Accept-Encoding."""

    host: str
    origin: str | None


def read_incoming(scope: Scope, locations: tuple[str, ...], location: str, number: int) -> Incoming:
    """The request of an ASGI scope, which arrives at `location` unless it says otherwise.

    It says so by the header `pykvbinding-at: NRT`, or by the host `nrt.localhost`; the Worker sees
    neither, for in production nothing tells but `request.cf.colo`.
    """
    headers = [
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]
    ]
    wrong = None
    if len(locations) > 1:
        asked, headers = _asked_location(headers, locations)
        wrong = asked if asked is not None and asked not in locations else None
        location = asked if asked in locations else location
    given = dict(headers)
    path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
    query = scope["query_string"].decode("latin-1")
    target = f"{path}?{query}" if query else path
    host = given.get("host") or _address(scope)
    accepts = given.get("accept-encoding")
    protocol = f"HTTP/{scope['http_version']}"
    cf = request_cf(location, clientAcceptEncoding=accepts or "", httpProtocol=protocol)
    client = scope.get("client")
    return Incoming(
        method=scope["method"],
        url=f"{scope['scheme']}://{host}{target}",
        target=target,
        path=path,
        headers=_worker_headers(headers, cf, client[0] if client else "127.0.0.1", number),
        cf=cf,
        location=location,
        wrong_location=wrong,
        accepts=accepts,
        host=host,
        origin=given.get("origin"),
    )


def is_local(incoming: Incoming, host: str) -> bool:
    """Whether a request for `/cdn-cgi/` may be served: it was meant for this machine.

    A page of somebody else's, in a browser on this machine, must not start handlers.
    """
    names = {*LOCAL_NAMES, host}
    origin = incoming.origin
    return _name(incoming.host) in names and (
        origin is None or _name(origin.partition("://")[2]) in names
    )


def _asked_location(
    headers: list[tuple[str, str]], locations: tuple[str, ...]
) -> tuple[str | None, list[tuple[str, str]]]:
    """The location that the headers name, and the headers without it."""
    asked: str | None = None
    kept = []
    for name, value in headers:
        if name == AT_HEADER:
            asked = value.upper()
            continue
        if name == "host":
            label, _, rest = value.partition(".")
            if label.upper() in locations and _name(rest) == "localhost":
                asked = asked or label.upper()
                value = rest
        kept.append((name, value))
    return asked, kept


def _worker_headers(
    headers: list[tuple[str, str]], cf: dict[str, Any], client: str, number: int
) -> list[tuple[str, str]]:
    """What arrives at the Worker: the platform adds some headers, and replaces one."""
    added = {
        "accept-encoding": WORKER_ENCODINGS,
        "cf-connecting-ip": client,
        "cf-ipcountry": cf["country"],
        "cf-ray": f"{number:016x}-{cf['colo']}",
        "cf-visitor": '{"scheme":"http"}',
        "x-forwarded-proto": "http",
        "x-real-ip": client,
    }
    given = {name for name, _ in headers}
    kept = [(name, value) for name, value in headers if name != "accept-encoding"]
    # What the client sends itself stays, so that a test can say where it comes from.
    kept += [
        (name, value) for name, value in added.items() if name not in given - {"accept-encoding"}
    ]
    return kept


def _address(scope: Scope) -> str:
    """The host of a request that names none."""
    name, port = scope.get("server") or ("localhost", None)
    return name if port is None else f"{name}:{port}"


def _name(host: str) -> str:
    """A host without its port."""
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0].lower()
