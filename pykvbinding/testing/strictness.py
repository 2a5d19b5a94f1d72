"""Strict mode: collects usage warnings and never-awaited operations during a test.

Python reports both as warnings. They are recorded here regardless of the suite's warning filters;
all other warnings are passed on. A warning that the test itself catches (`pytest.warns`,
`recwarn`) is not recorded.
"""

import gc
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from inspect import iscoroutine
from pathlib import Path
from typing import Any

from pykvbinding.errors import KVUsageWarning
from pykvbinding.kv.binding import KVNamespace
from pykvbinding.kv.namespace import Namespace
from pykvbinding.kv.options import ABSENT
from pykvbinding.testing.marker import UNAWAITED

UNAWAITED_TEXT = rf"coroutine '{KVNamespace.__name__}\."
"""Start of Python's warning about a never-awaited operation."""

MAX_ARGUMENT_LENGTH = 40
"""Number of characters of an argument that a finding shows."""


@dataclass(frozen=True, slots=True)
class StrictnessFinding:
    """A misuse found in a test: its kind (as in `allow=`), its line and its text."""

    kind: str
    location: str
    text: str


class StrictnessMonitor:
    """Records findings until they are drained.

    `is_foreign` returns whether a namespace belongs to an earlier test; its operations may be
    garbage-collected, and so reported, during a later test.
    """

    def __init__(self, root: Path, is_foreign: Callable[[Namespace], bool]) -> None:
        self._root = root
        self._is_foreign = is_foreign
        self._warnings: list[warnings.WarningMessage] = []
        self._others: list[warnings.WarningMessage] = []
        self._gen1_collections = 0

    @contextmanager
    def monitoring(self) -> Iterator[None]:
        """Record findings; at the end, pass on all other warnings."""
        depth = sys.get_coroutine_origin_tracking_depth()
        self._gen1_collections = _count_gen1_collections()
        try:
            with warnings.catch_warnings(record=True) as recorded:
                warnings.filterwarnings("always", category=KVUsageWarning)
                warnings.filterwarnings("always", UNAWAITED_TEXT, RuntimeWarning)
                # Python then records the line of each call.
                sys.set_coroutine_origin_tracking_depth(max(depth, 1))
                self._warnings = recorded
                yield
                self.drain()
        finally:
            sys.set_coroutine_origin_tracking_depth(depth)
            self._pass_on()

    def release_last_traceback(self) -> None:
        """Release the traceback of the last failed test, and the operations that it keeps alive.

        pytest releases it during the next test, to which its never-awaited operations would be
        attributed.
        """
        if hasattr(sys, "last_value"):
            for name in ("last_exc", "last_type", "last_value", "last_traceback"):
                vars(sys).pop(name, None)
            gc.collect()
            self.drain()

    def collect_garbage(self, *, thorough: bool) -> None:
        """Collect operations in reference cycles. Runtime complexity: O(recently created objects).

        The collection covers all objects only if `thorough` is set and an automatic collection
        during the test may have moved some of its objects to the oldest generation.
        """
        has_promoted = _count_gen1_collections() > self._gen1_collections
        gc.collect(2 if thorough and has_promoted else 1)
        self._gen1_collections = _count_gen1_collections()  # the explicit collection counts too

    def drain(self) -> list[StrictnessFinding]:
        """Return the recorded findings in order, without duplicates, and forget them."""
        recorded, self._warnings[:] = list(self._warnings), []
        findings: list[StrictnessFinding] = []
        for message in recorded:
            operation = _unawaited_operation(message)
            if isinstance(message.message, KVUsageWarning):
                location = self._location(message.filename, message.lineno)
                findings.append(
                    StrictnessFinding(message.message.kind, location, str(message.message))
                )
            elif operation is None:
                self._others.append(message)
            elif not self._is_foreign(_locals(operation)["self"].namespace):
                origin = operation.cr_origin or ((message.filename, message.lineno, ""),)
                location = self._location(origin[0][0], origin[0][1])
                findings.append(StrictnessFinding(UNAWAITED, location, _format_call(operation)))
        return list(dict.fromkeys(findings))

    def _pass_on(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("always")  # the original filter has already accepted it
            for warning in self._others:
                warnings.warn_explicit(
                    message=warning.message,
                    category=warning.category,
                    filename=warning.filename,
                    lineno=warning.lineno,
                    source=warning.source,
                )
        self._others.clear()

    def _location(self, filename: str, line: int) -> str:
        path = Path(filename)
        relative = path.relative_to(self._root) if path.is_relative_to(self._root) else path
        return f"{relative}:{line}"


def _unawaited_operation(message: warnings.WarningMessage) -> Any:
    """Return the never-awaited operation that a warning reports, or `None`."""
    source = message.source
    if message.category is not RuntimeWarning or not iscoroutine(source):
        return None
    return source if isinstance(_locals(source).get("self"), KVNamespace) else None


def _locals(operation: Any) -> dict[str, Any]:
    """Return the arguments of an operation that has not started."""
    return {} if operation.cr_frame is None else dict(operation.cr_frame.f_locals)


def _format_call(operation: Any) -> str:
    """Return the call of an operation as code; the binding is named `kv`."""
    values = _locals(operation)
    positional = [values[name] for name in ("key", "value") if name in values]
    options = values.get("options", ABSENT)
    positional += [] if options is ABSENT else [options]
    arguments = [_truncated_repr(argument) for argument in (*positional, *values["args"])]
    arguments += [f"{name}={_truncated_repr(value)}" for name, value in values["kwargs"].items()]
    return f"kv.{operation.__name__}({', '.join(arguments)})"


def _truncated_repr(argument: object) -> str:
    text = repr(argument)
    return text if len(text) <= MAX_ARGUMENT_LENGTH else f"{text[: MAX_ARGUMENT_LENGTH - 1]}…"


def _count_gen1_collections() -> int:
    """Return the number of collections of generation 1, each of which promotes its survivors."""
    return int(gc.get_stats()[1]["collections"])
