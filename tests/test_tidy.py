"""The style of the code is a test: rings, sizes, documents, exports, where texts live."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "pykvbinding"

# Strictly inward: a file imports only files that stand before it.
RINGS = {
    "R0": (
        "errors misuse unreadable limits clock choice record jsdict proxy deferred cursor usage "
        "javascript jssyntax jsjson piping source stream lazily"
    ),
    "R1": "engine",
    "R2": "store",
    "R3": (
        "options values request answer persist.sealed persist.snapshot namespace binding "
        "complaint attached diagnosis config layers.kind layers.table layers.size "
        "layers.operation layers.history layers.ratelimit layers.tally layers.metrics layers.bill "
        "layers.stored layers.quota layers.faults layers.ledger edge.contract edge.cache "
        "edge.topology edge.latency edge.links edge.tombstones edge.world edge.store"
    ),
    "R4": (
        "account env sim.refusals sim.schedule sim.trace sim.glyphs sim.endings sim.story "
        "sim.words sim.sheet sim.columns sim.rows sim.axis sim.copies sim.scene sim.svg sim.html "
        "sim.timeline sim.evidence sim.verdict sim.sessions sim.freshness sim.updates "
        "sim.guarantees sim.recording sim.recorded sim.invocation sim.turn sim.steps sim.orders "
        "sim.pct sim.permissions sim.drivers sim.director sim.body sim.twice sim.deadlines "
        "sim.moments sim.renumber sim.adversary sim.fence sim.loop sim.fences sim.simulation "
        "sim.points sim.stage sim.staged sim.search sim.replay sim.moves sim.polish sim.shown "
        "sim.decorate sim.explore sim.sampled sim.rehearsal sim.strategies"
    ),
    "R5": "network",
    "R6": (
        "workers.js.containers workers.js.arrays workers.js.denials workers.js.domain "
        "workers.js.failures workers.js.mime workers.js.percent workers.js.host workers.js.parts "
        "workers.js.plain workers.js.href workers.js.refusals workers.js.buffers workers.js.dates "
        "workers.js.maps workers.js.thrown workers.js.timers workers.js.values workers.js.abort "
        "workers.js.arguments workers.js.binary workers.js.blob workers.js.dataview "
        "workers.js.iterators workers.js.formdata workers.js.headers workers.js.multipart "
        "workers.js.numbers workers.js.objects workers.js.promises workers.js.pyproxies "
        "workers.js.convert workers.js.jsons workers.js.search workers.js.sources "
        "workers.js.controlled workers.js.streams workers.js.body workers.js.texts workers.js.url "
        "workers.js.request workers.js.response workers.js.fetching workers.js.writable "
        "workers.js.transform workers.denials workers.clone workers.entrypoints workers.journal "
        "workers.pending workers.refusals workers.absent workers.current workers.context "
        "workers.entry_helper workers.incoming workers.outgoing workers.receiving workers.remarks "
        "workers.storage workers.objects workers.visit workers.js.constructors "
        "workers.js.builtins workers.js.console workers.js.crypto workers.js.globals "
        "workers.pyodide.code workers.pyodide.ffi workers.pyodide.http workers.pyodide.webloop "
        "workers.install workers.durable workers.loading workers.code workers.queues "
        "workers.events workers.world workers.worker workers.standin.convert "
        "workers.standin.refusals workers.standin.blob workers.standin.formdata "
        "workers.standin.body workers.standin.gateway workers.standin.headers "
        "workers.standin.lifespan workers.standin.request workers.standin.exchange "
        "workers.standin.response workers.standin.fetching workers.standin.rpc "
        "workers.standin.bindings workers.standin.entrypoints workers.standin.asgi "
        "workers.standin.types workers.standin.utils workers.standin.workflows "
        "workers.standin.wsgi"
    ),
    "R7": (
        "testing.again testing.mark testing.strategies testing.machine testing.watch testing.case "
        "testing.workers testing.plugin cli.dotenv cli.failures cli.geography cli.incoming "
        "cli.outgoing cli.refusals cli.outbound cli.saving cli.server cli.stores cli.terminal "
        "cli.lines cli.watching cli.session cli.welcome cli.log cli.app cli.delivering cli.dev "
        "cli.commands __main__"
    ),
}
ORDER = [name for names in RINGS.values() for name in names.split()]

HOMES_OF_TEXTS = "errors|misuse|unreadable|refusals|denials|js_refusals|js_denials"

# In the README, one line each.
FOLDED = ("workers.js", "workers.pyodide", "workers.standin", "cli")

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
    "deferred.py": {"asyncio"},
    "piping.py": {"asyncio"},
    "abort.py": {"asyncio"},
    "fetching.py": {"asyncio"},
    "timers.py": {"asyncio"},
    "lifespan.py": {"asyncio"},
    "exchange.py": {"asyncio"},
    "crypto.py": {"secrets", "uuid"},
    "dates.py": {"time"},
    "blob.py": {"time"},
    "numbers.py": {"random"},
    "context.py": {"asyncio"},
    "delivering.py": {"asyncio"},
    "dev.py": {"asyncio", "time"},
    "log.py": {"time"},
    "outbound.py": {"asyncio"},
    "outgoing.py": {"asyncio"},
    "session.py": {"time"},
}

# Small ones, seen through those that they are made for.
TESTED_ELSEWHERE = {"__main__": "main", "cli.commands": "cli_dev"} | {
    f"workers.standin.{name}": test
    for name, test in {
        "convert": "response, request",
        "body": "response, request",
        "utils": "entrypoints",
        "workflows": "entrypoints",
        "types": "install",
        "blob": "formdata",
        "fetching": "request",
        "gateway": "asgi, wsgi",
        "lifespan": "asgi",
        "exchange": "asgi",
    }.items()
}

MAX_MODULE_LINES = 400
MAX_FUNCTION_LINES = 70


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)


def package_files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def all_files() -> list[Path]:
    folders = ("pykvbinding", "tests", "benchmarks", "examples")
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def for_types_alone(tree: ast.Module) -> set[ast.AST]:
    """What stands under `if TYPE_CHECKING:`, and so is never run."""
    return {
        inside
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for statement in node.body
        for inside in ast.walk(statement)
    }


def own_imports(path: Path) -> set[str]:
    found = set()
    tree = parsed(path)
    for node in set(ast.walk(tree)) - for_types_alone(tree):
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
    shown = re.findall(r"^  ([\w/]+?)(?:\.py|/) +(R\d)  ", readme, re.M)
    rings = [
        (next((folder for folder in FOLDED if name.startswith(f"{folder}.")), name), ring)
        for ring, members in RINGS.items()
        for name in members.split()
    ]

    assert [(name.replace("/", "."), ring) for name, ring in shown] == list(dict.fromkeys(rings))


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


def test_there_is_a_test_file_for_every_module() -> None:
    tested = {path.stem.removeprefix("test_") for path in (ROOT / "tests").glob("test_*.py")}
    texts = {"misuse", "unreadable", "refusals", "denials"}  # test_errors has a case for each

    missing = [
        name
        for name in ORDER
        if name.rpartition(".")[2] not in texts
        and name not in TESTED_ELSEWHERE
        and not any(
            test.startswith((name.rpartition(".")[2], name.replace(".", "_"))) for test in tested
        )
    ]

    assert missing == []
