"""Where a Worker runs: what is on its env, in each location."""

from typing import Any

import pytest

from pykvbinding import Account, EdgeNetwork, Env, KVNamespace, SystemClock, VirtualClock
from pykvbinding.workers.bindings.durable_objects import DurableObjectNamespace
from pykvbinding.workers.runtime.environment import World
from pykvbinding.workers.runtime.worker import Worker
from tests.support.workers import CONFIG, project
from tests.support.workers_fixture import workers  # noqa: F401 -- a fixture

pytestmark = pytest.mark.usefixtures("workers")

HOST: Any = None
"""The Worker: without Durable Objects nothing asks for it."""

EVERYTHING: dict[str, Any] = {
    "durable_objects": {"bindings": [{"name": "ROOM", "class_name": "Room"}]},
    "queues": {"producers": [{"binding": "Q", "queue": "jobs"}]},
    "d1_databases": [{"binding": "DB", "database_id": "1"}],
    "secrets": {"required": ["TOKEN"]},
}


def test_everything_that_the_file_binds_is_on_the_env(tmp_path: Any) -> None:
    env = Worker.load(project(tmp_path, **EVERYTHING)).env

    assert sorted(env) == ["DB", "GREETING", "KV", "Q", "ROOM"]
    assert env.Q.constructor.name == "WorkerQueue"


def test_what_somebody_supplies_is_taken(tmp_path: Any) -> None:
    mine = object()
    given = Env(KV=KVNamespace(), DB=mine, GREETING="mine")
    folder = project(tmp_path, **EVERYTHING)

    worker = Worker.load(folder, env=given)
    other = Worker.load(folder, bindings={"DB": mine})

    assert (mine, "mine", mine) == (worker.env.DB, worker.env.GREETING, other.env.DB)
    assert worker.env is given
    assert isinstance(given.ROOM, DurableObjectNamespace)


def test_what_another_worker_has_put_there_is_replaced(tmp_path: Any) -> None:
    folder = project(tmp_path, **EVERYTHING)
    first = Worker.load(folder)
    room, queue, database = first.env.ROOM, first.env.Q, first.env.DB

    second = Worker.load(folder, env=first.env)

    assert second.env.ROOM is not room
    assert second.env.Q is not queue
    assert second.env.DB is not database


def test_each_location_has_everything(tmp_path: Any) -> None:
    worker = Worker.load(project(tmp_path, **EVERYTHING))
    net = EdgeNetwork("LHR", "NRT", bindings=worker.env)
    there = worker.on(net)

    nrt = there.world.env("NRT")

    assert sorted(nrt) == ["DB", "GREETING", "KV", "Q", "ROOM"]
    assert nrt.KV is net.kv("NRT")
    assert there.world.env("NRT") is nrt
    assert there.world.env(None).KV is there.env.KV is net.kv("LHR")
    assert there.world.over(net.env("NRT")) is nrt
    assert nrt.ROOM is there.env.ROOM is not worker.env.ROOM
    assert [there.world.location(net.env(each)) for each in net.locations] == ["LHR", "NRT"]
    assert there.world.location(Env()) is worker.world.location(Env()) is None
    assert net.env("NRT").ROOM is worker.env.ROOM  # what the network holds stays as it is


def test_an_env_that_needs_nothing_more_is_the_networks_own() -> None:
    net = EdgeNetwork("LHR")

    assert World(net, None, {}, HOST).env("LHR") is net.env("LHR")


def test_a_network_has_to_have_the_bindings_of_the_file(tmp_path: Any) -> None:
    namespaces = [{"binding": name, "id": name} for name in ("SESSIONS", "CACHE")]
    folder = project(tmp_path, kv_namespaces=namespaces)

    with pytest.raises(ValueError, match="the network has no binding") as caught:
        Worker.load(folder, network=EdgeNetwork("LHR"))
    assert str(caught.value) == (
        "the network has no binding 'SESSIONS', 'CACHE', which the Worker's wrangler file has. "
        "Make it with EdgeNetwork(…, bindings=['SESSIONS', 'CACHE']), or with bindings=worker.env"
    )
    Worker.load(folder, network=EdgeNetwork("LHR", bindings=["SESSIONS", "CACHE"]))
    partly = EdgeNetwork("LHR", bindings=["SESSIONS"])
    Worker.load(folder, network=partly, bindings={"CACHE": KVNamespace()})


@pytest.mark.parametrize(
    ("base", "now"),
    [
        (EdgeNetwork("LHR", clock=VirtualClock(1)), 1),
        (Env(TOKEN="x", KV=KVNamespace(clock=VirtualClock(2))), 2),
    ],
)
def test_the_clock_is_that_of_the_namespaces(base: Any, now: float) -> None:
    assert World(base, None, {}, HOST).clock.now() == now


def test_without_namespaces_it_is_that_of_the_system() -> None:
    assert isinstance(World(Env(), None, {}, HOST).clock, SystemClock)


def test_an_account_has_a_clock(tmp_path: Any) -> None:
    account = Account(clock=VirtualClock(3))

    assert Worker.load(project(tmp_path), account=account).world.clock is account.clock
    assert CONFIG["name"] == "shop"
