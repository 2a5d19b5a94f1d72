"""The layers of the package: which package may import which, and no import circle."""

from collections.abc import Iterator

import pytest

from tests.meta.imports import GRAPH, MODULES, PACKAGE

MAX_MODULES = 20

# Each package, and the packages and top-level modules that it may import, type-only imports
# included. A package that is not named as `a.b` is reached through `a`.
LAYERS = {
    "errors": "",
    "choices": "",
    "clock": "",
    "_lazy": "",
    "limits": "",
    "usage_warnings": "errors",
    "_text": "",
    "storage": "errors limits clock",
    "js.core": "errors",
    "js.types": "errors js.core",
    "js.streams": "errors js.core js.types",
    "js.url": "errors js.core js.types",
    "js.fetch": "errors js.core js.types js.streams js.url",
    "js.globals": "errors js.core js.types",
    "kv.result_types": "js.core",
    "types": "_lazy js.core js.streams kv.result_types",  # all but _lazy are type-only imports
    "middleware": "errors limits choices clock storage _text",
    "kv": (
        "errors limits clock usage_warnings storage middleware js.core js.streams "
        "kv.result_types types"
    ),
    "edge": "errors choices clock storage middleware",
    "wrangler": "usage_warnings js.core",
    "account": "limits choices clock storage kv middleware",
    "env": "limits clock account wrangler",
    "sim": "errors clock storage _lazy",
    "sim.run": "errors choices clock storage kv middleware edge env sim",
    "sim.render": "_text clock kv edge sim",
    "sim.check": "_text clock storage sim",
    "sim.shrink": "sim sim.run sim.render",
    "sim.explore": "choices clock sim sim.run sim.shrink sim.render",
    "network.network": "storage kv middleware edge account env",
    "network": (
        "limits clock storage kv middleware edge account env network.network "
        "sim sim.run sim.check sim.render"
    ),
    "workers": "errors js.core js.types js.streams js.fetch js.globals",
    "workers.bindings": "errors clock js.core js.types js.fetch workers",
    "workers.pyodide": "errors js.core js.types js.fetch",
    "workers.runtime": (
        "limits clock usage_warnings js.core js.url js.fetch kv edge wrangler account env "
        "network network.network sim.run workers workers.bindings"
    ),
    "server": "errors _text",
    "server.dev": (
        "_text errors limits clock storage js.core js.streams js.url js.fetch kv middleware edge "
        "wrangler account env network.network workers workers.bindings workers.runtime server"
    ),
    "cli": "server server.dev",
    "__main__": "cli",
    "testing": (
        "errors limits clock usage_warnings storage js.core kv middleware wrangler "
        "account env sim.run sim.shrink network workers workers.runtime types"
    ),
}

# The `__init__` of these packages offers the public names of deeper packages, lazily.
FACADES = {"", "js", "sim", "testing", "workers"}


def layer_of(module: str) -> str:
    """The longest prefix of `module` that is a layer."""
    parts = module.split(".")
    prefixes = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next(prefix for prefix in prefixes if prefix in LAYERS)


@pytest.mark.parametrize("module", sorted(set(MODULES) - FACADES))
def test_imports_only_lower_layers(module: str) -> None:
    layer = layer_of(module)
    allowed = {layer, *LAYERS[layer].split()}

    forbidden = {name for name in GRAPH[module] - FACADES if layer_of(name) not in allowed}

    assert forbidden == set()


def circles() -> Iterator[list[str]]:
    """Every import circle, as the path from a module back to itself."""
    done: set[str] = set()

    def visit(module: str, path: list[str]) -> Iterator[list[str]]:
        if module in path:
            yield [*path[path.index(module) :], module]
        elif module not in done:
            for imported in sorted(GRAPH[module]):
                yield from visit(imported, [*path, module])
            done.add(module)

    for module in sorted(set(GRAPH) - FACADES):
        yield from visit(module, [])


def test_no_module_imports_itself_in_a_circle() -> None:
    assert list(circles()) == []


def test_layers_are_listed_after_the_layers_they_import() -> None:
    listed: set[str] = set()
    for layer, allowed in LAYERS.items():
        assert set(allowed.split()) <= listed, layer
        listed.add(layer)


def test_no_package_has_too_many_modules() -> None:
    folders = {path.parent for path in PACKAGE.rglob("*.py")}
    too_large = [folder.name for folder in folders if len(list(folder.glob("*.py"))) > MAX_MODULES]

    assert too_large == []
