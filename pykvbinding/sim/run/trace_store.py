"""The store layer at which operations wait for the scheduler; each call is a scheduling point."""

from collections.abc import Awaitable, Sequence
from typing import Any

from pykvbinding.clock import NANOSECONDS
from pykvbinding.edge.consistency import OR_MORE, find_justification, superseded_at
from pykvbinding.middleware.versions import VersionLog
from pykvbinding.sim.run.pending import PendingOperation
from pykvbinding.sim.run.simulation import Simulation
from pykvbinding.sim.trace import LIST_TTL, TEST_INVOCATION, Event, KeyAccess, OperationKind
from pykvbinding.storage.record import ListPage, ReadResult, Record
from pykvbinding.storage.store import Store


class TraceStore:
    """A layer over a location: passes operations to the scheduler and records the trace."""

    def __init__(
        self,
        inner: Store,
        simulation: Simulation,
        ledger: VersionLog,
        binding: str,
        location: str,
        candidate_locations: tuple[str, ...] = (),
        namespace_id: str = "",
    ) -> None:
        self._inner = inner
        self._simulation = simulation
        self._ledger = ledger
        self._binding = binding
        self._location = location
        self._candidate_locations = candidate_locations
        self._namespace_id = namespace_id

    async def get(self, key: str, cache_ttl: int) -> ReadResult:
        """Read one key when it is scheduled."""
        operation = await self._wait("get", (key,))
        event = self._start_event("get", operation, cache_ttl=cache_ttl)
        try:
            result = await self._inner.get(key, cache_ttl)
            event.accesses = (self._key_observation(key, result, cache_ttl),)
            return result
        except BaseException as error:
            event.outcome = str(error)
            raise
        finally:
            self._finish_event(event, operation)

    async def get_many(self, keys: Sequence[str], cache_ttl: int) -> dict[str, ReadResult]:
        """Read several keys when they are scheduled."""
        operation = await self._wait("get", keys)
        event = self._start_event("get", operation, cache_ttl=cache_ttl)
        try:
            results = await self._inner.get_many(keys, cache_ttl)
            event.accesses = tuple(
                self._key_observation(key, results[key], cache_ttl) for key in keys
            )
            return results
        except BaseException as error:
            event.outcome = str(error)
            raise
        finally:
            self._finish_event(event, operation)

    async def put(self, key: str, record: Record) -> int | None:
        """Write one key when it is scheduled."""
        return await self._write("put", key, record)

    async def delete(self, key: str) -> int | None:
        """Delete one key when it is scheduled."""
        return await self._write("delete", key, None)

    async def list(self, prefix: str, after: str | None, limit: int) -> ListPage:
        """Read one page when it is scheduled."""
        operation = await self._wait("list", (prefix,))
        event = self._start_event("list", operation)
        event.prefix = prefix
        try:
            page = await self._inner.list(prefix, after, limit)
            event.accesses = tuple(
                self._key_observation(key, ReadResult(None, None, version), LIST_TTL)
                for key, version in (page.versions or {}).items()
            )
            return page
        except BaseException as error:
            event.outcome = str(error)
            raise
        finally:
            self._finish_event(event, operation)

    async def _write(self, kind: OperationKind, key: str, record: Record | None) -> int | None:
        operation = await self._wait(kind, (key,))
        event = self._start_event(kind, operation)
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
            number = self._ledger.latest(key).number
            if number > latest:  # it may have failed after taking effect
                is_reordered = operation is not None and operation.reordered
                look.version = number - is_reordered
            self._finish_event(event, operation)

    def _wait(self, kind: str, keys: Sequence[str]) -> Awaitable[PendingOperation | None]:
        return self._simulation.wait(
            kind, self._binding, keys, self._candidate_locations, self._namespace_id
        )

    def _start_event(
        self, kind: OperationKind, operation: PendingOperation | None, **fields: Any
    ) -> Event:
        trace, clock = self._simulation.trace, self._simulation.clock
        now = clock.now_nanoseconds()
        invocation = None if operation is None else operation.invocation
        event = Event(
            number=len(trace.events) + 1,
            kind=kind,
            at=now,
            invoked=now if operation is None else operation.invoked,
            after=None if operation is None else operation.after,
            invocation=TEST_INVOCATION if invocation is None else invocation.number,
            session=None if invocation is None else invocation.session,
            location=self._location,
            binding=self._binding,
            **fields,
        )
        trace.events.append(event)
        return event

    def _finish_event(self, event: Event, operation: PendingOperation | None) -> None:
        token = self._simulation.complete(operation)
        event.token = "" if token is None else str(token)
        if operation is not None:
            event.deviations = operation.deviates
            event.location = operation.location or self._location

    def _key_observation(self, key: str, result: ReadResult, cache_ttl: float) -> KeyAccess:
        versions = self._ledger.versions(key)
        number = versions[-1].number if result.version is None else result.version
        version = versions[number]
        now = self._simulation.clock.now_nanoseconds()
        look = KeyAccess(key=key, version=number, latest=versions[-1].number, value=None)
        if version.record is not None and not version.is_expired(now):
            look.value = version.record.value
        if look.is_stale:
            since = superseded_at(versions, number)
            look.age = 0 if since is None else (now - since) / NANOSECONDS
            is_late = look.age >= cache_ttl
            look.justification = (
                OR_MORE if is_late else find_justification(version, versions[number + 1], now)
            )
        return look
