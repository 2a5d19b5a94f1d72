"""An exception as the one who wrote the Worker wants to see it: only their own frames."""

from collections.abc import Callable
from pathlib import Path
from traceback import FrameSummary, StackSummary, TracebackException

PACKAGE = str(Path(__file__).parents[2])
"""The directory of pykvbinding, whose frames are left out."""

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


def cut_traceback(
    error: BaseException, is_ours: Callable[[str], bool], shown: Callable[[str], str] = str
) -> str:
    """The traceback of `error` and of what caused it, with the frames of files that `is_ours`.

    Where none of the frames is, the last one stays, unless it is of this library or of imports.
    `shown` says how a path is written.
    """
    exception = TracebackException.from_exception(error)
    _cut(exception, is_ours, shown)
    return "".join(exception.format())


def summary(error: BaseException) -> str:
    """The last line of a traceback: the exception and its text."""
    return "".join(TracebackException.from_exception(error).format_exception_only()).strip()


def error_page(title: str, traceback: str, note: str) -> str:
    """A page that shows an exception in a browser."""
    from html import escape  # not at the top: it brings a table of names

    return PAGE.format(title=escape(title), traceback=escape(traceback), note=escape(note))


def _cut(
    exception: TracebackException,
    is_ours: Callable[[str], bool],
    shown: Callable[[str], str],
) -> None:
    kept: list[FrameSummary] = [each for each in exception.stack if is_ours(each.filename)]
    if not kept:
        kept = [each for each in exception.stack[-1:] if not _is_inside(each.filename)]
    for frame in kept:
        frame.line  # noqa: B018 -- read while the path is the file's
        frame.filename = shown(frame.filename)
    exception.stack = StackSummary.from_list(kept)
    others = [exception.__cause__, exception.__context__, *(exception.exceptions or ())]
    for other in others:
        if other is not None:
            _cut(other, is_ours, shown)


def _is_inside(filename: str) -> bool:
    return filename.startswith(("<frozen ", PACKAGE))
