"""The files with secrets for local development, `.dev.vars` and `.env`."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

LINE: Final = re.compile(
    r"""
    ^[ \t]*(?:export[ \t]+)?(?P<name>[\w.-]+)(?:[ \t]*=|:(?=\s))
    (?P<value>
        [ \t]*(?P<quote>['"`])(?:\\(?P=quote)|(?!(?P=quote))[\s\S])*(?P=quote)  # can span lines
        (?=[ \t]*(?:\#.*)?$)
      | [^\#\n]*          # unquoted, up to the end of the line or a comment
    )
    """,
    re.MULTILINE | re.VERBOSE,
)
QUOTES: Final = ("'", '"', "`")


def candidate_files(directory: Path, environment: str | None) -> list[Path]:
    """Return every file that can contain secrets, whether or not it exists."""
    dev_vars_files = [directory / ".dev.vars"]
    if environment:
        dev_vars_files.insert(0, directory / f".dev.vars.{environment}")
    return [*dev_vars_files, *_dotenv_files(directory, environment)]


def secret_files(directory: Path, environment: str | None) -> list[Path]:
    """Return the files to read, as `wrangler dev` selects them.

    `.dev.vars.staging` if it exists, else `.dev.vars`, never both; without either all of `.env`,
    `.env.local`, `.env.staging` and `.env.staging.local`, of which later ones take precedence.
    """
    dotenv_files = _dotenv_files(directory, environment)
    dev_vars_files = [
        path for path in candidate_files(directory, environment) if path not in dotenv_files
    ]
    for path in dev_vars_files:
        if path.is_file():
            return [path]
    return [path for path in dotenv_files if path.is_file()]


def read_secrets(files: Iterable[Path]) -> dict[str, str]:
    """Return the variables of all files. A reference such as `${NAME}` is not expanded."""
    secrets: dict[str, str] = {}
    for path in files:
        secrets |= parse_dotenv(path.read_text(encoding="utf-8-sig", errors="replace"))
    return secrets


def _dotenv_files(directory: Path, environment: str | None) -> list[Path]:
    names = [".env", ".env.local"]
    if environment:
        names += [f".env.{environment}", f".env.{environment}.local"]
    return [directory / name for name in names]


def parse_dotenv(text: str) -> dict[str, str]:
    r"""Parse lines of the form `KEY=value`; the last value of a name is used.

    >>> parse_dotenv('TOKEN=abc # mine\nexport TEXT="two\\nlines"')
    {'TOKEN': 'abc', 'TEXT': 'two\nlines'}
    """
    variables = {}
    for line in LINE.finditer(re.sub("\r\n?", "\n", text)):
        value = line["value"].strip()
        quote = value[:1]
        if quote in QUOTES and len(value) > 1 and value.endswith(quote):
            value = value[1:-1]
        if quote == '"':
            value = value.replace("\\n", "\n").replace("\\r", "\r")
        variables[line["name"]] = value
    return variables
