"""Files of secrets for local development, `.dev.vars` and `.env`: variables of the Worker."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

LINE: Final = re.compile(
    r"""
    ^[ \t]*(?:export[ \t]+)?(?P<name>[\w.-]+)(?:[ \t]*=|:(?=\s))
    (?P<value>
        [ \t]*(?P<quote>['"`])(?:\\(?P=quote)|(?!(?P=quote))[\s\S])*(?P=quote)  # several lines too
        (?=[ \t]*(?:\#.*)?$)
      | [^\#\n]*          # bare, to the end of the line or to a comment
    )
    """,
    re.MULTILINE | re.VERBOSE,
)
QUOTES: Final = ("'", '"', "`")


def candidate_files(folder: Path, environment: str | None) -> list[Path]:
    """Every file that could hold secrets, whether it is there or not."""
    ours = [folder / ".dev.vars"]
    if environment:
        ours.insert(0, folder / f".dev.vars.{environment}")
    return [*ours, *_dotenv_files(folder, environment)]


def secret_files(folder: Path, environment: str | None) -> list[Path]:
    """The files that are read, as `wrangler dev` has it.

    `.dev.vars.staging` if it is there, else `.dev.vars`, never both; without either every one of
    `.env`, `.env.local`, `.env.staging` and `.env.staging.local`, the later before the earlier.
    """
    others = _dotenv_files(folder, environment)
    ours = [path for path in candidate_files(folder, environment) if path not in others]
    for path in ours:
        if path.is_file():
            return [path]
    return [path for path in others if path.is_file()]


def read_secrets(files: Iterable[Path]) -> dict[str, str]:
    """The variables of the files together. A `${NAME}` in them is not replaced."""
    secrets: dict[str, str] = {}
    for path in files:
        secrets |= parse_dotenv(path.read_text(encoding="utf-8-sig", errors="replace"))
    return secrets


def _dotenv_files(folder: Path, environment: str | None) -> list[Path]:
    names = [".env", ".env.local"]
    if environment:
        names += [f".env.{environment}", f".env.{environment}.local"]
    return [folder / name for name in names]


def parse_dotenv(text: str) -> dict[str, str]:
    r"""The variables of `KEY=value` lines; the last of one name counts.

    >>> parse_dotenv('TOKEN=abc # mine\nexport TEXT="two\\nlines"')
    {'TOKEN': 'abc', 'TEXT': 'two\nlines'}
    """
    found = {}
    for line in LINE.finditer(re.sub("\r\n?", "\n", text)):
        value = line["value"].strip()
        quote = value[:1]
        if quote in QUOTES and len(value) > 1 and value.endswith(quote):
            value = value[1:-1]
        if quote == '"':
            value = value.replace("\\n", "\n").replace("\\r", "\r")
        found[line["name"]] = value
    return found
