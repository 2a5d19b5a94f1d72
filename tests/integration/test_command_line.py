"""The command line and the library without the modules of any extra."""

import subprocess
import sys
import tomllib
from importlib import import_module

import pytest
from click.testing import CliRunner

import pykvbinding
from pykvbinding import __main__ as command_line
from pykvbinding.cli.commands import commands
from tests.support.paths import ROOT

EXTRAS = ("click", "uvicorn", "hypothesis", "pytest", "time_machine", "workers")

NEEDS_BOTH = "needs click and uvicorn: pip install 'pykvbinding[server]'"


def python(program: str) -> subprocess.CompletedProcess[str]:
    """Run a program in a process in which no module of an extra can be imported."""
    block = f"import sys; sys.modules.update(dict.fromkeys({EXTRAS!r}))"
    return subprocess.run(
        [sys.executable, "-c", f"{block}\n{program}"], capture_output=True, text=True, cwd=ROOT
    )


def run_as_module(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m pykvbinding` without the extras."""
    return python(
        f"sys.argv = ['pykvbinding', *{arguments!r}]; import runpy\n"
        "runpy.run_module('pykvbinding', run_name='__main__')"
    )


def run(*arguments: str) -> object:
    with pytest.raises(SystemExit) as exited:
        command_line.main(arguments)
    return exited.value.code


def test_version_needs_no_extra() -> None:
    result = run_as_module("--version")

    assert (result.returncode, result.stdout) == (0, f"pykvbinding {pykvbinding.__version__}\n")


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], []], ids=["--help", "-h", "none"])
def test_help_needs_no_extra_and_names_the_extra_of_the_commands(arguments: list[str]) -> None:
    result = run_as_module(*arguments)

    assert result.returncode == 0
    assert result.stdout.startswith("Usage: python -m pykvbinding [OPTIONS] COMMAND [ARGS]...\n")
    assert result.stdout.endswith(f"\nEvery command {NEEDS_BOTH}\n")


@pytest.mark.parametrize("arguments", [["dev"], ["dev", "--help"]], ids=" ".join)
def test_a_command_names_the_extra_that_it_needs(arguments: list[str]) -> None:
    result = run_as_module(*arguments)

    assert result.returncode == 2
    assert result.stderr == f"python -m pykvbinding {NEEDS_BOTH}\n"


def test_a_command_names_only_the_missing_modules(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)

    assert run("dev") == 2
    expected = "pykvbinding needs uvicorn: pip install 'pykvbinding[server]'\n"
    assert capsys.readouterr().err == expected


def test_help_without_click_equals_the_help_of_click() -> None:
    result = CliRunner().invoke(commands, ["--help"], prog_name="pykvbinding")

    assert result.output == command_line.HELP


def test_main_prints_help_without_click(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "click", None)

    assert run("--help") == 0
    assert capsys.readouterr().out.startswith(command_line.HELP)


def test_arguments_default_to_those_of_the_process(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["pykvbinding", "--version"])

    with pytest.raises(SystemExit):
        command_line.main()

    assert capsys.readouterr().out == f"pykvbinding {pykvbinding.__version__}\n"


def test_click_prints_the_same_version() -> None:
    result = CliRunner().invoke(commands, ["--version"])

    assert result.output == f"pykvbinding {pykvbinding.__version__}\n"


def test_a_namespace_needs_no_extra() -> None:
    result = python(
        "import asyncio\n"
        "from pykvbinding import KVNamespace\n"
        "kv = KVNamespace()\n"
        "asyncio.run(kv.put('key', 'value', metadata={'n': 1}))\n"
        "print(asyncio.run(kv.get('key')), len(kv.namespace.dump()) > 0)"
    )

    assert (result.stdout, result.stderr) == ("value True\n", "")


@pytest.mark.parametrize("name", ["testing import keys", "sim import schedules"])
def test_a_strategy_without_hypothesis_names_the_extra(name: str) -> None:
    result = python(f"from pykvbinding.{name}")

    assert result.stderr.endswith("pip install 'pykvbinding[testing]'\n")
    assert "ModuleNotFoundError: import of hypothesis" in result.stderr


def test_the_console_script_runs_the_same_function() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, function = project["scripts"]["pykvbinding"].partition(":")

    assert getattr(import_module(module), function) is command_line.main
