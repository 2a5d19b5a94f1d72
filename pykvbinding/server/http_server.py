"""Serving: a port that is free, and uvicorn on it until somebody stops it."""

import errno
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from uvicorn import Config, Server

DEFAULT_PORT: Final = 8787
"""That of `wrangler dev`."""

PORTS_TRIED: Final = 20

GRACE_SECONDS: Final = 2
"""How long requests may go on that are being served when the server is stopped."""


class LocalServer(Server):
    """uvicorn, stopped by Ctrl-C or SIGTERM and then at its end, so that what follows still runs.

    uvicorn itself sends itself the signal once more when it has shut down.
    """

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop at SIGINT and SIGTERM; a second SIGINT waits for no request."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        signals = (signal.SIGINT, signal.SIGTERM)
        before = {each: signal.signal(each, self.handle_exit) for each in signals}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)


def listen(host: str, port: int | None) -> socket.socket:
    """A socket that listens on `port`; if none is asked for on 8787, or on the next that is free.

    Raises: OSError if the port is in use, or there is no such address.
    """
    if port is not None:
        taken = _try(host, port)
        if taken is None:
            raise OSError(
                f"Port {port} of {host} is in use. Stop what listens there, or choose another: "
                f"--port {port + 1 if port < 65535 else port - 1}"
            )
        return taken
    for candidate in range(DEFAULT_PORT, DEFAULT_PORT + PORTS_TRIED):
        found = _try(host, candidate)
        if found is not None:
            return found
    last = DEFAULT_PORT + PORTS_TRIED - 1
    raise OSError(
        f"Ports {DEFAULT_PORT} to {last} of {host} are all in use. "
        f"Choose another one: --port {last + 1}"
    )


def local_server(app: Any) -> LocalServer:
    """A server of `app` that leaves logs, signals and life cycles to us."""
    return LocalServer(
        Config(
            app,
            interface="asgi3",
            lifespan="off",
            loop="asyncio",
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )


def url_of(listener: socket.socket, host: str) -> str:
    """Where a browser on this machine finds what listens there."""
    port = listener.getsockname()[1]
    if host in ("127.0.0.1", "0.0.0.0", "::1", "::", "localhost"):  # noqa: S104 -- only looked at
        return f"http://localhost:{port}"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _try(host: str, port: int) -> socket.socket | None:
    """A socket that listens there, None if the port is in use."""
    try:
        family, kind, protocol, _, address = _resolve(host, port)
        # With the protocol, by which asyncio knows that it is to send small parts at once.
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise _cannot_listen(host, port, error) from None
    try:
        if socket.has_ipv6 and family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        # Not on Windows, where it would let two servers share a port.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, int(os.name != "nt"))
        listener.bind(address)
        listener.listen(128)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            return None
        raise _cannot_listen(host, port, error) from None
    return listener


def _cannot_listen(host: str, port: int, error: OSError) -> OSError:
    return OSError(f"Cannot listen on {host}, port {port}: {error.strerror or error}")


def _resolve(host: str, port: int) -> Any:
    flags = socket.AI_PASSIVE
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)[0]
