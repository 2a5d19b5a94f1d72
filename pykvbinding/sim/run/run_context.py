"""Context of one test run: the networks that it creates, and its schedule texts.

A seed or a text does not know in which run of a test it is used. The runner of the test therefore
records the networks that the run creates, and checks at the end that every token of their texts was
reached.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

from pykvbinding.sim.errors import ScheduleMismatch
from pykvbinding.sim.run.schedulers import NetworkObserver, ReplayScheduler

UNBOUNDED = sys.maxsize
"""More invocations than any test starts."""


class RunContext:
    """The networks of one run of a test.

    `seeded_harness` belongs to the last network with a seed, `hypothesis_harness` to the last
    network whose schedule Hypothesis draws. Texts are not checked after a silent run.
    """

    def __init__(self, *, is_silent: bool = False) -> None:
        self.is_silent = is_silent
        self.seeded_harness: Any = None
        self.hypothesis_harness: Any = None
        self._texts: list[tuple[Any, ReplayScheduler]] = []

    def on_network_created(self, harness: Any) -> None:
        """Record a new network by its harness."""
        if harness.seed is not None:
            self.seeded_harness = harness
        elif isinstance(harness.simulation.scheduler, NetworkObserver):
            self.hypothesis_harness = harness

    def track_text(self, harness: Any, text: ReplayScheduler) -> None:
        """Check the text in `check_texts_exhausted`."""
        self._texts = [entry for entry in self._texts if not entry[1].is_exhausted]
        self._texts.append((harness, text))

    def check_texts_exhausted(self) -> None:
        """Check at the end of the test that every token of every text was reached.

        Raises: ScheduleMismatch.
        """
        __tracebackhide__ = True
        for harness, text in self._texts:
            check_text_exhausted(harness, text)


CURRENT_RUN_CONTEXT: ContextVar[RunContext | None] = ContextVar(
    "pykvbinding_run_context", default=None
)


@contextmanager
def use_run_context(context: RunContext) -> Iterator[RunContext]:
    """Make `context` the current run context in the `with` block."""
    before = CURRENT_RUN_CONTEXT.set(context)
    try:
        yield context
    finally:
        CURRENT_RUN_CONTEXT.reset(before)


def register_network(harness: Any) -> None:
    """Record a new network in the current run context, and have its text checked at the end."""
    context = CURRENT_RUN_CONTEXT.get()
    if context is not None:
        context.on_network_created(harness)
    text = harness.simulation.scheduler
    if not isinstance(text, ReplayScheduler) or text.is_exhausted:
        return
    if context is not None and context.is_silent:
        return
    check = partial(check_text_exhausted, harness, text)
    if not _check_after_example(check) and context is not None:
        context.track_text(harness, text)


def check_text_exhausted(harness: Any, text: ReplayScheduler) -> None:
    """Check that every token of a text was reached, unless its run was aborted.

    Raises: ScheduleMismatch.
    """
    __tracebackhide__ = True
    if text.is_refused or harness.simulation.is_closed:
        return
    try:
        text.check_exhausted(UNBOUNDED)
    except ScheduleMismatch as error:
        error.add_note(f'The test is over; its schedule was "{text}".')
        raise


def _check_after_example(check: Callable[[], None]) -> bool:
    """Register the check with Hypothesis if it runs an example; return whether it does."""
    control = sys.modules.get("hypothesis.control")
    if control is None or not control.currently_in_test_context():
        return False
    control.cleanup(partial(_check_unless_failed, check))
    return True


def _check_unless_failed(check: Callable[[], None]) -> None:
    """Run the check, unless an error has ended the example early."""
    if sys.exc_info()[1] is None:
        check()
