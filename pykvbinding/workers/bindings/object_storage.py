"""`ctx.storage` of a Durable Object: its keys and values, its alarm, its transactions."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from pykvbinding.clock import Clock
from pykvbinding.js.core.promise import Pending
from pykvbinding.js.core.proxy import JsProxy, jsnull
from pykvbinding.js.types.object import JsArray, JsDate, JsMap, JsObject, entries_of, members
from pykvbinding.js.types.structured_clone import Plain, put_together, taken_apart
from pykvbinding.workers import errors

MILLISECONDS: Final = 1000


class Kept:
    """What one object has stored: it outlives the object in memory."""

    __slots__ = ("alarm", "values")

    def __init__(self) -> None:
        self.values: dict[str, Plain] = {}
        self.alarm: int | None = None
        """Milliseconds since the epoch."""


class DurableObjectStorage(JsProxy, name="DurableObjectStorage"):
    """The storage of one object. Every operation is carried out when it is awaited, at once.

    Values are copied as by structured clone, in and out.
    """

    __slots__ = ("_clock", "_kept")

    def __init__(self, kept: Kept, clock: Callable[[], Clock]) -> None:
        self._kept = kept
        self._clock = clock

    def get(self, key: Any = None, options: Any = None, /, **_: Any) -> Pending:  # noqa: ARG002
        """A value, None for none; for a list of keys a Map of those that are there."""
        return Pending(self._get(key))

    async def _get(self, key: Any) -> Any:
        values = self._kept.values
        several = _keys(key)
        if several is not None:
            return JsMap({k: put_together(values[k]) for k in sorted(several) if k in values})
        name = _key("get", key)
        return put_together(values[name]) if name in values else None

    def put(self, key: Any = None, value: Any = None, /, *_: Any, **named: Any) -> Pending:
        """Store a value under a key, or each member of an object.

        Raises: JsException, "put() called with undefined value."
        """
        return Pending(self._put(key, value, named))

    async def _put(self, key: Any, value: Any, named: Mapping[str, Any]) -> None:
        if isinstance(key, JsObject):
            entries = entries_of(key)
        elif key is None and named:
            entries = list(named.items())  # Pyodide makes them one object
        else:
            entries = [(_key("put", key), value)]
        taken = {}
        for name, item in entries:
            if item is None:
                raise errors.put_undefined()
            taken[name] = taken_apart(item)
        self._kept.values.update(taken)

    def delete(self, key: Any = None, options: Any = None, /, **_: Any) -> Pending:  # noqa: ARG002
        """Whether there was such a key; of a list of keys, how many there were."""
        return Pending(self._delete(key))

    async def _delete(self, key: Any) -> bool | int:
        values = self._kept.values
        several = _keys(key)
        if several is None:
            name = _key("delete", key)
            return values.pop(name, _NOTHING) is not _NOTHING
        return sum(values.pop(name, _NOTHING) is not _NOTHING for name in dict.fromkeys(several))

    def deleteAll(self, options: Any = None, /, **_: Any) -> Pending:  # noqa: ARG002
        """Remove every key; the alarm stays."""
        return Pending(self._delete_all())

    async def _delete_all(self) -> None:
        self._kept.values.clear()

    def list(self, options: Any = None, /, **named: Any) -> Pending:
        """A Map of what is stored, in the order of the keys in UTF-8.

        `prefix`, `start`, `startAfter`, `end`, `limit`, `reverse`.
        """
        return Pending(self._list({**_given(options), **_given(named)}))

    async def _list(self, options: dict[str, Any]) -> JsMap:
        start, after, limit = options.get("start"), options.get("startAfter"), options.get("limit")
        if start is not None and after is not None:
            raise errors.list_start_twice()
        if limit is not None and limit <= 0:
            raise errors.list_limit()
        prefix, end = options.get("prefix") or "", options.get("end")
        names = [
            name
            for name in sorted(self._kept.values)
            if name.startswith(prefix)
            and (start is None or name >= start)
            and (after is None or name > after)
            and (end is None or name < end)
        ]
        if options.get("reverse"):
            names.reverse()
        return JsMap({name: put_together(self._kept.values[name]) for name in names[:limit]})

    def getAlarm(self, options: Any = None, /, **_: Any) -> Pending:  # noqa: ARG002
        """When the alarm goes off, in milliseconds since the epoch; null without one."""
        return Pending(self._get_alarm())

    async def _get_alarm(self) -> Any:
        alarm = self._kept.alarm
        return jsnull if alarm is None else alarm

    def setAlarm(self, at: Any = None, options: Any = None, /, **_: Any) -> Pending:  # noqa: ARG002
        """Set the alarm: a Date, or milliseconds since the epoch; the past is now.

        It goes off where the test says so: `await worker.alarm(…)`.
        """
        return Pending(self._set_alarm(at))

    async def _set_alarm(self, at: Any) -> None:
        instant = at.getTime() if isinstance(at, JsDate) else at
        if isinstance(instant, bool) or not isinstance(instant, int | float):
            raise errors.not_a_date()
        now = self._clock().now_nanoseconds() // 1_000_000
        self._kept.alarm = max(int(instant), now)

    def deleteAlarm(self, options: Any = None, /, **_: Any) -> Pending:  # noqa: ARG002
        """Set no alarm."""
        return Pending(self._delete_alarm())

    async def _delete_alarm(self) -> None:
        self._kept.alarm = None

    def transaction(self, closure: Callable[..., Any], /) -> Pending:
        """`await closure(txn)`: if it raises, or says `txn.rollback()`, nothing has happened."""
        return Pending(self._transact(closure))

    async def _transact(self, closure: Callable[..., Any]) -> Any:
        before, alarm = dict(self._kept.values), self._kept.alarm
        transaction = DurableObjectTransaction(self._kept, self._clock)
        try:
            result = closure(transaction)
            if hasattr(result, "__await__"):
                result = await result
        except BaseException:
            transaction.rollback()
            raise
        finally:
            if transaction.is_rolled_back:
                self._kept.values, self._kept.alarm = before, alarm
        return result

    def sync(self) -> Pending:
        """Return when everything is on disk, which is at once."""
        return Pending(_nothing())

    def __getattr__(self, name: str) -> Any:
        if name in ("sql", "kv", "transactionSync", "getBookmarkForTime", "getCurrentBookmark"):
            raise NotImplementedError(
                f"ctx.storage.{name} is not emulated by pykvbinding; "
                "ctx.storage has get, put, delete, deleteAll, list, transaction and alarms"
            )
        raise AttributeError(name)


class DurableObjectTransaction(DurableObjectStorage, name="DurableObjectTransaction"):
    """What `transaction` hands to its closure."""

    __slots__ = ("is_rolled_back",)

    def __init__(self, kept: Kept, clock: Callable[[], Clock]) -> None:
        super().__init__(kept, clock)
        self.is_rolled_back: bool = False

    def rollback(self) -> None:
        """Undo what it has done, when the closure has ended."""
        self.is_rolled_back = True


_NOTHING: Final = object()


async def _nothing() -> None:
    return None


def _given(options: Any) -> dict[str, Any]:
    """The options that are there; undefined and null are none."""
    inside = members(options)
    names = ("prefix", "start", "startAfter", "end", "limit", "reverse")
    found = ((name, inside[name]) for name in names if name in inside)
    return {name: value for name, value in found if value is not None and value is not jsnull}


def _keys(key: Any) -> "list[str] | None":
    return list(map(str, key)) if isinstance(key, JsArray | list) else None


def _key(method: str, key: Any) -> str:
    """A key as a str, into which JavaScript turns anything but undefined."""
    if key is None:
        raise errors.no_storage_key(method)
    return key if isinstance(key, str) else str(key)
