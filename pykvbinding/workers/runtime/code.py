"""The code of a Worker: its file or class, imported, and what it offers to the platform."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, TypeAlias

from pykvbinding import usage_warnings as usage
from pykvbinding.workers import errors, log
from pykvbinding.workers.install import import_workers
from pykvbinding.workers.runtime.entrypoints import Entrypoints
from pykvbinding.workers.runtime.module_loader import Modules
from pykvbinding.wrangler.config import AnyPath, WranglerConfig, check_python, read_wrangler

if TYPE_CHECKING:
    from pykvbinding.env import Env

Source: TypeAlias = AnyPath | ModuleType | type[Any]

NO_GLOBAL_HANDLERS = "python_no_global_handlers"
CLASSES_SINCE = "2025-08-14"
"""The compatibility date from which that flag is on: `on_fetch` of a module is not looked at."""


class Code:
    """What `Worker.load` was given: the module of a file, a module, or a class."""

    def __init__(
        self,
        entrypoints: Entrypoints,
        name: str,
        config: WranglerConfig | None = None,
        modules: Modules | None = None,
    ) -> None:
        self.entrypoints: Entrypoints = entrypoints
        self.name = name
        self.config = config
        self._modules = modules
        self._warned: set[str] = set()

    @property
    def is_contested(self) -> bool:
        """Whether its modules are in `sys.modules` only while it runs."""
        return self._modules is not None and self._modules.is_contested

    def running(self) -> AbstractContextManager[None]:
        """Where it runs: its modules are in `sys.modules` there."""
        return nullcontext() if self._modules is None else self._modules.running()

    def reload(self) -> None:
        """Import it anew.

        Raises: what the import raises; TypeError for a module or a class.
        """
        if self.config is None or self._modules is None:
            raise TypeError(
                "reload() is for a Worker of a file; Worker.load(cls) again runs another class"
            )
        self.entrypoints = _import(self.config, self._modules, self._modules.reload)

    def warn_of_arity(self, name: str, takes: int) -> None:
        """Say once that the platform hands a handler more than it takes."""
        if name not in self._warned:
            self._warned.add(name)
            usage.warn(usage.handler_arguments(name, takes), "handler-arguments")

    def as_handler(
        self, run: Callable[["Env"], Awaitable[Any]], name: str
    ) -> Callable[["Env"], Awaitable[Any]]:
        """`run` as a handler of that name, whose globals are those of the Worker's module.

        A simulation makes the time and the chance that a handler's globals hold its own.
        """

        async def visit(env: "Env") -> Any:
            return await run(env)  # nothing global: see above

        module = self.entrypoints.module
        names = globals() if module is None else vars(module)
        return FunctionType(visit.__code__, names, name, closure=visit.__closure__)


def config_of(source: Source, environment: str | None) -> WranglerConfig | None:
    """What the wrangler file says that `Worker.load` was given; None of a module or a class.

    Raises: as `Worker.load`.
    """
    if isinstance(source, ModuleType | type):
        if environment is not None:
            raise TypeError(
                f"Worker.load(…, env={environment!r}): the name of an environment is for a "
                "wrangler file; for a module or a class give an Env"
            )
        return None
    try:
        path = Path(source)
    except TypeError:
        raise _not_a_worker(source) from None
    config = read_wrangler(path, env=environment)
    check_python(config)
    return config


def code_of(source: Source, config: WranglerConfig | None) -> Code:
    """The code of a wrangler file, of a module or of a class.

    Raises: as `Worker.load`.
    """
    if isinstance(source, ModuleType | type):
        return _given(source)
    assert config is not None
    modules = Modules(_main_of(config))
    entrypoints = _import(config, modules, modules.load)
    return Code(entrypoints, config.name or modules.name, config, modules)


def _given(source: ModuleType | type[Any]) -> Code:
    workers = import_workers()
    if isinstance(source, ModuleType):
        entrypoints = Entrypoints(workers, source)
        if not entrypoints:
            raise _no_entrypoint(source.__name__)
        return Code(entrypoints, source.__name__)
    if not issubclass(source, workers.WorkerEntrypoint):
        raise _not_a_worker(source)
    import sys

    return Code(Entrypoints(workers, sys.modules.get(source.__module__), source), source.__name__)


def _not_a_worker(source: object) -> TypeError:
    return TypeError(
        f"Worker.load({source!r}): give a wrangler file, its directory, a module, or a class that "
        "is a WorkerEntrypoint"
    )


def _no_entrypoint(where: str) -> ValueError:
    return ValueError(
        f"{where} has no entrypoint: neither a class Default(WorkerEntrypoint) nor a function "
        "on_fetch. Write class Default(WorkerEntrypoint): async def fetch(self, request): ..."
    )


def _main_of(config: WranglerConfig) -> Path:
    """The file of the main module.

    Raises: ValueError for a file without one, or one that is not Python; FileNotFoundError.
    """
    path = _shown(config.path)
    if config.main is None:
        raise ValueError(
            f'{path} names no Worker: it has no "main". Write "main": "src/entry.py" into it'
        )
    main = Path(config.main)
    if main.suffix != ".py":
        raise ValueError(
            f'{path}: "main" is {_shown(main)}, and pykvbinding runs Python Workers only: '
            "a file ending in .py"
        )
    if not main.is_file():
        raise errors.main_missing(path, _shown(main))
    return main


def _shown(path: Path) -> str:
    """A path as a reader knows it: from the directory in which they are, if it is in there."""
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _import(
    config: WranglerConfig, modules: Modules, load: Callable[[], ModuleType]
) -> Entrypoints:
    workers = import_workers()
    is_legacy = not _has_classes(config)
    there = modules.find() if load == modules.load else None
    if there is not None:
        entrypoints = Entrypoints(workers, there, is_legacy=is_legacy)
        if entrypoints:  # else its classes are those of an earlier installation
            return entrypoints
        load = modules.reload
    try:
        module = load()
    except Exception as error:
        error.add_note(log.import_note(_shown(config.path), _shown(modules.main), config.name))
        if isinstance(error, ModuleNotFoundError) and (error.name or "").startswith("src"):
            error.add_note(log.src_note())
        raise
    entrypoints = Entrypoints(workers, module, is_legacy=is_legacy)
    if not entrypoints:
        raise _no_entrypoint(_shown(modules.main))
    if entrypoints.default is None and not is_legacy:
        log.warning(log.legacy_handlers(_shown(config.path), CLASSES_SINCE))
    return entrypoints


def _has_classes(config: WranglerConfig) -> bool:
    """Whether the platform looks for classes alone, by flag or date."""
    flags = config.compatibility_flags
    if f"disable_{NO_GLOBAL_HANDLERS}" in flags:
        return False
    return (
        NO_GLOBAL_HANDLERS in flags or (config.compatibility_date or CLASSES_SINCE) >= CLASSES_SINCE
    )
