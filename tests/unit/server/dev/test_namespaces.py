"""The namespaces of a local server: they outlive what is bound, and count for each request."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from pykvbinding import KVError, KVNamespace
from pykvbinding.middleware.operation import KEY, Entry
from pykvbinding.server.dev.data_file import Data
from pykvbinding.server.dev.namespaces import OPERATIONS, Stores
from pykvbinding.wrangler.config import KVBinding

NOTES = KVBinding(binding="NOTES", id="a")
CACHE = KVBinding(binding="CACHE", id="b")


def opened(*locations: str, limits_writes: bool = False) -> Stores:
    stores = Stores(locations or ("LHR",), limits_writes=limits_writes)
    stores.bind([NOTES, CACHE])
    return stores


def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(coroutine)


def notes(stores: Stores, location: str = "LHR") -> KVNamespace:
    kv: KVNamespace = stores.env(location).NOTES
    return kv


def test_an_env_has_what_is_bound() -> None:
    stores = opened()

    assert list(stores.env("LHR")) == ["NOTES", "CACHE"]
    assert stores.sizes() == [("NOTES", 0), ("CACHE", 0)]


def test_a_location_caches_what_another_one_writes() -> None:
    stores = opened("LHR", "NRT")

    assert run(notes(stores, "NRT").get("k")) is None
    run(notes(stores, "LHR").put("k", "v"))

    assert run(notes(stores, "LHR").get("k")) == "v"
    assert run(notes(stores, "NRT").get("k")) is None


def test_one_location_sees_what_it_writes() -> None:
    kv = notes(opened())

    run(kv.list())
    run(kv.put("k", "v"))

    assert run(kv.list())["keys"] == [{"name": "k"}]


def test_two_bindings_of_one_id_share_data() -> None:
    stores = opened()
    stores.bind([NOTES, KVBinding(binding="ALSO", id="a")])

    run(stores.env("LHR").ALSO.put("k", "v"))

    assert run(notes(stores).get("k")) == "v"


def test_a_name_that_is_taken_gives_way_to_the_id() -> None:
    stores = opened()
    stores.bind([KVBinding(binding="NOTES", id="c")])

    titles = [namespace.title for namespace in stores.account.namespaces]

    assert titles == ["CACHE", "NOTES", "c"]
    assert stores.sizes() == [("NOTES", 0)]


@pytest.mark.parametrize("limits_writes", [False, True])
def test_writes_are_limited_if_that_is_asked_for(*, limits_writes: bool) -> None:
    kv = notes(opened(limits_writes=limits_writes))
    run(kv.put("k", "1"))

    if limits_writes:
        with pytest.raises(KVError, match="429"):
            run(kv.put("k", "2"))
    else:
        run(kv.put("k", "2"))

    assert kv.namespace.peek("k") == ("1" if limits_writes else "2")


def test_data_stay_while_a_binding_comes_and_goes() -> None:
    stores = opened()
    run(notes(stores).put("k", "v"))

    stores.bind([CACHE])
    stores.bind([NOTES])

    assert run(notes(stores).get("k")) == "v"


def test_what_is_dumped_is_loaded_when_it_is_bound() -> None:
    before = opened()
    run(notes(before).put("k", "v"))
    dumped = before.dump()

    after = Stores(("LHR",), limits_writes=False)
    after.load(Data(dumped))
    after.bind([CACHE])
    kept = after.dump()
    after.bind([NOTES])

    assert kept.keys() == {"a", "b"}  # what is not bound now is not lost
    assert run(notes(after).get("k")) == "v"


def test_only_writes_are_changes() -> None:
    stores = opened()
    kv = notes(stores)

    run(kv.get("k"))
    assert not stores.take_changed()
    run(kv.put("k", "v"))
    assert stores.take_changed()
    assert not stores.take_changed()
    run(kv.delete("k"))
    assert stores.take_changed()


def test_each_request_has_its_own_operations() -> None:
    kv = notes(opened())

    async def request(key: str) -> list[Entry]:
        entries: list[Entry] = []
        OPERATIONS.set(entries)
        await kv.get(key)
        await asyncio.sleep(0)
        await asyncio.gather(kv.get(f"{key}1"), kv.get(f"{key}2"))
        return entries

    async def both() -> tuple[list[Entry], list[Entry]]:
        return await asyncio.gather(request("a"), request("b"))

    first, second = run(both())

    assert [entry[KEY] for entry in first] == ["a", "a1", "a2"]
    assert [entry[KEY] for entry in second] == ["b", "b1", "b2"]


def test_an_operation_of_nobody_is_forgotten() -> None:
    stores = opened()

    run(notes(stores).get("k"))

    assert len(stores._entries) == 0


def test_operations_of_one_invocation_are_counted() -> None:
    stores = opened()

    async def invoke() -> int:
        async with stores.account.invocation() as invocation:
            await notes(stores).get("k")
            return invocation.operations

    assert run(invoke()) == 1
