"""Side by side with Miniflare, the runtime that `wrangler dev` uses, where npm installed it."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter
from typing import Final

from benchmarks.row import Row, Skipped
from benchmarks.sizes import TEXT, Sizes, names, shuffled
from benchmarks.timer import Contestant, compare, drive, each, each_put, repeat, timed
from pykvbinding import KVNamespace

SCRIPT: Final = Path(__file__).with_name("miniflare.mjs")
VARIABLE: Final = "PYKVBINDING_NODE_MODULES"
PAGE = 1000
OUR_FACTOR = 20
"""We do so many times the operations, as a round of ours would be too short to time."""


class Server:
    """A worker under Miniflare that does and times operations on request."""

    def __init__(self, node: str, node_modules: Path) -> None:
        self._process = subprocess.Popen(
            [node, str(SCRIPT), str(node_modules)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.version = self._answer().removeprefix("ready ")

    def contestant(self, operation: str, count: int) -> Contestant:
        """A contestant whose round is so many operations, timed by node."""
        return lambda: self._ask(f"{operation} {count}")

    def close(self) -> None:
        """End the worker."""
        self._process.communicate()

    def _ask(self, line: str) -> float:
        assert self._process.stdin is not None
        print(line, file=self._process.stdin, flush=True)
        return float(self._answer())

    def _answer(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline().strip()
        if not line:
            self._process.communicate()
            raise RuntimeError("it has ended, with the message above")
        return line


def miniflare(sizes: Sizes) -> Iterator[Row | Skipped]:
    """Reads and writes 500 times as fast, lists 10 times."""
    node = shutil.which("node")
    node_modules = Path(os.environ.get(VARIABLE) or "tests/node_modules").resolve()
    if node is None:
        yield Skipped(name="Miniflare", reason="node is not installed")
    elif not (node_modules / "miniflare" / "package.json").is_file():
        reason = f"`npm ci --prefix tests`, or set {VARIABLE}"
        yield Skipped(name="Miniflare", reason=reason)
    else:
        try:
            server = Server(node, node_modules)
        except RuntimeError as failure:
            yield Skipped(name="Miniflare", reason=str(failure))
            return
        try:
            yield from _beside(server, sizes)
        finally:
            server.close()


def _beside(server: Server, sizes: Sizes) -> Iterator[Row]:
    keys, operations = names(PAGE), sizes.peer_operations
    kv = KVNamespace()
    kv.namespace.seed(dict.fromkeys(keys, TEXT))
    order = (shuffled(keys) * (-(-OUR_FACTOR * operations // PAGE)))[: OUR_FACTOR * operations]
    contests: list[tuple[str, Callable[[], object], int, int, float]] = [
        ("get", lambda: drive(each(kv.get, order)), len(order), operations, 1 / 500),
        ("put", lambda: drive(each_put(kv.put, order, TEXT)), len(order), operations, 1 / 500),
        (
            "list",
            lambda: drive(repeat(kv.list, sizes.peer_pages)),
            sizes.peer_pages,
            sizes.peer_pages,
            1 / 10,
        ),
    ]
    for operation, ours, our_count, their_count, budget in contests:
        yield compare(
            f"{operation}{' of 1,000' if operation == 'list' else ''} beside Miniflare",
            timed(ours, perf_counter),  # theirs is spread over processes
            server.contestant(operation, their_count),
            against=f"Miniflare {server.version}",
            rounds=sizes.peer_rounds,
            operations=our_count,
            floor_operations=their_count,
            budget=budget,
        )
