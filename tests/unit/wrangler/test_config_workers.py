"""`read_wrangler`: bindings other than KV, and the Python flag."""

import json
from pathlib import Path
from typing import Any

import pytest

from pykvbinding.wrangler.config import (
    DurableObjectBinding,
    QueueBinding,
    UnsupportedBinding,
    check_python,
    read_wrangler,
)


def write(folder: Path, content: dict[str, Any]) -> Path:
    path = folder / "wrangler.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_reads_all_bindings_of_a_worker(tmp_path: Path) -> None:
    content = {
        "durable_objects": {
            "bindings": [
                {"name": "ROOM", "class_name": "Room"},
                {"name": "FAR", "class_name": "Far", "script_name": "other"},
            ]
        },
        "queues": {
            "producers": [{"binding": "Q", "queue": "jobs"}],
            "consumers": [{"queue": "jobs"}],
        },
        "triggers": {"crons": ["* * * * *", "0 0 * * *"]},
        "d1_databases": [{"binding": "DB", "database_id": "1"}],
        "ai": {"binding": "AI"},
        "secrets": {"required": ["TOKEN"]},
        "kv_namespaces": [{"binding": "KV"}],
        "vars": {"A": 1},
    }

    read = read_wrangler(write(tmp_path, content))

    assert read.durable_objects == (
        DurableObjectBinding(name="ROOM", class_name="Room", script_name=None),
        DurableObjectBinding(name="FAR", class_name="Far", script_name="other"),
    )
    assert read.queues == (QueueBinding(binding="Q", queue="jobs"),)
    assert read.consumers == ("jobs",)
    assert read.crons == ("* * * * *", "0 0 * * *")
    assert read.other_bindings == (
        UnsupportedBinding(name="DB", kind="D1 Database"),
        UnsupportedBinding(name="AI", kind="AI"),
    )


def test_triggers_are_inherited_by_environments(tmp_path: Path) -> None:
    content = {"triggers": {"crons": ["a"]}, "env": {"one": {}, "two": {"triggers": {}}}}
    path = write(tmp_path, content)

    crons = [read_wrangler(path, env=env).crons for env in (None, "one", "two")]

    assert crons == [("a",), ("a",), ()]


@pytest.mark.filterwarnings("ignore::pykvbinding.KVUsageWarning")
@pytest.mark.kv(allow=["wrangler"])
def test_omits_a_producer_about_which_wrangler_warns(tmp_path: Path) -> None:
    path = write(tmp_path, {"queues": {"producers": [["x"], {"binding": 5, "x": 1}]}})

    assert read_wrangler(path).queues == ()


@pytest.mark.parametrize(
    ("main", "flags", "is_refused"),
    [
        ("src/entry.py", [], True),
        ("src/entry.py", ["python_workers"], False),
        ("src/index.js", [], False),
        (None, [], False),
    ],
)
def test_a_python_worker_requires_a_flag(
    tmp_path: Path, main: str | None, flags: list[str], *, is_refused: bool
) -> None:
    content = {"compatibility_flags": flags, **({} if main is None else {"main": main})}
    read = read_wrangler(write(tmp_path, content))

    if is_refused:
        with pytest.raises(ValueError, match="compatibility flag is required to use Python"):
            check_python(read)
    else:
        check_python(read)
