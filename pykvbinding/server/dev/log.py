"""What the server writes while it runs: requests, changes, exceptions, what the Worker says."""

import logging
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Final, TextIO

from pykvbinding._text.spans import Span
from pykvbinding._text.tables import counted
from pykvbinding.errors import KVUsageWarning
from pykvbinding.middleware.operation import HistoryEntry
from pykvbinding.server.dev.banner import shown_path
from pykvbinding.server.dev.log_format import INDENT, duration, operation_lines, request_line
from pykvbinding.server.dev.tracebacks import cut_traceback
from pykvbinding.server.terminal import Terminal
from pykvbinding.workers.log import LOGGER_NAME

SERVER: Final = "uvicorn.error"

STYLE_OF_LEVEL: Final = ((logging.ERROR, "red"), (logging.WARNING, "yellow"), (logging.INFO, ""))


class Log:
    """The log of one server.

    `several` says whether there are several locations, so that each request names its own.
    """

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.several: bool = False
        self._is_own: Callable[[str], bool] = lambda _: False
        self._heard: list[BaseException] = []

    def follow(self, is_own: Callable[[str], bool], *, several: bool) -> None:
        """From now on, `is_own` tells the files that the user has written."""
        self._is_own = is_own
        self.several = several

    def traceback(self, error: BaseException) -> str:
        """The traceback of an exception: the user's frames, with paths as seen from here."""
        return cut_traceback(error, self._is_own, lambda path: shown_path(Path(path)))

    def exceptions(self, errors: Sequence[BaseException] = ()) -> None:
        """Write down exceptions, under the request that they are of, and those of nobody's."""
        heard, self._heard = self._heard, []
        for error in [*errors, *(each for each in heard if each not in errors)]:
            self._write_traceback(error, INDENT)

    def hear(self, error: BaseException) -> None:
        """Keep an exception until something is written anyway: a request may be told of it too."""
        self._heard.append(error)

    def changed(self, paths: Sequence[Path], seconds: float, failure: BaseException | None) -> None:
        """Write down that files have changed, and what came of loading the Worker again."""
        names = ", ".join(map(shown_path, paths[:3]))
        more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
        if failure is None:
            came = f"loaded again in {duration(seconds)}"
            self.terminal.line(Span(f"{names}{more} changed, {came}", "cyan"))
        else:
            self.terminal.line(Span(f"{names}{more} changed", "cyan"))
            self.failure(failure)

    def failure(self, failure: BaseException) -> None:
        """Write down that the Worker cannot be loaded."""
        self._write_traceback(failure, "")
        self.terminal.line(Span("Every request is answered with this until it is fixed.", "yellow"))

    def _write_traceback(self, error: BaseException, indent: str) -> None:
        for line in self.traceback(error).splitlines():
            is_message = not line.startswith((" ", "Traceback "))
            self.terminal.text(f"{indent}{line}".rstrip(), "red" if is_message else "dim")

    def said(self, message: str, style: str) -> None:
        """Write down what the Worker has said, or a warning about it."""
        for line in message.splitlines() or [""]:
            self.terminal.text(f"{INDENT}{line}".rstrip(), style)

    def delivered(self, queue: str, messages: int, outcome: str) -> None:
        """Write down what becomes of messages that are not delivered."""
        self.terminal.line(
            Span("QUEUE", "bold"),
            f" {queue}: ",
            f"{counted(messages, 'message')}, ",
            Span(outcome, "dim"),
        )

    def given_up(self, queue: str, messages: int, attempts: int) -> None:
        """Write down that messages are not delivered again."""
        are = "is" if messages == 1 else "are"
        text = f"{counted(messages, 'message')} of {queue} {are} given up"
        self.said(f"{text} after {attempts} attempts", "yellow")

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Write down what is said by loggers and warnings, meanwhile."""
        workers, server = logging.getLogger(LOGGER_NAME), logging.getLogger(SERVER)
        handler = _Console(self)
        before = (workers.level, workers.propagate, server.level)
        workers.addHandler(handler)
        workers.setLevel(logging.DEBUG)
        workers.propagate = False  # others would write it again
        server.setLevel(logging.CRITICAL)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("default", KVUsageWarning)
                warnings.showwarning = self._shower(warnings.showwarning)
                yield
        finally:
            workers.removeHandler(handler)
            workers.setLevel(before[0])
            workers.propagate = before[1]
            server.setLevel(before[2])

    def _shower(self, others: Callable[..., None]) -> Callable[..., None]:
        def show(
            message: Warning | str,
            category: type[Warning],
            filename: str,
            lineno: int,
            file: TextIO | None = None,
            line: str | None = None,
        ) -> None:
            if issubclass(category, KVUsageWarning):
                where = f"{shown_path(Path(filename))}:{lineno}: " if self._is_own(filename) else ""
                self.said(f"{where}{message}", "yellow")
            else:
                others(message, category, filename, lineno, file, line)

        return show


class Record:
    """One request in the log; `operations` are written under it."""

    __slots__ = ("_ended", "_log", "_started", "_told", "_what", "operations")

    def __init__(self, log: Log, method: str, target: str, location: str) -> None:
        self.operations: list[HistoryEntry] = []
        self._log = log
        self._what = (method, target, location if log.several else None)
        self._started = self._ended = perf_counter()
        self._told = 0

    def responded(self, status: int, errors: Sequence[BaseException] = ()) -> None:
        """Write down that the response has been sent; `errors` are why there was no better one."""
        self._ended = perf_counter()
        method, target, location = self._what
        self._tell(
            request_line(method, target, status, self._ended - self._started, location), errors
        )

    def ended(self, outcome: str, errors: Sequence[BaseException] = ()) -> None:
        """Write down that what has no response is over, and how."""
        self._ended = perf_counter()
        method, target, _ = self._what
        took = f" in {duration(self._ended - self._started)}"
        style = "red" if errors else "green"
        line = [
            Span(method, "bold"),
            Span(f" {target} "),
            Span(outcome, style),
            Span(took, "dim"),
        ]
        self._tell(line, errors)

    def _tell(self, line: Sequence[Span], errors: Sequence[BaseException]) -> None:
        self._log.terminal.line(*line)
        self._tell_operations()
        self._log.exceptions(errors)

    def finished(self, errors: Sequence[BaseException]) -> None:
        """Write down what has happened after the response, if anything has."""
        if len(self.operations) > self._told or errors:
            took = duration(perf_counter() - self._ended)
            self._log.terminal.line(Span(f"{INDENT}after the response, in {took}:", "dim"))
            self._tell_operations()
        self._log.exceptions(errors)

    def _tell_operations(self) -> None:
        terminal = self._log.terminal
        new = self.operations[self._told :]
        self._told = len(self.operations)
        for line in operation_lines(new, terminal.columns(), terminal.glyphs):
            terminal.line(*line)


class _Console(logging.Handler):
    """Hands on what the Worker says."""

    def __init__(self, log: Log) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Write it down; what was raised may belong to a request, and waits for its line."""
        if record.exc_info and record.exc_info[1] is not None:
            self._log.hear(record.exc_info[1])
            return
        level = record.levelno
        style = next((style for least, style in STYLE_OF_LEVEL if level >= least), "dim")
        self._log.said(record.getMessage(), style)
