"""The `pyodide` package of Python Workers, as far as handlers use it."""

__version__ = "0.28.2"
"""The Pyodide version of the runtime for Python 3.13 (default from 2025-09-29)."""

__all__ = ["__version__", "code", "ffi", "http", "webloop"]
