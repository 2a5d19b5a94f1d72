"""`install`: `js`, `pyodide` and, without the SDK, `workers` can be imported until taken back."""

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType, TracebackType
from typing import Any, Final

ROOTS: Final = frozenset(
    {
        "js",
        "pyodide",
        "_pyodide_entrypoint_helper",
        "_cloudflare_compat_flags",
        "workers",
        "asgi",
    }
)
"""The top-level names that are ours while installed, or hold what is ours, as the SDK does."""

HOMES: Final = {
    "pyodide": "pykvbinding.workers.pyodide",
    "workers": "pykvbinding.workers.standin",
    "asgi": "pykvbinding.workers.standin.asgi",
}
"""Where the content of what we publish lives; `pyodide.ffi` beside `pyodide`, and so on."""

PACKAGES: Final = frozenset({"pyodide", "workers"})

SUBMODULES: Final = frozenset(
    (
        *("asgi", "blob", "entrypoints", "formdata", "gateway", "request", "response"),
        *("rpc", "types", "utils", "workflows", "wsgi"),
    )
)
"""What our `workers` has, of the SDK's. Not `fetch`: importing it would cover the function."""


ASKED_FOR: Final = frozenset({"asgi", "gateway", "wsgi"})
"""Those that the SDK does not load by itself: `import workers; workers.asgi` fails there."""


class Installation:
    """One `install()`; leaving `with`, or `uninstall()`, takes it back, once.

    `sdk` says whether `workers` is the real SDK (True) or the stand-in's own (False).
    """

    def __init__(self, finder: "StandinFinder") -> None:
        self._finder: StandinFinder | None = finder
        self.sdk = finder.sdk

    def uninstall(self) -> None:
        """Take this installation back. A second call does nothing."""
        finder, self._finder = self._finder, None
        if finder is not None:
            finder.release()

    def __enter__(self) -> "Installation":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.uninstall()

    def __repr__(self) -> str:
        state = "taken back" if self._finder is None else "in force"
        return f"<Installation of {'js for the SDK' if self.sdk else 'js and workers'}, {state}>"


def install(*, sdk: bool | None = None) -> Installation:
    """Make a Python Worker's imports work in this interpreter, until it is taken back.

    `js`, `pyodide` and `_pyodide_entrypoint_helper` are ours. `workers` is the real SDK where
    `workers-runtime-sdk` is importable, else our own of the same names: `sdk=True` insists on the
    SDK, `sdk=False` on ours. Installations are counted; inner ones take what is in force. After
    the last is taken back, `sys.modules` and `sys.meta_path` are as they were before the first.

    >>> with install(sdk=False):
    ...     from workers import Response
    ...     Response("hello").status
    200

    Raises: ModuleNotFoundError for `sdk=True` where there is none; ValueError if the other kind of
    `workers` is in force.
    """
    finder = _in_force()
    if finder is None:
        finder = StandinFinder(sdk=sdk)
    elif sdk is not None and sdk is not finder.sdk:
        from pykvbinding.workers import errors as refusals

        raise refusals.other_installation(sdk=sdk)
    finder.count += 1
    return Installation(finder)


def uninstall() -> None:
    """Take the last `install()` back.

    Raises: RuntimeError, "uninstall() without install(): …"
    """
    finder = _in_force()
    if finder is None:
        from pykvbinding.workers import errors as refusals

        raise refusals.not_installed("uninstall()")
    finder.release()


def installed() -> bool:
    """Whether an installation is in force."""
    return _in_force() is not None


def on_uninstall(callback: Callable[[], None]) -> None:
    """Call `callback` when the last installation has been taken back.

    Raises: RuntimeError, "on_uninstall() without install(): …"
    """
    finder = _in_force()
    if finder is None:
        from pykvbinding.workers import errors as refusals

        raise refusals.not_installed("on_uninstall()")
    finder.callbacks.append(callback)


def import_workers() -> ModuleType:
    """The `workers` module in force, the SDK's or ours.

    Raises: RuntimeError, "import_workers() without install(): …"
    """
    if _in_force() is None:
        from pykvbinding.workers import errors as refusals

        raise refusals.not_installed("import_workers()")
    return import_module("workers")


def _in_force() -> "StandinFinder | None":
    """The finder that is installed: it stands in `sys.meta_path`, and nowhere else."""
    return next((finder for finder in sys.meta_path if isinstance(finder, StandinFinder)), None)


_ABOUT = ("__all__", "__doc__", "__version__")


class StandinFinder:
    """Finds what we publish; first in `sys.meta_path`, so that a host `pyodide-py` is covered."""

    def __init__(self, *, sdk: bool | None) -> None:
        self.count = 0
        self.callbacks: list[Callable[[], None]] = []
        self._aside = _take_out()
        try:
            self.sdk = _sdk_is_importable() if sdk is not False else False
            if sdk and not self.sdk:
                from pykvbinding.workers import errors as refusals

                raise refusals.sdk_missing()
        except BaseException:
            sys.modules.update(self._aside)
            raise
        self._ours = ROOTS - {"workers", "asgi"} if self.sdk else ROOTS
        sys.meta_path.insert(0, self)

    def release(self) -> None:
        """Forget one installation; with the last, all that was imported, and step aside."""
        self.count -= 1
        if self.count == 0:
            sys.meta_path.remove(self)
            _take_out()
            sys.modules.update(self._aside)
            for callback in self.callbacks:
                callback()

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,  # noqa: ARG002 -- the protocol's
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        """The spec of a module that we publish.

        Raises: ModuleNotFoundError for a submodule that is not emulated.
        """
        root, _, inner = fullname.partition(".")
        if root not in self._ours or (root == "asgi" and PathFinder.find_spec(root) is not None):
            return None
        if inner and not _is_published(root, inner):
            from pykvbinding.workers import errors as refusals

            raise refusals.module_not_emulated(fullname)
        is_package = root in PACKAGES and not inner
        loader: Any = _Loader(root, inner)  # not an importlib.abc.Loader, which takes 8 ms to load
        return ModuleSpec(fullname, loader, origin="pykvbinding", is_package=is_package)


class _Loader:
    """Makes a new module of one that lives in this package."""

    def __init__(self, root: str, inner: str) -> None:
        self._root = root
        self._inner = inner

    def create_module(self, spec: ModuleSpec) -> Any:  # noqa: ARG002 -- the protocol's
        if self._root == "js":
            from pykvbinding.js.globals.module import make_js

            return make_js()
        return None

    def exec_module(self, module: ModuleType) -> None:
        if self._root in HOMES:
            home = HOMES[self._root]
            publish(import_module(f"{home}.{self._inner}" if self._inner else home), module)
        elif self._root != "js":
            from pykvbinding.workers import runtime_modules as entry_helper

            vars(module).update(entry_helper.CONTENT[self._root]())


def publish(home: ModuleType, module: ModuleType) -> None:
    """Give `module` the public names of `home`, and ask `home` for those that it makes later."""
    content = vars(home)
    own = vars(module)
    wanted = content.get("__all__") or [name for name in content if not name.startswith("_")]
    for name in (*_ABOUT, *wanted):
        if name in content and not isinstance(content[name], ModuleType):
            own[name] = content[name]

    def ask(name: str) -> Any:
        if name not in ASKED_FOR and _is_published(module.__name__, name):
            return import_module(f"{module.__name__}.{name}")
        if "__getattr__" not in content:
            from pykvbinding.workers import errors as refusals

            raise refusals.no_attribute(module.__name__, name)
        value = content["__getattr__"](name)
        if name in content:  # it will stay the same
            own[name] = value
        return value

    own["__getattr__"] = ask
    own["__dir__"] = lambda: sorted({*own, *content.get("__all__", ())})


def _is_published(root: str, inner: str) -> bool:
    """Whether we have `root.inner`."""
    if root == "workers":
        return inner in SUBMODULES
    if root != "pyodide":
        return False
    return PathFinder.find_spec(inner, import_module(HOMES[root]).__path__) is not None


def _take_out() -> dict[str, ModuleType]:
    """Take the modules of our roots out of `sys.modules`."""
    names = [name for name in sys.modules if name.partition(".")[0] in ROOTS]
    return {name: sys.modules.pop(name) for name in names}


def _sdk_is_importable() -> bool:
    """Whether `import workers` would find the SDK, and not somebody's own package of that name."""
    from importlib.util import find_spec

    spec = find_spec("workers")
    folders = None if spec is None else spec.submodule_search_locations
    return folders is not None and PathFinder.find_spec("rpc", folders) is not None
