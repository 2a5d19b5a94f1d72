"""Log records of a Worker, and notes on exceptions raised while it is imported."""

from types import FrameType
from typing import Final

LOGGER_NAME: Final = "pykvbinding.workers"
"""The parent of the logger of `console.log`."""


def warning(text: str) -> None:
    """Log a warning of the runtime."""
    from logging import getLogger  # imported here because most invocations log nothing

    getLogger(LOGGER_NAME).warning(text)


def exception(name: str, error: BaseException) -> None:
    """Log an exception that no caller receives. Its traceback starts in the Worker's code."""
    from logging import getLogger

    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None and _is_own_frame(trace.tb_frame):
        trace = trace.tb_next
    exc_info = type(error), error, trace
    getLogger(LOGGER_NAME).error(
        "%s raised %s: %s", name, type(error).__name__, error, exc_info=exc_info
    )


def _is_own_frame(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__")).startswith("pykvbinding.workers.")


def import_note(path: object, main: str, worker: str | None) -> str:
    """Return the note on an exception raised while a Worker is imported."""
    worker_name = "the Worker" if worker is None else f"the Worker {worker!r}"
    return f"while importing {main}, {worker_name} of {path}"


def src_note() -> str:
    """Return the note on a failed import of `src.x`."""
    return (
        "The directory of the main module itself is on the module path, as on the platform: "
        "use `import x`, not `import src.x`"
    )


def legacy_handlers(path: object, since: str) -> str:
    """Return the warning about a Worker whose handlers the platform no longer calls."""
    return (
        f"{path}: from the compatibility date {since} the platform ignores on_fetch and other "
        "functions, and calls class Default(WorkerEntrypoint) only. "
        'Define it, or set "compatibility_flags": ["disable_python_no_global_handlers"]'
    )
