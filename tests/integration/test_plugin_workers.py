"""The pytest plugin for Python Workers: the installed modules, and the fixture `kv_worker`."""

import importlib.metadata
import json
import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import pytest

from pykvbinding.testing import workers
from pykvbinding.workers import install
from pykvbinding.workers.runtime import worker

# Imported here because pytester removes modules that are imported during an inner run.
from tests.support.paths import ROOT
from tests.support.pytester import lines, run
from tests.support.workers import CONFIG, COUNTER, project

pytest_plugins = ["pytester"]

USED = (workers, install, worker)

TESTS = """
import entry, js, workers
from entry import Default

def test_counts(kv_worker, kv_env, kv_clock, kv_history):
    assert kv_worker.entrypoints.default is Default and kv_worker.entrypoints.module is entry
    assert kv_worker.env is kv_env and kv_worker.environment.clock is kv_clock
    response = asyncio.run(kv_worker.fetch("/"))
    assert asyncio.run(response.text()) == "1" and isinstance(response, workers.Response)
    assert [operation.kind for operation in kv_history] == ["get", "put"]

def test_starts_with_fresh_state(kv_worker):
    assert asyncio.run(asyncio.run(kv_worker.fetch("/")).text()) == "1"
"""


@pytest.mark.parametrize("value", ["true", "True", "on"])
def test_tests_can_import_the_modules_of_the_worker(pytester: pytest.Pytester, value: str) -> None:
    project(pytester.path, COUNTER)

    run(pytester, TESTS, ini=f"kv_workers = {value}").assert_outcomes(passed=2)

    assert "entry" not in sys.modules
    assert str(pytester.path / "src") not in sys.path


def test_workers_is_the_sdk_despite_a_package_workers_in_the_project(
    pytester: pytest.Pytester,
) -> None:
    project(pytester.path, COUNTER)
    for folder in (pytester.path / "workers", pytester.path / "src" / "workers"):
        folder.mkdir()
        (folder / "__init__.py").write_text("", encoding="utf-8")
    pytester.syspathinsert()

    run(pytester, TESTS, ini="kv_workers = true").assert_outcomes(passed=2)


def test_a_module_asgi_beside_main_shadows_the_one_of_the_sdk(pytester: pytest.Pytester) -> None:
    project(pytester.path, "import asgi\n" + COUNTER)
    (pytester.path / "src" / "asgi.py").write_text("application = 1", encoding="utf-8")

    code = "import entry\ndef test_one(kv_worker): assert entry.asgi.application == 1"

    run(pytester, code, ini="kv_workers = true").assert_outcomes(passed=1)


def test_the_initial_conftest_can_import_the_worker(pytester: pytest.Pytester) -> None:
    project(pytester.path, COUNTER)
    pytester.makeconftest("import entry, workers")

    run(pytester, TESTS, ini="kv_workers = true").assert_outcomes(passed=2)


@pytest.mark.parametrize("ini", ["", "kv_workers = false", "kv_workers = no"])
def test_without_the_setting_js_cannot_be_imported(pytester: pytest.Pytester, ini: str) -> None:
    code = """
import sys
def test_one():
    with pytest.raises(ImportError):
        import js
"""
    run(pytester, code, ini=ini).assert_outcomes(passed=1)


def test_without_the_setting_the_fixture_still_runs_the_worker(
    pytester: pytest.Pytester,
) -> None:
    project(pytester.path, COUNTER)
    code = """
import sys
def test_one(kv_worker):
    assert asyncio.run(asyncio.run(kv_worker.fetch("/")).text()) == "1"
    assert "workers" in sys.modules
def test_two():
    assert "workers" not in sys.modules and "entry" not in sys.modules
"""
    run(pytester, code).assert_outcomes(passed=2)


def test_a_plugin_loaded_by_a_conftest_also_installs_the_modules(pytester: pytest.Pytester) -> None:
    project(pytester.path, COUNTER)
    pytester.makeconftest('pytest_plugins = ["pykvbinding.testing.plugin"]')
    pytester.makepyfile(test_it="import asyncio\n" + TESTS)
    pytester.makeini("[pytest]\nkv_workers = true")

    result = pytester.runpytest_inprocess(
        "-pno:cacheprovider", "-pno:pykvbinding.testing.plugin.early", "-pno:asyncio", "-pno:anyio"
    )

    result.assert_outcomes(passed=2)


@pytest.mark.parametrize("value", ["maybe", "standin", "sdk"])
def test_rejects_a_setting_that_is_not_a_truth_value(pytester: pytest.Pytester, value: str) -> None:
    result = run(pytester, "", ini=f"kv_workers = {value}")

    expected = f"ERROR: kv_workers: invalid truth value {value!r}; write true or false"
    assert expected in [*result.errlines, *result.outlines]


def test_a_missing_sdk_is_a_usage_error(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        importlib.metadata,
        "distribution",
        Mock(side_effect=importlib.metadata.PackageNotFoundError),
    )

    result = run(pytester, "", ini="kv_workers = true")

    expected = "ERROR: the Python Workers SDK is not installed: pip install 'pykvbinding[workers]'"
    assert expected in [*result.errlines, *result.outlines]


def test_kv_worker_needs_a_wrangler_file(pytester: pytest.Pytester) -> None:
    result = run(pytester, "def test_one(kv_worker): pass", ini="kv_workers = true")

    result.assert_outcomes(errors=1)
    assert "kv_worker needs a wrangler file, and the root directory has none" in lines(result)


def test_kv_config_names_another_wrangler_file(pytester: pytest.Pytester) -> None:
    folder = pytester.path / "deploy"
    folder.mkdir()
    project(folder, COUNTER)

    ini = "kv_workers = true\nkv_config = deploy/wrangler.json"

    run(pytester, TESTS, ini=ini).assert_outcomes(passed=2)


@pytest.mark.parametrize("content", ["{", '{"name": 5}'])
def test_an_invalid_wrangler_file_fails_only_the_test_that_needs_it(
    pytester: pytest.Pytester, content: str
) -> None:
    (pytester.path / "wrangler.json").write_text(content, encoding="utf-8")
    code = "def test_one(): import workers\ndef test_two(kv_worker): pass"

    result = run(pytester, code, ini="kv_workers = true")

    result.assert_outcomes(passed=1, errors=1)


def test_a_file_without_main_adds_nothing_to_the_path(pytester: pytest.Pytester) -> None:
    project(pytester.path, main=None)
    code = f"""
import sys
def test_one():
    assert {str(pytester.path / "src")!r} not in sys.path
"""
    run(pytester, code, ini="kv_workers = true").assert_outcomes(passed=1)


def test_a_directory_that_was_already_on_the_path_stays_there(pytester: pytest.Pytester) -> None:
    project(pytester.path, COUNTER)
    pytester.syspathinsert(pytester.path / "src")

    run(pytester, TESTS, ini="kv_workers = true").assert_outcomes(passed=2)

    assert str(pytester.path / "src") in sys.path


def test_a_test_may_remove_the_directory_from_the_path(pytester: pytest.Pytester) -> None:
    project(pytester.path, COUNTER)
    code = f"""
import sys
def test_one():
    sys.path.remove({str(pytester.path / "src")!r})
"""
    run(pytester, code, ini="kv_workers = true").assert_outcomes(passed=1)


def test_a_module_can_read_env_when_a_test_imports_it(pytester: pytest.Pytester) -> None:
    entry = """
from workers import DurableObject, Response, WorkerEntrypoint, env
kv, greeting, rooms, jobs, db = env.KV, env.GREETING, env.ROOMS, env.JOBS, env.DB
class Room(DurableObject):
    async def greet(self, name):
        return {"name": name}
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        greeted = await rooms.getByName("a").greet(greeting)
        await jobs.send({"a": 1})
        await kv.put("greeting", greeted["name"])
        return Response(await kv.get("greeting"))
"""
    bindings = {
        "durable_objects": {"bindings": [{"name": "ROOMS", "class_name": "Room"}]},
        "queues": {"producers": [{"binding": "JOBS", "queue": "jobs"}]},
        "d1_databases": [{"binding": "DB", "database_id": "1"}],
    }
    project(pytester.path, entry, **bindings)
    code = """
from entry import greeting
def test_one(kv_worker):
    assert greeting == "hello"
    assert asyncio.run(asyncio.run(kv_worker.fetch("/")).text()) == "hello"
"""
    run(pytester, code, ini="kv_workers = true").assert_outcomes(passed=1)


def test_a_worker_runs_in_a_network_of_kv_network(pytester: pytest.Pytester) -> None:
    project(pytester.path, COUNTER)
    code = """
def test_one(kv_worker, kv_network):
    worker = kv_worker.in_network(kv_network("LHR", "NRT", bindings=kv_worker.env))
    assert asyncio.run(asyncio.run(worker.fetch("/", at="NRT")).text()) == "1"
    assert worker.network.latest("count") == "1"
"""
    run(pytester, code, ini="kv_workers = true").assert_outcomes(passed=1)


def test_a_usage_warning_in_a_handler_fails_the_test(pytester: pytest.Pytester) -> None:
    project(
        pytester.path, COUNTER.replace('"count", str(count)', '"count", "1", expiration_ttl=60')
    )
    code = """
def test_one(kv_worker):
    asyncio.run(kv_worker.fetch("/"))
"""
    result = run(pytester, code, ini="kv_workers = true")

    result.assert_outcomes(failed=1)
    assert "production silently ignores this option. Write expirationTtl" in lines(result)


def test_without_the_setting_pykvbinding_is_not_imported(tmp_path: Path) -> None:
    (tmp_path / "wrangler.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    (tmp_path / "test_it.py").write_text(
        "import sys\ndef test_one():\n    assert 'pykvbinding.errors' not in sys.modules\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "pykvbinding.testing.plugin"]

    result = subprocess.run(
        [*command, "-p", "no:cacheprovider", str(tmp_path)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "HYPOTHESIS_NO_PLUGINS": "1"},
        capture_output=True,
        check=False,
        text=True,
    )

    assert result.returncode == 0, result.stdout
