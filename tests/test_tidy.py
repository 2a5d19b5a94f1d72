"""The style of the code is a test: rings, sizes, documents, exports, where texts live."""

import ast
import re
from itertools import pairwise
from pathlib import Path

import pytest

import pykvbinding

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "pykvbinding"

# Strictly inward: a file imports only files that stand before it.
RINGS = {
    "R0": (
        "errors misuse unreadable limits clock choice record jsdict proxy cursor usage javascript "
        "jssyntax jsjson stream"
    ),
    "R1": "engine",
    "R2": "store",
    "R3": (
        "options values request answer persist.snapshot namespace binding diagnosis config "
        "layers.kind layers.table layers.size layers.operation layers.history layers.ratelimit "
        "layers.tally layers.metrics layers.bill layers.stored layers.quota layers.faults "
        "layers.ledger edge.contract edge.cache edge.topology edge.latency edge.links "
        "edge.tombstones edge.world edge.store"
    ),
    "R4": (
        "account env sim.refusals sim.schedule sim.trace sim.glyphs sim.story sim.words "
        "sim.sheet sim.columns sim.rows sim.axis sim.copies sim.scene sim.svg sim.html "
        "sim.timeline sim.evidence sim.verdict sim.sessions sim.freshness sim.updates "
        "sim.guarantees sim.recording sim.recorded sim.invocation sim.turn sim.steps "
        "sim.orders sim.pct sim.permissions sim.drivers sim.twice sim.adversary sim.fence "
        "sim.loop sim.fences sim.simulation sim.points sim.stage sim.staged sim.search "
        "sim.replay sim.polish sim.explore sim.rehearsal sim.strategies"
    ),
    "R5": "network",
    "R6": (
        "testing.mark testing.watch testing.case testing.plugin testing.strategies testing.machine"
    ),
}
ORDER = [name for names in RINGS.values() for name in names.split()]

HOMES_OF_TEXTS = "errors|misuse|unreadable|refusals"

# Who tells the time, waits, or draws lots.
MAY_IMPORT = {
    "clock.py": {"asyncio", "time"},
    "stream.py": {"asyncio"},
    "links.py": {"asyncio"},
    "choice.py": {"random"},
    "machine.py": {"asyncio"},
    "invocation.py": {"asyncio"},
    "turn.py": {"asyncio"},
    "loop.py": {"asyncio"},
    "simulation.py": {"asyncio"},
    "rehearsal.py": {"asyncio"},
    "fence.py": {"asyncio", "random", "time"},
    "fences.py": {"asyncio", "random", "secrets", "time", "uuid"},
}

MAX_MODULE_LINES = 400
MAX_FUNCTION_LINES = 70
MAX_PUBLIC_NAMES = 20


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)


def package_files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def all_files() -> list[Path]:
    folders = ("pykvbinding", "tests", "benchmarks", "examples")
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def own_imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.startswith("pykvbinding")}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pykvbinding"):
            base = (node.module or "").removeprefix("pykvbinding").removeprefix(".")
            is_module = (PACKAGE / base.replace(".", "/")).with_suffix(".py").is_file()
            inside = f"{base}." if base else ""
            found |= {base} if is_module else {inside + alias.name for alias in node.names}
    return found


def names(paths: list[Path]) -> list[str]:
    return [path.relative_to(ROOT).as_posix() for path in paths]


INNER = [path for path in package_files() if path.name != "__init__.py"]


def test_every_file_of_the_package_has_a_ring() -> None:
    assert sorted(ORDER) == sorted(map(module_name, INNER))


@pytest.mark.parametrize("path", INNER, ids=names(INNER))
def test_a_file_imports_only_from_inner_rings(path: Path) -> None:
    inner = ORDER[: ORDER.index(module_name(path))]

    assert own_imports(path) <= set(inner)


def test_the_readme_shows_the_same_rings() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"^  ([\w/]+)\.py +(R\d)  ", readme, re.M)

    assert [(name.replace("/", "."), ring) for name, ring in shown if ring != "R0"] == [
        (name, ring) for ring, members in RINGS.items() for name in members.split() if ring != "R0"
    ]
    assert {name for name, ring in shown if ring == "R0"} == set(RINGS["R0"].split())


@pytest.mark.parametrize("path", all_files(), ids=names(all_files()))
def test_a_module_is_short_and_says_what_it_is_for(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    document = ast.get_docstring(parsed(path))

    assert len(lines) <= MAX_MODULE_LINES
    assert document
    assert document.splitlines()[0].rstrip("`").endswith((".", ":"))


@pytest.mark.parametrize("path", all_files(), ids=names(all_files()))
def test_a_function_is_short(path: Path) -> None:
    functions = [
        node
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]

    long = [f.name for f in functions if (f.end_lineno or 0) - f.lineno >= MAX_FUNCTION_LINES]

    assert long == []


@pytest.mark.parametrize("path", INNER, ids=names(INNER))
def test_a_raised_text_is_built_where_texts_live(path: Path) -> None:
    if path.stem in HOMES_OF_TEXTS.split("|"):
        return
    spelled = [
        ast.unparse(node)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Raise)
        and isinstance(node.exc, ast.Call)
        and ast.unparse(node.exc.func) != "AssertionError"
        and any(isinstance(text, ast.Constant | ast.JoinedStr) for text in node.exc.args)
    ]

    quoted = [text for text in spelled if not re.match(rf"raise ({HOMES_OF_TEXTS}|self)\.", text)]

    assert quoted == []


@pytest.mark.parametrize("path", INNER, ids=names(INNER))
def test_only_the_clock_asks_for_the_time_and_nobody_draws_lots(path: Path) -> None:
    imported = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").partition(".")[0])
    allowed = MAY_IMPORT.get(path.name, set())

    assert imported & {"time", "random", "uuid", "secrets", "asyncio"} <= allowed


@pytest.mark.parametrize("path", all_files(), ids=names(all_files()))
def test_nothing_is_left_for_later(path: Path) -> None:
    marker = "TO" + "DO"

    assert marker not in path.read_text(encoding="utf-8")


def test_what_is_exported_is_sorted_and_there() -> None:
    exported = pykvbinding.__all__

    assert all(first < second for first, second in pairwise(exported))
    assert len(exported) <= MAX_PUBLIC_NAMES
    assert all(hasattr(pykvbinding, name) for name in exported)


def test_there_is_a_test_file_for_every_module() -> None:
    tested = {path.stem.removeprefix("test_") for path in (ROOT / "tests").glob("test_*.py")}
    tested |= {"misuse", "unreadable"}  # by test_errors, which has a case for every text

    missing = [
        name
        for name in ORDER
        if not any(test.startswith(name.rpartition(".")[2]) for test in tested)
    ]

    assert missing == []
