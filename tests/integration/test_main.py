"""`python -m pykvbinding` in separate processes, over the loopback interface."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from pykvbinding import __main__ as command
from tests.support.dev_server import CONFIG, write_project
from tests.support.paths import ROOT

PATIENCE_SECONDS = 30

Dev: TypeAlias = Callable[..., "Process"]


def heed_interrupts() -> None:
    """Reset SIGINT, as in a terminal: background processes inherit that it is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Process:
    """A server in a process, read line by line."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        self.seen: list[str] = []
        self.timer = threading.Timer(PATIENCE_SECONDS, self.give_up)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pykvbinding", "dev", *arguments],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            preexec_fn=heed_interrupts,
        )
        self.timer.start()

    def give_up(self) -> None:
        """Kill the process after a timeout, so that a test that waits for a line fails."""
        self.process.kill()

    def close(self) -> None:
        """Kill the process if it is still running."""
        self.timer.cancel()
        self.process.kill()
        self.process.communicate()

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Return the next line that matches the pattern."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.seen.append(line.rstrip())
            found = re.search(pattern, line)
            if found is not None:
                return found
        raise AssertionError("\n".join([f"no line has {pattern!r}:", *self.seen]))

    def url(self) -> str:
        """Wait for the URL and return it."""
        return self.wait_for(r"(http://\S+)")[1]

    def stop(self, number: int = signal.SIGINT) -> tuple[int, str]:
        """Press Ctrl-C; return the exit status and all output."""
        self.process.send_signal(number)
        rest, _ = self.process.communicate(timeout=PATIENCE_SECONDS)
        return self.process.returncode, "\n".join([*self.seen, rest])


@pytest.fixture
def dev(tmp_path: Path) -> Iterator[Dev]:
    processes: list[Process] = []

    def start(*arguments: str) -> Process:
        processes.append(Process(tmp_path, *arguments))
        return processes[-1]

    yield start
    for each in processes:
        each.close()


def get(url: str, **headers: str) -> str:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with opener.open(
        urllib.request.Request(url, headers=named), timeout=PATIENCE_SECONDS
    ) as response:
        text: str = response.read().decode()
        return text


def test_serves_and_logs_until_it_is_stopped(dev: Dev, tmp_path: Path) -> None:
    write_project(tmp_path)
    server = dev("--port", "0")
    url = server.url()
    server.wait_for("Press Ctrl-C to stop")

    assert [get(url), get(url)] == ["Hello, visit 1", "Hello, visit 2"]
    server.wait_for(r"^GET / 200 in ")
    server.wait_for(r'^    KV.get\("visits"\)   None   MISS')
    status, written = server.stop()

    assert status == 0
    assert "Traceback" not in written
    assert written.rstrip().endswith("Stopped.")


def test_sigterm_stops_it_and_data_are_persisted(dev: Dev, tmp_path: Path) -> None:
    write_project(tmp_path)
    first = dev("--port", "0", "--persist", "data")
    assert get(first.url()) == "Hello, visit 1"

    status, written = first.stop(signal.SIGTERM)
    second = dev("--port", "0", "--persist", "data")

    assert status == 0
    assert "The data are in data." in written
    assert get(second.url()) == "Hello, visit 2"
    assert second.stop()[0] == 0


def test_uses_the_next_port_if_the_default_is_in_use(dev: Dev, tmp_path: Path) -> None:
    write_project(tmp_path)
    try:
        taken = socket.create_server(("127.0.0.1", 8787))
    except OSError:
        pytest.skip("port 8787 is in use")
    with taken:
        server = dev()
        assert server.wait_for(r"http://localhost:(\d+)   \(port 8787 is in use\)")[1] != "8787"

        assert server.stop()[0] == 0


def test_reports_a_port_in_use(dev: Dev, tmp_path: Path) -> None:
    write_project(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        server = dev("--port", str(port))
        server.wait_for(f"Port {port} of 127.0.0.1 is in use")

        assert server.process.wait(PATIENCE_SECONDS) == 1


def test_detects_changes_without_a_request(dev: Dev, tmp_path: Path) -> None:
    write_project(tmp_path)
    server = dev("--port", "0")
    url = server.url()
    server.wait_for("Press Ctrl-C to stop")

    path = tmp_path / "src/entry.py"
    path.write_text(path.read_text().replace("class Default(", "class Default(:"))
    server.wait_for("SyntaxError")
    server.wait_for("until it is fixed")
    path.write_text(path.read_text().replace("class Default(:", "class Default("))
    server.wait_for("entry.py changed, loaded again")

    assert get(url) == "Hello, visit 1"
    assert server.stop()[0] == 0


def test_reports_a_worker_that_cannot_be_loaded_at_once(dev: Dev, tmp_path: Path) -> None:
    write_project(tmp_path, "import nothing_of_this_name\n")
    server = dev("--port", "0")

    server.wait_for("Press Ctrl-C to stop")
    server.wait_for('File "src/entry.py", line 1')
    server.wait_for("ModuleNotFoundError: No module named 'nothing_of_this_name'")

    assert server.stop()[0] == 0


def test_banner_lists_crons_objects_and_unsupported_bindings(dev: Dev, tmp_path: Path) -> None:
    config = json.loads(CONFIG) | {
        "triggers": {"crons": ["*/5 * * * *"]},
        "queues": {"producers": [{"binding": "JOBS", "queue": "jobs"}]},
        "d1_databases": [{"binding": "DB", "database_name": "db", "database_id": "1"}],
        "durable_objects": {"bindings": [{"name": "ROOM", "class_name": "Room"}]},
    }
    write_project(tmp_path, config=json.dumps(config))
    server = dev("--port", "0", "--no-reload")

    server.wait_for("objects    ROOM \\(Room\\)")
    server.wait_for("queues     JOBS \\(jobs\\)")
    server.wait_for("missing    DB \\(.*\\): not emulated; using one is an error")
    server.wait_for("reload     off")
    server.wait_for(r"scheduled\?cron=\*/5\+\*\+\*\+\*\+\*")

    assert server.stop()[0] == 0


def test_shows_a_wrangler_file_if_there_is_none(dev: Dev) -> None:
    server = dev()

    server.wait_for("wrangler.jsonc")
    server.wait_for("class Default\\(WorkerEntrypoint\\):")

    assert server.process.wait(PATIENCE_SECONDS) == 1


def test_reports_an_invalid_wrangler_file(dev: Dev, tmp_path: Path) -> None:
    (tmp_path / "wrangler.json").write_text('{"name": 1}')
    server = dev()

    server.wait_for('Expected "name" to be of type string')

    assert server.process.wait(PATIENCE_SECONDS) == 1


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        command.main(arguments)
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_help_lists_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("dev", "--help") == 0

    told = capsys.readouterr().out
    for option in ("--env", "--port", "--persist", "--no-reload", "--locations", "--at"):
        assert option in told


@pytest.mark.parametrize("arguments", [["nothing"], ["dev", "--port", "x"], ["dev", "--wrong"]])
def test_rejects_an_unknown_command(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == 2

    assert "Usage: pykvbinding" in capsys.readouterr().err


def test_shows_warnings_of_wrangler(dev: Dev, tmp_path: Path) -> None:
    write_project(tmp_path, config=json.dumps(json.loads(CONFIG) | {"env": {"staging": {}}}))
    server = dev("--port", "0", "--env", "staging")

    server.wait_for('"vars" exists at the top level, but not on "env.staging"')
    server.wait_for("hello-staging  wrangler.json, environment staging")

    assert server.stop()[0] == 0
