"""Tracebacks for the author of a Worker: without frames of libraries."""

from collections.abc import Callable
from pathlib import Path
from traceback import FrameSummary, StackSummary, TracebackException

PACKAGE = str(Path(__file__).parents[2])
"""The directory of pykvbinding, whose frames are omitted."""

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>{title}</title>
<style>
:root {{ color-scheme: light dark; font-family: system-ui, sans-serif; }}
body {{ margin: 3rem auto; max-width: 60rem; padding: 0 1.5rem; line-height: 1.5; }}
h1 {{ font-size: 1.25rem; }}
pre {{ overflow-x: auto; padding: 1rem; border-radius: .5rem; background: #8882; }}
p {{ opacity: .7; }}
</style>
<h1>{title}</h1>
<pre>{traceback}</pre>
<p>{note}</p>
</html>
"""


def filter_traceback(
    error: BaseException,
    is_user_file: Callable[[str], bool],
    format_path: Callable[[str], str] = str,
) -> str:
    """Return the traceback of `error` and of its causes, with the frames of the user's files.

    Without such a frame, the last one is kept, unless it belongs to this library or to the import
    system. `format_path` formats paths.
    """
    exception = TracebackException.from_exception(error)
    _filter(exception, is_user_file, format_path)
    return "".join(exception.format())


def summary(error: BaseException) -> str:
    """Return the last line of a traceback: the exception and its message."""
    return "".join(TracebackException.from_exception(error).format_exception_only()).strip()


def error_page(title: str, traceback: str, note: str) -> str:
    """Return an HTML page that shows an exception."""
    from html import escape  # imported here: it loads a table of entities

    return PAGE.format(title=escape(title), traceback=escape(traceback), note=escape(note))


def _filter(
    exception: TracebackException,
    is_user_file: Callable[[str], bool],
    format_path: Callable[[str], str],
) -> None:
    kept: list[FrameSummary] = [frame for frame in exception.stack if is_user_file(frame.filename)]
    if not kept:
        kept = [frame for frame in exception.stack[-1:] if not _is_internal(frame.filename)]
    for frame in kept:
        frame.line  # noqa: B018 -- reads the line while the path is valid
        frame.filename = format_path(frame.filename)
    exception.stack = StackSummary.from_list(kept)
    others = [exception.__cause__, exception.__context__, *(exception.exceptions or ())]
    for other in others:
        if other is not None:
            _filter(other, is_user_file, format_path)


def _is_internal(filename: str) -> bool:
    return filename.startswith(("<frozen ", PACKAGE))
