"""`pyodide.webloop`: names that code may test for; the event loop here is that of the test."""

from typing import Any

from pykvbinding.workers import errors as refusals

__all__ = ["WebLoop", "WebLoopPolicy"]


class WebLoop:
    """Pyodide's event loop. Raises: NotImplementedError when somebody makes one."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ARG002
        raise refusals.not_emulated("pyodide.webloop.WebLoop", "the event loop of the test runs")


class WebLoopPolicy:
    """Pyodide's policy. Raises: NotImplementedError when somebody makes one."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ARG002
        raise refusals.not_emulated("pyodide.webloop.WebLoopPolicy", "asyncio has its own")
