"""Free ports and ports in use, and stopping the server."""

import signal
import socket
from collections.abc import Iterator

import pytest

from pykvbinding.server.http_server import (
    DEFAULT_PORT,
    MAX_PORTS_TRIED,
    listen,
    local_server,
    local_url,
)

LOCAL = "127.0.0.1"


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which another socket listens."""
    with socket.create_server((LOCAL, 0)) as listener:
        yield listener.getsockname()[1]


def all_taken(monkeypatch: pytest.MonkeyPatch, *free: int) -> None:
    """Mark every port as in use except for some."""

    def bind(listener: socket.socket, address: tuple[str, int]) -> None:
        if address[1] not in free:
            raise OSError(98, "Address already in use")
        real(listener, (LOCAL, 0))

    real = socket.socket.bind
    monkeypatch.setattr(socket.socket, "bind", bind)


def test_listens_on_the_requested_port() -> None:
    with listen(LOCAL, 0) as listener:
        port = listener.getsockname()[1]

        with socket.create_connection((LOCAL, port)):
            assert local_url(listener, LOCAL) == f"http://localhost:{port}"


def test_sends_small_parts_at_once() -> None:
    with listen(LOCAL, 0) as listener:
        assert (
            listener.proto == socket.IPPROTO_TCP
        )  # otherwise asyncio does not disable Nagle's algorithm


def test_rejects_a_requested_port_in_use(taken: int) -> None:
    with pytest.raises(OSError, match="is in use") as caught:
        listen(LOCAL, taken)

    assert str(caught.value) == (
        f"Port {taken} of 127.0.0.1 is in use. Stop the process that uses it, or choose another: "
        f"--port {taken + 1}"
    )


def test_suggests_a_lower_port_than_the_last_one(monkeypatch: pytest.MonkeyPatch) -> None:
    all_taken(monkeypatch)

    with pytest.raises(OSError, match="--port 65534"):
        listen(LOCAL, 65535)


def test_uses_the_next_free_port_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    all_taken(monkeypatch, DEFAULT_PORT + 2)

    with listen(LOCAL, None) as listener:
        assert listener.getsockname()[0] == LOCAL


def test_reports_that_no_port_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    all_taken(monkeypatch)

    last = DEFAULT_PORT + MAX_PORTS_TRIED - 1
    with pytest.raises(OSError, match="are all in use") as caught:
        listen(LOCAL, None)

    assert str(caught.value) == (
        f"Ports {DEFAULT_PORT} to {last} of 127.0.0.1 are all in use. "
        f"Choose another one: --port {last + 1}"
    )


@pytest.mark.parametrize("host", ["203.0.113.7", "no.such.host.invalid"])
def test_rejects_a_foreign_address(host: str) -> None:
    with pytest.raises(OSError, match=f"^Cannot listen on {host}, port 8123: [^[].*$"):
        listen(host, 8123)


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")
def test_listens_on_ipv6() -> None:
    try:
        listener = listen("::1", 0)
    except OSError:
        pytest.skip("this machine has no IPv6 address")
    with listener:
        port = listener.getsockname()[1]
        assert local_url(listener, "::1") == f"http://localhost:{port}"
        assert local_url(listener, "fd00::1") == f"http://[fd00::1]:{port}"
        assert local_url(listener, "dev.example") == f"http://dev.example:{port}"


async def nothing(*_: object) -> None:
    """An application that never responds."""


def test_signal_stops_only_the_server() -> None:
    server = local_server(nothing)
    before = signal.getsignal(signal.SIGTERM)

    with server.capture_signals():
        signal.raise_signal(signal.SIGTERM)
        assert server.should_exit
        signal.raise_signal(signal.SIGINT)
        assert server.force_exit

    assert signal.getsignal(signal.SIGTERM) is before


def test_does_not_handle_signals_outside_of_the_main_thread() -> None:
    import threading

    server = local_server(nothing)
    before = signal.getsignal(signal.SIGTERM)
    seen = []

    def run() -> None:
        with server.capture_signals():
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()

    assert seen == [before]
