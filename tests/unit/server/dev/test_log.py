"""The log while a server runs: what it takes over from loggers and warnings, and gives back."""

import io
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pykvbinding import KVUsageWarning
from pykvbinding.server.dev.log import SERVER, Log, Record
from pykvbinding.server.terminal import Terminal
from pykvbinding.workers.log import LOGGER_NAME

CONSOLE = f"{LOGGER_NAME}.console"


class Written:
    def __init__(self, environ: dict[str, str]) -> None:
        self.stream = io.StringIO()
        self.log = Log(Terminal(self.stream, environ))
        self.log.follow(lambda file: file.endswith("a.py"), several=False)

    def lines(self) -> list[str]:
        return self.stream.getvalue().splitlines()


@pytest.fixture
def written() -> Iterator[Written]:
    made = Written({})
    with made.log.listening():
        yield made


def test_what_a_worker_says_is_indented(written: Written) -> None:
    logging.getLogger(CONSOLE).info("one\ntwo")
    logging.getLogger(CONSOLE).debug("")

    assert written.lines() == ["    one", "    two", ""]


def test_the_level_gives_the_colour() -> None:
    made = Written({"FORCE_COLOR": "1"})

    with made.log.listening():
        for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR):
            logging.getLogger(CONSOLE).log(level, "said")

    codes = ["\x1b[2m    said\x1b[0m", "    said", "\x1b[33m    said\x1b[0m"]
    assert made.lines() == [*codes, "\x1b[31m    said\x1b[0m"]


def test_what_the_runtime_warns_of_is_written(written: Written) -> None:
    logging.getLogger(LOGGER_NAME).warning("the platform warns")

    assert written.lines() == ["    the platform warns"]


def test_an_exception_waits_for_the_line_of_its_request(written: Written) -> None:
    error, other = ValueError("mine"), ValueError("of a task")
    for each in (error, other):
        logging.getLogger(LOGGER_NAME).error("raised", exc_info=each)
    assert written.lines() == []

    Record(written.log, "GET", "/", "LHR").responded(500, [error])

    assert written.lines()[1:] == ["    ValueError: mine", "    ValueError: of a task"]


def test_an_error_without_exception_is_written_at_once(written: Written) -> None:
    logging.getLogger(LOGGER_NAME).error("failed", exc_info=(None, None, None))

    assert written.lines() == ["    failed"]


def test_what_has_no_response_has_an_outcome(written: Written) -> None:
    Record(written.log, "QUEUE", "jobs", "LHR").ended("2 acknowledged")

    (line,) = written.lines()
    assert line.startswith("QUEUE jobs 2 acknowledged in ")


def test_a_usage_warning_is_written_once_for_each_line(written: Written) -> None:
    for _ in range(2):
        warnings.warn_explicit(
            KVUsageWarning("careful"), None, str(Path.cwd() / "a.py"), 3, registry=REGISTRY
        )

    assert written.lines() == ["    a.py:3: careful"]


def test_a_warning_of_no_line_of_theirs_is_written_alone(written: Written) -> None:
    warnings.warn_explicit(KVUsageWarning("careful"), None, "/elsewhere.py", 3, registry={})

    assert written.lines() == ["    careful"]


REGISTRY: dict[Any, int] = {}


def test_other_warnings_go_where_they_went() -> None:
    made = Written({})

    with pytest.warns(DeprecationWarning, match="old"), made.log.listening():
        warnings.warn("old", DeprecationWarning, stacklevel=1)

    assert made.lines() == []


def test_everything_is_given_back() -> None:
    loggers = [logging.getLogger(name) for name in (LOGGER_NAME, SERVER)]
    before = [(each.level, each.propagate, list(each.handlers)) for each in loggers]
    show = warnings.showwarning

    with Written({}).log.listening():
        assert logging.getLogger(LOGGER_NAME).propagate is False

    assert [(each.level, each.propagate, list(each.handlers)) for each in loggers] == before
    assert warnings.showwarning is show


def test_many_changed_files_are_counted(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [Path.cwd() / f"{number}.py" for number in range(5)]

    written.log.changed(paths, 0.0123, None)

    assert written.lines() == ["0.py, 1.py, 2.py and 2 more changed, loaded again in 12 ms"]
