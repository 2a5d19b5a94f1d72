"""Context of one test run: the networks that it creates, and its schedule texts.

A seed or a text does not know in which run of a test it is used. So whoever runs the test records
the networks that the run creates, and checks at its end that every token of their texts was
reached.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

from pykvbinding.sim.errors import ScheduleMismatch
from pykvbinding.sim.run.schedulers import Spoken, Watcher

EVER = sys.maxsize
"""More invocations than any test starts."""


class Director:
    """The networks of one run of a test.

    `stage` is the stage of the last network with a seed, `drawn` that of the last network whose
    schedule Hypothesis draws. Texts are not checked after a rehearsal.
    """

    def __init__(self, *, is_rehearsal: bool = False) -> None:
        self.is_rehearsal = is_rehearsal
        self.stage: Any = None
        self.drawn: Any = None
        self._texts: list[tuple[Any, Spoken]] = []

    def opened(self, stage: Any) -> None:
        """A network has been made."""
        if stage.seed is not None:
            self.stage = stage
        elif isinstance(stage.simulation.driver, Watcher):
            self.drawn = stage

    def follow(self, stage: Any, text: Spoken) -> None:
        """Remember to ask at the end whether a text has been said."""
        self._texts = [each for each in self._texts if not each[1].is_said]
        self._texts.append((stage, text))

    def check_texts(self) -> None:
        """Refuse texts of which something was never reached: the test is over.

        Raises: ScheduleMismatch.
        """
        __tracebackhide__ = True
        for stage, text in self._texts:
            check_text(stage, text)


DIRECTOR: ContextVar[Director | None] = ContextVar("pykvbinding_director", default=None)


@contextmanager
def directed(director: Director) -> Iterator[Director]:
    """Where a test runs under a director."""
    before = DIRECTOR.set(director)
    try:
        yield director
    finally:
        DIRECTOR.reset(before)


def announce(stage: Any) -> None:
    """Tell whoever runs the test of a network that has been made."""
    director = DIRECTOR.get()
    if director is not None:
        director.opened(stage)
    text = stage.simulation.driver
    if not isinstance(text, Spoken) or text.is_said:
        return
    if director is not None and director.is_rehearsal:
        return
    if not _at_end_of_example(partial(check_text, stage, text)) and director is not None:
        director.follow(stage, text)


def check_text(stage: Any, text: Spoken) -> None:
    """Refuse a text of which something was never reached, unless its run was given up.

    Raises: ScheduleMismatch.
    """
    __tracebackhide__ = True
    if text.is_refused or stage.simulation.is_closed:
        return
    try:
        text.check_end(EVER)
    except ScheduleMismatch as error:
        error.add_note(f'The test is over; its schedule was "{text}".')
        raise


def _at_end_of_example(check: Callable[[], None]) -> bool:
    """Have Hypothesis check something when the example has passed, if it runs one."""
    control = sys.modules.get("hypothesis.control")
    if control is None or not control.currently_in_test_context():
        return False
    control.cleanup(partial(_unless_failed, check))
    return True


def _unless_failed(check: Callable[[], None]) -> None:
    """Check, but not what an error has cut short."""
    if sys.exc_info()[1] is None:
        check()
