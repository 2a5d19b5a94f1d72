"""Serving: finds a free port and runs uvicorn on it until it is stopped."""

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
"""The default port of `wrangler dev`."""

MAX_PORTS_TRIED: Final = 20

GRACE_SECONDS: Final = 2
"""How long pending requests may continue after the server is stopped."""


class LocalServer(Server):
    """uvicorn, stopped by Ctrl-C or SIGTERM; `run` then returns, so that cleanup can follow.

    uvicorn itself raises the signal again after its shutdown.
    """

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on SIGINT and SIGTERM. A second SIGINT aborts pending requests."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        signals = (signal.SIGINT, signal.SIGTERM)
        previous = {
            signal_number: signal.signal(signal_number, self.handle_exit)
            for signal_number in signals
        }
        try:
            yield
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)


def listen(host: str, port: int | None) -> socket.socket:
    """Return a socket that listens on `port`, or on the first free port from 8787 on.

    Raises: OSError if the port is in use, or the address does not exist.
    """
    if port is not None:
        listener = _try_listen(host, port)
        if listener is None:
            raise OSError(
                f"Port {port} of {host} is in use. Stop the process that uses it, or choose "
                f"another: --port {port + 1 if port < 65535 else port - 1}"
            )
        return listener
    for candidate in range(DEFAULT_PORT, DEFAULT_PORT + MAX_PORTS_TRIED):
        listener = _try_listen(host, candidate)
        if listener is not None:
            return listener
    last = DEFAULT_PORT + MAX_PORTS_TRIED - 1
    raise OSError(
        f"Ports {DEFAULT_PORT} to {last} of {host} are all in use. "
        f"Choose another one: --port {last + 1}"
    )


def local_server(app: Any) -> LocalServer:
    """Return a server of `app` without logging, signal handling and lifespan events."""
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


def local_url(listener: socket.socket, host: str) -> str:
    """Return the URL of the listener for a browser on this machine."""
    port = listener.getsockname()[1]
    if host in ("127.0.0.1", "0.0.0.0", "::1", "::", "localhost"):  # noqa: S104 -- only compared
        return f"http://localhost:{port}"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _try_listen(host: str, port: int) -> socket.socket | None:
    """Return a socket that listens on the address, None if the port is in use."""
    try:
        family, kind, protocol, _, address = _resolve(host, port)
        # With the protocol: asyncio sets TCP_NODELAY only if it is TCP.
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise _cannot_listen(host, port, error) from None
    try:
        if socket.has_ipv6 and family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        # Not on Windows, where it would allow two servers on one port.
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
