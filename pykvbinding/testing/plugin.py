"""The pytest plugin: fixtures, a marker, options, and strictness about what they bring to light.

pytest loads it into every run, so nothing of pykvbinding is imported here: `case` does the work,
for the tests that have to do with it.
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
    from pykvbinding.testing.item import Case
    from pykvbinding.workers.runtime.worker import Worker

FIXTURES = {"kv", "kv_clock", "kv_env", "kv_history", "kv_network", "kv_worker"}

MARKER = (
    "kv(*, limits=Limits(…), seed=0, data={key: value}, faults=[Fault(…)], allow=[kind]): what the "
    "kv fixtures of a test are made with, and what it may do that otherwise fails it."
)

SEED_HELP = "What chance depends on in the kv fixtures (a whole number; default: 0)."

WRONG_SEED = "kv_seed = {}: a whole number, as in kv_seed = 7"

PROOF = "kv_schedules"
"""The property of a report (and of a JUnit file) that tells what many schedules have shown."""

_case = pytest.StashKey["Case"]()
_seed = pytest.StashKey[int]()
_runtime = pytest.StashKey[Any]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Name the settings."""
    group = parser.getgroup("kv", "Workers KV (pykvbinding)")
    group.addoption("--kv-seed", type=int, metavar="N", help=SEED_HELP)
    parser.addini("kv_seed", SEED_HELP, default="0")
    parser.addini(
        "kv_config",
        "The wrangler file behind kv_env, from the root directory (default: wrangler.json, .jsonc "
        "or .toml there; empty: none).",
        default=None,
    )
    parser.addini(
        "kv_strict",
        "Whether a test fails for a KVUsageWarning, an operation that nobody awaits, or a fault "
        "that nothing meets (default: true).",
        type="bool",
        default=True,
    )
    parser.addini(
        "kv_workers",
        "Whether tests can import what a Python Worker imports (workers, js, pyodide), and the "
        "modules beside the `main` of the wrangler file (default: false).",
        type="bool",
        default=False,
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Install what Python Workers import before any test module is imported, if asked to."""
    _prepare(early_config)


def _prepare(config: pytest.Config) -> None:
    try:
        is_wanted = config.getini("kv_workers")
    except (ValueError, pytest.UsageError) as error:  # the latter from pytest 9.2 on
        raise pytest.UsageError(f"kv_workers: {error}; write true or false") from None
    if not is_wanted or _runtime in config.stash:
        return
    from pykvbinding.testing.workers import Runtime  # not at the top: see above

    config.stash[_runtime] = Runtime(config)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Undo the installation for Python Workers."""
    if _runtime in config.stash:
        config.stash[_runtime].close()


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and settle the seed of the run."""
    _prepare(config)  # where a conftest has named this plugin, it came too late before
    config.addinivalue_line("markers", MARKER)
    given, written = config.getoption("--kv-seed"), config.getini("kv_seed")
    try:
        config.stash[_seed] = int(written) if given is None else given
    except ValueError:
        raise pytest.UsageError(WRONG_SEED.format(written)) from None


def pytest_report_header(config: pytest.Config) -> str:
    """The seed of the run."""
    return f"kv: seed {config.stash[_seed]}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    """Watch a test that takes a kv fixture, or runs after pykvbinding has been imported."""
    uses_fixtures = not FIXTURES.isdisjoint(getattr(item, "fixturenames", ()))
    if not uses_fixtures and "pykvbinding.errors" not in sys.modules:
        return (yield)
    from pykvbinding.testing.item import Case  # not at the top: see above

    strict = item.config.getini("kv_strict")
    case = Case(item, item.config.stash[_seed], strict=strict, uses_fixtures=uses_fixtures)
    item.config.stash[_case] = case
    with case.open():
        result = yield
    del item.config.stash[_case]
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, Any, Any]:
    """Read the markers, and watch fixtures being made."""
    __tracebackhide__ = True
    return (yield from _phase(item, "setup"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Watch the test itself."""
    __tracebackhide__ = True
    return (yield from _phase(item, "call"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, Any, Any]:
    """Watch fixtures being torn down."""
    __tracebackhide__ = True
    return (yield from _phase(item, "teardown"))


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call() -> Generator[None, Any, Any]:
    """Check the schedules of a test, and add notes on them to its failure."""
    __tracebackhide__ = True
    if "pykvbinding.sim.run.harness" not in sys.modules:
        return (yield)
    from pykvbinding.testing.schedule_checks import checked  # not at the top: see above

    return (yield from checked())


def _phase(item: pytest.Item, name: str) -> Generator[None, Any, Any]:
    __tracebackhide__ = True  # the failure is of the test, and so is the traceback
    case = item.config.stash.get(_case, None)
    return (yield) if case is None else (yield from case.phase(name))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show, when a test fails, what it did last; and when it has tried every schedule, how many."""
    report = yield
    test = getattr(item, "obj", None)
    proof = getattr(test, "proved", None) or getattr(test, "tried", None)
    if report.when == "call" and report.passed and proof is not None:
        told = (PROOF, str(proof))
        item.user_properties.append(told)  # from where JUnit files have it
        report.user_properties.append(told)
    case = item.config.stash.get(_case, None)
    if case is not None and report.failed:
        report.sections.extend(case.sections())
    return report


# The annotation is a string because pytest exports TerminalReporter from 8.4 on.
def pytest_terminal_summary(terminalreporter: "pytest.TerminalReporter") -> None:
    """List what `@every_schedule` and `@some_schedules` have shown."""
    lines = [
        f"{report.nodeid}  {told}"
        for report in terminalreporter.stats.get("passed", ())
        for name, told in getattr(report, "user_properties", ())
        if name == PROOF
    ]
    if lines:
        terminalreporter.section("schedules")
        terminalreporter.write("\n".join(lines) + "\n")


@pytest.fixture
def kv_clock() -> "VirtualClock":
    """The clock of kv and kv_env: `kv_clock.advance(61)` lets a minute and a second pass."""
    from pykvbinding.clock import VirtualClock

    return VirtualClock()


@pytest.fixture
def kv(request: pytest.FixtureRequest, kv_clock: "VirtualClock") -> "KVNamespace":
    """A KV namespace that is empty, or holds the `data` of the marker."""
    return _of(request).kv(kv_clock)


@pytest.fixture
def kv_env(request: pytest.FixtureRequest, kv_clock: "VirtualClock") -> "Env":
    """The env of the wrangler file; without one, `Env(KV=kv)`."""
    from pykvbinding.env import Env

    file = _of(request).wrangler_file()
    if file is None:
        return Env(KV=request.getfixturevalue("kv"))
    return _of(request).env(kv_clock, file)


@pytest.fixture
def kv_worker(request: pytest.FixtureRequest, kv_env: "Env") -> "Generator[Worker]":
    """The Worker of the wrangler file, on kv_env: `await kv_worker.fetch("/notes")`."""
    with _of(request).worker(kv_env) as worker:
        yield worker


@pytest.fixture
def kv_history(request: pytest.FixtureRequest, kv_clock: "VirtualClock") -> "History":
    """Every operation on kv and kv_env so far."""
    history = _of(request).account(kv_clock).history
    assert history is not None  # it is switched on there
    return history


@pytest.fixture(scope="session")
def kv_network(request: pytest.FixtureRequest) -> "Callable[..., EdgeNetwork]":
    """Makes an EdgeNetwork: `kv_network("LHR", "NRT", **options)`, each new and on its own clock.

    Of the session, so that it may stand beside `@given`: make a network in each example.
    """
    return lambda *locations, **options: _of(request).network(*locations, **options)


def _of(request: pytest.FixtureRequest) -> "Case":
    return request.config.stash[_case]
