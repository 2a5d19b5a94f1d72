"""A served Worker whose files change, and its persistent data."""

import asyncio
import json
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pykvbinding.server.dev.project import DevOptions, WorkerProject
from pykvbinding.workers.install import uninstall
from tests.support.dev_server import CONFIG, ENTRY, Served, Start, serving, write_project


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Serve the project that the fixture has written."""
    monkeypatch.chdir(tmp_path)
    write_project(tmp_path)
    with serving(tmp_path) as start:
        yield partial(start, None)


def change(path: Path, old: str, new: str) -> None:
    """Replace text in a file, with a later modification time."""
    before = path.stat().st_mtime_ns
    path.write_text(path.read_text().replace(old, new))
    os.utime(path, ns=(before + 1000, before + 1000))


def looks(server: Served) -> None:
    """Let the next request check the files, whatever the cost of the last check."""
    server.project._last_check = (0.0, 0.0)


def config(**more: Any) -> str:
    return json.dumps({**json.loads(CONFIG), **more})


def test_serves_changed_code_with_the_next_request(start: Start, tmp_path: Path) -> None:
    server = start()
    server.get("/")

    change(tmp_path / "src/entry.py", ", visit", ", call")
    looks(server)

    assert server.get("/").text == "Hello, call 2"
    assert any(line.startswith("src/entry.py changed, loaded") for line in server.lines())


def test_watches_modules_in_the_directory_of_main(start: Start, tmp_path: Path) -> None:
    entry = tmp_path / "src/entry.py"
    (tmp_path / "src/words.py").write_text("GREETING = 'Hi'\n")
    entry.write_text("import words\n" + ENTRY.replace("self.env.GREETING", "words.GREETING"))
    server = start()
    assert server.get("/").text == "Hi, visit 1"

    change(tmp_path / "src/words.py", "Hi", "Ho")
    looks(server)

    assert server.get("/").text == "Ho, visit 2"


def test_responds_with_an_error_until_it_is_fixed(start: Start, tmp_path: Path) -> None:
    server = start()
    server.get("/")

    change(tmp_path / "src/entry.py", "async def fetch(", "async deff fetch(")
    looks(server)
    broken, still = server.get("/"), server.get("/")
    change(tmp_path / "src/entry.py", "async deff fetch(", "async def fetch(")
    looks(server)

    assert broken.status == still.status == 500
    assert "SyntaxError" in broken.text
    assert "async deff fetch" in broken.text
    assert "importlib" not in broken.text
    assert server.get("/").text == "Hello, visit 2"
    lines = server.lines()
    assert "src/entry.py changed" in lines
    assert "Every request gets this response until it is fixed." in lines


def test_shows_user_lines_of_a_failing_module(start: Start, tmp_path: Path) -> None:
    server = start()

    change(tmp_path / "src/entry.py", "\nclass", "\nLIMIT = int('many')\n\n\nclass")
    looks(server)
    reply = server.get("/", accept="text/html")

    assert "ValueError: invalid literal" in reply.text
    assert "File &quot;src/entry.py&quot;, line 5, in &lt;module&gt;" in reply.text
    assert "Fix the file to serve the Worker again." in reply.text


def test_error_at_start_can_be_fixed(start: Start, tmp_path: Path) -> None:
    change(tmp_path / "src/entry.py", "class Default", "class Default(:")
    server = start()
    assert server.get("/").status == 500

    change(tmp_path / "src/entry.py", "class Default(:", "class Default")
    looks(server)

    assert server.get("/").text == "Hello, visit 1"


def test_missing_main_can_be_created(start: Start, tmp_path: Path) -> None:
    (tmp_path / "src/entry.py").unlink()
    server = start()
    assert server.get("/").status == 500

    (tmp_path / "src/entry.py").write_text(ENTRY)
    looks(server)

    assert server.get("/").text == "Hello, visit 1"


def test_reload_can_be_disabled(start: Start, tmp_path: Path) -> None:
    server = start(reloads=False)
    server.get("/")

    change(tmp_path / "src/entry.py", ", visit", ", call")
    looks(server)

    assert server.get("/").text == "Hello, visit 2"


def test_variables_and_bindings_change_with_the_wrangler_file(start: Start, tmp_path: Path) -> None:
    server = start()
    server.get("/")

    more = [{"binding": "KV", "id": "kv"}, {"binding": "MORE", "id": "more"}]
    (tmp_path / "wrangler.json").write_text(
        config(vars={"GREETING": "BannerData"}, kv_namespaces=more)
    )
    looks(server)

    assert server.get("/").text == "BannerData, visit 2"
    worker = server.project.worker
    assert worker is not None
    assert list(worker.env) == ["KV", "MORE", "GREETING"]


def test_reports_an_invalid_wrangler_file_until_it_is_fixed(start: Start, tmp_path: Path) -> None:
    server = start()
    server.get("/")

    (tmp_path / "wrangler.json").write_text("{")
    looks(server)
    broken = server.get("/")
    (tmp_path / "wrangler.json").write_text(CONFIG + "\n")
    looks(server)

    assert broken.status == 500
    assert "wrangler.json" in broken.text
    assert server.get("/").text == "Hello, visit 2"


def test_main_may_move(start: Start, tmp_path: Path) -> None:
    server = start()
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/other.py").write_text(ENTRY.replace(", visit", ", call"))

    (tmp_path / "wrangler.json").write_text(config(main="lib/other.py"))
    looks(server)
    assert server.get("/").text == "Hello, call 1"
    change(tmp_path / "lib/other.py", ", call", ", ring")
    looks(server)

    assert server.get("/").text == "Hello, ring 2"
    assert server.project.is_user_file(str(tmp_path / "lib/other.py"))
    assert not server.project.is_user_file(str(tmp_path / "src/entry.py"))
    assert not server.project.is_user_file(str(tmp_path / "lib/python_modules/x.py"))


def test_secrets_are_variables(start: Start, tmp_path: Path) -> None:
    (tmp_path / ".dev.vars").write_text("GREETING=Psst")
    server = start()
    assert server.get("/").text == "Psst, visit 1"

    (tmp_path / ".dev.vars").write_text("GREETING='Hush now'")
    looks(server)

    assert server.get("/").text == "Hush now, visit 2"
    assert tmp_path / ".dev.vars" in server.project.watched_paths


def test_an_environment_has_its_own_variables_and_secrets(start: Start, tmp_path: Path) -> None:
    staging = {"vars": {"GREETING": "Test"}, "kv_namespaces": [{"binding": "KV", "id": "s"}]}
    (tmp_path / "wrangler.json").write_text(config(env={"staging": staging}))
    (tmp_path / ".dev.vars.staging").write_text("GREETING=Secret")

    server = start(environment="staging")

    assert server.get("/").text == "Secret, visit 1"
    assert server.project.config.name == "hello-staging"


OBJECTS = """
from workers import DurableObject, Response, WorkerEntrypoint


class Counter(DurableObject):
    async def add(self):
        count = (await self.ctx.storage.get("count") or 0) + 1
        await self.ctx.storage.put("count", count)
        return count


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        count = await self.env.COUNTER.getByName("one").add()
        return Response(f"count {count}")
"""

WITH_OBJECTS = {"durable_objects": {"bindings": [{"name": "COUNTER", "class_name": "Counter"}]}}


def test_object_data_survive_changes_of_code_and_configuration(
    start: Start, tmp_path: Path
) -> None:
    write_project(tmp_path, OBJECTS, config(**WITH_OBJECTS))
    server = start()
    assert server.get("/").text == "count 1"

    change(tmp_path / "src/entry.py", 'f"count', 'f"now')
    looks(server)
    assert server.get("/").text == "now 2"
    (tmp_path / "wrangler.json").write_text(config(**WITH_OBJECTS, vars={"A": "1"}))
    looks(server)

    assert server.get("/").text == "now 3"


def test_objects_are_the_same_in_every_location(start: Start, tmp_path: Path) -> None:
    write_project(tmp_path, OBJECTS, config(**WITH_OBJECTS))
    server = start(locations=("LHR", "NRT"))

    assert server.get("/").text == "count 1"
    assert server.get("/", pykvbinding_at="NRT").text == "count 2"


def test_data_are_persisted_in_a_file(start: Start, tmp_path: Path) -> None:
    write_project(tmp_path, OBJECTS, config(**WITH_OBJECTS))
    before = start(persist=tmp_path / "data")
    before.get("/")
    asyncio.run(before.project.namespaces.network.kv("LHR").put("k", "v"))
    before.tasks.save(is_last=True)
    before.close()
    uninstall()

    after = start(persist=tmp_path / "data")

    assert after.get("/").text == "count 2"
    assert after.project.namespaces.account.namespace("kv").peek("k") == "v"


def test_saves_only_changed_data(start: Start, tmp_path: Path) -> None:
    session = start(persist=tmp_path / "data").project

    assert not session.save()
    assert not (tmp_path / "data").exists()
    server = start(persist=tmp_path / "data")
    server.get("/")
    assert server.project.save()
    assert not server.project.save(is_last=True)


def test_limits_the_time_spent_saving(start: Start, tmp_path: Path) -> None:
    server = start(persist=tmp_path / "data")
    server.get("/")
    server.project._last_save = (float("inf"), 1.0)

    assert not server.project.save()
    assert server.project.save(is_last=True)


def test_limits_the_time_spent_checking_files(start: Start, tmp_path: Path) -> None:
    server = start()
    change(tmp_path / "src/entry.py", ", visit", ", call")
    server.project._last_check = (float("inf"), 1.0)

    assert server.project.refresh() == []


def test_reports_a_full_disk_once(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = start(persist=tmp_path / "data")
    server.get("/")

    def fail(descriptor: int) -> None:
        raise OSError("No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail)
        server.lines()
        server.tasks.save()
        server.tasks.save()
        told = server.lines()
    server.tasks.save()

    assert told == ["Data could not be saved: No space left on device"]
    assert (tmp_path / "data").exists()


def test_does_not_watch_the_data_file(start: Start, tmp_path: Path) -> None:
    server = start(persist=tmp_path / "src/data")
    server.get("/")
    server.tasks.save()
    looks(server)

    assert server.project.refresh() == []


def test_clears_data(start: Start, tmp_path: Path) -> None:
    first = start(persist=tmp_path / "data")
    first.get("/")
    first.tasks.save(is_last=True)

    second = start(persist=tmp_path / "data", clear=True)
    assert second.get("/").text == "Hello, visit 1"
    second.tasks.save(is_last=True)

    assert start(persist=tmp_path / "data").get("/").text == "Hello, visit 2"


def test_clears_a_damaged_file(start: Start, tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(b"something else")

    with pytest.raises(ValueError, match="was not written by --persist"):
        start(persist=tmp_path / "data")
    start(persist=tmp_path / "data", clear=True).tasks.save(is_last=True)

    start(persist=tmp_path / "data")


def test_persists_nothing_without_a_file(start: Start) -> None:
    server = start()
    server.get("/")

    assert not server.project.save(is_last=True)


def test_rejects_a_default_location_that_is_not_listed(tmp_path: Path) -> None:
    write_project(tmp_path)

    with pytest.raises(ValueError, match=r"^--at CDG: not one of --locations LHR,NRT$"):
        WorkerProject(DevOptions(path=tmp_path, locations=("LHR", "NRT"), location="CDG"))


def test_single_location_can_be_chosen(start: Start) -> None:
    server = start(location="NRT")

    assert server.project.locations == ("NRT",)


def test_watches_only_the_file_without_main(start: Start, tmp_path: Path) -> None:
    without = json.loads(CONFIG)
    del without["main"]
    (tmp_path / "wrangler.json").write_text(json.dumps(without))

    server = start()

    assert server.project.watched_paths == [tmp_path / "wrangler.json"]
    assert not server.project.is_user_file(str(tmp_path / "src/entry.py"))
    assert server.get("/").status == 500
