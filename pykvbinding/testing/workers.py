"""`kv_workers`: install the modules that Python Workers import, for a whole pytest run."""

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
    """An installation that lasts until the pytest run ends.

    The directory of the Worker's `main` is on the module path, as on the platform.

    Raises: pytest.UsageError if the SDK is not installed.
    """

    def __init__(self, config: pytest.Config) -> None:
        try:
            self._installation = install()
        except ModuleNotFoundError as error:
            raise pytest.UsageError(str(error)) from None
        wrangler = _read_config(wrangler_file(config))
        import_time_env.set(None if wrangler is None else _make_env(wrangler))
        self._directory = None
        if wrangler is not None and wrangler.main is not None:
            directory = str(Path(wrangler.main).parent)
            add_worker_directory(directory)
            if directory not in sys.path:
                sys.path.insert(0, directory)
                self._directory = directory

    def close(self) -> None:
        """Undo the installation."""
        if self._directory is not None:
            with suppress(ValueError):  # a test removed it
                sys.path.remove(self._directory)
        import_time_env.set(None)
        self._installation.uninstall()


def _read_config(file: Path | None) -> WranglerConfig | None:
    """Read the wrangler file. An invalid file is reported by the first test that needs it."""
    if file is None:
        return None
    with warnings.catch_warnings(), suppress(OSError, ValueError):
        warnings.simplefilter("ignore", KVUsageWarning)
        return read_wrangler(file)
    return None


def _make_env(config: WranglerConfig) -> Env:
    """Return the env for modules that a test imports: variables and placeholders of bindings."""
    names = [namespace.binding for namespace in config.kv_namespaces]
    names += [binding.name for binding in config.other_bindings]
    bindings: dict[str, Any] = {name: SimpleNamespace() for name in names}
    for durable_object in config.durable_objects:
        bindings[durable_object.name] = _placeholder("DurableObjectNamespace")
    for producer in config.queues:
        bindings[producer.binding] = _placeholder("WorkerQueue")
    return Env(**bindings, **config.vars)


def _placeholder(name: str) -> SimpleNamespace:
    """Return an object that the SDK wraps by the name of its class."""
    return SimpleNamespace(constructor=Constructor(name))
