"""The isolation of one run: its time zone, its patches, and its dependency."""

import asyncio
import datetime
import sys
import threading
import time

import pytest

from pykvbinding import EdgeNetwork, Env
from pykvbinding.sim.run.isolation import UTC_HERE
from tests.support.handlers import look

NO_TIME_MACHINE = (
    "handlers of an EdgeNetwork run in virtual time, which needs time-machine: "
    "pip install 'pykvbinding[testing]'"
)


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the local zone cannot be changed here")
@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo"])
def test_the_local_time_zone_is_utc(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def nap(env: Env) -> list[tuple[object, ...]]:
        seen: list[tuple[object, ...]] = []
        for _ in range(3):
            seen.append((time.localtime().tm_hour, datetime.datetime.now().hour, time.tzname[0]))
            await asyncio.sleep(3600)
        return seen

    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        net = EdgeNetwork("LHR")
        napping = net.start(nap)
        net.run()
        after = time.tzname[0]
    finally:
        monkeypatch.undo()
        time.tzset()

    assert napping.result == [(22, 22, "UTC"), (23, 23, "UTC"), (0, 0, "UTC")]
    assert after == ("UTC" if zone == "UTC" else "JST")


def test_the_substitute_utc_zone_behaves_like_utc() -> None:
    instant = datetime.datetime(2023, 11, 14, tzinfo=UTC_HERE)

    assert instant == datetime.datetime(2023, 11, 14, tzinfo=datetime.UTC)
    assert (instant.dst(), instant.tzname()) == (None, "UTC")
    assert UTC_HERE != datetime.UTC


def test_keeps_a_method_that_a_test_has_replaced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[str] = []

    def start(thread: threading.Thread) -> None:
        started.append(thread.name)

    monkeypatch.setattr(threading.Thread, "start", start)

    async def begin(env: Env) -> None:
        threading.Thread(name="mine").start()

    net = EdgeNetwork("LHR")
    net.start(begin)
    net.run()

    assert started == ["mine"]
    assert threading.Thread.start is start


@pytest.mark.parametrize("schedule", [None, 7, ""])
def test_without_time_machine_a_handler_cannot_be_started(
    schedule: int | str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "time_machine", None)
    net = EdgeNetwork("LHR", schedule=schedule)

    with pytest.raises(ImportError) as caught:
        net.start(look)

    assert str(caught.value) == NO_TIME_MACHINE
    assert caught.value.name == "time_machine"


def test_without_time_machine_a_network_without_handlers_works(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "time_machine", None)
    net = EdgeNetwork("LHR", "NRT")

    async def use() -> str | None:
        await net.kv("LHR").put("k", "v")
        return await net.kv("NRT").get("k")

    assert asyncio.run(use()) == "v"
