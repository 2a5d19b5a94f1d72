"""`ctx.storage` of a Durable Object: key-value pairs, alarm and transactions."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from pykvbinding.clock import Clock
from pykvbinding.js.core.promise import LazyPromise
from pykvbinding.js.core.proxy import JsProxy, jsnull
from pykvbinding.js.types.object import (
    JsArray,
    JsDate,
    JsMap,
    JsObject,
    option_members,
    own_entries,
)
from pykvbinding.js.types.structured_clone import (
    SerializedValue,
    deserialize,
    serialize,
)
from pykvbinding.workers import errors

MILLISECONDS: Final = 1000


class ObjectData:
    """The stored data of one object. They outlive its instance."""

    __slots__ = ("alarm", "values")

    def __init__(self) -> None:
        self.values: dict[str, SerializedValue] = {}
        self.alarm: int | None = None
        """Milliseconds since the epoch."""


class DurableObjectStorage(JsProxy, name="DurableObjectStorage"):
    """The storage of one object. Every operation completes when it is awaited, without delay.

    Values are copied as by structured clone, on writing and on reading.
    """

    __slots__ = ("_clock", "_data")

    def __init__(self, data: ObjectData, clock: Callable[[], Clock]) -> None:
        self._data = data
        self._clock = clock

    def get(self, key: Any = None, options: Any = None, /, **_: Any) -> LazyPromise:  # noqa: ARG002
        """Return a value, or None if absent; for a list of keys, a Map of those present."""
        return LazyPromise(self._get(key))

    async def _get(self, key: Any) -> Any:
        values = self._data.values
        keys = _keys(key)
        if keys is not None:
            return JsMap({k: deserialize(values[k]) for k in sorted(keys) if k in values})
        name = _key("get", key)
        return deserialize(values[name]) if name in values else None

    def put(self, key: Any = None, value: Any = None, /, *_: Any, **kwargs: Any) -> LazyPromise:
        """Store a value under a key, or every property of an object.

        Raises: JsException, "put() called with undefined value."
        """
        return LazyPromise(self._put(key, value, kwargs))

    async def _put(self, key: Any, value: Any, kwargs: Mapping[str, Any]) -> None:
        if isinstance(key, JsObject):
            entries = own_entries(key)
        elif key is None and kwargs:
            entries = list(kwargs.items())  # Pyodide passes keyword arguments as one object
        else:
            entries = [(_key("put", key), value)]
        serialized = {}
        for name, item in entries:
            if item is None:
                raise errors.put_undefined()
            serialized[name] = serialize(item)
        self._data.values.update(serialized)

    def delete(self, key: Any = None, options: Any = None, /, **_: Any) -> LazyPromise:  # noqa: ARG002
        """Delete a key and return whether it existed; for a list of keys, the number deleted."""
        return LazyPromise(self._delete(key))

    async def _delete(self, key: Any) -> bool | int:
        values = self._data.values
        keys = _keys(key)
        if keys is None:
            name = _key("delete", key)
            return values.pop(name, _NOTHING) is not _NOTHING
        return sum(values.pop(name, _NOTHING) is not _NOTHING for name in dict.fromkeys(keys))

    def deleteAll(self, options: Any = None, /, **_: Any) -> LazyPromise:  # noqa: ARG002
        """Delete every key. The alarm is kept."""
        return LazyPromise(self._delete_all())

    async def _delete_all(self) -> None:
        self._data.values.clear()

    def list(self, options: Any = None, /, **kwargs: Any) -> LazyPromise:
        """Return a Map of the stored pairs, ordered by the UTF-8 bytes of the keys.

        Options: `prefix`, `start`, `startAfter`, `end`, `limit`, `reverse`.
        """
        return LazyPromise(self._list({**_list_options(options), **_list_options(kwargs)}))

    async def _list(self, options: dict[str, Any]) -> JsMap:
        start, after, limit = options.get("start"), options.get("startAfter"), options.get("limit")
        if start is not None and after is not None:
            raise errors.list_start_twice()
        if limit is not None and limit <= 0:
            raise errors.list_limit()
        prefix, end = options.get("prefix") or "", options.get("end")
        names = [
            name
            for name in sorted(self._data.values)
            if name.startswith(prefix)
            and (start is None or name >= start)
            and (after is None or name > after)
            and (end is None or name < end)
        ]
        if options.get("reverse"):
            names.reverse()
        return JsMap({name: deserialize(self._data.values[name]) for name in names[:limit]})

    def getAlarm(self, options: Any = None, /, **_: Any) -> LazyPromise:  # noqa: ARG002
        """Return the time of the alarm in milliseconds since the epoch, or null."""
        return LazyPromise(self._get_alarm())

    async def _get_alarm(self) -> Any:
        alarm = self._data.alarm
        return jsnull if alarm is None else alarm

    def setAlarm(self, at: Any = None, options: Any = None, /, **_: Any) -> LazyPromise:  # noqa: ARG002
        """Set the alarm to a Date, or to milliseconds since the epoch. A past time means now.

        The alarm handler runs when the test calls `await worker.alarm(…)`.
        """
        return LazyPromise(self._set_alarm(at))

    async def _set_alarm(self, at: Any) -> None:
        instant = at.getTime() if isinstance(at, JsDate) else at
        if isinstance(instant, bool) or not isinstance(instant, int | float):
            raise errors.not_a_date()
        now = self._clock().now_nanoseconds() // 1_000_000
        self._data.alarm = max(int(instant), now)

    def deleteAlarm(self, options: Any = None, /, **_: Any) -> LazyPromise:  # noqa: ARG002
        """Delete the alarm."""
        return LazyPromise(self._delete_alarm())

    async def _delete_alarm(self) -> None:
        self._data.alarm = None

    def transaction(self, closure: Callable[..., Any], /) -> LazyPromise:
        """Return `await closure(txn)`; undo its writes if it raises or calls `txn.rollback()`."""
        return LazyPromise(self._transact(closure))

    async def _transact(self, closure: Callable[..., Any]) -> Any:
        before, alarm = dict(self._data.values), self._data.alarm
        transaction = DurableObjectTransaction(self._data, self._clock)
        try:
            result = closure(transaction)
            if hasattr(result, "__await__"):
                result = await result
        except BaseException:
            transaction.rollback()
            raise
        finally:
            if transaction.is_rolled_back:
                self._data.values, self._data.alarm = before, alarm
        return result

    def sync(self) -> LazyPromise:
        """Wait until all writes are on disk, which takes no time here."""
        return LazyPromise(_nothing())

    def __getattr__(self, name: str) -> Any:
        if name in ("sql", "kv", "transactionSync", "getBookmarkForTime", "getCurrentBookmark"):
            raise NotImplementedError(
                f"ctx.storage.{name} is not emulated by pykvbinding; "
                "ctx.storage has get, put, delete, deleteAll, list, transaction and alarms"
            )
        raise AttributeError(name)


class DurableObjectTransaction(DurableObjectStorage, name="DurableObjectTransaction"):
    """The argument of the closure of `transaction`."""

    __slots__ = ("is_rolled_back",)

    def __init__(self, data: ObjectData, clock: Callable[[], Clock]) -> None:
        super().__init__(data, clock)
        self.is_rolled_back = False

    def rollback(self) -> None:
        """Undo the writes of the transaction when the closure returns."""
        self.is_rolled_back = True


_NOTHING: Final = object()


async def _nothing() -> None:
    return None


def _list_options(options: Any) -> dict[str, Any]:
    """Return the options that are neither undefined nor null."""
    properties = option_members(options)
    names = ("prefix", "start", "startAfter", "end", "limit", "reverse")
    present = ((name, properties[name]) for name in names if name in properties)
    return {name: value for name, value in present if value is not None and value is not jsnull}


def _keys(key: Any) -> "list[str] | None":
    return list(map(str, key)) if isinstance(key, JsArray | list) else None


def _key(method: str, key: Any) -> str:
    """Return the key as a str. JavaScript converts any value but undefined."""
    if key is None:
        raise errors.no_storage_key(method)
    return key if isinstance(key, str) else str(key)
