"""`lazily`: names of a package that are imported when they are first asked for."""

import sys
from collections.abc import Callable, Mapping
from typing import Any


def lazily(
    package: str, homes: Mapping[str, str]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """`__getattr__` and `__dir__` of a package (PEP 562) whose names have their homes in modules.

    So a test of one namespace does not pay for a network, and a test suite that only loads the
    pytest plugin pays for nothing. `homes` gives the module of each name, from pykvbinding on.
    """

    def find(name: str) -> Any:
        if name not in homes:
            # Not at the top, so that a start pays for no texts; and of the module itself, for the
            # package would ask here for a `misuse` that it has not imported yet.
            from pykvbinding.misuse import module_lacks

            raise module_lacks(package, name)
        from importlib import import_module

        value = getattr(import_module(f"pykvbinding.{homes[name]}"), name)
        setattr(sys.modules[package], name, value)
        return value

    def names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *homes})

    return find, names
