"""The public API: names that users import, and names that configuration files refer to.

This test changes only in a commit that renames public names and adds a row to the CHANGELOG.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from importlib import import_module
from itertools import pairwise

import pytest

from tests.support.paths import ROOT

PUBLIC = {
    "pykvbinding": (
        "Account Clock EdgeNetwork Env Fault History KVError KVNamespace KVUsageWarning Limits "
        "ReadableStream Schedule SystemClock VirtualClock"
    ),
    "pykvbinding.sim": (
        "CausalityViolation Deadlock ExhaustiveResult GuaranteeViolation LostUpdate "
        "NonMonotonicRead NonMonotonicWrite NotConverged NotDeterministic NotLinearizable "
        "NotSimulated NothingExercised ReadYourWritesViolation SamplingResult Schedule "
        "ScheduleMismatch SearchLimitReached StaleRead Timeline TooManySteps TornRead "
        "WritesFollowReadsViolation causal check converges "
        "every_schedule fresh linearizable monotonic_reads monotonic_writes no_lost_updates "
        "read_history read_your_writes schedules some_schedules together writes_follow_reads"
    ),
    "pykvbinding.testing": (
        "KVNamespaceMachine StrategyCall keys metadata namespaces operations put_options values"
    ),
    "pykvbinding.types": (
        "BulkGetOptions BulkResponseType BulkValueWithMetadata GetOptions KVBinding ListKey "
        "ListOptions ListResult PutOptions ResponseType Value ValueWithMetadata"
    ),
    "pykvbinding.workers": (
        "Installation Message QueueResult Worker import_workers install installed uninstall"
    ),
}
MAX_PUBLIC_NAMES = 20

LOGGERS = ("pykvbinding.workers", "pykvbinding.workers.console")


def python_sources() -> Iterator[tuple[str, str]]:
    """Each example and each Python block of the README, with a name."""
    for path in sorted((ROOT / "examples").rglob("*.py")):
        yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for number, block in enumerate(re.findall(r"^```python\n(.*?)^```", readme, re.S | re.M)):
        yield f"README.md block {number}", block


def imports(source: str) -> set[tuple[str, str]]:
    """Module and name of everything that `source` imports from the package."""
    return {
        (node.module, alias.name)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pykvbinding")
        for alias in node.names
        if node.module is not None
    }


@pytest.mark.parametrize("module", PUBLIC)
def test_exports_the_public_names(module: str) -> None:
    package = import_module(module)

    assert package.__all__ == PUBLIC[module].split()
    assert all(hasattr(package, name) for name in package.__all__)
    assert set(package.__all__) <= set(dir(package))


@pytest.mark.parametrize("module", PUBLIC)
def test_exports_are_sorted(module: str) -> None:
    assert all(first < second for first, second in pairwise(PUBLIC[module].split()))


def test_the_top_level_stays_small() -> None:
    assert len(PUBLIC["pykvbinding"].split()) <= MAX_PUBLIC_NAMES


@pytest.mark.parametrize(
    ("name", "source"), list(python_sources()), ids=[name for name, _ in python_sources()]
)
def test_examples_import_public_names_only(name: str, source: str) -> None:
    public = {(module, name) for module, names in PUBLIC.items() for name in names.split()}

    assert imports(source) <= public


def test_entry_points_can_be_loaded() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = project["entry-points"]

    assert groups["pytest11"] == {"pykvbinding.testing.plugin": "pykvbinding.testing.plugin"}
    assert groups["hypothesis"] == {"_": "pykvbinding.testing.registration:register"}
    assert callable(import_module("pykvbinding.testing.registration").register)
    assert import_module("pykvbinding.testing.plugin").pytest_addoption


def test_loggers_keep_their_names() -> None:
    sources = "\n".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "pykvbinding").rglob("*.py")
    )

    assert [name for name in LOGGERS if f'"{name}"' not in sources] == []


def test_snapshots_start_with_the_same_bytes() -> None:
    kv = import_module("pykvbinding").KVNamespace()

    assert kv.namespace.dump().startswith(b"pykvbinding\x00\x00\x01")


@pytest.mark.parametrize("name", ["KVError", "KVUsageWarning"])
def test_pickled_errors_name_a_stable_module(name: str) -> None:
    error = getattr(import_module("pykvbinding"), name)

    assert error.__module__ == "pykvbinding.errors"


def test_pickled_violations_name_a_stable_module() -> None:
    sim = import_module("pykvbinding.sim")

    assert sim.LostUpdate.__module__ == "pykvbinding.sim"
