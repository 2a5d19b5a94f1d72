"""An aborted run cancels its remaining tasks silently."""

import asyncio
import gc
import warnings
from contextlib import suppress
from typing import Any

import pytest

from pykvbinding import EdgeNetwork, Env
from pykvbinding.sim import Deadlock, ScheduleMismatch
from tests.support.handlers import look, staged


async def clean_up(env: Env) -> None:
    try:
        await asyncio.Event().wait()
    finally:
        await asyncio.sleep(1)
        await env.KV.put("cleaned", "up")


left: list[Any] = []


async def clean_up_twice(env: Env) -> None:
    try:
        await asyncio.Event().wait()
    finally:
        try:
            await asyncio.sleep(1)
        finally:
            left.append(asyncio.ensure_future(asyncio.sleep(1)))


async def spin_at_the_end(env: Env) -> None:
    try:
        await asyncio.Event().wait()
    finally:
        for _ in range(200_000):
            await asyncio.sleep(0)


@pytest.mark.parametrize("handler", [clean_up, clean_up_twice, spin_at_the_end])
def test_remaining_tasks_are_cancelled_silently(
    handler: Any, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    def run() -> EdgeNetwork:
        net = EdgeNetwork("LHR")
        net.start(handler)
        with pytest.raises(Deadlock):
            net.run()
        return net

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        net = run()
        gc.collect()

    assert net.latest("cleaned") is None
    assert caplog.records == []
    assert capsys.readouterr() == ("", "")


def test_a_handler_that_never_began_is_closed_silently(
    capsys: pytest.CaptureFixture[str],
) -> None:
    net = EdgeNetwork("LHR")
    net.start(look)
    net._harness.simulation.close()
    net._harness.simulation.close()
    gc.collect()

    assert capsys.readouterr() == ("", "")


def test_closing_an_unused_network_does_nothing() -> None:
    EdgeNetwork("LHR")._harness.simulation.close()


def test_a_run_without_invocations_ends() -> None:
    net = EdgeNetwork("LHR")
    net.run()

    assert net.trace.events == []


def test_an_operation_begun_during_an_abort_never_happens() -> None:
    async def write_at_the_end(env: Env) -> None:
        try:
            await env.KV.get("k")
        finally:
            await env.KV.put("k", "late")

    net = EdgeNetwork("LHR", schedule="1~1")
    net.start(write_at_the_end)
    with pytest.raises(ScheduleMismatch):
        net.run()

    assert net.latest("k") is None
    assert len(net.trace.events) == 1


def test_raises_the_first_error_of_a_scheduler() -> None:
    class Stop(BaseException):
        pass

    class Stopping:
        def next(self, turns: Any, lapse: int | None) -> int:
            return 0

        def choose(self, n: int, label: str) -> int:
            raise Stop(label)

        def check_exhausted(self, started: int) -> None: ...

    async def swallow(env: Env) -> None:
        with suppress(BaseException):
            await env.KV.get("k")
        await env.KV.get("k")

    with pytest.raises(Stop, match="version"):
        staged(swallow, schedule=Stopping())


def test_raises_the_first_of_two_errors() -> None:
    net = EdgeNetwork("LHR")
    simulation = net._harness.simulation

    async def fail_twice(env: Env) -> None:
        simulation.abort(ValueError("first"))
        simulation.abort(ValueError("second"))

    net.start(fail_twice)
    with pytest.raises(ValueError, match="first"):
        net.run()
