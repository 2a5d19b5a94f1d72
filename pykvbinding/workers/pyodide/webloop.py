"""`pyodide.webloop`: names that code may look up. The event loop is the one of the test."""

from typing import Any

__all__ = ["WebLoop", "WebLoopPolicy"]


class WebLoop:
    """Pyodide's event loop. Raises: NotImplementedError for each construction."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        raise NotImplementedError(
            "pyodide.webloop.WebLoop is not emulated by pykvbinding; the event loop of the test "
            "runs"
        )


class WebLoopPolicy:
    """Pyodide's policy. Raises: NotImplementedError for each construction."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        raise NotImplementedError(
            "pyodide.webloop.WebLoopPolicy is not emulated by pykvbinding; asyncio has its own"
        )
