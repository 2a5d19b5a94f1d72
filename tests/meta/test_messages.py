"""Every message of the package is listed in a golden file, so that a diff shows each change."""

import ast

import pytest

from tests.meta.messages import GOLDEN, messages_of, rendered


def test_the_golden_file_lists_every_message() -> None:
    assert GOLDEN.read_text(encoding="utf-8") == rendered(), (
        "messages changed; run `python -m tests.meta.messages` and read the diff"
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('"""A docstring."""', []),
        ('"one"', []),
        ('fail("two words")', ["two words"]),
        ('fail("two words"); fail("two words")', ["two words", "two words"]),
        ('fail(f"{key!r} is missing in {place}")', ["{} is missing in {}"]),
        ('fail("joined " "text")', ["joined text"]),
    ],
)
def test_finds_the_messages_of_a_module(source: str, expected: list[str]) -> None:
    assert list(messages_of(ast.parse(source))) == expected
