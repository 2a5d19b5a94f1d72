"""Secrets in `.dev.vars` and `.env`: selection and parsing of files."""

from pathlib import Path

import pytest

from pykvbinding.wrangler.dotenv import candidate_files, parse_dotenv, read_secrets, secret_files


def written(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).write_text(f"FROM={name}\n{name.replace('.', '_').upper()}=1")
    return folder


def read(folder: Path, environment: str | None = None) -> list[str]:
    return [path.name for path in secret_files(folder, environment)]


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        ("TOKEN=abc", {"TOKEN": "abc"}),
        ("  TOKEN = abc  ", {"TOKEN": "abc"}),
        ("export TOKEN=abc", {"TOKEN": "abc"}),
        ("TOKEN: abc", {"TOKEN": "abc"}),
        ("TOKEN=", {"TOKEN": ""}),
        ("TOKEN=''", {"TOKEN": ""}),
        ("TOKEN='a # b'", {"TOKEN": "a # b"}),
        ('TOKEN="a # b" # c', {"TOKEN": "a # b"}),
        ("TOKEN=`a'\"b`", {"TOKEN": "a'\"b"}),
        ("TOKEN=a b # c", {"TOKEN": "a b"}),
        ("TOKEN=a=b", {"TOKEN": "a=b"}),
        ('TOKEN="one\\ntwo"', {"TOKEN": "one\ntwo"}),
        ("TOKEN='one\\ntwo'", {"TOKEN": "one\\ntwo"}),
        ('KEY="one\ntwo"\nNEXT=3', {"KEY": "one\ntwo", "NEXT": "3"}),
        ("# a comment\n\nA=1\r\nB=2\r\n", {"A": "1", "B": "2"}),
        ("A=1\nA=2", {"A": "2"}),
        ('TOKEN="unclosed', {"TOKEN": '"unclosed'}),
        ("a.b-c=1", {"a.b-c": "1"}),
        ("A='a' b", {"A": "'a' b"}),
        ("A='a'b'", {"A": "a'b"}),
        ('A="x\\ny" z', {"A": '"x\ny" z'}),
        ("A:\nB=1", {"A": "", "B": "1"}),
        ("A:1", {}),
        ("A=#x", {"A": ""}),
        ("A='", {"A": "'"}),
        ("nothing here", {}),
        ("", {}),
    ],
)
def test_parses_a_file_as_dotenv_does(text: str, variables: dict[str, str]) -> None:
    assert parse_dotenv(text) == variables


def test_the_file_of_an_environment_replaces_the_default_file(tmp_path: Path) -> None:
    written(tmp_path, ".dev.vars", ".dev.vars.staging", ".env")

    assert read(tmp_path) == [".dev.vars"]
    assert read(tmp_path, "staging") == [".dev.vars.staging"]
    assert read(tmp_path, "production") == [".dev.vars"]


def test_env_files_are_combined_without_dev_vars(tmp_path: Path) -> None:
    written(tmp_path, ".env", ".env.local", ".env.staging", ".env.staging.local")

    assert read(tmp_path) == [".env", ".env.local"]
    assert read(tmp_path, "staging") == [
        ".env",
        ".env.local",
        ".env.staging",
        ".env.staging.local",
    ]


def test_later_files_take_precedence(tmp_path: Path) -> None:
    written(tmp_path, ".env", ".env.local")

    secrets = read_secrets(secret_files(tmp_path, None))

    assert secrets == {"FROM": ".env.local", "_ENV": "1", "_ENV_LOCAL": "1"}


def test_without_files_there_are_no_secrets(tmp_path: Path) -> None:
    assert read_secrets(secret_files(tmp_path, "staging")) == {}


def test_candidate_files_includes_missing_files(tmp_path: Path) -> None:
    names = {path.name for path in candidate_files(tmp_path, "staging")}

    assert names == {
        *(".dev.vars", ".dev.vars.staging"),
        *(".env", ".env.local", ".env.staging", ".env.staging.local"),
    }
