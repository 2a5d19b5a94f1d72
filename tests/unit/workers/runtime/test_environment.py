"""The environment of a Worker: the env in each location."""

from typing import Any

import pytest

from pykvbinding import Account, EdgeNetwork, Env, KVNamespace, SystemClock, VirtualClock
from pykvbinding.workers.bindings.durable_objects import DurableObjectNamespace
from pykvbinding.workers.runtime.environment import WorkerEnvironment
from pykvbinding.workers.runtime.worker import Worker
from tests.support.workers import CONFIG, project
from tests.support.workers_fixture import workers  # noqa: F401 -- a fixture

pytestmark = pytest.mark.usefixtures("workers")

HOST: Any = None
"""A placeholder for the Worker, which is not used without Durable Objects."""

EVERYTHING: dict[str, Any] = {
    "durable_objects": {"bindings": [{"name": "ROOM", "class_name": "Room"}]},
    "queues": {"producers": [{"binding": "Q", "queue": "jobs"}]},
    "d1_databases": [{"binding": "DB", "database_id": "1"}],
    "secrets": {"required": ["TOKEN"]},
}


def test_env_has_all_bindings_of_the_file(tmp_path: Any) -> None:
    env = Worker.load(project(tmp_path, **EVERYTHING)).env

    assert sorted(env) == ["DB", "GREETING", "KV", "Q", "ROOM"]
    assert env.Q.constructor.name == "WorkerQueue"


def test_keeps_supplied_bindings(tmp_path: Any) -> None:
    mine = object()
    given = Env(KV=KVNamespace(), DB=mine, GREETING="mine")
    folder = project(tmp_path, **EVERYTHING)

    worker = Worker.load(folder, env=given)
    other = Worker.load(folder, bindings={"DB": mine})

    assert (mine, "mine", mine) == (worker.env.DB, worker.env.GREETING, other.env.DB)
    assert worker.env is given
    assert isinstance(given.ROOM, DurableObjectNamespace)


def test_replaces_bindings_of_another_worker(tmp_path: Any) -> None:
    folder = project(tmp_path, **EVERYTHING)
    first = Worker.load(folder)
    room, queue, database = first.env.ROOM, first.env.Q, first.env.DB

    second = Worker.load(folder, env=first.env)

    assert second.env.ROOM is not room
    assert second.env.Q is not queue
    assert second.env.DB is not database


def test_every_location_has_all_bindings(tmp_path: Any) -> None:
    worker = Worker.load(project(tmp_path, **EVERYTHING))
    net = EdgeNetwork("LHR", "NRT", bindings=worker.env)
    networked = worker.in_network(net)

    nrt = networked.environment.env("NRT")

    assert sorted(nrt) == ["DB", "GREETING", "KV", "Q", "ROOM"]
    assert nrt.KV is net.kv("NRT")
    assert networked.environment.env("NRT") is nrt
    assert networked.environment.env(None).KV is networked.env.KV is net.kv("LHR")
    assert networked.environment.env_over(net.env("NRT")) is nrt
    assert nrt.ROOM is networked.env.ROOM is not worker.env.ROOM
    assert [networked.environment.location(net.env(each)) for each in net.locations] == [
        "LHR",
        "NRT",
    ]
    assert networked.environment.location(Env()) is worker.environment.location(Env()) is None
    assert net.env("NRT").ROOM is worker.env.ROOM  # the env of the network is unchanged


def test_uses_the_env_of_the_network_if_nothing_is_added() -> None:
    net = EdgeNetwork("LHR")

    assert WorkerEnvironment(net, None, {}, HOST).env("LHR") is net.env("LHR")


def test_rejects_a_network_without_the_bindings_of_the_file(tmp_path: Any) -> None:
    namespaces = [{"binding": name, "id": name} for name in ("SESSIONS", "CACHE")]
    folder = project(tmp_path, kv_namespaces=namespaces)

    with pytest.raises(ValueError, match="the network has no binding") as caught:
        Worker.load(folder, network=EdgeNetwork("LHR"))
    assert str(caught.value) == (
        "the network has no binding 'SESSIONS', 'CACHE', which the Worker's wrangler file has. "
        "Create it with EdgeNetwork(…, bindings=['SESSIONS', 'CACHE']), or with bindings=worker.env"
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
def test_clock_comes_from_the_namespaces(base: Any, now: float) -> None:
    assert WorkerEnvironment(base, None, {}, HOST).clock.now() == now


def test_clock_is_the_system_clock_without_namespaces() -> None:
    assert isinstance(WorkerEnvironment(Env(), None, {}, HOST).clock, SystemClock)


def test_clock_comes_from_the_account(tmp_path: Any) -> None:
    account = Account(clock=VirtualClock(3))

    assert Worker.load(project(tmp_path), account=account).environment.clock is account.clock
    assert CONFIG["name"] == "shop"
