"""The imports inside the package, as a graph of modules; type-only imports are included."""

import ast
from pathlib import Path

from tests.support.paths import ROOT

PACKAGE = ROOT / "pykvbinding"


def module_name(path: Path) -> str:
    """The dotted name below the package; a package's `__init__` has the name of the package."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


MODULES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def imported_modules(path: Path) -> set[str]:
    """Modules of the package that `path` imports, wherever the import statement is."""
    imported = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            members = {f"{node.module}.{alias.name}" for alias in node.names}
            modules = {name for name in members if name.removeprefix("pykvbinding.") in MODULES}
            imported |= modules
            if modules != members:
                imported.add(node.module)
    names = {
        name.removeprefix("pykvbinding").removeprefix(".")
        for name in imported
        if name.partition(".")[0] == "pykvbinding"
    }
    return names & set(MODULES)


GRAPH = {name: imported_modules(path) - {name} for name, path in MODULES.items()}
