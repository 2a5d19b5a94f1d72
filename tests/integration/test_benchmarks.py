"""The benchmarks run and check their budgets. No test here depends on measured times."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks import __main__ as command
from benchmarks import explorers
from benchmarks.catalogue import CATALOGUE
from benchmarks.memory import size_of
from benchmarks.miniflare import VARIABLE
from benchmarks.row import Row, Skipped, exit_status
from benchmarks.sizes import Sizes
from benchmarks.table import table
from benchmarks.timer import drive, race
from benchmarks.traffic import zipf

ROW = Row(name="get", against="dict.get", subject=2e-7, floor=1e-7, budget=2.5)
SKIPPED = Skipped(name="Miniflare", reason="node is not installed")


@pytest.fixture(autouse=True)
def without_miniflare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))


def report(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    assert command.main(["--quick", "--json", "-", *arguments]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def use_single_row(monkeypatch: pytest.MonkeyPatch, row: Row) -> None:
    def benchmark(sizes: Sizes) -> Iterator[Row]:
        yield row

    monkeypatch.setattr(command, "CATALOGUE", (("get", benchmark),))


@pytest.mark.long
def test_every_row_has_a_ratio(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [row for row in report(capsys) if "skipped" not in row]
    assert len(rows) > 25
    assert all(row["ratio"] > 0 and row["subject"] > 0 and row["floor"] > 0 for row in rows)
    assert all(row["against"] for row in rows)
    assert len({row["name"] for row in rows}) == len(rows)


@pytest.mark.parametrize(
    ("name", "budgets"),
    [
        ("get", [2.5]),
        ("put", [4.5]),
        ("put-new", [6.5]),
        ("get-many", [0.9, 0.9]),
        ("list", [1.5]),
        ("list-large", [1.2, None]),
        ("memory", [1.5]),
        ("import", [None]),
        ("edge-hit", [8.0, None]),
        ("get-json", [None]),
    ],
)
def test_rows_have_the_documented_budgets(
    name: str, budgets: list[float | None], capsys: pytest.CaptureFixture[str]
) -> None:
    assert [row["budget"] for row in report(capsys, "--only", name)] == budgets


def test_import_has_a_budget_in_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    (row,) = report(capsys, "--only", "import")
    assert row["budget_above_floor"] == 0.045
    assert row["fault"] == ""


def test_the_name_of_a_limited_search_states_the_limit(capsys: pytest.CaptureFixture[str]) -> None:
    names = [row["name"] for row in report(capsys, "--only", "schedule-proof")]

    assert names[-1] == "6 x 3 and a time jump: 100 runs, not all"


def test_traffic_has_a_budget_in_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    (row,) = report(capsys, "--only", "traffic")
    assert row["budget_above_floor"] == 15
    assert row["name"] == "traffic of 2,000 operations"


def test_zipf_is_reproducible_and_draws_the_first_key_most_often() -> None:
    keys = [f"key {number}" for number in range(100)]
    drawn = zipf(keys, 10_000)
    assert drawn == zipf(keys, 10_000)
    assert drawn.count("key 0") == pytest.approx(2 * drawn.count("key 1"), rel=0.2)
    assert [key for key, _ in Counter(drawn).most_common(3)] == keys[:3]


def test_miniflare_is_skipped_with_a_reason(capsys: pytest.CaptureFixture[str]) -> None:
    (row,) = report(capsys, "--only", "miniflare")
    assert row["name"] == "Miniflare"
    assert row["skipped"]


def test_only_accepts_names_of_the_catalogue() -> None:
    with pytest.raises(SystemExit):
        command.main(["--only", "nothing"])
    assert len({name for name, _ in CATALOGUE}) == len(CATALOGUE)


def test_writes_json_to_a_file_and_prints_the_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "rows.jsonl"
    assert command.main(["--quick", "--only", "get", "--json", str(file)]) == 0
    assert json.loads(file.read_text())["name"] == "get"
    assert "awaited dict.get" in capsys.readouterr().out


def test_a_row_within_its_budgets_passes() -> None:
    assert exit_status([ROW, replace(ROW, budget=None), SKIPPED]) == 0
    assert exit_status([replace(ROW, subject=3e-7, budget=None, budget_above_floor=3e-7)]) == 0


@pytest.mark.parametrize(
    "row",
    [
        replace(ROW, subject=2.6e-7),
        replace(ROW, budget=None, budget_above_floor=0.9e-7),
        replace(ROW, fault="imports asyncio"),
    ],
)
def test_check_fails_a_row_over_its_budget(row: Row, monkeypatch: pytest.MonkeyPatch) -> None:
    assert exit_status([ROW, row]) == 1
    use_single_row(monkeypatch, row)
    assert command.main(["--check"]) == 1
    assert command.main([]) == 0


def test_table_marks_rows_over_budget_with_the_reason() -> None:
    slow = replace(ROW, name="slow", subject=9e-7)
    faulty = replace(ROW, name="faulty", fault="imports asyncio")
    text = table([ROW, slow, faulty, SKIPPED]).splitlines()
    assert [line.split()[-2:] for line in text[1:3]] == [["ok", "dict.get"], ["OVER", "dict.get"]]
    assert "OVER: imports asyncio" in text[3]
    assert text[4] == "skipped: Miniflare (node is not installed)"


def test_table_shows_small_ratios_as_fractions() -> None:
    assert "1/800 ×  1/500 ×  ok" in table([replace(ROW, subject=1, floor=800, budget=1 / 500)])


async def finished() -> str:
    return "done"


def test_race_returns_the_best_of_alternating_runs() -> None:
    calls: list[str] = []

    def contestant(name: str, seconds: list[float]) -> float:
        calls.append(name)
        return seconds.pop()

    floors, subjects = [3.0, 1.0, 2.0], [6.0, 4.0, 5.0]
    best = race(lambda: contestant("floor", floors), lambda: contestant("ours", subjects), 3)
    assert best == (1.0, 4.0)
    assert calls == ["floor", "ours", "ours", "floor", "floor", "ours"]


def test_drive_rejects_a_coroutine_that_waits() -> None:
    assert drive(finished()) == "done"
    with pytest.raises(RuntimeError, match="waited"):
        drive(asyncio.sleep(0))


def test_size_counts_each_object_once_and_excludes_shared_ones() -> None:
    shared, own = "shared" * 50, ["own"] * 100
    once = size_of([own, shared], [shared])
    assert once > 800
    assert size_of([own, own], [shared]) == once
    assert size_of([own, shared], []) > once + len(shared)


@pytest.mark.parametrize("name", ["simloom", "frontrun"])
def test_an_explorer_that_is_not_installed_is_skipped(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explorers, "find_spec", lambda _: None)

    (row,) = report(capsys, "--only", name)

    assert row["name"] == name
    assert "is not installed" in row["skipped"]


def test_other_explorers_run_the_same_program_and_report_their_schedules(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    explored: list[str] = []

    async def systematic(setup: Any, workers: Any, count: int, invariant: Any) -> SimpleNamespace:
        shelf = setup()
        await asyncio.gather(*(workers(shelf) for _ in range(count)))
        return SimpleNamespace(property_holds=invariant(shelf), num_explored=4)

    def by_seeds(main: Any, runs: int, start_seed: int) -> SimpleNamespace:
        with pytest.raises(AssertionError):
            asyncio.run(main())
        explored.append(f"{start_seed} of {runs}")
        return SimpleNamespace(runs=3)

    modules = {"simloom": by_seeds, "frontrun": systematic}
    monkeypatch.setattr(explorers, "find_spec", modules.get)
    monkeypatch.setattr(explorers, "version", lambda name: f"of {name}")
    monkeypatch.setattr(
        explorers, "import_module", lambda name: SimpleNamespace(explore=modules[name])
    )

    seeds, search = report(capsys, "--only", "simloom", "--only", "frontrun")

    assert seeds["name"].startswith("lost update by seeds: ")
    assert seeds["name"].endswith(" schedules, they 3.0")
    assert search["name"] == "lost update by search: 2.0 schedules, they 4.0"
    assert [row["against"] for row in (seeds, search)] == [
        "simloom of simloom",
        "frontrun of frontrun",
    ]
    assert explored[:2] == ["0 of 1000", "1000 of 1000"]
