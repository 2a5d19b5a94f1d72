"""A Worker that changes while it is served, and the data that stay."""

import asyncio
import json
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pykvbinding.server.dev.project import Options, Session
from pykvbinding.workers.install import uninstall
from tests.support.dev_server import CONFIG, ENTRY, Served, Start, serving, write_project


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Serve what stands there."""
    monkeypatch.chdir(tmp_path)
    write_project(tmp_path)
    with serving(tmp_path) as start:
        yield partial(start, None)


def change(path: Path, old: str, new: str) -> None:
    """Replace a text in a file, at a time that is later in any case."""
    before = path.stat().st_mtime_ns
    path.write_text(path.read_text().replace(old, new))
    os.utime(path, ns=(before + 1000, before + 1000))


def looks(server: Served) -> None:
    """Let the next request look at the files, however much the last look has cost."""
    server.session._looked = (0.0, 0.0)


def config(**more: Any) -> str:
    return json.dumps({**json.loads(CONFIG), **more})


def test_code_that_changes_is_served_with_the_next_request(start: Start, tmp_path: Path) -> None:
    server = start()
    server.get("/")

    change(tmp_path / "src/entry.py", ", visit", ", call")
    looks(server)

    assert server.get("/").text == "Hello, call 2"
    assert any(line.startswith("src/entry.py changed, loaded") for line in server.lines())


def test_modules_beside_main_are_watched_too(start: Start, tmp_path: Path) -> None:
    entry = tmp_path / "src/entry.py"
    (tmp_path / "src/words.py").write_text("GREETING = 'Hi'\n")
    entry.write_text("import words\n" + ENTRY.replace("self.env.GREETING", "words.GREETING"))
    server = start()
    assert server.get("/").text == "Hi, visit 1"

    change(tmp_path / "src/words.py", "Hi", "Ho")
    looks(server)

    assert server.get("/").text == "Ho, visit 2"


def test_a_mistake_is_answered_with_itself_until_it_is_fixed(start: Start, tmp_path: Path) -> None:
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
    assert "Every request is answered with this until it is fixed." in lines


def test_a_module_that_fails_is_shown_by_the_users_lines(start: Start, tmp_path: Path) -> None:
    server = start()

    change(tmp_path / "src/entry.py", "\nclass", "\nLIMIT = int('many')\n\n\nclass")
    looks(server)
    reply = server.get("/", accept="text/html")

    assert "ValueError: invalid literal" in reply.text
    assert "File &quot;src/entry.py&quot;, line 5, in &lt;module&gt;" in reply.text
    assert "It is served again when the file is fixed." in reply.text


def test_a_mistake_at_the_start_can_be_fixed(start: Start, tmp_path: Path) -> None:
    change(tmp_path / "src/entry.py", "class Default", "class Default(:")
    server = start()
    assert server.get("/").status == 500

    change(tmp_path / "src/entry.py", "class Default(:", "class Default")
    looks(server)

    assert server.get("/").text == "Hello, visit 1"


def test_a_main_that_is_not_there_can_be_written(start: Start, tmp_path: Path) -> None:
    (tmp_path / "src/entry.py").unlink()
    server = start()
    assert server.get("/").status == 500

    (tmp_path / "src/entry.py").write_text(ENTRY)
    looks(server)

    assert server.get("/").text == "Hello, visit 1"


def test_reload_can_be_switched_off(start: Start, tmp_path: Path) -> None:
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
        config(vars={"GREETING": "Welcome"}, kv_namespaces=more)
    )
    looks(server)

    assert server.get("/").text == "Welcome, visit 2"
    worker = server.session.worker
    assert worker is not None
    assert list(worker.env) == ["KV", "MORE", "GREETING"]


def test_a_wrangler_file_that_is_refused_is_told_until_it_is_right(
    start: Start, tmp_path: Path
) -> None:
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
    assert server.session.is_own(str(tmp_path / "lib/other.py"))
    assert not server.session.is_own(str(tmp_path / "src/entry.py"))
    assert not server.session.is_own(str(tmp_path / "lib/python_modules/x.py"))


def test_secrets_are_variables(start: Start, tmp_path: Path) -> None:
    (tmp_path / ".dev.vars").write_text("GREETING=Psst")
    server = start()
    assert server.get("/").text == "Psst, visit 1"

    (tmp_path / ".dev.vars").write_text("GREETING='Hush now'")
    looks(server)

    assert server.get("/").text == "Hush now, visit 2"
    assert tmp_path / ".dev.vars" in server.session.watches


def test_an_environment_has_its_own_variables_and_secrets(start: Start, tmp_path: Path) -> None:
    staging = {"vars": {"GREETING": "Test"}, "kv_namespaces": [{"binding": "KV", "id": "s"}]}
    (tmp_path / "wrangler.json").write_text(config(env={"staging": staging}))
    (tmp_path / ".dev.vars.staging").write_text("GREETING=Secret")

    server = start(environment="staging")

    assert server.get("/").text == "Secret, visit 1"
    assert server.session.config.name == "hello-staging"


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


def test_what_objects_have_stored_survives_changes_of_code_and_configuration(
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


def test_data_are_kept_in_a_file(start: Start, tmp_path: Path) -> None:
    write_project(tmp_path, OBJECTS, config(**WITH_OBJECTS))
    before = start(persist=tmp_path / "data")
    before.get("/")
    asyncio.run(before.session.namespaces.network.kv("LHR").put("k", "v"))
    before.chores.save(is_last=True)
    before.close()
    uninstall()

    after = start(persist=tmp_path / "data")

    assert after.get("/").text == "count 2"
    assert after.session.namespaces.account.namespace("kv").peek("k") == "v"


def test_data_are_saved_when_they_change_and_not_otherwise(start: Start, tmp_path: Path) -> None:
    session = start(persist=tmp_path / "data").session

    assert not session.save()
    assert not (tmp_path / "data").exists()
    server = start(persist=tmp_path / "data")
    server.get("/")
    assert server.session.save()
    assert not server.session.save(is_last=True)


def test_saving_leaves_time_for_requests(start: Start, tmp_path: Path) -> None:
    server = start(persist=tmp_path / "data")
    server.get("/")
    server.session._saved = (float("inf"), 1.0)

    assert not server.session.save()
    assert server.session.save(is_last=True)


def test_looking_leaves_time_for_requests(start: Start, tmp_path: Path) -> None:
    server = start()
    change(tmp_path / "src/entry.py", ", visit", ", call")
    server.session._looked = (float("inf"), 1.0)

    assert server.session.refresh() == []


def test_a_disk_that_is_full_is_told_once(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = start(persist=tmp_path / "data")
    server.get("/")

    def fail(descriptor: int) -> None:
        raise OSError("No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail)
        server.lines()
        server.chores.save()
        server.chores.save()
        told = server.lines()
    server.chores.save()

    assert told == ["Data could not be saved: No space left on device"]
    assert (tmp_path / "data").exists()


def test_the_file_of_data_is_not_watched(start: Start, tmp_path: Path) -> None:
    server = start(persist=tmp_path / "src/data")
    server.get("/")
    server.chores.save()
    looks(server)

    assert server.session.refresh() == []


def test_data_may_be_cleared(start: Start, tmp_path: Path) -> None:
    first = start(persist=tmp_path / "data")
    first.get("/")
    first.chores.save(is_last=True)

    second = start(persist=tmp_path / "data", clear=True)
    assert second.get("/").text == "Hello, visit 1"
    second.chores.save(is_last=True)

    assert start(persist=tmp_path / "data").get("/").text == "Hello, visit 2"


def test_a_damaged_file_can_be_cleared(start: Start, tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(b"something else")

    with pytest.raises(ValueError, match="was not written by --persist"):
        start(persist=tmp_path / "data")
    start(persist=tmp_path / "data", clear=True).chores.save(is_last=True)

    start(persist=tmp_path / "data")


def test_nothing_is_kept_without_a_file(start: Start) -> None:
    server = start()
    server.get("/")

    assert not server.session.save(is_last=True)


def test_the_usual_location_has_to_be_one_of_them(tmp_path: Path) -> None:
    write_project(tmp_path)

    with pytest.raises(ValueError, match=r"^--at CDG: this is not one of --locations LHR,NRT$"):
        Session(Options(path=tmp_path, locations=("LHR", "NRT"), location="CDG"))


def test_one_location_may_be_another_one(start: Start) -> None:
    server = start(location="NRT")

    assert server.session.locations == ("NRT",)


def test_a_file_without_main_has_nothing_to_watch_but_itself(start: Start, tmp_path: Path) -> None:
    without = json.loads(CONFIG)
    del without["main"]
    (tmp_path / "wrangler.json").write_text(json.dumps(without))

    server = start()

    assert server.session.watches == [tmp_path / "wrangler.json"]
    assert not server.session.is_own(str(tmp_path / "src/entry.py"))
    assert server.get("/").status == 500
