"""Comparison with Miniflare, the runtime of `wrangler dev`, if npm has installed it."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter
from typing import Final

from benchmarks.row import Row, Skipped
from benchmarks.sizes import TEXT, Sizes, make_keys, shuffle
from benchmarks.timer import Contestant, compare, drive, for_each, measure, put_each, repeat
from pykvbinding import KVNamespace

SCRIPT: Final = Path(__file__).with_name("miniflare.mjs")
VARIABLE: Final = "PYKVBINDING_NODE_MODULES"
PAGE = 1000
OUR_FACTOR = 20
"""The factor of additional operations of pykvbinding, whose rounds would be too short."""


class Server:
    """A Worker under Miniflare that performs and measures operations on request."""

    def __init__(self, node: str, node_modules: Path) -> None:
        self._process = subprocess.Popen(
            [node, str(SCRIPT), str(node_modules)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.version = self._read_line().removeprefix("ready ")

    def contestant(self, operation: str, count: int) -> Contestant:
        """Return a contestant with `count` operations per round, measured by node."""
        return lambda: self._request(f"{operation} {count}")

    def close(self) -> None:
        """Stop the Worker."""
        self._process.communicate()

    def _request(self, line: str) -> float:
        assert self._process.stdin is not None
        print(line, file=self._process.stdin, flush=True)
        return float(self._read_line())

    def _read_line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline().strip()
        if not line:
            self._process.communicate()
            raise RuntimeError("it has exited with the message above")
        return line


def miniflare(sizes: Sizes) -> Iterator[Row | Skipped]:
    """Reads and writes have a budget of 1/500, lists of 1/10."""
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
            yield from _compare_with(server, sizes)
        finally:
            server.close()


def _compare_with(server: Server, sizes: Sizes) -> Iterator[Row]:
    keys, operations = make_keys(PAGE), sizes.peer_operations
    kv = KVNamespace()
    kv.namespace.seed(dict.fromkeys(keys, TEXT))
    order = (shuffle(keys) * (-(-OUR_FACTOR * operations // PAGE)))[: OUR_FACTOR * operations]
    contests: list[tuple[str, Callable[[], object], int, int, float]] = [
        ("get", lambda: drive(for_each(kv.get, order)), len(order), operations, 1 / 500),
        ("put", lambda: drive(put_each(kv.put, order, TEXT)), len(order), operations, 1 / 500),
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
            measure(ours, perf_counter),  # Miniflare uses several processes
            server.contestant(operation, their_count),
            against=f"Miniflare {server.version}",
            rounds=sizes.peer_rounds,
            operations=our_count,
            floor_operations=their_count,
            budget=budget,
        )
