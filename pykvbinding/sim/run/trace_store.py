"""The points at which a run can go otherwise: every operation waits here for its turn."""

from collections.abc import Awaitable, Sequence
from typing import Any

from pykvbinding.clock import NANOSECONDS
from pykvbinding.edge.consistency import OR_MORE, reason, replaced_at
from pykvbinding.middleware.versions import Ledger
from pykvbinding.sim.run.pending import Turn
from pykvbinding.sim.run.simulation import Simulation
from pykvbinding.sim.trace import LIST_TTL, TEST_INVOCATION, Event, KeyAccess, OperationKind
from pykvbinding.storage.record import ListPage, ReadResult, Record
from pykvbinding.storage.store import Store


class PointStore:
    """The layer over a location that gives operations their turns and writes the trace."""

    def __init__(
        self,
        inner: Store,
        simulation: Simulation,
        ledger: Ledger,
        binding: str,
        location: str,
        places: tuple[str, ...] = (),
        space: str = "",
    ) -> None:
        self._inner = inner
        self._simulation = simulation
        self._ledger = ledger
        self._binding = binding
        self._location = location
        self._places = places
        self._space = space

    async def get(self, key: str, cache_ttl: int) -> ReadResult:
        """Read one key."""
        turn = await self._wait("get", (key,))
        event = self._begin("get", turn, cache_ttl=cache_ttl)
        try:
            found = await self._inner.get(key, cache_ttl)
            event.accesses = (self._look(key, found, cache_ttl),)
            return found
        except BaseException as error:
            event.outcome = str(error)
            raise
        finally:
            self._end(event, turn)

    async def get_many(self, keys: Sequence[str], cache_ttl: int) -> dict[str, ReadResult]:
        """Read several keys."""
        turn = await self._wait("get", keys)
        event = self._begin("get", turn, cache_ttl=cache_ttl)
        try:
            answer = await self._inner.get_many(keys, cache_ttl)
            event.accesses = tuple(self._look(key, answer[key], cache_ttl) for key in keys)
            return answer
        except BaseException as error:
            event.outcome = str(error)
            raise
        finally:
            self._end(event, turn)

    async def put(self, key: str, record: Record) -> int | None:
        """Write one key."""
        return await self._write("put", key, record)

    async def delete(self, key: str) -> int | None:
        """Remove one key."""
        return await self._write("delete", key, None)

    async def list(self, prefix: str, after: str | None, limit: int) -> ListPage:
        """Read one page."""
        turn = await self._wait("list", (prefix,))
        event = self._begin("list", turn)
        event.prefix = prefix
        try:
            page = await self._inner.list(prefix, after, limit)
            event.accesses = tuple(
                self._look(key, ReadResult(None, None, version), LIST_TTL)
                for key, version in (page.versions or {}).items()
            )
            return page
        except BaseException as error:
            event.outcome = str(error)
            raise
        finally:
            self._end(event, turn)

    async def _write(self, kind: OperationKind, key: str, record: Record | None) -> int | None:
        turn = await self._wait(kind, (key,))
        event = self._begin(kind, turn)
        latest = self._ledger.latest(key).number
        value = None if record is None else record.value
        look = KeyAccess(key=key, version=None, latest=latest, value=value)
        event.accesses = (look,)
        try:
            if record is None:
                return await self._inner.delete(key)
            return await self._inner.put(key, record)
        except BaseException as error:
            event.outcome = str(error)
            raise
        finally:
            now = self._ledger.latest(key).number
            if now > latest:  # it may have failed after taking effect
                is_below = turn is not None and turn.overtakes
                look.version = now - is_below
            self._end(event, turn)

    def _wait(self, kind: str, keys: Sequence[str]) -> Awaitable[Turn | None]:
        return self._simulation.wait(kind, self._binding, keys, self._places, self._space)

    def _begin(self, kind: OperationKind, turn: Turn | None, **more: Any) -> Event:
        trace, clock = self._simulation.trace, self._simulation.clock
        now = clock.now_nanoseconds()
        invocation = None if turn is None else turn.invocation
        event = Event(
            number=len(trace.events) + 1,
            kind=kind,
            at=now,
            invoked=now if turn is None else turn.asked,
            after=None if turn is None else turn.after,
            invocation=TEST_INVOCATION if invocation is None else invocation.number,
            session=None if invocation is None else invocation.session,
            location=self._location,
            binding=self._binding,
            **more,
        )
        trace.events.append(event)
        return event

    def _end(self, event: Event, turn: Turn | None) -> None:
        token = self._simulation.finish(turn)
        event.token = "" if token is None else str(token)
        if turn is not None:
            event.deviations = turn.deviates
            event.location = turn.location or self._location

    def _look(self, key: str, found: ReadResult, cache_ttl: float) -> KeyAccess:
        versions = self._ledger.versions(key)
        number = versions[-1].number if found.version is None else found.version
        version = versions[number]
        now = self._simulation.clock.now_nanoseconds()
        look = KeyAccess(key=key, version=number, latest=versions[-1].number, value=None)
        if version.record is not None and not version.is_expired(now):
            look.value = version.record.value
        if look.is_stale:
            since = replaced_at(versions, number)
            look.age = 0 if since is None else (now - since) / NANOSECONDS
            is_late = look.age >= cache_ttl
            look.justification = OR_MORE if is_late else reason(version, versions[number + 1], now)
        return look
