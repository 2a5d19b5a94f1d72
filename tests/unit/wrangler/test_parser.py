"""Parsing of wrangler files: JSON with comments, TOML, encodings, syntax errors."""

import sys
from pathlib import Path

import pytest

from pykvbinding.wrangler.parser import parse_file
from tests.support.assertions import exactly

JSON = '{"name": "worker"}'


def write(folder: Path, content: str, name: str = "wrangler.json") -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def test_accepts_comments_and_trailing_commas_in_json(tmp_path: Path) -> None:
    text = '{ // line\n "vars": {"A": "// kept", /* block */ "B": [1, 2,],}, }'

    assert parse_file(write(tmp_path, text)) == {"vars": {"A": "// kept", "B": [1, 2]}}


def test_accepts_json5(tmp_path: Path) -> None:
    assert parse_file(write(tmp_path, "{name: 'worker'}")) == {"name": "worker"}


def test_plain_json_does_not_import_pyjson5(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyjson5", None)

    assert parse_file(write(tmp_path, JSON, "wrangler.jsonc")) == {"name": "worker"}


def test_ignores_a_utf_8_byte_order_mark(tmp_path: Path) -> None:
    assert parse_file(write(tmp_path, f"\ufeff{JSON}")) == {"name": "worker"}


@pytest.mark.parametrize(
    ("name", "text", "position", "message"),
    [
        ("a.json", "", "1:1", "Expecting value"),
        ("a.json", '{"a": 1\n "b": 2}', "2:2", "Expecting ',' delimiter"),
        ("a.json", '{"a": 1}\n}\n', "2:1", "Extra data"),
        ("a.jsonc", '{ // c\n "a": 1\n "b": 2}', "3:2", "Expected comma or '}', found '\"'"),
        ("a.jsonc", '{ // c\n "a" 2}', "2:6", "Expected colon, found '2'"),
        ("a.jsonc", '{ // c\n "a": [1,\n', "2:7", "Unclosed array"),
        ("a.jsonc", '// c\n{"a": 1} 2', "2:8", "Extra data '2'"),
        ("a.toml", 'name = "a\n', "1:10", "Illegal character '\\n'"),
        ("a.toml", "vars = [1,\n", "2:1", "Invalid value"),
        ("a.toml", "a = 1\na = 2\n", "2:6", "Cannot overwrite a value"),
        ("a.toml", "a = 1 2\n", "1:7", "Expected newline or end of document after a statement"),
    ],
)
def test_a_syntax_error_has_file_line_and_column(
    tmp_path: Path, name: str, text: str, position: str, message: str
) -> None:
    path = write(tmp_path, text, name)

    with pytest.raises(ValueError, match=exactly(f"{path}:{position}: {message}")) as caught:
        parse_file(path)

    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("encoding", "mark"), [("utf-16-le", b"\xff\xfe"), ("utf-32-be", b"\x00\x00\xfe\xff")]
)
def test_rejects_other_encodings(tmp_path: Path, encoding: str, mark: bytes) -> None:
    path = tmp_path / "wrangler.json"
    path.write_bytes(mark + JSON.encode(encoding))

    with pytest.raises(ValueError, match=f"contains {encoding.upper()[:6]}"):
        parse_file(path)


def test_rejects_a_toml_integer_that_a_javascript_number_cannot_represent(
    tmp_path: Path,
) -> None:
    path = write(tmp_path, "vars = {a = [9007199254740991, -9007199254740992]}", "wrangler.toml")

    with pytest.raises(ValueError, match="losslessly: -9007199254740992"):
        parse_file(path)
