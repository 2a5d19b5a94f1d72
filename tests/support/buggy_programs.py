"""Small programs with a failing schedule, and an exhaustive search for the simplest one."""

from collections.abc import Callable
from typing import Any

from pykvbinding import EdgeNetwork, Env, KVError
from pykvbinding.sim.run.schedulers import RandomScheduler, Scheduler
from pykvbinding.sim.shrink.shrinker import Run, RunResult, execute, failure_key

Program = Callable[[Any], None]


async def visit(env: Env) -> None:
    count = int(await env.KV.get("visits") or 0)
    await env.KV.put("visits", str(count + 1))


async def save(env: Env) -> None:
    await env.KV.put("item", "1")
    await env.KV.put("index", "1")


async def look(env: Env) -> tuple[str | None, str | None]:
    return await env.KV.get("index"), await env.KV.get("item")


async def lock(env: Env) -> bool:
    if await env.KV.get("lock") is not None:
        return False
    try:
        await env.KV.put("lock", "taken")
    except KVError:
        return False
    return True


async def work(env: Env) -> None:
    await env.KV.put("status", "running")
    try:
        await env.KV.put("status", "done")
    except KVError:
        return


async def count_up(env: Env) -> None:
    await env.KV.put("n", "1")
    try:
        await env.KV.put("n", "2")
    except KVError:
        return


async def read_twice(env: Env) -> list[int]:
    return [int(await env.KV.get("n") or 0) for _ in range(2)]


async def make_and_remove(env: Env) -> None:
    await env.KV.put("a", "1")
    await env.KV.delete("a")


async def names(env: Env) -> list[str]:
    page = await env.KV.list(limit=1)
    return [key.name for key in page["keys"]]


async def read_many(env: Env) -> dict[str, str | None]:
    answer: dict[str, str | None] = await env.KV.get(["a", "b"])
    return answer


def network(schedule: Any) -> EdgeNetwork:
    return EdgeNetwork("LHR", "NRT", schedule=schedule, time_jumps=1)


def visits(schedule: Any) -> None:
    net = network(schedule)
    both = [net.start(visit, at=location) for location in net.locations]
    net.run()
    counted = sum(each.error is None for each in both)
    assert int(str(net.latest("visits"))) == counted


def dangling(schedule: Any) -> None:
    net = network(schedule)
    net.start(save, at="LHR")
    reader = net.start(look, at="NRT")
    net.run()
    assert reader.result != ("1", None)


def locks(schedule: Any) -> None:
    net = network(schedule)
    both = [net.start(lock, at=location) for location in net.locations]
    net.run()
    assert [each.result for each in both].count(True) <= 1


def status(schedule: Any) -> None:
    net = network(schedule)
    net.start(work, at="LHR")
    net.run()
    assert net.latest("status") == "done"


def backwards(schedule: Any) -> None:
    net = network(schedule)
    reader = net.start(read_twice, at="NRT")
    net.start(count_up, at="LHR")
    net.run()
    assert reader.result == sorted(reader.result)


def window(schedule: Any) -> None:
    net = network(schedule)
    first = net.start(look, at="NRT")
    net.start(save, at="LHR")
    second = net.start(look, at="NRT")
    net.run()
    assert not (first.result == (None, "1") and second.result == ("1", None))


def unlike(schedule: Any) -> None:
    net = network(schedule)
    net.start(make_and_remove, at="LHR")
    lister = net.start(names, at="NRT")
    reader = net.start(read_many, at="NRT")
    net.run()
    assert not (lister.result == ["a"] and reader.result["a"] is None)


SHORTEST: dict[Program, str] = {
    visits: "1 1 2~1 2!",
    dangling: "1 1 2 2~1",
    locks: "1 1 2~1 2!",
    status: "",
    backwards: "2 2 1 1~1",
    window: "2 2 1~1 1 3 3~1",
    unlike: "3",
}


def running(program: Program) -> Run:
    def run(driver: Scheduler) -> BaseException | None:
        try:
            program(driver)
        except AssertionError as error:
            return error
        return None

    return run


class Odometer:
    """Enumerates every sequence of choices."""

    def __init__(self) -> None:
        self._wheels: list[list[int]] = []
        self._position = 0

    def choose(self, n: int, label: str) -> int:
        if self._position == len(self._wheels):
            self._wheels.append([0, n])
        self._position += 1
        return self._wheels[self._position - 1][0]

    def turn(self) -> bool:
        self._position = 0
        while self._wheels:
            if self._wheels[-1][0] + 1 < self._wheels[-1][1]:
                self._wheels[-1][0] += 1
                return True
            self._wheels.pop()
        return False


def simplest_run(program: Program) -> RunResult:
    """Find the simplest failing run by trying all. Each of these programs has only one failure."""
    odometer, run = Odometer(), running(program)
    found: list[RunResult] = []
    while True:
        tried = execute(run, RandomScheduler(odometer))
        if tried.error is not None:
            found.append(tried)
        if not odometer.turn():
            break
    assert len({failure_key(each.error) for each in found}) == 1
    best = found[0]
    for each in found:
        best = each if each.is_simpler_than(best) else best
    return best
