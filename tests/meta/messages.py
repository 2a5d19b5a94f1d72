"""Collects every message in the package: the string constants of two or more words.

`python -m tests.meta.messages` rewrites the golden file after a message was changed on purpose.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.support.paths import ROOT

PACKAGE = ROOT / "pykvbinding"
GOLDEN = Path(__file__).with_name("messages.txt")

DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
MIN_WORDS = 2


def bare_strings(tree: ast.Module) -> set[int]:
    """Ids of the string expressions that are statements: docstrings, and those after a constant."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def text_of(node: ast.expr) -> str | None:
    """The text of a string constant; in an f-string, `{}` replaces each expression."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = (text_of(part) if isinstance(part, ast.Constant) else "{}" for part in node.values)
        return "".join(part or "" for part in parts)
    return None


def messages_of(tree: ast.Module) -> Iterator[str]:
    """Every string or f-string of two or more words, docstrings excluded."""
    skipped = bare_strings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            skipped |= {id(part) for part in ast.walk(node) if part is not node}
    for node in ast.walk(tree):
        if isinstance(node, ast.expr) and id(node) not in skipped:
            text = text_of(node)
            if text is not None and len(text.split()) >= MIN_WORDS:
                yield text


def all_messages() -> list[str]:
    """The sorted messages of the package; a message that is written twice is listed twice."""
    return sorted(
        message
        for path in PACKAGE.rglob("*.py")
        for message in messages_of(ast.parse(path.read_text(encoding="utf-8")))
    )


def rendered() -> str:
    """One message per line, escaped as a Python literal."""
    return "".join(f"{message!r}\n" for message in all_messages())


if __name__ == "__main__":
    GOLDEN.write_text(rendered(), encoding="utf-8")
