"""`read_wrangler`: search, environments and errors."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pykvbinding import KVUsageWarning
from pykvbinding.js.core.js_dict import JsDict
from pykvbinding.wrangler.config import KVBinding, WranglerConfig, read_wrangler
from tests.support.assertions import exactly

TOML = """\
name = "worker"
main = "src/entry.py"
compatibility_date = "2026-01-01"
compatibility_flags = ["python_workers"]

[[kv_namespaces]]
binding = "SESSIONS"
id = "11"
preview_id = "22"

[vars]
TOKEN = "secret"
LIMITS = { daily = 1.0, share = 0.5 }
"""

JSON = json.dumps(
    {
        "name": "worker",
        "main": "src/entry.py",
        "compatibility_date": "2026-01-01",
        "compatibility_flags": ["python_workers"],
        "kv_namespaces": [{"binding": "SESSIONS", "id": "11", "preview_id": "22"}],
        "vars": {"TOKEN": "secret", "LIMITS": {"daily": 1.0, "share": 0.5}},
    }
)

STAGING = {
    "name": "worker",
    "main": "src/entry.py",
    "kv_namespaces": [{"binding": "KV", "id": "1"}],
    "vars": {"STAGE": "top"},
    "env": {
        "staging": {
            "kv_namespaces": [{"binding": "KV", "id": "2"}],
            "vars": {"STAGE": "staging"},
        },
        "named": {"name": "other", "main": "other.py", "kv_namespaces": [], "vars": {}},
    },
}


def write(folder: Path, content: str | dict[str, Any], name: str = "wrangler.json") -> Path:
    path = folder / name
    text = content if isinstance(content, str) else json.dumps(content)
    path.write_text(text, encoding="utf-8")
    return path


def bindings(read: WranglerConfig) -> list[tuple[str, str]]:
    return [(item.binding, item.id) for item in read.kv_namespaces]


# Fields


@pytest.mark.parametrize(
    ("name", "text"),
    [("wrangler.toml", TOML), ("wrangler.json", JSON), ("wrangler.jsonc", f"// c\n{JSON}")],
)
def test_every_format_gives_the_same_configuration(tmp_path: Path, name: str, text: str) -> None:
    path = write(tmp_path, text, name)

    assert read_wrangler(path) == WranglerConfig(
        path=path,
        environment=None,
        name="worker",
        main=str(tmp_path / "src" / "entry.py"),
        compatibility_date="2026-01-01",
        compatibility_flags=("python_workers",),
        kv_namespaces=(KVBinding(binding="SESSIONS", id="11"),),
        vars={"TOKEN": "secret", "LIMITS": {"daily": 1, "share": 0.5}},
    )


def test_accepts_an_empty_object(tmp_path: Path) -> None:
    read = read_wrangler(write(tmp_path, "{}"))

    assert (read.name, read.main, read.compatibility_date) == (None, None, None)
    assert (read.compatibility_flags, read.kv_namespaces, read.vars) == ((), (), {})


def test_accepts_a_str_as_the_path(tmp_path: Path) -> None:
    assert read_wrangler(str(write(tmp_path, JSON))).name == "worker"


def test_the_id_of_a_binding_defaults_to_its_name(tmp_path: Path) -> None:
    path = write(tmp_path, {"kv_namespaces": [{"binding": "KV"}]})

    assert bindings(read_wrangler(path)) == [("KV", "KV")]


def test_preview_uses_the_preview_id_then_the_id_then_the_name(tmp_path: Path) -> None:
    items = [
        {"binding": "A", "id": "1", "preview_id": "2"},
        {"binding": "B", "id": "3"},
        {"binding": "C"},
        {"binding": "D", "preview_id": "4"},
    ]
    path = write(tmp_path, {"kv_namespaces": items})

    read = read_wrangler(path, preview=True)

    assert bindings(read) == [("A", "2"), ("B", "3"), ("C", "C"), ("D", "4")]


def test_a_preview_id_is_ignored_without_preview(tmp_path: Path) -> None:
    path = write(tmp_path, {"kv_namespaces": [{"binding": "D", "preview_id": "4"}]})

    assert bindings(read_wrangler(path)) == [("D", "D")]


def test_vars_have_the_numbers_of_javascript_and_js_dicts(tmp_path: Path) -> None:
    text = '{"vars": {"A": 1.0, "B": 9007199254740993, "C": {"d": [{}]}, "E": 1e400, "F": true}}'

    read = read_wrangler(write(tmp_path, text)).vars

    assert list(map(repr, read.values())) == [
        "1",
        "9007199254740992.0",
        "{'d': [{}]}",
        "None",
        "True",
    ]
    assert isinstance(read["C"], JsDict)
    assert isinstance(read["C"].d[0], JsDict)


def test_dates_in_a_toml_object_become_javascript_text(tmp_path: Path) -> None:
    text = """
    [vars.DATES]
    day = 1979-05-27
    hour = 07:32:00
    local = 1979-05-27T07:32:00
    offset = 1979-05-27T00:32:00.999999-07:00
    utc = 1979-05-27T07:32:00Z
    """

    assert read_wrangler(write(tmp_path, text, "wrangler.toml")).vars["DATES"] == {
        "day": "1979-05-27",
        "hour": "07:32:00.000",
        "local": "1979-05-27T07:32:00.000",
        "offset": "1979-05-27T00:32:00.999-07:00",
        "utc": "1979-05-27T07:32:00.000Z",
    }


# Environments


def test_an_environment_has_its_own_bindings_and_vars_and_a_suffixed_name(tmp_path: Path) -> None:
    read = read_wrangler(write(tmp_path, STAGING), env="staging")

    assert (read.environment, read.name, bindings(read)) == (
        "staging",
        "worker-staging",
        [("KV", "2")],
    )
    assert read.vars == {"STAGE": "staging"}
    assert read.main == str(tmp_path / "src" / "entry.py")


@pytest.mark.parametrize("env", [None, ""])
def test_none_and_an_empty_environment_mean_the_top_level(tmp_path: Path, env: str | None) -> None:
    read = read_wrangler(write(tmp_path, STAGING), env=env)

    assert (read.environment, read.name, bindings(read)) == (None, "worker", [("KV", "1")])


def test_an_environment_with_a_name_has_no_suffix(tmp_path: Path) -> None:
    path = write(tmp_path, STAGING)

    with pytest.warns(KVUsageWarning):
        read = read_wrangler(path, env="named")

    assert (read.name, read.main) == ("other", str(tmp_path / "other.py"))


def test_a_worker_without_a_name_has_no_name_in_an_environment(tmp_path: Path) -> None:
    path = write(tmp_path, {"env": {"staging": {}}})

    assert read_wrangler(path, env="staging").name is None


def test_a_warning_names_the_file_and_has_the_location_of_the_call(tmp_path: Path) -> None:
    path = write(tmp_path, {"vars": {"A": "1"}, "env": {"staging": {}}})

    with pytest.warns(KVUsageWarning) as caught:
        read_wrangler(path, env="staging")

    assert [(str(warning.message), warning.filename) for warning in caught] == [
        (
            f'{path}: "vars" exists at the top level, but not on "env.staging".\n'
            'This is not what you probably want, since "vars" is not inherited by environments.\n'
            'Please add "vars" to "env.staging".',
            __file__,
        )
    ]


def test_ignores_the_process_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOUDFLARE_ENV", "staging")

    assert read_wrangler(write(tmp_path, STAGING)).name == "worker"


# Search


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("wrangler.toml", "wrangler.jsonc", "wrangler.json"), "wrangler.json"),
        (("wrangler.toml", "wrangler.jsonc"), "wrangler.jsonc"),
        (("wrangler.toml",), "wrangler.toml"),
    ],
)
def test_a_directory_is_searched_for_json_then_jsonc_then_toml(
    tmp_path: Path, names: tuple[str, ...], expected: str
) -> None:
    for name in names:
        write(tmp_path, TOML if name.endswith("toml") else JSON, name)

    assert read_wrangler(tmp_path).path == tmp_path / expected


def test_searches_parent_directories(tmp_path: Path) -> None:
    inner = tmp_path / "src" / "inner"
    inner.mkdir(parents=True)
    path = write(tmp_path, JSON)

    assert read_wrangler(inner).path == path


def test_searches_all_parents_for_a_name_before_the_next_name(tmp_path: Path) -> None:
    inner = tmp_path / "src"
    inner.mkdir()
    write(inner, TOML, "wrangler.toml")
    path = write(tmp_path, JSON)

    assert read_wrangler(inner).path == path


def test_ignores_a_directory_with_the_name_of_a_wrangler_file(tmp_path: Path) -> None:
    (tmp_path / "wrangler.json").mkdir()
    path = write(tmp_path, TOML, "wrangler.toml")

    assert read_wrangler(tmp_path).path == path


# Errors


def test_rejects_a_file_that_does_not_exist(tmp_path: Path) -> None:
    path = tmp_path / "none" / "wrangler.toml"
    text = f"file not found: {path}. Pass a wrangler file or its directory"

    with pytest.raises(FileNotFoundError, match=exactly(text)):
        read_wrangler(path)


@pytest.mark.parametrize("content", ["[]", "3", "null", '"text"'])
def test_rejects_a_file_without_an_object(tmp_path: Path, content: str) -> None:
    path = write(tmp_path, content)

    text = f"{path}: the configuration should be an object but got {content}."

    with pytest.raises(ValueError, match=exactly(text)):
        read_wrangler(path)


def test_rejects_an_environment_that_is_not_an_object(tmp_path: Path) -> None:
    path = write(tmp_path, '{"env": {"staging": null}}')
    text = f'{path}: "env.staging" should be an object but got null.'

    with pytest.raises(ValueError, match=exactly(text)):
        read_wrangler(path, env="staging")


def test_rejects_another_suffix() -> None:
    text = (
        "wrangler.yaml: the name of a wrangler file ends in .json, .jsonc or .toml; pass such a "
        "file, or its directory"
    )

    with pytest.raises(ValueError, match=exactly(text)):
        read_wrangler("wrangler.yaml")


def test_rejects_a_directory_without_a_wrangler_file_in_any_parent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "is_file", lambda _: False)
    text = (
        f"none of wrangler.json, wrangler.jsonc, wrangler.toml exists in {tmp_path} or its parent "
        "directories"
    )

    with pytest.raises(FileNotFoundError, match=exactly(text)):
        read_wrangler(tmp_path)


def test_rejects_an_invalid_configuration_with_the_message_of_wrangler(tmp_path: Path) -> None:
    path = write(tmp_path, {"kv_namespaces": [{"binding": "KV"}, {"binding": "KV"}]})

    text = (
        f"Processing {os.path.relpath(path)} configuration:\n"
        "  - KV assigned to multiple KV Namespace bindings.\n"
        "  - Bindings must have unique names, so that they can all be referenced in the worker.\n"
        "    Please change your bindings to have unique names."
    )

    with pytest.raises(ValueError, match=exactly(text)):
        read_wrangler(path)


NAMES = st.text("ABKV", min_size=1, max_size=4)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(NAMES, st.text(min_size=1), max_size=4),
    st.dictionaries(NAMES, st.text() | st.booleans() | st.integers(-(2**53), 2**53), max_size=4),
)
def test_reads_generated_configurations(
    tmp_path: Path, ids: dict[str, str], values: dict[str, object]
) -> None:
    values = {name.lower(): value for name, value in values.items()}
    items = [{"binding": name, "id": ids[name]} for name in ids]
    path = write(tmp_path, {"kv_namespaces": items, "vars": values})

    read = read_wrangler(path)

    assert bindings(read) == list(ids.items())
    assert read.vars == values
