"""Namespaces of a local server: kept when unbound, with operations recorded per request."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from pykvbinding import KVError, KVNamespace
from pykvbinding.middleware.operation import HistoryEntry
from pykvbinding.server.dev.data_file import PersistedData
from pykvbinding.server.dev.namespaces import DevNamespaces, current_operations
from pykvbinding.wrangler.config import KVBinding

NOTES = KVBinding(binding="NOTES", id="a")
CACHE = KVBinding(binding="CACHE", id="b")


def opened(*locations: str, limits_writes: bool = False) -> DevNamespaces:
    namespaces = DevNamespaces(locations or ("LHR",), limits_writes=limits_writes)
    namespaces.bind([NOTES, CACHE])
    return namespaces


def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(coroutine)


def notes(namespaces: DevNamespaces, location: str = "LHR") -> KVNamespace:
    kv: KVNamespace = namespaces.network.env(location).NOTES
    return kv


def test_env_has_the_bindings() -> None:
    namespaces = opened()

    assert list(namespaces.network.env("LHR")) == ["NOTES", "CACHE"]
    assert namespaces.sizes() == [("NOTES", 0), ("CACHE", 0)]


def test_location_caches_old_values() -> None:
    namespaces = opened("LHR", "NRT")

    assert run(notes(namespaces, "NRT").get("k")) is None
    run(notes(namespaces, "LHR").put("k", "v"))

    assert run(notes(namespaces, "LHR").get("k")) == "v"
    assert run(notes(namespaces, "NRT").get("k")) is None


def test_single_location_sees_its_writes() -> None:
    kv = notes(opened())

    run(kv.list())
    run(kv.put("k", "v"))

    assert run(kv.list())["keys"] == [{"name": "k"}]


def test_bindings_of_one_id_share_data() -> None:
    namespaces = opened()
    namespaces.bind([NOTES, KVBinding(binding="ALSO", id="a")])

    run(namespaces.network.env("LHR").ALSO.put("k", "v"))

    assert run(notes(namespaces).get("k")) == "v"


def test_uses_the_id_if_the_name_is_taken() -> None:
    namespaces = opened()
    namespaces.bind([KVBinding(binding="NOTES", id="c")])

    titles = [each.title for each in namespaces.account.namespaces]

    assert titles == ["CACHE", "NOTES", "c"]
    assert namespaces.sizes() == [("NOTES", 0)]


@pytest.mark.parametrize("limits_writes", [False, True])
def test_write_limit_is_optional(*, limits_writes: bool) -> None:
    kv = notes(opened(limits_writes=limits_writes))
    run(kv.put("k", "1"))

    if limits_writes:
        with pytest.raises(KVError, match="429"):
            run(kv.put("k", "2"))
    else:
        run(kv.put("k", "2"))

    assert kv.namespace.peek("k") == ("1" if limits_writes else "2")


def test_keeps_data_of_unbound_namespaces() -> None:
    namespaces = opened()
    run(notes(namespaces).put("k", "v"))

    namespaces.bind([CACHE])
    namespaces.bind([NOTES])

    assert run(notes(namespaces).get("k")) == "v"


def test_loads_a_snapshot_when_bound() -> None:
    before = opened()
    run(notes(before).put("k", "v"))
    dumped = before.dump()

    after = DevNamespaces(("LHR",), limits_writes=False)
    after.load(PersistedData(dumped))
    after.bind([CACHE])
    kept = after.dump()
    after.bind([NOTES])

    assert kept.keys() == {"a", "b"}  # unbound namespaces are kept
    assert run(notes(after).get("k")) == "v"


def test_only_writes_count_as_changes() -> None:
    namespaces = opened()
    kv = notes(namespaces)

    run(kv.get("k"))
    assert not namespaces.take_changed()
    run(kv.put("k", "v"))
    assert namespaces.take_changed()
    assert not namespaces.take_changed()
    run(kv.delete("k"))
    assert namespaces.take_changed()


def test_requests_have_separate_operations() -> None:
    kv = notes(opened())

    async def request(key: str) -> list[HistoryEntry]:
        entries: list[HistoryEntry] = []
        current_operations.set(entries)
        await kv.get(key)
        await asyncio.sleep(0)
        await asyncio.gather(kv.get(f"{key}1"), kv.get(f"{key}2"))
        return entries

    async def both() -> tuple[list[HistoryEntry], list[HistoryEntry]]:
        return await asyncio.gather(request("a"), request("b"))

    first, second = run(both())

    assert [entry.key for entry in first] == ["a", "a1", "a2"]
    assert [entry.key for entry in second] == ["b", "b1", "b2"]


def test_operation_outside_of_a_request_is_not_recorded() -> None:
    namespaces = opened()

    run(notes(namespaces).get("k"))

    assert len(namespaces._history) == 0


def test_counts_operations_per_invocation() -> None:
    namespaces = opened()

    async def invoke() -> int:
        async with namespaces.account.invocation() as invocation:
            await notes(namespaces).get("k")
            return invocation.operations

    assert run(invoke()) == 1
