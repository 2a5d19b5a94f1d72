"""`pyodide.webloop`: placeholders. The event loop is that of the test."""

from typing import Any

__all__ = ["WebLoop", "WebLoopPolicy"]


class WebLoop:
    """Pyodide's event loop. Raises: NotImplementedError when constructed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        raise NotImplementedError(
            "pyodide.webloop.WebLoop is not emulated by pykvbinding; the event loop of the test "
            "runs"
        )


class WebLoopPolicy:
    """Pyodide's event loop policy. Raises: NotImplementedError when constructed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        raise NotImplementedError(
            "pyodide.webloop.WebLoopPolicy is not emulated by pykvbinding; asyncio has its own"
        )
