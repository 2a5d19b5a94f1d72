"""The banner, and what is said where there is no Worker."""

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


def test_the_least_banner_tells_where_it_is_served_and_where_data_are() -> None:
    assert banner(LEAST) == [
        "  pykvbinding hello  wrangler.jsonc",
        "  → http://localhost:8787",
        "  data       in memory; --persist FILE keeps it",
        "  reload     off",
        "  Press Ctrl-C to stop.",
    ]


def test_everything_that_is_there_is_told() -> None:
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


def test_several_locations_are_told_with_a_way_to_each() -> None:
    lines = banner(replace(LEAST, locations=["LHR", "NRT"]))

    assert lines[2:5] == [
        "  location   LHR, of LHR, NRT; to use another one:",
        "             http://nrt.localhost:8787",
        "             curl -H 'pykvbinding-at: NRT' http://localhost:8787",
    ]


def test_crons_are_told_with_the_command_that_triggers_one() -> None:
    lines = banner(replace(LEAST, crons=["*/5 * * * *", "0 0 * * *"]))

    assert lines[-3:-1] == [
        "  crons      */5 * * * *, 0 0 * * *; to trigger one:",
        '             curl "http://localhost:8787/cdn-cgi/handler/scheduled?cron=*/5+*+*+*+*"',
    ]


def test_a_long_entry_goes_on_below_itself() -> None:
    names = [f"VARIABLE_{number}" for number in range(12)]

    lines = banner(replace(LEAST, variables=names))

    assert lines[2].startswith("  variables  VARIABLE_0, ")
    assert lines[3].startswith("             VARIABLE_")
    assert all(len(line) <= 100 for line in lines)


def test_a_path_is_shown_as_seen_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert shown_path(tmp_path) == "."
    assert shown_path(tmp_path / "src") == "src"
    assert shown_path(tmp_path.parent / "other") == str(tmp_path.parent / "other")


def test_without_a_worker_it_is_said_what_one_looks_like() -> None:
    stream = io.StringIO()

    print_missing_worker(Terminal(stream, {}), "There is no wrangler file.")

    assert stream.getvalue() == f"There is no wrangler file.\n\n{MINIMAL_WORKER}"


def blocks() -> dict[str, str]:
    """The files of the least Worker, by name."""
    files: dict[str, str] = {}
    name = ""
    for line in MINIMAL_WORKER.splitlines()[2:-2]:
        if line.startswith("    ") or not line:
            files[name] += line.removeprefix("    ") + "\n"
        else:
            name = line.strip()
            files[name] = ""
    return files


def test_the_worker_that_is_shown_works(tmp_path: Path) -> None:
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
