"""Comparison of `read_wrangler` with the real wrangler, on generated and sample configurations."""

import json
import os
import random
import re
import subprocess
import warnings
from pathlib import Path
from typing import Any

import pytest

from pykvbinding import KVUsageWarning
from pykvbinding.wrangler.config import read_wrangler
from tests.support.npm import node_modules
from tests.support.paths import CONFORMANCE

GENERATED_COUNT = 400

NAMES = ["KV", "SESSIONS", "CACHE", "A"]
IDS: list[Any] = ["1", "0f2ac74b498b48028cb68387c421e279", "KV", "é \ud83d\ude00", "", 5, None, []]
VALUES: list[Any] = ["", "text", 0, 1.0, 1.5, -1e21, 2**53 + 1, True, None, [1, {"a": [None]}]]
VALUES += [{}, {"b": 1, "10": 2, "9": {"c": "é"}}, {"KV": "\u2028\x7f"}, [], "x"]
MALFORMED: list[Any] = [None, 5, "text", [], {}, True, [[]], [None], ["x"], {"binding": "KV"}]

OTHER_FIELDS = ("r2_buckets", "durable_objects", '"ai"')

SAMPLES = {
    "comments.json": '// a\n{"name": "n", /* b */ "vars": {"A": "// no", "B": [1, 2,],},}',
    "comments.jsonc": '{\n  // "vars": {}\n  "vars": {"A": 1.0, "B": -1e3}\n}\n',
    "infinite.json": '{"vars": {"A": 1e400, "B": -0.0, "C": 12345678901234567890}}',
    "mark.json": '\ufeff{"name": "n"}',
    "colon.jsonc": '{\n "name": "n",\n // c\n "vars" {}\n}',
    "comma.json": '{\n "name": "n"\n "main": "m.js"\n}',
    "open.json": '{"vars": {\n"A": [1, 2\n\n',
    "more.json": '{"name": "n"}\n}\n',
    "empty.json": "",
    "text.toml": 'name = "n"\nmain = "src/../m.js"\n[[kv_namespaces]]\nbinding = "KV"\nid = "1"\n',
    "dates.toml": "name = 'n'\n[vars]\na = 1979-05-27\nb = 1979-05-27T07:32:00Z\n",
    "inner.toml": "[vars.c]\nd = 1979-05-27\ne = 07:32:00\nf = 1979-05-27T07:32:00\n"
    "g = [1979-05-27T00:32:00.999999-07:00]\nh = 1979-05-27T07:32:00Z\n",
    "numbers.toml": "vars = {a = 1.0, b = inf, c = -nan, d = 9007199254740991, e = 1e17}\n",
    "large.toml": "vars = {a = 9007199254740993}\n",
    "dated.toml": "compatibility_date = 2024-09-23\nname = 1979-05-27\nmain = 07:32:00\n",
    "twice.toml": "name = 'n'\nname = 'm'\n",
    "env.toml": "kv_namespaces = [{binding = 'KV'}, {binding = 'B'}]\n[vars]\nX = 1\nY = 2\n"
    "[env.staging]\nname = 'other'\nvars = {X = 3}\n[[env.staging.kv_namespaces]]\nbinding='B'\n",
}


def make_namespaces(draw: random.Random) -> Any:
    if draw.random() < 0.06:
        return draw.choice(MALFORMED)
    items: list[Any] = []
    for name in draw.choices(NAMES, k=draw.randrange(3)):
        item: dict[str, Any] = {"binding": name}
        for field in ("id", "preview_id"):
            if draw.random() < 0.6:
                item[field] = draw.choice(IDS if draw.random() < 0.1 else IDS[:4])
        if draw.random() < 0.08:
            item[draw.choice(["remote", "namespace_id", "binding"])] = draw.choice(MALFORMED)
        items.append(item)
    return items


def make_vars(draw: random.Random) -> Any:
    if draw.random() < 0.06:
        return draw.choice(MALFORMED)
    names = draw.sample([*NAMES, "TOKEN", "LIMITS", "7"], k=draw.randrange(4))
    return {name: draw.choice(VALUES) for name in names}


def make_section(draw: random.Random) -> dict[str, Any]:
    section: dict[str, Any] = {}
    if draw.random() < 0.8:
        section["kv_namespaces"] = make_namespaces(draw)
    if draw.random() < 0.7:
        section["vars"] = make_vars(draw)
    if draw.random() < 0.5:
        section["name"] = draw.choice(["worker", "my-worker_2", "", "-x", "Worker", "a b", 5])
    if draw.random() < 0.3:
        section["main"] = draw.choice(["src/index.js", "./a/../b.js", "/abs.js", 5])
    if draw.random() < 0.3:
        section["compatibility_flags"] = draw.choice([[], ["python_workers"], "x", ["a", 1], None])
    if draw.random() < 0.2:
        section["compatibility_date"] = draw.choice(["2026-01-01", "2026–01–01", 5])
    if draw.random() < 0.1:
        section["r2_buckets"] = [{"binding": draw.choice(NAMES), "bucket_name": "bucket"}]
    if draw.random() < 0.1:
        section["ai"] = {"binding": draw.choice(NAMES)}
    if draw.random() < 0.2:
        section["durable_objects"] = make_durable_objects(draw)
    if draw.random() < 0.2:
        section["queues"] = make_queues(draw)
    if draw.random() < 0.2:
        crons = draw.choice([["* * * * *"], [], "x", None])
        section["triggers"] = draw.choice([{"crons": crons}, {}, {"cron": 1}, *MALFORMED])
    return section


def make_durable_objects(draw: random.Random) -> Any:
    if draw.random() < 0.1:
        return draw.choice([*MALFORMED, {"bindings": draw.choice(MALFORMED)}])
    items: list[Any] = []
    for name in draw.choices(NAMES, k=draw.randrange(3)):
        item: dict[str, Any] = {"name": name, "class_name": "Class"}
        for field, values in (
            ("script_name", ["other", 5]),
            ("environment", ["staging", 5]),
            ("name", [5, None]),
            ("class_name", ["", 5]),
            ("remote", [True, "x"]),
            ("odd", [1]),
        ):
            if draw.random() < 0.1:
                item[field] = draw.choice(values)
        items.append(item if draw.random() < 0.97 else draw.choice(MALFORMED))
    return {"bindings": items}


def make_queues(draw: random.Random) -> Any:
    if draw.random() < 0.1:
        return draw.choice(MALFORMED)
    queues: dict[str, Any] = {}
    if draw.random() < 0.8:
        queues["producers"] = []
        for name in draw.choices(NAMES, k=draw.randrange(3)):
            item: dict[str, Any] = {"binding": name, "queue": "queue"}
            for field, values in (
                ("queue", ["", 5]),
                ("binding", [5]),
                ("delivery_delay", [5, "x"]),
                ("remote", [True, 5]),
                ("odd", [1]),
            ):
                if draw.random() < 0.07:
                    item[field] = draw.choice(values)
            queues["producers"].append(item if draw.random() < 0.97 else draw.choice(MALFORMED))
        if draw.random() < 0.05:
            queues["producers"] = draw.choice([None, 5, {}])
    if draw.random() < 0.6:
        consumer: dict[str, Any] = {"queue": "queue"}
        for field, choices in (
            ("queue", [5, None]),
            ("type", ["worker", "http_pull", 5]),
            ("max_batch_size", [5, "x"]),
            ("dead_letter_queue", ["x", 5]),
            ("retry_delay", [1.5, True]),
            ("odd", [1]),
        ):
            if draw.random() < 0.1:
                consumer[field] = draw.choice(choices)
        queues["consumers"] = [consumer if draw.random() < 0.95 else draw.choice(MALFORMED)]
    if draw.random() < 0.05:
        queues["odd"] = 1
    return queues


def make_configuration(draw: random.Random) -> dict[str, Any]:
    top = make_section(draw)
    if draw.random() < 0.7:
        environments = draw.sample(["staging", "production"], k=draw.randrange(3))
        top["env"] = {name: make_section(draw) for name in environments}
    return top


def read_with_wrangler(files: list[tuple[Path, str | None]], modules: Path) -> list[dict[str, Any]]:
    lines = "".join(json.dumps({"path": str(path), "env": env}) + "\n" for path, env in files)
    inherited = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    finished = subprocess.run(
        ["node", CONFORMANCE / "wrangler" / "read.mjs", modules],
        input=lines.encode(),
        capture_output=True,
        timeout=300,
        check=False,
        env=inherited
        | {"HOME": str(Path.cwd()), "NO_COLOR": "1", "WRANGLER_SEND_METRICS": "false"},
    )
    assert finished.returncode == 0, finished.stderr.decode()
    lines_out = finished.stdout.decode().rstrip("\n").split("\n")
    return [json.loads(line, parse_int=javascript_integer) for line in lines_out]


def javascript_integer(digits: str) -> float:
    return int(digits) if len(digits) < 16 else float(digits)


def read_with_package(path: Path, env: str | None) -> dict[str, Any]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            read = read_wrangler(path, env=env)
            preview = read_wrangler(path, env=env, preview=True)
        except ValueError as error:
            return {"message": str(error), "warnings": []}
    assert {warning.category for warning in caught} <= {KVUsageWarning}
    messages = [str(warning.message).removeprefix(f"{path}: ") for warning in caught]
    return {
        "name": read.name,
        "main": read.main,
        "kv_namespaces": [[item.binding, item.id] for item in read.kv_namespaces],
        "preview": [[item.binding, item.id] for item in preview.kv_namespaces],
        "vars": dict(read.vars),
        "compatibility_date": read.compatibility_date,
        "compatibility_flags": list(read.compatibility_flags),
        "warnings": messages[: len(messages) // 2],  # the second call repeats the warnings
    }


def normalize_reading(reading: dict[str, Any]) -> dict[str, Any]:
    """Convert a reading of wrangler to our format; ids are resolved as by `wrangler dev`."""
    items = reading["kv_namespaces"]
    ids = [item.get("id", item["binding"]) for item in items]
    previews = [item.get("preview_id", own) for item, own in zip(items, ids, strict=True)]
    names = [item["binding"] for item in items]
    values = reading["vars"]
    return {
        "name": reading.get("name"),
        "main": reading.get("main"),
        "kv_namespaces": [list(pair) for pair in zip(names, ids, strict=True)],
        "preview": [list(pair) for pair in zip(names, previews, strict=True)],
        "vars": values if isinstance(values, dict) else dict(enumerate_values(values)),
        "compatibility_date": reading.get("compatibility_date"),
        "compatibility_flags": reading["compatibility_flags"],
    }


def enumerate_values(values: list[Any]) -> list[tuple[str, Any]]:
    return [(str(index), value) for index, value in enumerate(values)]


def plain(text: str) -> str:
    return " ".join(re.sub(r"\x1b\[[\d;]*m", "", text).split())


def remove_missing_vars(text: str) -> tuple[str, set[str]]:
    """Return `text` without warnings about variables missing in an environment, and their names.

    Until a release after 4.86 wrangler printed a paragraph for each variable.
    """
    missing: set[str] = set()
    for pattern in (
        r'"vars\.(\S+)" exists at the top level, .*? Please add "vars\.\S+" to "env\.\w+"\.',
        r'The following vars exist .*? to "env\.\w+\.vars":((?: - \w+)+)(?= -|$)',
    ):
        for names in re.findall(pattern, text):
            missing |= set(names.replace("- ", "").split())
        text = re.sub(pattern, "", text)
    return text, missing


def assert_same(path: Path, env: str | None, expected: dict[str, Any]) -> None:
    actual = read_with_package(path, env)
    if "error" in expected:
        assert "message" in actual, expected
        if expected["error"] == "UserError":
            assert actual["message"] == expected["message"]
        elif expected["error"] == "ParseError" and path.name != "large.toml":
            assert f"{path}:{expected['line']}:" in actual["message"]
        return
    assert {
        name: value for name, value in actual.items() if name != "warnings"
    } == normalize_reading(expected)
    rest, expected_vars = remove_missing_vars(plain(expected["warnings"]))
    actual_vars: set[str] = set()
    for warning in actual["warnings"]:
        left, names = remove_missing_vars(plain(warning))
        actual_vars |= names
        assert left in rest
        rest = rest.replace(left, "", 1)
    assert actual_vars == expected_vars
    if any(field in path.read_text(encoding="utf-8") for field in OTHER_FIELDS):
        return  # wrangler also warns about fields that we do not read
    frame = r'[▲\W]*(\[WARNING\] Processing \S+ configuration:)?\W*("env\.\w+" \w+ \w+)?\W*'
    assert re.fullmatch(frame, rest), rest


@pytest.mark.wrangler
def test_generated_configurations_are_read_as_by_wrangler(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    modules = node_modules("wrangler")
    draw = random.Random(seed)
    monkeypatch.chdir(tmp_path)
    files: list[tuple[Path, str | None]] = []
    for number in range(GENERATED_COUNT):
        path = Path(f"{number}.{draw.choice(['json', 'jsonc'])}")
        path.write_text(json.dumps(make_configuration(draw)), encoding="utf-8")
        files.append((path, draw.choice([None, "staging", "staging", ""])))

    expected = read_with_wrangler(files, modules)

    assert len(expected) == GENERATED_COUNT
    for (path, env), reading in zip(files, expected, strict=True):
        print(path.read_text(encoding="utf-8"), env)
        assert_same(path, env, reading)


@pytest.mark.wrangler
def test_sample_configurations_are_read_as_by_wrangler(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modules = node_modules("wrangler")
    monkeypatch.chdir(tmp_path)
    files: list[tuple[Path, str | None]] = []
    for name, text in SAMPLES.items():
        Path(name).write_text(text, encoding="utf-8")
        files.append((Path(name), "staging" if name == "env.toml" else None))

    for (path, env), reading in zip(files, read_with_wrangler(files, modules), strict=True):
        print(path.name, reading)
        assert_same(path, env, reading)
