"""Strictness: notices usage warnings and operations that nobody awaits, while one test runs.

Python itself tells of both, as warnings. Here they are taken out of the stream of warnings,
whatever the filters of the suite do with it, and everything else is passed on. A test that looks
for a warning itself (`pytest.warns`, `recwarn`) has dealt with it, and nothing is noticed.
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
"""How Python's own warning of such an operation begins."""

LONGEST_ARGUMENT = 40
"""Characters of an argument that a finding shows."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a test should not do: its kind (as in `allow=`), its line, and what it is."""

    kind: str
    where: str
    text: str


class Watch:
    """What was noticed since it was last taken.

    `is_foreign` tells of a namespace that it belongs to another test: one that is over, whose
    operations come to light only now.
    """

    def __init__(self, root: Path, is_foreign: Callable[[Namespace], bool]) -> None:
        self._root = root
        self._is_foreign = is_foreign
        self._heard: list[warnings.WarningMessage] = []
        self._others: list[warnings.WarningMessage] = []
        self._middle_aged = 0

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Notice; at the end, pass on the warnings that are not ours."""
        depth = sys.get_coroutine_origin_tracking_depth()
        self._middle_aged = _middle_collections()
        try:
            with warnings.catch_warnings(record=True) as heard:
                warnings.filterwarnings("always", category=KVUsageWarning)
                warnings.filterwarnings("always", UNAWAITED_TEXT, RuntimeWarning)
                sys.set_coroutine_origin_tracking_depth(max(depth, 1))  # so that its line is known
                self._heard = heard
                yield
                self.take()
        finally:
            sys.set_coroutine_origin_tracking_depth(depth)
            self._pass_on()

    def forget_the_last_failure(self) -> None:
        """Drop what a failed test has left, which its traceback has held until now.

        pytest lets go of it within the next test, which would be blamed for what it did not await.
        """
        if hasattr(sys, "last_value"):
            for name in ("last_exc", "last_type", "last_value", "last_traceback"):
                vars(sys).pop(name, None)
            gc.collect()
            self.take()

    def collect(self, *, thorough: bool) -> None:
        """Bring to light what lies in cycles. Runtime complexity: O(what was made lately).

        All objects are gone through only if `thorough`, and if a collection has come in between
        that made objects of this test old.
        """
        is_aged = _middle_collections() > self._middle_aged
        gc.collect(2 if thorough and is_aged else 1)
        self._middle_aged = _middle_collections()  # this one counts as well

    def take(self) -> list[Finding]:
        """What was noticed, each once, in order."""
        heard, self._heard[:] = list(self._heard), []
        found: list[Finding] = []
        for message in heard:
            operation = _unawaited(message)
            if isinstance(message.message, KVUsageWarning):
                where = self._place(message.filename, message.lineno)
                found.append(Finding(message.message.kind, where, str(message.message)))
            elif operation is None:
                self._others.append(message)
            elif not self._is_foreign(_locals(operation)["self"].namespace):
                origin = operation.cr_origin or ((message.filename, message.lineno, ""),)
                where = self._place(origin[0][0], origin[0][1])
                found.append(Finding(UNAWAITED, where, _call(operation)))
        return list(dict.fromkeys(found))

    def _pass_on(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("always")  # its filter has let it through once
            for other in self._others:
                warnings.warn_explicit(
                    message=other.message,
                    category=other.category,
                    filename=other.filename,
                    lineno=other.lineno,
                    source=other.source,
                )
        self._others.clear()

    def _place(self, filename: str, line: int) -> str:
        path = Path(filename)
        shown = path.relative_to(self._root) if path.is_relative_to(self._root) else path
        return f"{shown}:{line}"


def _unawaited(message: warnings.WarningMessage) -> Any:
    """The operation that was never awaited, if that is what a warning says."""
    source = message.source
    if message.category is not RuntimeWarning or not iscoroutine(source):
        return None
    return source if isinstance(_locals(source).get("self"), KVNamespace) else None


def _locals(operation: Any) -> dict[str, Any]:
    """The arguments of an operation that has not begun."""
    return {} if operation.cr_frame is None else dict(operation.cr_frame.f_locals)


def _call(operation: Any) -> str:
    """An operation as it was called, with what it was called on as `kv`."""
    given = _locals(operation)
    positional = [given[name] for name in ("key", "value") if name in given]
    options = given.get("options", ABSENT)
    positional += [] if options is ABSENT else [options]
    arguments = [_short(argument) for argument in (*positional, *given["args"])]
    arguments += [f"{name}={_short(value)}" for name, value in given["kwargs"].items()]
    return f"kv.{operation.__name__}({', '.join(arguments)})"


def _short(argument: object) -> str:
    shown = repr(argument)
    return shown if len(shown) <= LONGEST_ARGUMENT else f"{shown[: LONGEST_ARGUMENT - 1]}…"


def _middle_collections() -> int:
    """How often objects of middle age have become old."""
    return int(gc.get_stats()[1]["collections"])
