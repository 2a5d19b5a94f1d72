"""Builder for traces, operation by operation."""

from collections.abc import Sequence

from pykvbinding.clock import NANOSECONDS
from pykvbinding.edge import consistency as contract
from pykvbinding.sim.trace import (
    Commit,
    Event,
    InvocationSpan,
    KeyAccess,
    LapseEffect,
    OperationKind,
    Trace,
)
from pykvbinding.storage.record import Value

START = 1_700_000_000 * NANOSECONDS
TOO_MANY = "KV PUT failed: 429 Too Many Requests"


class TraceBuilder:
    """Builds a trace operation by operation; computes versions and ages."""

    def __init__(self, *locations: str, schedule: str = "") -> None:
        self.now = START
        self.trace = Trace(start=START, locations=locations, schedule=schedule)

    def start(self, name: str, at: str, session: str = "") -> int:
        number = len(self.trace.invocations) + 1
        span = InvocationSpan(
            number=number,
            name=name,
            location=at,
            session=session,
            started=self.now,
        )
        self.trace.invocations.append(span)
        return number

    def end(self, number: int, outcome: str = "None") -> None:
        span = self.trace.invocations[number - 1]
        span.ended, span.outcome = self.now, outcome

    def seed(self, key: str, value: Value, *, before: bool = False, binding: str = "KV") -> None:
        commits = self.trace.commits.setdefault((binding, key), [])
        at = None if before else self.now
        commits.append(Commit(version=len(commits) + 1, at=at, value=value))

    def get(
        self,
        number: int,
        *keys: str,
        older: Sequence[int] = (),
        binding: str = "KV",
        location: str | None = None,
        ttl: float | None = None,
        deviations: tuple[str, ...] = (),
        outcome: str = "ok",
    ) -> Event:
        return self._event(
            "get",
            number,
            self._accesses(binding, keys, older),
            binding=binding,
            location=location,
            cache_ttl=ttl,
            deviations=(("stale",) if any(older) else ()) + deviations,
            outcome=outcome,
        )

    def list(
        self,
        number: int,
        prefix: str,
        *keys: str,
        older: Sequence[int] = (),
        deviations: tuple[str, ...] = (),
    ) -> Event:
        accesses = self._accesses("KV", keys, older)
        deviations = (("stale",) if any(older) else ()) + deviations
        return self._event("list", number, accesses, prefix=prefix, deviations=deviations)

    def put(
        self,
        number: int,
        key: str,
        value: Value | None,
        *,
        binding: str = "KV",
        location: str | None = None,
        refused: bool = False,
        deviations: tuple[str, ...] = (),
        outcome: str = "ok",
    ) -> Event:
        """Add a put, or a delete if `value` is `None`."""
        commits = self.trace.commits.setdefault((binding, key), [])
        latest = len(commits)
        version = None if refused else latest + 1
        access = KeyAccess(key=key, version=version, latest=latest, value=value)
        event = self._event(
            "delete" if value is None else "put",
            number,
            (access,),
            binding=binding,
            location=location,
            deviations=deviations,
            outcome=TOO_MANY if refused else outcome,
        )
        if version is not None:
            commits.append(Commit(version=version, at=self.now, value=value, event=event.number))
        return event

    def external(self, number: int, name: str, outcome: str = "ok") -> Event:
        return self._event("external", number, (), name=name, outcome=outcome)

    def lapse(self, seconds: float, *ends: LapseEffect, chosen: bool = True) -> Event:
        """Add a lapse of time; expired write limits are added automatically."""
        invoked = self.now
        self.now += round(seconds * NANOSECONDS)
        limits = [
            LapseEffect(kind="limit", at=commits[-1].at + NANOSECONDS, binding=binding, key=key)
            for (binding, key), commits in self.trace.commits.items()
            if commits and commits[-1].at is not None
        ]
        ended = (end for end in limits if invoked < end.at <= self.now)
        deviations = ("time",) if chosen else ()
        return self._event(
            "lapse",
            0,
            (),
            lapse_effects=(*ended, *ends),
            deviations=deviations,
            invoked=invoked,
        )

    def _accesses(
        self, binding: str, keys: Sequence[str], older: Sequence[int]
    ) -> tuple[KeyAccess, ...]:
        padded = [*older, *[0] * len(keys)]
        return tuple(
            self._access(binding, key, old) for key, old in zip(keys, padded, strict=False)
        )

    def _access(self, binding: str, key: str, older: int) -> KeyAccess:
        commits = self.trace.commits.get((binding, key), [])
        version = len(commits) - older
        access = KeyAccess(key=key, version=version, latest=len(commits), value=None)
        if version > 0:
            access.value = commits[version - 1].value
        if older:
            access.justification = contract.UPDATED if version else contract.CREATED
            access.age = (self.now - (commits[version].at or START)) / NANOSECONDS
        return access

    def _event(
        self,
        kind: OperationKind,
        number: int,
        accesses: tuple[KeyAccess, ...],
        *,
        invoked: int | None = None,
        **more: object,
    ) -> Event:
        event = Event(
            number=len(self.trace.events),
            kind=kind,
            at=self.now,
            invoked=self.now if invoked is None else invoked,
            invocation=number,
            accesses=accesses,
        )
        for name, value in more.items():
            setattr(event, name, value)
        if event.location is None and number:
            event.location = self.trace.invocations[number - 1].location
        self.trace.events.append(event)
        return event
