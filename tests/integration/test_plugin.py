"""The fixtures, marker, settings and reports of the pytest plugin, tested by running pytest."""

import os
import subprocess
import sys

import pytest

from tests.support.paths import ROOT
from tests.support.pytester import ASYNC_PLUGINS, PLUGIN, lines, run

pytest_plugins = ["pytester"]

CONFIG = """
name = "shop"
kv_namespaces = [{ binding = "SESSIONS", id = "1a" }, { binding = "KV", id = "2b" }]
[vars]
GREETING = "hello"
"""


def test_every_fixture_is_listed_with_its_description(pytester: pytest.Pytester) -> None:
    result = run(pytester, "", "--fixtures")

    printed = lines(result)
    for fixture in ("kv", "kv_clock", "kv_env", "kv_history", "kv_network [[]session scope[]]"):
        result.stdout.fnmatch_lines([f"{fixture} -- *plugin.py*"])
    assert "kv_clock.advance(61)" in printed


def test_every_test_gets_a_new_namespace_and_clock(
    pytester: pytest.Pytester,
) -> None:
    code = """
@pytest.mark.parametrize("time", [1, 2])
def test_one(kv, kv_clock, time):
    assert kv_clock.now() == 1_700_000_000 and kv.namespace.clock is kv_clock
    assert len(kv.namespace) == 0
    asyncio.run(kv.put("key", "value", expirationTtl=60))
    kv_clock.advance(60)
    assert asyncio.run(kv.get("key")) is None
"""
    run(pytester, code).assert_outcomes(passed=2)


def test_the_history_records_operations_on_kv_and_kv_env(pytester: pytest.Pytester) -> None:
    code = """
def test_one(kv, kv_env, kv_history):
    asyncio.run(kv.put("a", "1"))
    asyncio.run(kv_env.KV.get("a"))
    assert [(op.kind, op.key, op.value) for op in kv_history] == [
        ("put", "a", "1"), ("get", "a", "1"),
    ]
"""
    run(pytester, code).assert_outcomes(passed=1)


def test_without_a_wrangler_file_the_env_contains_kv(pytester: pytest.Pytester) -> None:
    code = """
def test_one(kv, kv_env):
    assert kv_env.KV is kv and list(kv_env) == ["KV"]
"""
    run(pytester, code).assert_outcomes(passed=1)


def test_an_overridden_kv_fixture_is_in_the_env(pytester: pytest.Pytester) -> None:
    code = """
@pytest.fixture
def kv():
    return KVNamespace(title="MINE")
def test_one(kv, kv_env):
    assert kv_env.KV is kv and kv.namespace.title == "MINE"
"""
    run(pytester, code).assert_outcomes(passed=1)


def test_an_overridden_clock_is_the_clock_of_kv_and_kv_env(pytester: pytest.Pytester) -> None:
    pytester.makefile(".toml", wrangler=CONFIG)
    code = """
@pytest.fixture
def kv_clock():
    return VirtualClock(5)
def test_one(kv, kv_env):
    assert kv.namespace.clock.now() == kv_env.SESSIONS.namespace.clock.now() == 5
"""
    run(pytester, code).assert_outcomes(passed=1)


def test_the_env_is_read_from_the_wrangler_file_in_the_root(pytester: pytest.Pytester) -> None:
    pytester.makefile(".toml", wrangler=CONFIG)
    code = """
def test_one(kv_env, kv_clock, kv_history):
    assert sorted(kv_env) == ["GREETING", "KV", "SESSIONS"] and kv_env.GREETING == "hello"
    assert kv_env.SESSIONS.namespace.id == "1a"
    assert kv_env.SESSIONS.namespace.clock is kv_clock
    asyncio.run(kv_env.SESSIONS.put("a", "1"))
    assert kv_history.puts("a")[0].namespace == "SESSIONS"
def test_two(kv_env):
    assert asyncio.run(kv_env.SESSIONS.get("a")) is None
"""
    run(pytester, code).assert_outcomes(passed=2)


def test_kv_is_the_binding_kv_of_the_file(pytester: pytest.Pytester) -> None:
    pytester.makefile(".toml", wrangler=CONFIG)
    code = """
def test_kv_first(kv, kv_env):
    assert kv.namespace is kv_env.KV.namespace and kv.namespace.id == "2b"
def test_env_first(kv_env, kv):
    assert kv.namespace is kv_env.KV.namespace and kv.namespace.id == "2b"
@pytest.mark.kv(data={"a": "1"})
def test_data(kv_env, kv):
    assert asyncio.run(kv_env.KV.get("a")) == "1"
"""
    run(pytester, code).assert_outcomes(passed=3)


def test_kv_config_is_relative_to_the_root(pytester: pytest.Pytester) -> None:
    pytester.makefile(".toml", wrangler="this is not read")
    (pytester.path / "deploy").mkdir()
    (pytester.path / "deploy" / "shop.toml").write_text(CONFIG)
    code = """
def test_one(kv_env):
    assert kv_env.GREETING == "hello"
"""
    run(pytester, code, ini="kv_config = deploy/shop.toml").assert_outcomes(passed=1)


def test_an_empty_kv_config_disables_the_wrangler_file(pytester: pytest.Pytester) -> None:
    pytester.makefile(".toml", wrangler="this is not read")
    code = """
def test_one(kv, kv_env):
    assert kv_env.KV is kv
"""
    run(pytester, code, ini="kv_config =").assert_outcomes(passed=1)


def test_a_missing_wrangler_file_is_an_error(pytester: pytest.Pytester) -> None:
    result = run(pytester, "def test_one(kv_env): pass", ini="kv_config = other.toml")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*other.toml*"])


def test_kv_network_makes_independent_networks(pytester: pytest.Pytester) -> None:
    code = """
def test_one(kv_network):
    first, second = kv_network("LHR", "NRT"), kv_network("LHR", bindings=("A", "B"))
    asyncio.run(first.kv("LHR").put("a", "1"))
    assert first.latest("a") == "1" and asyncio.run(second.kv("LHR", "A").get("a")) is None
    assert first.locations == ("LHR", "NRT") and first.clock is not second.clock
"""
    run(pytester, code).assert_outcomes(passed=1)


def test_kv_network_can_be_used_with_given(pytester: pytest.Pytester) -> None:
    code = """
from hypothesis import given, settings, strategies as st
@settings(database=None)
@given(key=st.sampled_from(["a", "b"]))
def test_one(kv_network, key):
    net = kv_network("LHR")
    asyncio.run(net.kv("LHR").put(key, "1"))
    assert net.history.count() == 1
"""
    run(pytester, code).assert_outcomes(passed=1)


def test_the_marker_is_registered_and_documented(pytester: pytest.Pytester) -> None:
    result = run(pytester, "@pytest.mark.kv(seed=1)\ndef test_one(kv): pass", "--strict-markers")
    shown = run(pytester, "", "--markers")

    result.assert_outcomes(passed=1)
    shown.stdout.fnmatch_lines(
        ["@pytest.mark.kv([*], limits=Limits(…), seed=0, *allow=[[]kind]):*"]
    )


def test_the_marker_sets_the_limits_of_every_fixture(pytester: pytest.Pytester) -> None:
    code = """
LIMITS = Limits(writes_per_second_per_key=1)
@pytest.mark.kv(limits=LIMITS)
def test_one(kv, kv_env, kv_network):
    assert kv.namespace.limits is kv_env.KV.namespace.limits is LIMITS
    assert kv_network("LHR").kv("LHR").namespace.limits is LIMITS
    assert kv_network("LHR", limits=Limits()).kv("LHR").namespace.limits is not LIMITS
    asyncio.run(kv.put("a", "1"))
    with pytest.raises(KVError, match="429 Too Many Requests"):
        asyncio.run(kv.put("a", "2"))
"""
    run(pytester, code).assert_outcomes(passed=1)


def test_the_marker_sets_the_initial_data_of_kv(pytester: pytest.Pytester) -> None:
    code = """
@pytest.mark.kv(data={"a": "1", "b": ("2", {"metadata": {"n": 1}})})
def test_one(kv, kv_history):
    assert asyncio.run(kv.get(["a", "b"])) == {"a": "1", "b": "2"}
    assert kv_history.count("put") == 0
"""
    run(pytester, code).assert_outcomes(passed=1)


def test_the_marker_sets_faults(pytester: pytest.Pytester) -> None:
    code = """
@pytest.mark.kv(faults=[Fault(kind="put", nth=2)])
def test_one(kv):
    asyncio.run(kv.put("a", "1"))
    with pytest.raises(KVError, match="500 Internal Server Error"):
        asyncio.run(kv.put("a", "2"))
"""
    run(pytester, code).assert_outcomes(passed=1)


def test_the_closest_marker_has_precedence(pytester: pytest.Pytester) -> None:
    code = """
pytestmark = pytest.mark.kv(data={"a": "far"}, limits=Limits(min_cache_ttl=30))
@pytest.mark.kv(data={"a": "near"})
def test_one(kv):
    assert asyncio.run(kv.get("a", cacheTtl=30)) == "near"
"""
    run(pytester, code).assert_outcomes(passed=1)


def test_rejects_an_unknown_argument_of_the_marker(
    pytester: pytest.Pytester,
) -> None:
    result = run(pytester, "@pytest.mark.kv(limit=1)\ndef test_one(kv): pass")

    result.assert_outcomes(errors=1)
    expected = (
        "pytest.mark.kv has no argument 'limit'; "
        "its keyword arguments are limits, seed, data, faults, allow"
    )
    assert expected in lines(result)
    assert "Traceback" not in lines(result)


SEED_CODE = """
def test_one(kv_network):
    assert kv_network("LHR").account.choice.seed == {0}
    assert kv_network("LHR", seed=99).account.choice.seed == 99
@pytest.mark.kv(seed=5)
def test_two(kv_network, kv_env):
    assert kv_network("LHR").account.choice.seed == 5
"""


@pytest.mark.parametrize(
    ("ini", "arguments", "seed"),
    [("", [], 0), ("kv_seed = 3", [], 3), ("kv_seed = 3", ["--kv-seed", "4"], 4)],
)
def test_the_seed_comes_from_the_marker_then_the_command_line_then_the_configuration(
    pytester: pytest.Pytester, ini: str, arguments: list[str], seed: int
) -> None:
    result = run(pytester, SEED_CODE.replace("{0}", str(seed)), *arguments, ini=ini)

    result.assert_outcomes(passed=2)
    assert f"kv: seed {seed}" in result.outlines


def test_rejects_a_seed_that_is_not_an_integer(pytester: pytest.Pytester) -> None:
    result = run(pytester, "", ini="kv_seed = lucky")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*kv_seed = lucky: not an integer; write for example kv_seed = 7"])


def test_a_test_without_kv_fixtures_is_not_monitored(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "pykvbinding.errors")
    pytester.makepyfile(
        f"from {PLUGIN} import _item_key\n"
        "def test_one(request): assert _item_key not in request.config.stash\n"
        "def test_two(request, kv_clock): assert _item_key in request.config.stash\n"
    )

    result = pytester.runpytest_inprocess(f"-p{PLUGIN}", "-pno:cacheprovider", "-pno:asyncio")

    result.assert_outcomes(passed=2)


def test_a_suite_without_pykvbinding_never_imports_it(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        "import sys\ndef test_one(): assert 'pykvbinding.testing.item' not in sys.modules"
    )

    result = run_in_subprocess(pytester, "-q")

    assert "1 passed" in result.stdout


def test_the_plugin_imports_only_pytest_and_the_standard_library(
    pytester: pytest.Pytester,
) -> None:
    code = (
        "import sys, pytest; before = set(sys.modules)\n"
        f"import {PLUGIN}\n"
        "print(*sorted({name.partition('.')[0] for name in set(sys.modules) - before}"
        " - set(sys.stdlib_module_names)))"
    )

    printed = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout

    assert printed.split() == ["pykvbinding"]


def test_the_plugin_can_be_named_in_addition_to_its_entry_point(pytester: pytest.Pytester) -> None:
    """The entry point is named after the module; else pytest would reject the second loading."""
    pytester.makepyfile("def test_one(kv): pass")
    information = pytester.path / "pykvbinding-9.9.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: pykvbinding\n")
    (information / "entry_points.txt").write_text(f"[pytest11]\n{PLUGIN} = {PLUGIN}\n")

    both = run_in_subprocess(pytester, "-p", PLUGIN)
    entry_point_only = run_in_subprocess(pytester, named=False)

    assert "1 passed" in both.stdout
    assert "1 passed" in entry_point_only.stdout


def run_in_subprocess(
    pytester: pytest.Pytester, *arguments: str, named: bool = True
) -> "subprocess.CompletedProcess[str]":
    path = os.pathsep.join([str(pytester.path), str(ROOT)])
    # pytest-trio imports Hypothesis, which imports the registered strategies.
    without = [f"-pno:{name}" for name in ASYNC_PLUGINS]
    loaded = [*without, "-p", PLUGIN] if named else without
    command = [sys.executable, "-m", "pytest", *loaded, "-p", "no:cacheprovider", *arguments]
    return subprocess.run(
        command,
        cwd=pytester.path,
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
