"""The package evaluates only names of pytest that the oldest supported pytest, 8.2, exports."""

import ast

import pytest

from tests.support.paths import ROOT

SOURCES = sorted((ROOT / "pykvbinding").rglob("*.py"))

EXPORTS_OF_8_2 = """
Cache CallInfo CaptureFixture Class CollectReport Collector Config Dir Directory DoctestItem
ExceptionInfo ExitCode File FixtureDef FixtureLookupError FixtureRequest Function HookRecorder
Item LineMatcher LogCaptureFixture Mark MarkDecorator MarkGenerator Metafunc Module
MonkeyPatch OptionGroup Package Parser PytestAssertRewriteWarning PytestCacheWarning
PytestCollectionWarning PytestConfigWarning PytestDeprecationWarning
PytestExperimentalApiWarning PytestPluginManager PytestRemovedIn9Warning
PytestReturnNotNoneWarning PytestUnhandledCoroutineWarning
PytestUnhandledThreadExceptionWarning PytestUnknownMarkWarning
PytestUnraisableExceptionWarning PytestWarning Pytester RecordedHookCall RunResult Session
Stash StashKey TempPathFactory TempdirFactory TestReport TestShortLogReport Testdir UsageError
WarningsRecorder __version__ approx cmdline console_main deprecated_call exit fail fixture
freeze_includes hookimpl hookspec importorskip main mark param raises register_assert_rewrite
set_trace skip version_tuple warns xfail yield_fixture
"""
PYTEST_8_2 = set(EXPORTS_OF_8_2.split())


def pytest_names(source: str) -> set[str]:
    """Return every NAME of an expression `pytest.NAME`; quoted annotations are not expressions."""
    return {
        node.attr
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "pytest"
    }


def test_the_package_uses_only_names_that_pytest_8_2_exports() -> None:
    used = {path.name: pytest_names(path.read_text(encoding="utf-8")) for path in SOURCES}

    assert used["plugin.py"] >= {"Config", "Item", "fixture", "hookimpl"}
    assert {name: names - PYTEST_8_2 for name, names in used.items() if names - PYTEST_8_2} == {}


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(x: pytest.TerminalReporter): ...", {"TerminalReporter"}),
        ('def f(x: "pytest.TerminalReporter"): ...', set()),
    ],
    ids=["evaluated", "quoted"],
)
def test_only_evaluated_names_count(source: str, names: set[str]) -> None:
    assert pytest_names(source) == names
