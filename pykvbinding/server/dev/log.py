"""The log of the server: requests, changes, exceptions, output of the Worker."""

import logging
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Final, TextIO

from pykvbinding._text.spans import StyledText
from pykvbinding._text.tables import pluralize
from pykvbinding.errors import KVUsageWarning
from pykvbinding.middleware.operation import HistoryEntry
from pykvbinding.server.dev.banner import shown_path
from pykvbinding.server.dev.log_format import INDENT, duration, operation_lines, request_line
from pykvbinding.server.dev.tracebacks import filter_traceback
from pykvbinding.server.terminal import Terminal
from pykvbinding.workers.log import LOGGER_NAME

SERVER: Final = "uvicorn.error"

LEVEL_STYLES: Final = ((logging.ERROR, "red"), (logging.WARNING, "yellow"), (logging.INFO, ""))


class Log:
    """The log of one server.

    `shows_location` is true if there are several locations, so that requests show theirs.
    """

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.shows_location = False
        self._is_user_file: Callable[[str], bool] = lambda _: False
        self._deferred: list[BaseException] = []

    def set_own_files(self, is_user_file: Callable[[str], bool], *, shows_location: bool) -> None:
        """Set the predicate that is true for files of the user."""
        self._is_user_file = is_user_file
        self.shows_location = shows_location

    def traceback(self, error: BaseException) -> str:
        """Return the traceback of an exception: the user's frames, with relative paths."""
        return filter_traceback(error, self._is_user_file, lambda path: shown_path(Path(path)))

    def exceptions(self, errors: Sequence[BaseException] = ()) -> None:
        """Write the exceptions of a request, and deferred ones."""
        deferred, self._deferred = self._deferred, []
        for error in [
            *errors,
            *(other for other in deferred if other not in errors),
        ]:
            self._write_traceback(error, INDENT)

    def defer_exception(self, error: BaseException) -> None:
        """Buffer an exception until the next log line, which may be that of its request."""
        self._deferred.append(error)

    def files_changed(
        self, paths: Sequence[Path], seconds: float, failure: BaseException | None
    ) -> None:
        """Write which files have changed, and the result of the reload."""
        names = ", ".join(map(shown_path, paths[:3]))
        rest = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
        if failure is None:
            result = f"loaded again in {duration(seconds)}"
            self.terminal.line(StyledText(f"{names}{rest} changed, {result}", "cyan"))
        else:
            self.terminal.line(StyledText(f"{names}{rest} changed", "cyan"))
            self.failure(failure)

    def failure(self, failure: BaseException) -> None:
        """Write that the Worker cannot be loaded."""
        self._write_traceback(failure, "")
        advice = "Every request gets this response until it is fixed."
        self.terminal.line(StyledText(advice, "yellow"))

    def _write_traceback(self, error: BaseException, indent: str) -> None:
        for line in self.traceback(error).splitlines():
            is_message = not line.startswith((" ", "Traceback "))
            self.terminal.text(f"{indent}{line}".rstrip(), "red" if is_message else "dim")

    def worker_output(self, message: str, style: str) -> None:
        """Write output of the Worker, or a warning about it."""
        for line in message.splitlines() or [""]:
            self.terminal.text(f"{INDENT}{line}".rstrip(), style)

    def messages_not_delivered(self, queue: str, messages: int, outcome: str) -> None:
        """Write that messages are not delivered."""
        self.terminal.line(
            StyledText("QUEUE", "bold"),
            f" {queue}: ",
            f"{pluralize(messages, 'message')}, ",
            StyledText(outcome, "dim"),
        )

    def messages_dropped(self, queue: str, messages: int, attempts: int) -> None:
        """Write that messages are not retried again."""
        text = f"Dropped {pluralize(messages, 'message')} of {queue} after {attempts} attempts"
        self.worker_output(text, "yellow")

    @contextmanager
    def capture_logging(self) -> Iterator[None]:
        """Write log records and warnings during the block."""
        workers, server = logging.getLogger(LOGGER_NAME), logging.getLogger(SERVER)
        handler = _LogHandler(self)
        before = (workers.level, workers.propagate, server.level)
        workers.addHandler(handler)
        workers.setLevel(logging.DEBUG)
        workers.propagate = False  # other handlers would write it again
        server.setLevel(logging.CRITICAL)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("default", KVUsageWarning)
                warnings.showwarning = self._make_showwarning(warnings.showwarning)
                yield
        finally:
            workers.removeHandler(handler)
            workers.setLevel(before[0])
            workers.propagate = before[1]
            server.setLevel(before[2])

    def _make_showwarning(self, fallback: Callable[..., None]) -> Callable[..., None]:
        def show(
            message: Warning | str,
            category: type[Warning],
            filename: str,
            lineno: int,
            file: TextIO | None = None,
            line: str | None = None,
        ) -> None:
            if issubclass(category, KVUsageWarning):
                where = (
                    f"{shown_path(Path(filename))}:{lineno}: "
                    if self._is_user_file(filename)
                    else ""
                )
                self.worker_output(f"{where}{message}", "yellow")
            else:
                fallback(message, category, filename, lineno, file, line)

        return show


class RequestLogEntry:
    """One request in the log. `operations` are written below it."""

    __slots__ = ("_ended", "_log", "_request", "_started", "_written_count", "operations")

    def __init__(self, log: Log, method: str, target: str, location: str) -> None:
        self.operations: list[HistoryEntry] = []
        self._log = log
        self._request = (method, target, location if log.shows_location else None)
        self._started = self._ended = perf_counter()
        self._written_count = 0

    def responded(self, status: int, errors: Sequence[BaseException] = ()) -> None:
        """Write that the response has been sent, with the `errors` that caused it."""
        self._ended = perf_counter()
        method, target, location = self._request
        self._write_entry(
            request_line(method, target, status, self._ended - self._started, location), errors
        )

    def ended(self, outcome: str, errors: Sequence[BaseException] = ()) -> None:
        """Write the outcome of an event that has no response."""
        self._ended = perf_counter()
        method, target, _ = self._request
        elapsed = f" in {duration(self._ended - self._started)}"
        style = "red" if errors else "green"
        line = [
            StyledText(method, "bold"),
            StyledText(f" {target} "),
            StyledText(outcome, style),
            StyledText(elapsed, "dim"),
        ]
        self._write_entry(line, errors)

    def _write_entry(self, line: Sequence[StyledText], errors: Sequence[BaseException]) -> None:
        self._log.terminal.line(*line)
        self._write_operations()
        self._log.exceptions(errors)

    def finished(self, errors: Sequence[BaseException]) -> None:
        """Write operations and errors after the response, if any."""
        if len(self.operations) > self._written_count or errors:
            elapsed = duration(perf_counter() - self._ended)
            self._log.terminal.line(StyledText(f"{INDENT}after the response, in {elapsed}:", "dim"))
            self._write_operations()
        self._log.exceptions(errors)

    def _write_operations(self) -> None:
        terminal = self._log.terminal
        new = self.operations[self._written_count :]
        self._written_count = len(self.operations)
        for line in operation_lines(new, terminal.columns(), terminal.glyphs):
            terminal.line(*line)


class _LogHandler(logging.Handler):
    """Passes log records of the Worker to the log."""

    def __init__(self, log: Log) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record. An exception may belong to a request, so it is deferred."""
        if record.exc_info and record.exc_info[1] is not None:
            self._log.defer_exception(record.exc_info[1])
            return
        level = record.levelno
        style = next((style for least, style in LEVEL_STYLES if level >= least), "dim")
        self._log.worker_output(record.getMessage(), style)
