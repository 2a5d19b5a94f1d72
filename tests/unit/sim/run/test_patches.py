"""Isolation of handlers: virtual time, seeded randomness, asyncio's order."""

import asyncio
import datetime
import os
import random
import secrets
import threading
import time
import uuid
import warnings
from collections.abc import Iterator
from datetime import date as imported_date
from datetime import datetime as imported_datetime
from random import randint as imported_randint
from time import monotonic as imported_monotonic
from time import time as imported_time
from typing import Any

import freezegun
import pytest
import time_machine

from pykvbinding import EdgeNetwork, Env, VirtualClock
from pykvbinding.sim.run.isolation import ISOLATIONS, Isolation, as_datetime, current_isolation
from pykvbinding.sim.run.patches import isolated
from pykvbinding.sim.schedule import AdvanceTime
from tests.support.handlers import look

START = 1_700_000_000
START_TEXT = "2023-11-14T22:13:20"


def run(handler: Any, *args: Any, schedule: Any = None) -> Any:
    net = EdgeNetwork("LHR", schedule=schedule)
    invocation = net.start(handler, *args)
    net.run()
    return invocation.result


# Time.


def test_every_clock_returns_the_time_of_the_network() -> None:
    async def tell(env: Env) -> list[Any]:
        await asyncio.sleep(1.5)
        return [
            time.time(),
            imported_time(),
            time.time_ns(),
            time.gmtime().tm_sec,
            time.mktime(time.localtime()),
            time.strftime("%S"),
            time.asctime() == time.asctime(time.localtime(START + 1)),
            time.ctime() == time.ctime(START + 1),
        ]

    at = START + 1.5

    assert run(tell) == [at, at, at * 10**9, 21, START + 1, "21", True, True]


def test_monotonic_time_is_the_time_of_the_loop() -> None:
    async def tell(env: Env) -> list[float]:
        await asyncio.sleep(1.5)
        now = asyncio.get_running_loop().time()
        return [now, time.monotonic(), imported_monotonic(), time.monotonic_ns() / 1e9]

    assert run(tell) == [1.5, 1.5, 1.5, 1.5]


def test_datetime_uses_the_time_of_the_network() -> None:
    async def tell(env: Env) -> list[str]:
        await asyncio.sleep(1.25)
        return [
            datetime.datetime.now(datetime.UTC).isoformat(),
            imported_datetime.now(datetime.UTC).isoformat(),
            imported_datetime.fromtimestamp(time.time(), datetime.UTC).isoformat(),
            imported_datetime.now(datetime.UTC).date().isoformat(),
        ]

    at = "2023-11-14T22:13:21.250000+00:00"

    assert run(tell) == [at, at, at, "2023-11-14"]


def test_local_dates_use_the_time_of_the_network() -> None:
    async def tell(env: Env) -> list[Any]:
        local = imported_datetime.fromtimestamp(time.time())
        return [
            imported_datetime.now() == local,
            imported_datetime.today() == local,
            imported_date.today() == local.date(),
            getattr(imported_datetime, "utcnow")().isoformat(),  # noqa: B009
        ]

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # utcnow is deprecated since 3.12
        told = run(tell)

    assert told[:3] == [True, True, True]
    assert told[3].startswith(START_TEXT)


def test_datetime_classes_keep_their_behaviour() -> None:
    before = datetime.datetime(2020, 1, 2, tzinfo=datetime.UTC)

    async def tell(env: Env) -> list[bool]:
        made = imported_datetime(2020, 1, 2, tzinfo=datetime.UTC)
        return [
            made == before,
            isinstance(before, imported_datetime),
            isinstance(made, datetime.date),
            isinstance(imported_date(2020, 1, 2), imported_date),
            not isinstance(1, imported_datetime),
            issubclass(datetime.datetime, imported_date),
            type(made) is type(before),
        ]

    assert all(run(tell))


def test_time_is_real_after_the_run() -> None:
    before = time.time(), time.monotonic()
    originals = time.time, time.sleep, os.urandom, random.random, imported_time

    run(look)

    assert originals == (time.time, time.sleep, os.urandom, random.random, imported_time)
    assert time.time() >= before[0] > START + 10**7
    assert time.monotonic() >= before[1]
    assert datetime.datetime.now(datetime.UTC).year > 2023
    assert not ISOLATIONS


def test_a_failed_run_removes_its_patches() -> None:
    async def fail(env: Env) -> None:
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        run(fail)

    assert not ISOLATIONS
    assert time.time() > START + 10**7


def test_the_performance_counter_is_real() -> None:
    async def tell(env: Env) -> float:
        before = time.perf_counter()
        await asyncio.sleep(1_000)
        return time.perf_counter() - before

    assert 0 < run(tell) < 100


def test_a_scheduler_runs_outside_the_isolation() -> None:
    told: list[Any] = []

    class Telling:
        def next(self, turns: Any, lapse: int | None) -> int | AdvanceTime:
            told.append((time.monotonic(), current_isolation()))
            return 0

        def choose(self, n: int, label: str) -> int:
            told.append((time.monotonic(), current_isolation()))
            return 0

        def check_exhausted(self, started: int) -> None: ...

    before = time.monotonic()
    run(look, schedule=Telling())

    assert len(told) == 2
    assert all(at >= before and isolation is None for at, isolation in told)


def test_a_lapse_moves_the_time_of_handlers() -> None:
    async def tell(env: Env) -> tuple[float, datetime.datetime]:
        await env.KV.get("k")
        return imported_time(), imported_datetime.now(datetime.UTC)

    at, day = run(tell, schedule="+86400 1")

    assert at == START + 86400
    assert day.isoformat() == "2023-11-15T22:13:20+00:00"


def test_other_threads_use_real_time() -> None:
    told: list[float] = []
    ask, go = threading.Event(), threading.Event()

    def tell() -> None:
        ask.wait(10)
        told.append(time.monotonic())
        go.set()

    thread = threading.Thread(target=tell)
    thread.start()
    before = time.monotonic()

    async def have_it_told(env: Env) -> None:
        ask.set()
        go.wait(10)

    run(have_it_told)
    thread.join()

    assert told[0] >= before


def test_two_threads_can_run_handlers_concurrently() -> None:
    barrier = threading.Barrier(2, timeout=10)
    told: list[float] = []

    def simulate(start: int) -> None:
        net = EdgeNetwork("LHR", clock=VirtualClock(start))

        async def tell(env: Env) -> None:
            barrier.wait()
            told.append(time.time())
            barrier.wait()

        net.start(tell)
        net.run()

    threads = [threading.Thread(target=simulate, args=(start,)) for start in (1_000, 2_000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(told) == [1_000, 2_000]
    assert not ISOLATIONS


def test_works_inside_another_time_machine() -> None:
    with time_machine.travel(5_000, tick=False):

        async def tell(env: Env) -> float:
            return imported_time()

        assert run(tell) == START
        assert time.time() == 5_000


def test_warns_under_freezegun() -> None:
    async def tell(env: Env) -> tuple[float, int]:
        await asyncio.sleep(1)
        return time.time(), datetime.datetime.now(datetime.UTC).year

    with freezegun.freeze_time("2001-01-01"):
        with pytest.warns(UserWarning, match="freezegun") as warned:
            told = run(tell)
        assert time.time() < 10**9

    assert [str(warning.message) for warning in warned] == [
        "freezegun is active: in handlers, time.time() and datetime.now() return its time and "
        "not the network's. Move net.clock instead of freezing, or freeze with time-machine"
    ]
    assert told == (978_307_200, 2001)
    assert run(tell)[0] == START + 1


def test_keeps_a_function_that_a_test_has_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    monkeypatch.setattr(time, "time", lambda: 7)

    async def sleep(env: Env) -> float:
        time.sleep(5)  # noqa: ASYNC251
        return time.time()

    assert run(sleep) == 7
    assert slept == [5]


def test_an_instant_beyond_the_calendar_is_its_last_day() -> None:
    assert as_datetime(10**30).year == 9999
    assert as_datetime(START * 10**9).isoformat() == f"{START_TEXT}+00:00"


# Randomness.


def draw_all() -> list[Any]:
    return [
        random.random(),
        random.choice(range(1000)),
        imported_randint(0, 10**9),
        str(uuid.uuid4()),
        secrets.token_hex(8),
        os.urandom(4),
        random.SystemRandom().random(),
    ]


async def draw(env: Env) -> list[Any]:
    return draw_all()


def test_randomness_repeats_in_every_run() -> None:
    assert run(draw) == run(draw)


def test_random_values_differ_within_a_run() -> None:
    async def draw_twice(env: Env) -> bool:
        return draw_all() == draw_all()

    assert not run(draw_twice)


def test_a_handler_does_not_change_the_random_state_of_the_test() -> None:
    random.seed(1)
    wanted = [random.random(), random.random()]
    random.seed(1)

    drawn = [random.random()]
    run(draw)
    drawn.append(random.random())

    assert drawn == wanted
    assert uuid.uuid4() != uuid.uuid4()


@pytest.fixture
def isolation() -> Iterator[Isolation]:
    class Run:
        clock = VirtualClock()
        runs = 1

        def abort(self, error: BaseException) -> None: ...

    with isolated(Run(), START * 10**9, []) as isolation:
        yield isolation


def test_a_suspended_isolation_is_not_current(isolation: Isolation) -> None:
    isolation.is_suspended = True

    assert current_isolation() is None
    assert time.time() > START + 10**7 or time.time() == START
    assert datetime.datetime.now(datetime.UTC).year >= 2023
    assert len(os.urandom(3)) == 3
    several = look(EdgeNetwork("LHR").env("LHR"))
    with pytest.raises(TypeError, match="coroutine"):
        list(asyncio.as_completed(several))  # type: ignore[arg-type]
    several.close()
    assert 0 <= random.random() < 1
    assert time.localtime(0).tm_year in (1969, 1970)
    assert time.strftime("%Y", time.gmtime(0)) == "1970"


# asyncio's order.


def test_as_completed_keeps_the_order_of_its_arguments() -> None:
    async def use(env: Env) -> list[int]:
        async def give(number: int) -> int:
            await env.KV.get(str(number))
            return number

        return [await each for each in asyncio.as_completed([give(n) for n in range(30)])]

    assert run(use) == list(range(30))


def test_as_completed_is_unchanged_outside_a_run() -> None:
    async def use() -> list[int]:
        async def give() -> int:
            return 1

        return [await each for each in asyncio.as_completed([give()], timeout=5)]

    assert asyncio.run(use()) == [1]
