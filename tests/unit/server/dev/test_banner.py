"""The banner, and the help without a Worker."""

import asyncio
import io
from dataclasses import replace
from pathlib import Path

import pytest

from pykvbinding.server.dev.banner import (
    MINIMAL_WORKER,
    BannerData,
    print_banner,
    print_missing_worker,
    shown_path,
)
from pykvbinding.server.terminal import Terminal
from pykvbinding.workers.install import install
from pykvbinding.workers.runtime.worker import Worker
from pykvbinding.wrangler.config import read_wrangler

LEAST = BannerData(
    name="hello",
    config=Path("wrangler.jsonc"),
    environment=None,
    url="http://localhost:8787",
    port_in_use=None,
    namespaces=[],
    variables=[],
    secrets=[],
    secret_files=[],
    other_bindings=[],
    locations=["LHR"],
    location="LHR",
    data=None,
    watched_paths=None,
    crons=[],
)


def banner(data: BannerData) -> list[str]:
    stream = io.StringIO()
    print_banner(Terminal(stream, {}), data)
    return [line for line in stream.getvalue().splitlines() if line]


def test_minimal_banner_has_url_and_data() -> None:
    assert banner(LEAST) == [
        "  pykvbinding hello  wrangler.jsonc",
        "  → http://localhost:8787",
        "  data       in memory; --persist FILE keeps it",
        "  reload     off",
        "  Press Ctrl-C to stop.",
    ]


def test_banner_lists_every_entry() -> None:
    data = replace(
        LEAST,
        environment="staging",
        port_in_use=8787,
        url="http://localhost:8788",
        namespaces=[("NOTES", 1204), ("CACHE", 0)],
        variables=["GREETING", "LIMIT"],
        secrets=["TOKEN"],
        secret_files=[Path(".env"), Path(".env.local")],
        other_bindings=[("objects", "COUNTER (Counter)")],
        data=Path("notes.data"),
        watched_paths=[Path("src"), Path("wrangler.jsonc")],
    )

    assert banner(data) == [
        "  pykvbinding hello  wrangler.jsonc, environment staging",
        "  → http://localhost:8788   (port 8787 is in use)",
        "  KV         NOTES (1,204 keys), CACHE",
        "  variables  GREETING, LIMIT",
        "  secrets    TOKEN, from .env and .env.local",
        "  objects    COUNTER (Counter)",
        "  data       kept in notes.data",
        "  reload     on changes of src, wrangler.jsonc",
        "  Press Ctrl-C to stop.",
    ]


def test_shows_how_to_reach_other_locations() -> None:
    lines = banner(replace(LEAST, locations=["LHR", "NRT"]))

    assert lines[2:5] == [
        "  location   LHR, of LHR, NRT; to use another one:",
        "             http://nrt.localhost:8787",
        "             curl -H 'pykvbinding-at: NRT' http://localhost:8787",
    ]


def test_shows_the_command_that_triggers_a_cron() -> None:
    lines = banner(replace(LEAST, crons=["*/5 * * * *", "0 0 * * *"]))

    assert lines[-3:-1] == [
        "  crons      */5 * * * *, 0 0 * * *; to trigger one:",
        '             curl "http://localhost:8787/cdn-cgi/handler/scheduled?cron=*/5+*+*+*+*"',
    ]


def test_wraps_a_long_entry() -> None:
    names = [f"VARIABLE_{number}" for number in range(12)]

    lines = banner(replace(LEAST, variables=names))

    assert lines[2].startswith("  variables  VARIABLE_0, ")
    assert lines[3].startswith("             VARIABLE_")
    assert all(len(line) <= 100 for line in lines)


def test_shows_relative_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert shown_path(tmp_path) == "."
    assert shown_path(tmp_path / "src") == "src"
    assert shown_path(tmp_path.parent / "other") == str(tmp_path.parent / "other")


def test_shows_a_minimal_worker_if_there_is_none() -> None:
    stream = io.StringIO()

    print_missing_worker(Terminal(stream, {}), "No wrangler file found.")

    assert stream.getvalue() == f"No wrangler file found.\n\n{MINIMAL_WORKER}"


def blocks() -> dict[str, str]:
    """Return the files of the minimal Worker by name."""
    files: dict[str, str] = {}
    name = ""
    for line in MINIMAL_WORKER.splitlines()[2:-2]:
        if line.startswith("    ") or not line:
            files[name] += line.removeprefix("    ") + "\n"
        else:
            name = line.strip()
            files[name] = ""
    return files


def test_minimal_worker_works(tmp_path: Path) -> None:
    for name, text in blocks().items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)

    with install():
        worker = Worker.load(tmp_path)

        async def visit() -> str:
            await worker.fetch("/")
            text: str = await (await worker.fetch("/")).text()
            return text

        assert asyncio.run(visit()) == "Visit 2"
    assert read_wrangler(tmp_path).name == "hello"
