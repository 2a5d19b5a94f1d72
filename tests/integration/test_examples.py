"""Every example runs and prints the expected output."""

import runpy
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from pykvbinding import EdgeNetwork
from pykvbinding.middleware.operation import Operation
from tests.support.paths import ROOT

EXAMPLES = ROOT / "examples"

TESTS = sorted(path.name for path in EXAMPLES.glob("test_*.py"))
"""Examples that pytest runs in a subprocess; the others are scripts."""

OPTIONS = ("-p", "no:cacheprovider", "-p", "no:asyncio", "-p", "pykvbinding.testing.plugin")

STALE_READ = """\
A session read with cacheTtl=300 outlives its end in the location that has read it:

    s   LHR                NRT                                 SYD
    0   ● ana     login    ·                                   ·
    1   ┃                  ● ana     MISS                      ·
   40   ┃                  ● ana     REVALIDATE                ·
   60   ○ nobody  logout   ┃                                   ·
   61   ○ nobody  MISS     ┃                                   ·
   62   ·                  ┃                                   ○ nobody  MISS
   65   ·                  ● ana     HIT    ◄ 5 s too late     ·
  304   ·                  ● ana     STALE  ◄ 244 s too late   ·
  304   ·                  ○ nobody  HIT                       ·

The documentation allows both results, the old one for some more time:

may_read('session:7f3a') at NRT, cacheTtl 300:
  v2   None   written 244 s ago, the newest
  v1   'ana'  written 304 s ago, may be seen for 56 s more
       "it may take some time for the key to be deleted from various points in the Cloudflare global
       network"

The fix: the default, cacheTtl=60. About a minute after the end, all locations agree:

    s   LHR                NRT                               SYD
    0   ● ana     login    ·                                 ·
    1   ┃                  ● ana     MISS                    ·
   40   ┃                  ● ana     REVALIDATE              ·
   60   ○ nobody  logout   ┃                                 ·
   61   ○ nobody  MISS     ┃                                 ·
   62   ·                  ┃                                 ○ nobody  MISS
   65   ·                  ● ana     HIT    ◄ 5 s too late   ·
  304   ·                  ○ nobody  MISS                    ·
  304   ·                  ○ nobody  HIT                     ·

Or limit a session to minutes (expirationTtl), and renew it only where it can also be ended:
expiration takes precedence over every cache. A reader must not renew a session that it has read:
if the value is stale, this would restore the session.
"""

WITHOUT_JITTER = """\
retryWithBackoff as documented: five attempts, 1, 2, 4 and 8 s apart.

   0.0 s   ●○○○○○○○○○○○○○○○○○○○   #1
   1.0 s   ●○○○○○○○○○○○○○○○○○○    #2
   3.0 s   ●○○○○○○○○○○○○○○○○○     #3
   7.0 s   ●○○○○○○○○○○○○○○○○      #4
  15.0 s   ●○○○○○○○○○○○○○○○       #5

15 of 20 writes are lost. All wait for the same time, so all retry at the same time.
"""


class Example:
    """Runs an example with arguments and returns its output."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch, self.capsys = monkeypatch, capsys

    def run(self, name: str, *arguments: str) -> str:
        self.monkeypatch.setattr(sys, "argv", [name, *arguments])
        runpy.run_path(str(EXAMPLES / name), run_name="__main__")
        return self.capsys.readouterr().out


def jitter_of(seed: int) -> Callable[[], float]:
    random = Random(seed)
    return lambda: random.uniform(0.5, 1.5)


def accepted(net: EdgeNetwork) -> list[Operation]:
    return [write for write in net.history if write.outcome == "ok"]


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Example:
    return Example(monkeypatch, capsys)


def test_every_example_is_run_by_this_file() -> None:
    names = {path.name for path in EXAMPLES.glob("*.py")} - set(TESTS)

    assert names == {"rate_limit.py", "stale_read.py", "tour.py"}


def test_the_examples_that_are_tests_pass() -> None:
    for name in TESTS:
        command = [sys.executable, "-m", "pytest", "-q", *OPTIONS, str(EXAMPLES / name)]

        result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

        assert result.returncode == 0, result.stdout + result.stderr


def test_a_revoked_session_is_still_read_at_another_location(example: Example) -> None:
    assert example.run("stale_read.py") == STALE_READ


def test_the_documented_retry_loses_fifteen_of_twenty_writes(example: Example) -> None:
    assert example.run("rate_limit.py").startswith(WITHOUT_JITTER)


def test_with_jitter_and_eight_attempts_no_write_is_lost(example: Example) -> None:
    jittered = example.run("rate_limit.py", "--seed", "7").removeprefix(WITHOUT_JITTER)
    lines = jittered.splitlines()

    assert "eight attempts (seed 7):" in lines[1]
    assert sorted(line.split()[-1] for line in lines[3:23]) == sorted(
        f"#{number + 1}" for number in range(20)
    )
    assert lines[24] == "0 of 20 writes are lost. No other seed from 0 to 99 loses one either."


def test_no_write_is_lost_with_any_of_a_hundred_seeds() -> None:
    play = runpy.run_path(str(EXAMPLES / "rate_limit.py"))["play"]

    lost = [
        seed
        for seed in range(100)
        if len(accepted(play(max_attempts=8, jitter=jitter_of(seed)))) < 20
    ]

    assert lost == []


def test_jitter_without_more_attempts_loses_writes() -> None:
    play = runpy.run_path(str(EXAMPLES / "rate_limit.py"))["play"]

    fewest = min(20 - len(accepted(play(max_attempts=5, jitter=jitter_of(s)))) for s in range(20))

    assert fewest >= 4


def test_accepted_writes_are_a_second_apart(example: Example) -> None:
    printed = example.run("rate_limit.py").removeprefix(WITHOUT_JITTER)
    instants = [float(line.split()[0]) for line in printed.splitlines()[3:23]]

    gaps = [later - sooner for sooner, later in pairwise(instants)]

    assert min(gaps) > 0.89  # they are printed with one decimal
    assert instants[0] == 0


def test_the_tour_shows_an_error_a_warning_and_an_expiry(example: Example) -> None:
    printed = example.run("tour.py")

    assert "KVError: KV PUT failed: 400 Invalid expiration_ttl of 30." in printed
    assert "KVUsageWarning: put('session', expiration_ttl=…)" in printed
    assert '>>> clock.advance(0.1)\n>>> await kv.get("session")\nNone\n' in printed
    assert "'translation:ja': 'こんにちは、世界！'" in printed


def test_the_tour_ends_with_a_stale_read_at_another_location(example: Example) -> None:
    _, _, story = example.run("tour.py").partition('>>> net = EdgeNetwork("LHR", "NRT")\n')

    reads = """\
>>> await net.kv("LHR").get("flag")
'on'
>>> await net.kv("NRT").get("flag")
'off'
>>> net.may_read("flag", at="NRT")
may_read('flag') at NRT, cacheTtl 60:
"""
    assert reads in story
    assert '>>> net.clock.advance(60)\n>>> await net.kv("NRT").get("flag")\n\'on\'\n' in story


def test_the_tour_loads_a_given_directory(tmp_path: Path, example: Example) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "note.txt").write_text("four")
    (tmp_path / ".hidden").write_text("no")

    printed = example.run("tour.py", str(tmp_path))

    assert printed.startswith(f"1 files of {tmp_path.name}/ and 8 translations are loaded.\n")
    assert "('file:a/note.txt', {'type': 'text/plain', 'bytes': 4})" in printed


def test_the_tour_names_a_file_that_the_platform_rejects(tmp_path: Path, example: Example) -> None:
    deep = tmp_path.joinpath(*["x" * 200] * 3)
    deep.mkdir(parents=True)
    (deep / "note.txt").write_text("too deep")
    (tmp_path / "ok.txt").write_text("fine")

    printed = example.run("tour.py", str(tmp_path))

    assert "note.txt is skipped: KV PUT failed: 414 UTF-8 encoded length of 616 exceeds" in printed


def test_the_tour_rejects_a_directory_without_files(
    tmp_path: Path, example: Example, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        example.run("tour.py", str(tmp_path))

    assert "is not a directory with files" in capsys.readouterr().err
