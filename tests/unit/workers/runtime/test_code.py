"""The sources that `Worker.load` accepts and rejects."""

import logging
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pykvbinding import EdgeNetwork, KVUsageWarning
from pykvbinding.workers.runtime.code import load_code, load_config
from pykvbinding.workers.runtime.worker import Worker
from tests.support.workers import ENTRY, project, text, worker_of
from tests.support.workers_fixture import workers  # noqa: F401 -- a fixture

pytestmark = pytest.mark.usefixtures("workers")

LEGACY = """
from workers import Response

async def on_fetch(request, env):
    return Response(request.method)
"""

NOTE = "the Worker 'shop' of"


async def test_loads_a_wrangler_file(tmp_path: Path) -> None:
    assert await text(Worker.load(project(tmp_path) / "wrangler.json")) == "first"


async def test_loads_a_directory(tmp_path: Path) -> None:
    assert await text(Worker.load(project(tmp_path))) == "first"


async def test_loads_the_current_directory_by_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project(tmp_path))

    assert await text(Worker.load()) == "first"


async def test_loads_an_environment_of_the_file(tmp_path: Path) -> None:
    staging = {
        "main": "src/other.py",
        "vars": {"GREETING": "x"},
        "kv_namespaces": [{"binding": "KV"}],
    }
    project(tmp_path, env={"staging": staging})
    (tmp_path / "src" / "other.py").write_text(ENTRY.replace("first", "other"), encoding="utf-8")

    worker = Worker.load(tmp_path, env="staging")

    assert await text(worker) == "other"
    assert worker.env.GREETING == "x"


async def test_loads_a_module(workers: ModuleType) -> None:  # noqa: F811
    module = ModuleType("given")
    exec(ENTRY, vars(module))

    worker = Worker.load(module)

    assert await text(worker) == "first"
    assert repr(worker) == "<Worker given>"
    assert worker.config is None


async def test_loads_a_class_of_any_name(workers: ModuleType) -> None:  # noqa: F811
    class Shop(workers.WorkerEntrypoint):  # type: ignore[misc, name-defined]
        async def fetch(self, request: Any) -> Any:
            return workers.Response("shop")

    assert await text(Worker.load(Shop)) == "shop"


def test_rejects_a_file_without_main(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match='has no "main"') as caught:
        Worker.load(project(tmp_path, main=None))

    assert str(caught.value) == (
        f'{tmp_path / "wrangler.json"} has no "main". Add "main": "src/entry.py"'
    )


def test_rejects_a_missing_main_like_wrangler(tmp_path: Path) -> None:
    folder = project(tmp_path, main="src/gone.py")

    with pytest.raises(FileNotFoundError, match=r'The entry-point file at ".*gone.py" was not fo'):
        Worker.load(folder)


def test_shows_paths_relative_to_the_current_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project(tmp_path, main="src/gone.py"))

    with pytest.raises(FileNotFoundError) as caught:
        Worker.load()

    expected = f'wrangler.json: The entry-point file at "{Path("src/gone.py")}" was not found.'
    assert str(caught.value) == expected


@pytest.mark.parametrize("main", ["src/index.js", "src/index.ts", "worker"])
def test_rejects_a_main_that_is_not_python(tmp_path: Path, main: str) -> None:
    with pytest.raises(ValueError, match="Python Workers only") as caught:
        Worker.load(project(tmp_path, main=main))

    assert str(caught.value) == (
        f'{tmp_path / "wrangler.json"}: "main" is {tmp_path / main}; '
        "pykvbinding runs Python Workers only, so it must end in .py"
    )


@pytest.mark.parametrize("flags", [None, [], ["nodejs_compat"]])
def test_rejects_python_without_its_flag_like_wrangler(
    tmp_path: Path, flags: list[str] | None
) -> None:
    with pytest.raises(ValueError, match=r"^The `python_workers` compatibility flag is required"):
        Worker.load(project(tmp_path, compatibility_flags=flags))


def test_import_error_has_a_note_with_the_worker(tmp_path: Path) -> None:
    folder = project(tmp_path, "import json\n1 / 0")

    with pytest.raises(ZeroDivisionError) as caught:
        Worker.load(folder)

    (note,) = caught.value.__notes__
    assert NOTE in note
    assert note.startswith("while importing ")
    assert note.endswith("wrangler.json")


def test_import_error_has_a_note_with_the_file_of_an_unnamed_worker(tmp_path: Path) -> None:
    with pytest.raises(SyntaxError) as caught:
        Worker.load(project(tmp_path, "this is not valid Python", name=None))

    assert "the Worker of" in caught.value.__notes__[0]


def test_import_from_src_has_a_hint(tmp_path: Path) -> None:
    folder = project(tmp_path, "from src.helper import value")

    with pytest.raises(ModuleNotFoundError) as caught:
        Worker.load(folder)

    assert "use `import x`, not `import src.x`" in caught.value.__notes__[1]


def test_other_missing_modules_have_no_hint(tmp_path: Path) -> None:
    with pytest.raises(ModuleNotFoundError) as caught:
        Worker.load(project(tmp_path, "import nowhere"))

    assert len(caught.value.__notes__) == 1


def test_rejects_a_module_without_entrypoint(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="has no entrypoint: neither a class Default"):
        Worker.load(project(tmp_path, "from workers import WorkerEntrypoint"))
    with pytest.raises(ValueError, match="empty has no entrypoint") as caught:
        Worker.load(ModuleType("empty"))
    assert str(caught.value) == (
        "empty has no entrypoint: neither a class Default(WorkerEntrypoint) nor a function "
        "on_fetch. Add class Default(WorkerEntrypoint): async def fetch(self, request): ..."
    )


@pytest.mark.parametrize("source", [5, None, int, worker_of])
def test_rejects_other_values(source: Any) -> None:
    with pytest.raises(TypeError) as caught:
        Worker.load(source)

    assert str(caught.value) == (
        f"Worker.load({source!r}): expected a wrangler file, its directory, a module, or a "
        "subclass of WorkerEntrypoint"
    )


def test_rejects_an_environment_name_without_a_file(workers: ModuleType) -> None:  # noqa: F811
    with pytest.raises(TypeError) as caught:
        Worker.load(workers.WorkerEntrypoint, env="staging")

    assert str(caught.value) == (
        "Worker.load(…, env='staging'): the name of an environment needs a wrangler file; "
        "with a module or a class, pass an Env"
    )


# Module handlers, which the platform now ignores.


@pytest.mark.parametrize(
    "settings",
    [
        {"compatibility_date": "2025-08-13"},
        {"compatibility_flags": ["python_workers", "disable_python_no_global_handlers"]},
    ],
)
async def test_module_handlers_are_called_before_august_2025(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, settings: dict[str, Any]
) -> None:
    worker = Worker.load(project(tmp_path, LEGACY, **settings))

    assert await text(worker, method="PUT") == "PUT"
    assert not caplog.records


@pytest.mark.parametrize(
    "settings",
    [
        {"compatibility_date": "2025-08-14"},
        {"compatibility_date": None},
        {
            "compatibility_date": "2024-01-01",
            "compatibility_flags": ["python_workers", "python_no_global_handlers"],
        },
    ],
)
async def test_later_module_handlers_run_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, settings: dict[str, Any]
) -> None:
    worker = Worker.load(project(tmp_path, LEGACY, **settings))

    assert await text(worker) == "GET"
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("pykvbinding.workers", logging.WARNING)
    assert "from the compatibility date 2025-08-14 the platform ignores on_fetch" in record.message


# Reloading.


async def test_reload_runs_the_changed_file(tmp_path: Path) -> None:
    worker = Worker.load(project(tmp_path))
    await worker.env.KV.put("key", "value")
    project(tmp_path, ENTRY.replace("first", "other"))

    worker.reload()

    assert await text(worker) == "other"
    assert await worker.env.KV.get("key") == "value"


async def test_failing_reload_keeps_the_old_code(tmp_path: Path) -> None:
    worker = Worker.load(project(tmp_path))
    project(tmp_path, "1 / 0")

    with pytest.raises(ZeroDivisionError):
        worker.reload()

    assert await text(worker) == "first"


def test_rejects_reload_without_a_file(workers: ModuleType) -> None:  # noqa: F811
    worker = Worker.load(workers.WorkerEntrypoint)

    with pytest.raises(TypeError) as caught:
        worker.reload()

    assert str(caught.value) == (
        "reload() needs a Worker of a file; for a class, call Worker.load(cls) again"
    )


def test_two_loads_of_one_file_share_modules(tmp_path: Path) -> None:
    folder = project(tmp_path, main="src/shared_main.py")
    (folder / "src" / "shared_main.py").write_text(ENTRY, encoding="utf-8")

    first, second = Worker.load(folder), Worker.load(folder)

    assert first.entrypoints.module is second.entrypoints.module


def test_module_of_an_uninstalled_sdk_is_imported_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = project(tmp_path, main="src/stale_main.py")
    (folder / "src" / "stale_main.py").write_text(ENTRY, encoding="utf-8")
    stale = ModuleType("stale_main")
    stale.__file__ = str(folder / "src" / "stale_main.py")
    stale.Default = type("Default", (), {})  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "stale_main", stale)

    code = load_code(folder, load_config(folder, None))

    assert code.entrypoints.module is not stale
    assert code.entrypoints.default is not None
    monkeypatch.undo()


# Handlers with too few parameters.


async def test_warns_once_about_too_few_parameters(workers: ModuleType) -> None:  # noqa: F811
    class Default(workers.WorkerEntrypoint):  # type: ignore[misc, name-defined]
        async def scheduled(self, controller: Any) -> None:
            await self.env.KV.put("cron", controller.cron)

    worker = Worker.load(Default)

    with pytest.warns(KVUsageWarning, match=r"Default.scheduled\(\) takes 1 argument besides self"):
        await worker.scheduled("a")
    await worker.scheduled("b")

    assert await worker.env.KV.get("cron") == "b"


def test_simulated_handler_has_the_globals_of_its_module(
    tmp_path: Path,
    workers: ModuleType,  # noqa: F811
) -> None:
    worker = Worker.load(project(tmp_path))

    handler: Any = worker.handler_for("/notes", json={})

    assert handler.__name__ == "POST /notes"
    assert handler.__globals__ is vars(worker.entrypoints.module)
    net = EdgeNetwork("LHR", schedule=0)
    assert net.start(handler).name == "POST /notes"
    net.run()
