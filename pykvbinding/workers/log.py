"""Log lines of a Worker, and the notes on exceptions of its import."""

from types import FrameType
from typing import Final

LOGGER_NAME: Final = "pykvbinding.workers"
"""The logger of `console.log` is a child of this one."""


def warning(text: str) -> None:
    """Log what the runtime warns of."""
    from logging import getLogger  # not at the top: most invocations have nothing to say

    getLogger(LOGGER_NAME).warning(text)


def exception(what: str, error: BaseException) -> None:
    """Log an exception that nobody else sees, with its traceback from the Worker's code on."""
    from logging import getLogger

    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None and _is_ours(trace.tb_frame):
        trace = trace.tb_next
    shown = type(error), error, trace
    getLogger(LOGGER_NAME).error(
        "%s raised %s: %s", what, type(error).__name__, error, exc_info=shown
    )


def _is_ours(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__")).startswith("pykvbinding.workers.")


def import_note(path: object, main: str, worker: str | None) -> str:
    """The note on an exception that the import of a Worker raises."""
    named = "the Worker" if worker is None else f"the Worker {worker!r}"
    return f"while pykvbinding imported {main}, which is {named} of {path}"


def src_note() -> str:
    """The note on a failed import of `src.x`."""
    return (
        "The directory of the main module is on the module path itself, as on the platform: "
        "write `import x`, not `import src.x`"
    )


def legacy_handlers(path: object, since: str) -> str:
    """The warning about a Worker whose handlers the platform no longer calls."""
    return (
        f"{path}: on_fetch and its like are called up to the compatibility date {since}; after "
        "that the platform looks for class Default(WorkerEntrypoint) alone. "
        'Write one, or "compatibility_flags": ["disable_python_no_global_handlers"]'
    )
