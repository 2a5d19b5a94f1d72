"""The command `dev` from its banner to its end, in this process."""

import asyncio
import io
import json
import runpy
import socket
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import pytest

from pykvbinding import __main__ as command
from pykvbinding.cli import commands
from pykvbinding.server.dev import main as dev
from pykvbinding.server.dev import project as session
from pykvbinding.server.dev.project import DevOptions
from pykvbinding.server.terminal import Terminal
from pykvbinding.workers.install import uninstall
from tests.support.dev_server import CONFIG, write_project


class Server:
    """A server that serves one request, waits, and stops."""

    def __init__(self, app: Any, meanwhile: Callable[[], None]) -> None:
        self._app = app
        self._meanwhile = meanwhile

    def capture_signals(self) -> AbstractContextManager[None]:
        return nullcontext()

    async def serve(self, sockets: list[socket.socket]) -> None:
        scope = {
            "type": "http",
            "method": "GET",
            "scheme": "http",
            "http_version": "1.1",
            "path": "/",
            "query_string": b"",
            "headers": [(b"host", b"localhost")],
        }

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b""}

        async def send(message: Any) -> None:
            assert message["type"].startswith("http.response.")

        await self._app(scope, receive, send)
        self._meanwhile()
        for _ in range(20):
            await asyncio.sleep(0)


def serve(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    meanwhile: Callable[[], None] = lambda: None,
    **options: Any,
) -> tuple[int, list[str]]:
    """Return the exit status of the command, and its output."""
    written = io.StringIO()
    monkeypatch.chdir(folder)
    monkeypatch.setattr(dev, "POLL_SECONDS", 0)
    monkeypatch.setattr(session, "MAX_DUTY_CYCLE", 0)
    monkeypatch.setattr(dev, "local_server", lambda app: Server(app, meanwhile))
    status = dev.serve(DevOptions(path=folder, **options), "127.0.0.1", 0, Terminal(written, {}))
    if status == 0:
        uninstall()
    return status, written.getvalue().splitlines()


def test_prints_the_banner_serves_saves_and_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_project(tmp_path)

    status, lines = serve(tmp_path, monkeypatch, persist=Path("data"))

    assert status == 0
    assert lines[1] == "  pykvbinding hello  wrangler.json"
    assert "  KV         KV" in lines
    assert "  reload     on changes of src, wrangler.json" in lines
    assert '    KV.put("visits")   1 B' in lines
    assert lines[-1] == "Stopped. The data are in data."
    assert (tmp_path / "data").exists()


def test_banner_counts_persisted_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_project(tmp_path)
    serve(tmp_path, monkeypatch, persist=Path("data"))

    _, lines = serve(tmp_path, monkeypatch, persist=Path("data"))

    assert "  KV         KV (1 key)" in lines


def test_detects_a_change_between_requests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_project(tmp_path)

    def change() -> None:
        (tmp_path / "src/new.py").write_text("")

    _, lines = serve(tmp_path, monkeypatch, change)

    assert any(line.startswith("src/new.py changed, loaded again in ") for line in lines)
    assert lines[-1] == "Stopped."


def test_reports_a_worker_that_cannot_be_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_project(tmp_path, "raise ValueError('no')\n")

    status, lines = serve(tmp_path, monkeypatch, reloads=False)

    assert status == 0
    assert "ValueError: no" in lines
    assert any(line.startswith("GET / 500 ") for line in lines)


def test_early_interrupt_stops_normally(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_project(tmp_path, "raise KeyboardInterrupt\n")

    status, lines = serve(tmp_path, monkeypatch)

    assert (status, lines) == (0, ["", "Stopped."])


def test_shows_a_minimal_worker_without_a_wrangler_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, lines = serve(tmp_path, monkeypatch)

    assert status == 1
    assert "wrangler.jsonc" in lines[0]
    assert "    class Default(WorkerEntrypoint):" in lines


def test_reports_invalid_options(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_project(tmp_path)

    status, lines = serve(tmp_path, monkeypatch, persist=tmp_path)

    assert status == 1
    assert lines == [f"--persist {tmp_path}: this is a directory; pass a file in it"]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    calls: list[tuple[Any, ...]] = []

    def note(*arguments: Any) -> int:
        calls.append(arguments[:-1])
        return 0

    monkeypatch.setattr(commands, "serve", note)
    return calls


def run(*arguments: str) -> None:
    with pytest.raises(SystemExit) as ended:
        command.main(arguments)
    assert ended.value.code == 0


def test_serves_the_current_directory_by_default(
    calls: list[tuple[Any, ...]],
) -> None:
    run("dev")

    assert calls == [(DevOptions(path=Path()), "127.0.0.1", None)]


def test_passes_every_option(calls: list[tuple[Any, ...]]) -> None:
    run(
        *("dev", "apps/one", "--env", "staging", "--host", "0.0.0.0", "--port", "9000"),
        *("--persist", "data", "--clear", "--no-reload", "--locations", "lhr, nrt", "--at", "nrt"),
        "--test-scheduled",
    )

    options = DevOptions(
        path=Path("apps/one"),
        environment="staging",
        persist=Path("data"),
        clear=True,
        reloads=False,
        locations=("LHR", "NRT"),
        location="NRT",
        test_scheduled=True,
    )
    assert calls == [(options, "0.0.0.0", 9000)]


def test_banner_lists_bindings_other_than_kv(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = json.loads(CONFIG) | {
        "d1_databases": [{"binding": "DB", "database_name": "db", "database_id": "1"}],
        "queues": {"producers": [{"binding": "JOBS", "queue": "jobs"}]},
    }
    write_project(tmp_path, config=json.dumps(config))

    _, lines = serve(tmp_path, monkeypatch)

    assert "  queues     JOBS (jobs)" in lines
    assert any("not emulated; using one is an error" in line for line in lines)


def test_package_is_executable(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["pykvbinding", "--help"])

    with pytest.raises(SystemExit):
        runpy.run_path(command.__file__, run_name="__main__")

    assert "dev  Serve the Worker of a wrangler file on localhost." in capsys.readouterr().out
