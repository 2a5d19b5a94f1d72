"""`lazy_exports`: imports the public names of a package on first access (PEP 562)."""

import sys
from collections.abc import Callable, Mapping
from typing import Any


def lazy_exports(
    package: str, exports: Mapping[str, str]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return `__getattr__` and `__dir__` for a package whose names are defined in other modules.

    `exports` maps each module, relative to `pykvbinding`, to the names that it defines, separated
    by spaces. A program that uses one name imports only the modules which that name needs.

    `__getattr__` raises AttributeError for an unknown name, "module 'pykvbinding' has no attribute
    'KV'", and ModuleNotFoundError, with a note that names the extra, if Hypothesis is missing.
    """
    modules = {name: module for module, names in exports.items() for name in names.split()}

    def find(name: str) -> Any:
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        from importlib import import_module

        try:
            module = import_module(f"pykvbinding.{modules[name]}")
        except ModuleNotFoundError as error:
            if error.name == "hypothesis":
                error.add_note("Install the extra `testing`: pip install 'pykvbinding[testing]'")
            raise
        value = getattr(module, name)
        setattr(sys.modules[package], name, value)
        return value

    def names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *modules})

    return find, names
