"""Deadlines: when something that depends on time changes in one namespace, and what that is."""

import math
from collections.abc import Iterator, Sequence

from pykvbinding.clock import NANOSECONDS
from pykvbinding.middleware.rate_limit import WriteRate
from pykvbinding.middleware.versions import Ledger, Version
from pykvbinding.sim.trace import LapseEffect


class Deadlines:
    """The deadlines of one namespace. `grace` is what a cacheTtl may be exceeded by, in seconds."""

    def __init__(self, ledger: Ledger, rate: WriteRate | None, grace: float) -> None:
        self._ledger = ledger
        self._rate = rate
        self._grace = grace
        self._lasting: dict[int, int] = {}

    def allow(self, cache_ttl: int) -> None:
        """A read with that cacheTtl makes deadlines from now on."""
        if self._grace < math.inf:
            self._lasting[cache_ttl] = round((cache_ttl + self._grace) * NANOSECONDS)

    def next(self, now: int) -> int | None:
        """The first instant after `now` at which something changes: a write is free again, an old
        version may no longer be read, one that may be read expires; `None` if nothing ever does.

        Runtime complexity: O(versions).
        """
        free = None if self._rate is None else self._rate.next_free()
        first = math.inf if free is None else free
        durations = self._lasting.values()
        longest = max(durations, default=math.inf)
        for key in self._ledger:
            replaced = math.inf
            for version in reversed(self._ledger.versions(key)):
                record, committed = version.record, version.committed
                if record is not None and record.expiration is not None:
                    expires = record.expiration * NANOSECONDS
                    if now < expires < min(first, replaced + longest):
                        first = expires
                if committed is not None and committed < replaced:
                    replaced = committed
                    for duration in durations:
                        if now < committed + duration < first:
                            first = committed + duration
        return None if first == math.inf else int(first)

    def between(self, before: int, until: int) -> list[LapseEffect]:
        """What ends after one instant and not after another. Runtime complexity: O(versions)."""
        found: list[LapseEffect] = []
        for key in self._ledger:
            versions = self._ledger.versions(key)
            free = self._free_again(versions)
            if before < free <= until:
                found.append(LapseEffect(kind="limit", at=free, key=key))
            found += self._ended(key, versions, before, until)
        return found

    def _ended(
        self, key: str, versions: Sequence[Version], before: int, until: int
    ) -> Iterator[LapseEffect]:
        """Which versions of a key expire, and which may no longer be read."""
        longest = max(self._lasting.values(), default=math.inf)
        replaced = math.inf
        # Nobody may see what was before a version that has always been there.
        oldest = 1 if len(versions) > 1 and versions[1].committed is None else 0
        for version in reversed(versions[oldest:]):
            record, number = version.record, version.number
            if replaced < math.inf:
                for ttl, duration in self._lasting.items():
                    at = int(replaced) + duration
                    if before < at <= until:
                        yield LapseEffect(
                            kind="copy", at=at, key=key, version=number, cache_ttl=ttl
                        )
            if record is not None and record.expiration is not None:
                at = record.expiration * NANOSECONDS
                if before < at <= until and at < replaced + longest:
                    yield LapseEffect(kind="expiry", at=at, key=key, version=number)
            if version.committed is not None:
                replaced = min(replaced, version.committed)

    def _free_again(self, versions: Sequence[Version]) -> int:
        """When a key may be written again, or might have been, as far as its versions tell; -1 if
        it has not been written as often as it may be."""
        most = 0 if self._rate is None else self._rate.per_second
        written = (version for version in versions if version.location is not None)
        instants = sorted(version.committed or 0 for version in written)
        return instants[-most] + NANOSECONDS if 0 < most <= len(instants) else -1
