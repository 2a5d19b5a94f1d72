"""Skips that are allowed where every test can run: a skip for any other reason is a failure.

The environment variable PYKVBINDING_ALLOWED_SKIPS switches this on. It names a file of regular
expressions, one a line, each for a whole reason.
"""

import os
import re
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import TypeAlias

import pytest

VARIABLE = "PYKVBINDING_ALLOWED_SKIPS"

Report: TypeAlias = pytest.TestReport | pytest.CollectReport


def read_patterns(text: str) -> list[re.Pattern[str]]:
    """Return the expressions of a file; blank lines and comments do not count."""
    lines = (line.strip() for line in text.splitlines())
    return [re.compile(line) for line in lines if line and not line.startswith("#")]


def skips_from_environment() -> "AllowedSkips | None":
    """Return the plugin for the file that the environment names, if it names one."""
    name = os.environ.get(VARIABLE)
    return AllowedSkips(read_patterns(Path(name).read_text(encoding="utf-8"))) if name else None


class AllowedSkips:
    """A pytest plugin: it turns a skip into a failure unless an expression matches its reason."""

    def __init__(self, patterns: Iterable[re.Pattern[str]]) -> None:
        self._patterns = tuple(patterns)

    @pytest.hookimpl(wrapper=True, tryfirst=True)  # pytest itself then has marked expected failures
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        self._check(report)
        return report

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_make_collect_report(
        self,
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        report = yield
        self._check(report)
        return report

    def _check(self, report: Report) -> None:
        if not report.skipped or hasattr(report, "wasxfail"):
            return
        assert isinstance(report.longrepr, tuple)
        reason = report.longrepr[2].removeprefix("Skipped: ")
        if not any(pattern.fullmatch(reason) for pattern in self._patterns):
            report.outcome = "failed"
            report.longrepr = f"a skip that {VARIABLE} does not allow: {reason}"
