"""The log of a running server: captured log records and warnings, and their restoration."""

import io
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pykvbinding import KVUsageWarning
from pykvbinding.server.dev.log import SERVER, Log, RequestLogEntry
from pykvbinding.server.terminal import Terminal
from pykvbinding.workers.log import LOGGER_NAME

CONSOLE = f"{LOGGER_NAME}.console"


class Written:
    def __init__(self, environ: dict[str, str]) -> None:
        self.stream = io.StringIO()
        self.log = Log(Terminal(self.stream, environ))
        self.log.set_own_files(lambda file: file.endswith("a.py"), shows_location=False)

    def lines(self) -> list[str]:
        return self.stream.getvalue().splitlines()


@pytest.fixture
def written() -> Iterator[Written]:
    made = Written({})
    with made.log.capture_logging():
        yield made


def test_output_of_the_worker_is_indented(written: Written) -> None:
    logging.getLogger(CONSOLE).info("one\ntwo")
    logging.getLogger(CONSOLE).debug("")

    assert written.lines() == ["    one", "    two", ""]


def test_level_selects_the_color() -> None:
    made = Written({"FORCE_COLOR": "1"})

    with made.log.capture_logging():
        for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR):
            logging.getLogger(CONSOLE).log(level, "said")

    codes = ["\x1b[2m    said\x1b[0m", "    said", "\x1b[33m    said\x1b[0m"]
    assert made.lines() == [*codes, "\x1b[31m    said\x1b[0m"]


def test_writes_runtime_warnings(written: Written) -> None:
    logging.getLogger(LOGGER_NAME).warning("the platform warns")

    assert written.lines() == ["    the platform warns"]


def test_exception_is_deferred_until_the_line_of_its_request(written: Written) -> None:
    error, other = ValueError("mine"), ValueError("of a task")
    for each in (error, other):
        logging.getLogger(LOGGER_NAME).error("raised", exc_info=each)
    assert written.lines() == []

    RequestLogEntry(written.log, "GET", "/", "LHR").responded(500, [error])

    assert written.lines()[1:] == ["    ValueError: mine", "    ValueError: of a task"]


def test_writes_an_error_without_exception_at_once(written: Written) -> None:
    logging.getLogger(LOGGER_NAME).error("failed", exc_info=(None, None, None))

    assert written.lines() == ["    failed"]


def test_event_without_response_has_an_outcome(written: Written) -> None:
    RequestLogEntry(written.log, "QUEUE", "jobs", "LHR").ended("2 acknowledged")

    (line,) = written.lines()
    assert line.startswith("QUEUE jobs 2 acknowledged in ")


def test_writes_a_usage_warning_once_per_line(written: Written) -> None:
    for _ in range(2):
        warnings.warn_explicit(
            KVUsageWarning("careful"), None, str(Path.cwd() / "a.py"), 3, registry=REGISTRY
        )

    assert written.lines() == ["    a.py:3: careful"]


def test_warning_outside_of_user_files_has_no_line(written: Written) -> None:
    warnings.warn_explicit(KVUsageWarning("careful"), None, "/elsewhere.py", 3, registry={})

    assert written.lines() == ["    careful"]


REGISTRY: dict[Any, int] = {}


def test_passes_other_warnings_on() -> None:
    made = Written({})

    with pytest.warns(DeprecationWarning, match="old"), made.log.capture_logging():
        warnings.warn("old", DeprecationWarning, stacklevel=1)

    assert made.lines() == []


def test_restores_loggers_and_warnings() -> None:
    loggers = [logging.getLogger(name) for name in (LOGGER_NAME, SERVER)]
    before = [(each.level, each.propagate, list(each.handlers)) for each in loggers]
    show = warnings.showwarning

    with Written({}).log.capture_logging():
        assert logging.getLogger(LOGGER_NAME).propagate is False

    assert [(each.level, each.propagate, list(each.handlers)) for each in loggers] == before
    assert warnings.showwarning is show


def test_counts_many_changed_files(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [Path.cwd() / f"{number}.py" for number in range(5)]

    written.log.files_changed(paths, 0.0123, None)

    assert written.lines() == ["0.py, 1.py, 2.py and 2 more changed, loaded again in 12 ms"]
