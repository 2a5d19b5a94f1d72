"""Directories that tests read from."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests"
CONFORMANCE = TESTS / "conformance"
GOLDEN = TESTS / "golden"
