"""The log of the runner: what the platform would show in its logs."""

from types import FrameType
from typing import Final

NAME: Final = "pykvbinding.workers"


def warning(text: str) -> None:
    """Log what the runtime warns of."""
    from logging import getLogger  # not at the top: most invocations have nothing to say

    getLogger(NAME).warning(text)


def exception(what: str, error: BaseException) -> None:
    """Log an exception that nobody else sees, with its traceback from the Worker's code on."""
    from logging import getLogger

    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None and _is_ours(trace.tb_frame):
        trace = trace.tb_next
    shown = type(error), error, trace
    getLogger(NAME).error("%s raised %s: %s", what, type(error).__name__, error, exc_info=shown)


def _is_ours(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__")).startswith("pykvbinding.workers.")
