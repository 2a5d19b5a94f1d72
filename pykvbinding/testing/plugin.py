"""The pytest plugin: fixtures, a marker, options, and strict checks of the tests that use them.

pytest loads this module into every run, so it imports nothing of pykvbinding at the top. `item`
implements the plugin and is imported for the first test that uses pykvbinding.
"""

import sys
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pykvbinding.clock import VirtualClock
    from pykvbinding.env import Env
    from pykvbinding.kv.binding import KVNamespace
    from pykvbinding.middleware.history import History
    from pykvbinding.network.edge_network import EdgeNetwork
    from pykvbinding.testing.item import TestItem
    from pykvbinding.workers.runtime.worker import Worker

FIXTURES = {"kv", "kv_clock", "kv_env", "kv_history", "kv_network", "kv_worker"}

MARKER = (
    "kv(*, limits=Limits(…), seed=0, data={key: value}, faults=[Fault(…)], allow=[kind]): options "
    "of the kv fixtures of a test, and the findings that do not fail it."
)

SEED_HELP = "Seed of the random decisions of the kv fixtures (an integer; default: 0)."

RESULT_PROPERTY = "kv_schedules"
"""The property of a report (and of a JUnit file) with the result of a test over schedules."""

_item_key = pytest.StashKey["TestItem"]()
_seed_key = pytest.StashKey[int]()
_runtime_key = pytest.StashKey[Any]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Register the command-line option and the configuration options."""
    group = parser.getgroup("kv", "Workers KV (pykvbinding)")
    group.addoption("--kv-seed", type=int, metavar="N", help=SEED_HELP)
    parser.addini("kv_seed", SEED_HELP, default="0")
    parser.addini(
        "kv_config",
        "Wrangler file of kv_env, relative to the root directory (default: wrangler.json, .jsonc "
        "or .toml there; empty: no file).",
        default=None,
    )
    parser.addini(
        "kv_strict",
        "Fail a test that causes a KVUsageWarning, does not await an operation, or does not "
        "trigger a fault rule (default: true).",
        type="bool",
        default=True,
    )
    parser.addini(
        "kv_workers",
        "Make the modules that Python Workers import (workers, js, pyodide) and the modules in "
        "the directory of the wrangler file's `main` importable (default: false).",
        type="bool",
        default=False,
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Install the modules for Python Workers before any test module is imported."""
    _install_runtime(early_config)


def _install_runtime(config: pytest.Config) -> None:
    try:
        is_enabled = config.getini("kv_workers")
    except (ValueError, pytest.UsageError) as error:  # the latter from pytest 9.2 on
        raise pytest.UsageError(f"kv_workers: {error}; write true or false") from None
    if not is_enabled or _runtime_key in config.stash:
        return
    from pykvbinding.testing.workers import Runtime  # not at the top: see above

    config.stash[_runtime_key] = Runtime(config)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Undo the installation for Python Workers."""
    if _runtime_key in config.stash:
        config.stash[_runtime_key].close()


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker and determine the seed of the run."""
    _install_runtime(config)  # again, for a plugin that a conftest loads: it misses the hook above
    config.addinivalue_line("markers", MARKER)
    option, configured = config.getoption("--kv-seed"), config.getini("kv_seed")
    try:
        config.stash[_seed_key] = int(configured) if option is None else option
    except ValueError:
        raise pytest.UsageError(
            f"kv_seed = {configured}: not an integer; write for example kv_seed = 7"
        ) from None


def pytest_report_header(config: pytest.Config) -> str:
    """Show the seed of the run."""
    return f"kv: seed {config.stash[_seed_key]}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    """Monitor a test that uses a kv fixture or runs after pykvbinding has been imported."""
    uses_fixtures = not FIXTURES.isdisjoint(getattr(item, "fixturenames", ()))
    if not uses_fixtures and "pykvbinding.errors" not in sys.modules:
        return (yield)
    from pykvbinding.testing.item import TestItem  # not at the top: see above

    strict = item.config.getini("kv_strict")
    test = TestItem(item, item.config.stash[_seed_key], strict=strict, uses_fixtures=uses_fixtures)
    item.config.stash[_item_key] = test
    with test.open():
        result = yield
    del item.config.stash[_item_key]
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, Any, Any]:
    """Parse the markers and monitor the setup of fixtures."""
    __tracebackhide__ = True
    return (yield from _run_phase(item, "setup"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Monitor the test function."""
    __tracebackhide__ = True
    return (yield from _run_phase(item, "call"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, Any, Any]:
    """Monitor the teardown of fixtures."""
    __tracebackhide__ = True
    return (yield from _run_phase(item, "teardown"))


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call() -> Generator[None, Any, Any]:
    """Check the schedules of a test, and add notes on them to its failure."""
    __tracebackhide__ = True
    if "pykvbinding.sim.run.harness" not in sys.modules:
        return (yield)
    from pykvbinding.testing.schedule_checks import check_schedules  # not at the top: see above

    return (yield from check_schedules())


def _run_phase(item: pytest.Item, name: str) -> Generator[None, Any, Any]:
    __tracebackhide__ = True  # the failure and its traceback belong to the test
    test = item.config.stash.get(_item_key, None)
    return (yield) if test is None else (yield from test.run_phase(name))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the last operations to a failure, and the result over schedules to a passed test."""
    report = yield
    test = getattr(item, "obj", None)
    proof = getattr(test, "result", None)
    if not type(proof).__module__.startswith("pykvbinding.sim.explore."):
        proof = None  # an attribute of the user's own
    if report.when == "call" and report.passed and proof is not None:
        schedules = (RESULT_PROPERTY, str(proof))
        item.user_properties.append(schedules)  # read by the JUnit report
        report.user_properties.append(schedules)
    monitored = item.config.stash.get(_item_key, None)
    if monitored is not None and report.failed:
        report.sections.extend(monitored.sections())
    return report


# The annotation is a string because pytest exports TerminalReporter from 8.4 on.
def pytest_terminal_summary(terminalreporter: "pytest.TerminalReporter") -> None:
    """List the results of `@every_schedule` and `@some_schedules`."""
    lines = [
        f"{report.nodeid}  {value}"
        for report in terminalreporter.stats.get("passed", ())
        for name, value in getattr(report, "user_properties", ())
        if name == RESULT_PROPERTY
    ]
    if lines:
        terminalreporter.section("schedules")
        terminalreporter.write("\n".join(lines) + "\n")


@pytest.fixture
def kv_clock() -> "VirtualClock":
    """The clock of kv and kv_env: `kv_clock.advance(61)` advances it by 61 seconds."""
    from pykvbinding.clock import VirtualClock

    return VirtualClock()


@pytest.fixture
def kv(request: pytest.FixtureRequest, kv_clock: "VirtualClock") -> "KVNamespace":
    """A KV namespace that is empty or contains the `data` of the marker."""
    return _current_item(request).kv(kv_clock)


@pytest.fixture
def kv_env(request: pytest.FixtureRequest, kv_clock: "VirtualClock") -> "Env":
    """The env of the wrangler file, or `Env(KV=kv)` without a file."""
    from pykvbinding.env import Env

    file = _current_item(request).wrangler_file()
    if file is None:
        return Env(KV=request.getfixturevalue("kv"))
    return _current_item(request).env(kv_clock, file)


@pytest.fixture
def kv_worker(request: pytest.FixtureRequest, kv_env: "Env") -> "Generator[Worker]":
    """The Worker of the wrangler file, on kv_env: `await kv_worker.fetch("/notes")`."""
    with _current_item(request).worker(kv_env) as worker:
        yield worker


@pytest.fixture
def kv_history(request: pytest.FixtureRequest, kv_clock: "VirtualClock") -> "History":
    """Every operation on kv and kv_env so far."""
    history = _current_item(request).account(kv_clock).history
    assert history is not None  # `account` enables it
    return history


@pytest.fixture(scope="session")
def kv_network(request: pytest.FixtureRequest) -> "Callable[..., EdgeNetwork]":
    """Makes a new EdgeNetwork with its own clock: `kv_network("LHR", "NRT", **options)`.

    The fixture has session scope so that a test with `@given` can use it: make a network in each
    example.
    """
    return lambda *locations, **options: _current_item(request).network(*locations, **options)


def _current_item(request: pytest.FixtureRequest) -> "TestItem":
    return request.config.stash[_item_key]
