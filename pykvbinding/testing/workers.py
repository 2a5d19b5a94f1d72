"""`kv_workers`: install what a Python Worker imports for a whole run of pytest."""

import sys
import warnings
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pykvbinding.env import Env
from pykvbinding.errors import KVUsageWarning
from pykvbinding.js.core.proxy import Constructor
from pykvbinding.testing.item import wrangler_file
from pykvbinding.workers.current import import_time_env
from pykvbinding.workers.install import add_worker_directory, install
from pykvbinding.wrangler.config import WranglerConfig, read_wrangler


class Runtime:
    """An installation that lasts until the run of pytest ends.

    As on the platform, the directory of the Worker's `main` is on the module path.

    Raises: pytest.UsageError if the SDK is not installed.
    """

    def __init__(self, config: pytest.Config) -> None:
        try:
            self._installation = install()
        except ModuleNotFoundError as error:
            raise pytest.UsageError(str(error)) from None
        read = _read(wrangler_file(config))
        import_time_env.set(None if read is None else _env_of(read))
        self._folder = None
        if read is not None and read.main is not None:
            folder = str(Path(read.main).parent)
            add_worker_directory(folder)
            if folder not in sys.path:
                sys.path.insert(0, folder)
                self._folder = folder

    def close(self) -> None:
        """Undo the installation."""
        if self._folder is not None:
            with suppress(ValueError):  # a test has removed it
                sys.path.remove(self._folder)
        import_time_env.set(None)
        self._installation.uninstall()


def _read(file: Path | None) -> WranglerConfig | None:
    """What the file says. If it is wrong, the test that needs it will say so."""
    if file is None:
        return None
    with warnings.catch_warnings(), suppress(OSError, ValueError):
        warnings.simplefilter("ignore", KVUsageWarning)
        return read_wrangler(file)
    return None


def _env_of(read: WranglerConfig) -> Env:
    """The env as a module sees it that a test imports: variables, and names of bindings."""
    names = [each.binding for each in read.kv_namespaces]
    names += [each.name for each in read.other_bindings]
    bindings: dict[str, Any] = {name: SimpleNamespace() for name in names}
    for each in read.durable_objects:
        bindings[each.name] = _named("DurableObjectNamespace")
    for producer in read.queues:
        bindings[producer.binding] = _named("WorkerQueue")
    return Env(**bindings, **read.vars)


def _named(name: str) -> SimpleNamespace:
    """What the SDK wraps by the name of its class."""
    return SimpleNamespace(constructor=Constructor(name))
