"""The isolation refuses I/O of handlers by name, with the line of the call."""

import asyncio
import os
import socket
import subprocess
import threading
import time
from contextlib import suppress
from typing import Any

import pytest

from pykvbinding import EdgeNetwork, Env, VirtualClock
from pykvbinding.sim import NotSimulated
from pykvbinding.sim.run.event_loop import SimulationLoop
from pykvbinding.sim.run.isolation import Isolation
from tests.support.handlers import look


def run(handler: Any) -> None:
    net = EdgeNetwork("LHR")
    net.start(handler)
    net.run()


async def sleep_for_real(env: Env) -> None:
    time.sleep(0.1)  # noqa: ASYNC251


async def start_a_thread(env: Env) -> None:
    threading.Thread(target=print).start()


async def start_a_process(env: Env) -> None:
    subprocess.run(["true"], check=True)  # noqa: ASYNC221


async def call_the_shell(env: Env) -> None:
    os.system("true")  # noqa: ASYNC221


async def connect(env: Env) -> None:
    with socket.socket() as plug:
        plug.connect(("127.0.0.1", 9))


async def look_up(env: Env) -> None:
    socket.getaddrinfo("localhost", 80)


async def open_a_connection(env: Env) -> None:
    await asyncio.open_connection("127.0.0.1", 9)


async def use_a_thread(env: Env) -> None:
    await asyncio.to_thread(print)


async def read_a_file_number(env: Env) -> None:
    asyncio.get_running_loop().add_reader(0, print)


async def start_a_process_and_wait(env: Env) -> None:
    await asyncio.create_subprocess_exec("true")


async def handle_a_signal(env: Env) -> None:
    asyncio.get_running_loop().add_signal_handler(2, print)


@pytest.mark.parametrize(
    ("handler", "call"),
    [
        (sleep_for_real, "time.sleep"),
        (start_a_thread, "threading.Thread.start"),
        (start_a_process, "subprocess.Popen"),
        (call_the_shell, "os.system"),
        (connect, "socket.connect"),
        (look_up, "socket.getaddrinfo"),
        (open_a_connection, "loop.create_connection"),
        (use_a_thread, "run_in_executor (or asyncio.to_thread)"),
        (read_a_file_number, "loop.add_reader"),
        (start_a_process_and_wait, "asyncio.create_subprocess_exec"),
        (handle_a_signal, "loop.add_signal_handler"),
    ],
)
def test_refuses_io_by_name_and_location(handler: Any, call: str) -> None:
    first = handler.__code__.co_firstlineno
    lines = {f"{__file__}:{line}" for line in range(first, first + 4)}

    with pytest.raises(NotSimulated) as caught:
        run(handler)

    told, _, rest = str(caught.value).partition(" at ")
    assert told == call
    assert rest.partition(" is not simulated. ")[0] in lines
    assert rest.endswith(".")


def test_a_handler_cannot_catch_a_refusal() -> None:
    went_on: list[str] = []

    async def swallow(env: Env) -> None:
        try:
            time.sleep(1)  # noqa: ASYNC251
        except Exception:
            went_on.append("exception")
        except BaseException:
            went_on.append("base")
        with suppress(BaseException):
            await env.KV.put("k", "v")

    net = EdgeNetwork("LHR")
    net.start(swallow)
    with pytest.raises(NotSimulated, match=r"^time\.sleep at .* Use `await asyncio\.sleep"):
        net.run()

    assert went_on == ["base"]
    assert net.latest("k") is None


def test_cleanup_after_the_run_is_isolated() -> None:
    async def clean_up(env: Env) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            time.sleep(1_000)  # noqa: ASYNC251

    net = EdgeNetwork("LHR", schedule="2~1")
    net.start(clean_up)
    net.start(look)

    with pytest.raises(Exception, match="may return 1 versions"):
        net.run()


def test_refuses_nothing_outside_a_run_except_on_the_loop() -> None:
    loop = SimulationLoop(VirtualClock(), lambda _: None)

    with pytest.raises(NotSimulated) as caught:
        loop.add_writer(1, print)

    assert str(caught.value) == (
        "loop.add_writer on the loop of a simulation is not simulated. Replace it with a fake in "
        "the test, and await the fake through net.external_effect(...)."
    )
    time.sleep(0)
    loop.close()


def test_locates_a_call_outside_a_handler() -> None:
    met: list[str] = []

    class Run:
        clock = VirtualClock()
        runs = 1

        def abort(self, error: BaseException) -> None:
            met.append(str(error))

    fence = Isolation(Run(), 0)
    source = "try:\n    fence.refuse('a call', 'No.')\nexcept BaseException:\n    pass"
    code = compile(source, "<typed in>", "exec")

    thread = threading.Thread(target=exec, args=(code, {"fence": fence}))
    thread.start()
    thread.join()

    assert met[0].startswith("a call at ")
