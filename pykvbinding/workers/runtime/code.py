"""The code of a Worker: its imported main module or its class, with the entrypoints."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, TypeAlias

from pykvbinding import usage_warnings as usage
from pykvbinding.workers import errors, log
from pykvbinding.workers.install import import_workers
from pykvbinding.workers.runtime.entrypoints import Entrypoints
from pykvbinding.workers.runtime.module_loader import ModuleLoader
from pykvbinding.wrangler.config import AnyPath, WranglerConfig, check_python, read_wrangler

if TYPE_CHECKING:
    from pykvbinding.env import Env

WorkerSource: TypeAlias = AnyPath | ModuleType | type[Any]

NO_GLOBAL_HANDLERS = "python_no_global_handlers"
CLASSES_SINCE = "2025-08-14"
"""The compatibility date from which `on_fetch` of a module is ignored by default."""


class WorkerCode:
    """The code that `Worker.load` received: the main module of a file, a module, or a class."""

    def __init__(
        self,
        entrypoints: Entrypoints,
        name: str,
        config: WranglerConfig | None = None,
        modules: ModuleLoader | None = None,
    ) -> None:
        self.entrypoints: Entrypoints = entrypoints
        self.name = name
        self.config = config
        self._modules = modules
        self._warned: set[str] = set()

    @property
    def has_name_conflicts(self) -> bool:
        """True if the modules are in `sys.modules` only while the Worker runs."""
        return self._modules is not None and self._modules.has_name_conflicts

    def activated(self) -> AbstractContextManager[None]:
        """Return a context manager that puts the modules of the Worker into `sys.modules`."""
        return nullcontext() if self._modules is None else self._modules.activated()

    def reload(self) -> None:
        """Import the code again.

        Raises: the exception of the import; TypeError for a module or a class.
        """
        if self.config is None or self._modules is None:
            raise TypeError(
                "reload() needs a Worker of a file; for a class, call Worker.load(cls) again"
            )
        self.entrypoints = _import_main(self.config, self._modules, self._modules.reload)

    def warn_of_arity(self, name: str, count: int) -> None:
        """Warn once that the platform passes more arguments than a handler accepts."""
        if name not in self._warned:
            self._warned.add(name)
            usage.warn(usage.handler_arguments(name, count), "handler-arguments")

    def to_simulated_handler(
        self, run: Callable[["Env"], Awaitable[Any]], name: str
    ) -> Callable[["Env"], Awaitable[Any]]:
        """Return `run` as a function called `name` whose globals are those of the Worker's module.

        A simulation replaces clocks and random generators in the globals of its handlers.
        """

        async def handler(env: "Env") -> Any:
            return await run(env)  # uses no globals of this module

        module = self.entrypoints.module
        names = globals() if module is None else vars(module)
        return FunctionType(handler.__code__, names, name, closure=handler.__closure__)


def load_config(source: WorkerSource, environment: str | None) -> WranglerConfig | None:
    """Return the wrangler file of `source`, or None for a module or a class.

    Raises: as `Worker.load`.
    """
    if isinstance(source, ModuleType | type):
        if environment is not None:
            raise TypeError(
                f"Worker.load(…, env={environment!r}): the name of an environment needs a wrangler "
                "file; with a module or a class, pass an Env"
            )
        return None
    try:
        path = Path(source)
    except TypeError:
        raise _not_a_worker(source) from None
    config = read_wrangler(path, env=environment)
    check_python(config)
    return config


def load_code(source: WorkerSource, config: WranglerConfig | None) -> WorkerCode:
    """Return the code of a wrangler file, of a module or of a class.

    Raises: as `Worker.load`.
    """
    if isinstance(source, ModuleType | type):
        return _from_object(source)
    assert config is not None
    modules = ModuleLoader(_main_file(config))
    entrypoints = _import_main(config, modules, modules.load)
    return WorkerCode(entrypoints, config.name or modules.name, config, modules)


def _from_object(source: ModuleType | type[Any]) -> WorkerCode:
    workers = import_workers()
    if isinstance(source, ModuleType):
        entrypoints = Entrypoints(workers, source)
        if not entrypoints:
            raise _no_entrypoint(source.__name__)
        return WorkerCode(entrypoints, source.__name__)
    if not issubclass(source, workers.WorkerEntrypoint):
        raise _not_a_worker(source)
    import sys

    return WorkerCode(
        Entrypoints(workers, sys.modules.get(source.__module__), source), source.__name__
    )


def _not_a_worker(source: object) -> TypeError:
    return TypeError(
        f"Worker.load({source!r}): expected a wrangler file, its directory, a module, or a "
        "subclass of WorkerEntrypoint"
    )


def _no_entrypoint(where: str) -> ValueError:
    return ValueError(
        f"{where} has no entrypoint: neither a class Default(WorkerEntrypoint) nor a function "
        "on_fetch. Add class Default(WorkerEntrypoint): async def fetch(self, request): ..."
    )


def _main_file(config: WranglerConfig) -> Path:
    """Return the file of the main module.

    Raises: ValueError if there is no `main`, or if it is not Python; FileNotFoundError.
    """
    path = _display_path(config.path)
    if config.main is None:
        raise ValueError(f'{path} has no "main". Add "main": "src/entry.py"')
    main = Path(config.main)
    if main.suffix != ".py":
        raise ValueError(
            f'{path}: "main" is {_display_path(main)}; pykvbinding runs Python Workers only, so it '
            "must end in .py"
        )
    if not main.is_file():
        raise errors.main_missing(path, _display_path(main))
    return main


def _display_path(path: Path) -> str:
    """Return the path relative to the current directory, if it is inside of it."""
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _import_main(
    config: WranglerConfig, modules: ModuleLoader, load: Callable[[], ModuleType]
) -> Entrypoints:
    workers = import_workers()
    is_legacy = not _has_classes(config)
    imported = modules.find() if load == modules.load else None
    if imported is not None:
        entrypoints = Entrypoints(workers, imported, is_legacy=is_legacy)
        if entrypoints:  # else its classes belong to an earlier installation
            return entrypoints
        load = modules.reload
    try:
        module = load()
    except Exception as error:
        error.add_note(
            log.import_note(_display_path(config.path), _display_path(modules.main), config.name)
        )
        if isinstance(error, ModuleNotFoundError) and (error.name or "").startswith("src"):
            error.add_note(log.src_note())
        raise
    entrypoints = Entrypoints(workers, module, is_legacy=is_legacy)
    if not entrypoints:
        raise _no_entrypoint(_display_path(modules.main))
    if entrypoints.default is None and not is_legacy:
        log.warning(log.legacy_handlers(_display_path(config.path), CLASSES_SINCE))
    return entrypoints


def _has_classes(config: WranglerConfig) -> bool:
    """Return whether the platform uses classes only, by flag or by date."""
    flags = config.compatibility_flags
    if f"disable_{NO_GLOBAL_HANDLERS}" in flags:
        return False
    return (
        NO_GLOBAL_HANDLERS in flags or (config.compatibility_date or CLASSES_SINCE) >= CLASSES_SINCE
    )
