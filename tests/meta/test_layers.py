"""The layers of the package: which package may import which, and no import circle."""

import pytest

from tests.meta.imports import GRAPH, MODULES

# Each package, and the packages and top-level modules that it may import, type-only imports
# included. A package that is not named as `a.b` is reached through `a`.
LAYERS = {
    "errors": "",
    "choices": "",
    "misuse": "errors",
    "clock": "misuse",
    "_lazy": "misuse",
    "limits": "errors misuse",
    "usage_warnings": "errors",
    "_text": "",
    "storage": "errors limits clock misuse",
    "js.core": "errors limits",
    "js.types": "errors limits js.core",
    "js.streams": "errors js.core js.types",
    "js.url": "errors js.core js.types",
    "js.fetch": "errors js.core js.types js.streams js.url",
    "js.globals": "errors js.core js.types",
    "kv": "errors limits clock misuse usage_warnings storage js.core js.streams",
    "middleware": "errors limits choices clock misuse storage kv _text",
    "edge": "errors limits choices clock misuse storage kv middleware",
    "wrangler": "errors misuse usage_warnings js.core",
    "account": "errors limits choices clock misuse storage kv middleware",
    "env": "errors limits clock misuse kv account wrangler",
    "sim": "errors clock storage _lazy",
    "sim.run": "errors choices clock misuse storage kv middleware edge env sim",
    "sim.render": "_text errors clock storage kv edge sim",
    "sim.check": "_text errors clock misuse storage wrangler sim",
    "sim.shrink": "errors sim sim.run sim.render",
    "sim.explore": "errors choices clock sim sim.run sim.shrink sim.render",
    "network": (
        "errors limits choices clock misuse storage kv middleware edge account env "
        "sim sim.run sim.check sim.render"
    ),
    "workers": "errors limits clock _lazy js.core js.types js.streams js.url js.fetch js.globals",
    "workers.bindings": (
        "workers.runtime errors clock js.core js.types js.streams js.url js.fetch workers"
    ),
    "workers.pyodide": "errors js.core js.types js.streams js.url js.fetch workers",
    "workers.standin": (
        "errors js.core js.types js.streams js.url js.fetch js.globals workers workers.pyodide"
    ),
    "workers.runtime": (
        "errors limits clock usage_warnings js.core js.types js.streams js.url js.fetch storage kv "
        "edge wrangler account env network sim.run workers workers.bindings"
    ),
    "server": "errors _text sim.render",
    "server.dev": (
        "_text errors limits clock storage js.core js.types js.streams js.url js.fetch kv "
        "middleware edge wrangler account env network sim.render workers workers.bindings "
        "workers.runtime server"
    ),
    "cli": "server server.dev",
    "__main__": "cli server",
    "testing": (
        "_lazy errors limits clock misuse usage_warnings storage js.core kv middleware wrangler "
        "account env sim sim.run sim.shrink network workers workers.runtime"
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
