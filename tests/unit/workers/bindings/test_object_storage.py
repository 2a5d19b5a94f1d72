"""`ctx.storage`: operations as in workerd, compared one by one."""

from typing import Any

import pytest

from pykvbinding import VirtualClock
from pykvbinding.errors import JsException
from pykvbinding.js.core.proxy import jsnull
from pykvbinding.js.types.object import JsArray, JsDate, JsMap, JsObject
from pykvbinding.workers.bindings.object_storage import DurableObjectStorage, ObjectData


@pytest.fixture
def storage() -> DurableObjectStorage:
    return DurableObjectStorage(ObjectData(), lambda: VirtualClock(1000))


def shown(value: Any) -> Any:
    return value.to_py() if hasattr(value, "to_py") else value


async def filled(storage: DurableObjectStorage) -> DurableObjectStorage:
    await storage.put("a", 1)
    await storage.put(JsObject({"b": JsObject({"x": 1}), "c": JsArray([1])}))
    return storage


async def test_get_returns_a_stored_value(storage: DurableObjectStorage) -> None:
    await filled(storage)

    assert await storage.get("a") == 1
    assert await storage.get("nothing") is None
    assert shown(await storage.get("b")) == {"x": 1}


async def test_get_of_several_keys_returns_a_map_of_existing_ones(
    storage: DurableObjectStorage,
) -> None:
    await filled(storage)

    several = await storage.get(JsArray(["b", "zz", "a"]))

    assert isinstance(several, JsMap)
    assert list(shown(several)) == ["a", "b"]


async def test_values_are_copied(storage: DurableObjectStorage) -> None:
    value = JsObject({"x": 1})
    await storage.put("key", value)
    value.x = 2
    first = await storage.get("key")
    first.x = 3

    assert shown(await storage.get("key")) == {"x": 1}


async def test_put_accepts_entries_as_keywords(storage: DurableObjectStorage) -> None:
    await storage.put(d=1, e="2")

    assert shown(await storage.list()) == {"d": 1, "e": "2"}


@pytest.mark.parametrize(
    ("options", "keys"),
    [
        ({}, ["a", "b", "c"]),
        ({"prefix": "b"}, ["b"]),
        ({"start": "b", "end": "c"}, ["b"]),
        ({"startAfter": "a", "limit": 1}, ["b"]),
        ({"reverse": True}, ["c", "b", "a"]),
        ({"reverse": True, "limit": 2}, ["c", "b"]),
        ({"start": None, "end": jsnull, "prefix": None, "limit": None}, ["a", "b", "c"]),
    ],
)
async def test_list_is_sorted(
    storage: DurableObjectStorage, options: dict[str, Any], keys: list[str]
) -> None:
    await filled(storage)

    assert list(shown(await storage.list(JsObject(options)))) == keys
    assert list(shown(await storage.list(**options))) == keys


async def test_delete_returns_what_existed(storage: DurableObjectStorage) -> None:
    await filled(storage)

    assert await storage.delete("a") is True
    assert await storage.delete("a") is False
    assert await storage.delete(JsArray(["b", "zz", "b"])) == 1
    await storage.deleteAll()
    assert shown(await storage.list()) == {}


async def test_alarm_can_be_set_and_deleted(storage: DurableObjectStorage) -> None:
    alarms = [await storage.getAlarm()]
    for at in (5, 2_000_000, JsDate(3_000_000)):
        await storage.setAlarm(at)
        alarms.append(await storage.getAlarm())
    await storage.deleteAlarm()

    assert alarms == [jsnull, 1_000_000, 2_000_000, 3_000_000]
    assert await storage.getAlarm() is jsnull


async def test_transaction_commits_all_writes(storage: DurableObjectStorage) -> None:
    async def puts(transaction: Any) -> int:
        await transaction.put("key", 1)
        return 5

    assert await storage.transaction(puts) == 5
    assert await storage.get("key") == 1
    assert await storage.transaction(lambda _: "now") == "now"


@pytest.mark.parametrize("how", ["raises", "rolls back"])
async def test_failing_transaction_is_rolled_back(storage: DurableObjectStorage, how: str) -> None:
    await storage.put("key", 1)

    async def fails(transaction: Any) -> None:
        await transaction.put("key", 2)
        await transaction.setAlarm(2_000_000)
        if how == "raises":
            raise ValueError("no")
        transaction.rollback()

    if how == "raises":
        with pytest.raises(ValueError, match="no"):
            await storage.transaction(fails)
    else:
        await storage.transaction(fails)

    assert await storage.get("key") == 1
    assert await storage.getAlarm() is jsnull


async def test_null_can_be_stored_but_undefined_cannot(storage: DurableObjectStorage) -> None:
    await storage.put("null", jsnull)
    await storage.put(5, "number")

    assert await storage.get("null") is jsnull
    assert await storage.get("5") == "number"
    await storage.sync()


UNDEFINED = ("TypeError", "put() called with undefined value.")
NO_KEY = "Failed to execute '{}' on 'DurableObjectStorage': parameter 1 is not of type "


@pytest.mark.parametrize(
    ("method", "arguments", "name", "text"),
    [
        ("put", ["key"], *UNDEFINED),
        ("put", [JsObject({"a": 1, "b": None})], *UNDEFINED),
        ("put", ["key", print], "DataCloneError", f"{print} could not be cloned."),
        ("get", [], "TypeError", NO_KEY.format("get") + "'string or Array'."),
        ("delete", [], "TypeError", NO_KEY.format("delete") + "'string or Array'."),
        ("setAlarm", ["x"], "TypeError", NO_KEY.format("setAlarm") + "'date'."),
        ("setAlarm", [True], "TypeError", NO_KEY.format("setAlarm") + "'date'."),
        ("list", [JsObject({"limit": 0})], "TypeError", "List limit must be positive."),
        (
            "list",
            [JsObject({"start": "a", "startAfter": "b"})],
            "TypeError",
            "list() cannot be called with both start and startAfter values.",
        ),
    ],
)
async def test_rejects_invalid_arguments_with_the_runtime_text(
    storage: DurableObjectStorage, method: str, arguments: list[Any], name: str, text: str
) -> None:
    with pytest.raises(JsException) as caught:
        await getattr(storage, method)(*arguments)

    assert (caught.value.name, caught.value.message) == (name, text)
    assert shown(await storage.list()) == {}


def test_features_that_are_not_emulated_raise(storage: DurableObjectStorage) -> None:
    with pytest.raises(NotImplementedError) as caught:
        storage.sql  # noqa: B018
    assert str(caught.value) == (
        "ctx.storage.sql is not emulated by pykvbinding; ctx.storage has get, put, delete, "
        "deleteAll, list, transaction and alarms"
    )
    assert not hasattr(storage, "nothing")
    assert storage.constructor.name == "DurableObjectStorage"
