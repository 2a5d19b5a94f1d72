"""The command: `python -m benchmarks --help`."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.catalogue import CATALOGUE
from benchmarks.row import Row, Skipped, exit_status
from benchmarks.sizes import QUICK, Sizes
from benchmarks.table import table


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the selected benchmarks, print a report and return the exit status."""
    options = _parser().parse_args(arguments)
    results = list(_run(QUICK if options.quick else Sizes(), options.only))
    lines = "".join(f"{json.dumps(result.as_json())}\n" for result in results)
    if options.json == "-":
        sys.stdout.write(lines)
    else:
        print(table(results))
        if options.json is not None:
            Path(options.json).write_text(lines, encoding="utf-8")
    return exit_status(results) if options.check else 0


def _run(sizes: Sizes, only: Sequence[str] | None) -> Iterator[Row | Skipped]:
    shows = sys.stderr.isatty()
    for name, benchmark in CATALOGUE:
        if only and name not in only:
            continue
        if shows:
            print(f"\r\x1b[K{name} …", end="", file=sys.stderr, flush=True)
        yield from benchmark(sizes)
    if shows:
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Compare the package with floors that are measured in the same process.",
    )
    parser.add_argument("--check", action="store_true", help="exit 1 if a row is over its budget")
    parser.add_argument(
        "--json", metavar="FILE", help="write JSON lines to FILE; - for stdout only"
    )
    parser.add_argument(
        "--quick", action="store_true", help="small sizes; the ratios are not meaningful"
    )
    parser.add_argument(
        "--only",
        action="append",
        choices=[name for name, _ in CATALOGUE],
        help="run this benchmark; can be repeated",
        metavar="NAME",
    )
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
