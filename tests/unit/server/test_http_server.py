"""Ports that are free and ports that are not; stopping."""

import signal
import socket
from collections.abc import Iterator

import pytest

from pykvbinding.server.http_server import DEFAULT_PORT, PORTS_TRIED, listen, local_server, url_of

LOCAL = "127.0.0.1"


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody else listens on."""
    with socket.create_server((LOCAL, 0)) as listener:
        yield listener.getsockname()[1]


def all_taken(monkeypatch: pytest.MonkeyPatch, *free: int) -> None:
    """Have every port in use but some."""

    def bind(listener: socket.socket, address: tuple[str, int]) -> None:
        if address[1] not in free:
            raise OSError(98, "Address already in use")
        real(listener, (LOCAL, 0))

    real = socket.socket.bind
    monkeypatch.setattr(socket.socket, "bind", bind)


def test_a_port_that_is_asked_for_is_listened_on() -> None:
    with listen(LOCAL, 0) as listener:
        port = listener.getsockname()[1]

        with socket.create_connection((LOCAL, port)):
            assert url_of(listener, LOCAL) == f"http://localhost:{port}"


def test_small_parts_are_sent_at_once() -> None:
    with listen(LOCAL, 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP  # or asyncio leaves Nagle's delays on


def test_a_port_that_is_asked_for_and_in_use_is_refused(taken: int) -> None:
    with pytest.raises(OSError, match="is in use") as caught:
        listen(LOCAL, taken)

    assert str(caught.value) == (
        f"Port {taken} of 127.0.0.1 is in use. Stop what listens there, or choose another: "
        f"--port {taken + 1}"
    )


def test_the_last_port_of_all_has_no_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    all_taken(monkeypatch)

    with pytest.raises(OSError, match="--port 65534"):
        listen(LOCAL, 65535)


def test_without_a_port_the_next_free_one_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    all_taken(monkeypatch, DEFAULT_PORT + 2)

    with listen(LOCAL, None) as listener:
        assert listener.getsockname()[0] == LOCAL


def test_where_no_port_is_free_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    all_taken(monkeypatch)

    last = DEFAULT_PORT + PORTS_TRIED - 1
    with pytest.raises(OSError, match="are all in use") as caught:
        listen(LOCAL, None)

    assert str(caught.value) == (
        f"Ports {DEFAULT_PORT} to {last} of 127.0.0.1 are all in use. "
        f"Choose another one: --port {last + 1}"
    )


@pytest.mark.parametrize("host", ["203.0.113.7", "no.such.host.invalid"])
def test_an_address_of_somebody_else_is_refused(host: str) -> None:
    with pytest.raises(OSError, match=f"^Cannot listen on {host}, port 8123: [^[].*$"):
        listen(host, 8123)


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")
def test_a_port_may_be_of_ipv6() -> None:
    try:
        listener = listen("::1", 0)
    except OSError:
        pytest.skip("this machine has no IPv6 address")
    with listener:
        port = listener.getsockname()[1]
        assert url_of(listener, "::1") == f"http://localhost:{port}"
        assert url_of(listener, "fd00::1") == f"http://[fd00::1]:{port}"
        assert url_of(listener, "dev.example") == f"http://dev.example:{port}"


async def nothing(*_: object) -> None:
    """An application that never answers."""


def test_a_signal_stops_the_server_and_nothing_else() -> None:
    server = local_server(nothing)
    before = signal.getsignal(signal.SIGTERM)

    with server.capture_signals():
        signal.raise_signal(signal.SIGTERM)
        assert server.should_exit
        signal.raise_signal(signal.SIGINT)
        assert server.force_exit

    assert signal.getsignal(signal.SIGTERM) is before


def test_outside_of_the_main_thread_signals_are_not_ours() -> None:
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
