"""Deadlines: the instants at which the state of one namespace changes by the passage of time."""

import math
from collections.abc import Iterator, Sequence

from pykvbinding.clock import NANOSECONDS
from pykvbinding.middleware.rate_limit import WriteRateLimiter
from pykvbinding.middleware.versions import Version, VersionLog
from pykvbinding.sim.trace import LapseEffect


class Deadlines:
    """The deadlines of one namespace.

    `staleness_grace_seconds` is how long a copy may be read after its cacheTtl.
    """

    def __init__(
        self, ledger: VersionLog, rate: WriteRateLimiter | None, staleness_grace_seconds: float
    ) -> None:
        self._ledger = ledger
        self._rate = rate
        self._staleness_grace_seconds = staleness_grace_seconds
        self._ttl_durations: dict[int, int] = {}

    def track_ttl(self, cache_ttl: int) -> None:
        """Include the deadlines of reads with this cacheTtl from now on."""
        if self._staleness_grace_seconds < math.inf:
            seconds = cache_ttl + self._staleness_grace_seconds
            self._ttl_durations[cache_ttl] = round(seconds * NANOSECONDS)

    def next(self, now: int) -> int | None:
        """Return the first deadline after `now`, or `None` if there is none.

        At a deadline a key can be written again, an old version can no longer be read, or a version
        that can be read expires. Runtime complexity: O(versions).
        """
        next_write = None if self._rate is None else self._rate.next_available()
        first = math.inf if next_write is None else next_write
        durations = self._ttl_durations.values()
        longest = max(durations, default=math.inf)
        for key in self._ledger:
            superseded = math.inf
            for version in reversed(self._ledger.versions(key)):
                record, committed = version.record, version.committed_ns
                if record is not None and record.expiration is not None:
                    expires = record.expiration * NANOSECONDS
                    if now < expires < min(first, superseded + longest):
                        first = expires
                if committed is not None and committed < superseded:
                    superseded = committed
                    for duration in durations:
                        if now < committed + duration < first:
                            first = committed + duration
        return None if first == math.inf else int(first)

    def expiring_between(self, before: int, until: int) -> list[LapseEffect]:
        """Return the effects of time from after `before` to `until`.

        Runtime complexity: O(versions).
        """
        effects: list[LapseEffect] = []
        for key in self._ledger:
            versions = self._ledger.versions(key)
            next_write = self._next_write(versions)
            if before < next_write <= until:
                effects.append(LapseEffect(kind="limit", at=next_write, key=key))
            effects += self._expiring_versions(key, versions, before, until)
        return effects

    def _expiring_versions(
        self, key: str, versions: Sequence[Version], before: int, until: int
    ) -> Iterator[LapseEffect]:
        """Yield the versions of a key that expire, and those that can no longer be read."""
        longest = max(self._ttl_durations.values(), default=math.inf)
        superseded = math.inf
        # A version that was always there hides the one before it.
        oldest = 1 if len(versions) > 1 and versions[1].committed_ns is None else 0
        for version in reversed(versions[oldest:]):
            record, number = version.record, version.number
            if superseded < math.inf:
                for ttl, duration in self._ttl_durations.items():
                    at = int(superseded) + duration
                    if before < at <= until:
                        yield LapseEffect(
                            kind="copy", at=at, key=key, version=number, cache_ttl=ttl
                        )
            if record is not None and record.expiration is not None:
                at = record.expiration * NANOSECONDS
                if before < at <= until and at < superseded + longest:
                    yield LapseEffect(kind="expiry", at=at, key=key, version=number)
            if version.committed_ns is not None:
                superseded = min(superseded, version.committed_ns)

    def _next_write(self, versions: Sequence[Version]) -> int:
        """Return when a key can be written again, or could have been, judging by its versions.

        It is -1 if the key has not been written as often as it may be.
        """
        per_second = 0 if self._rate is None else self._rate.per_second
        written = (version for version in versions if version.location is not None)
        instants = sorted(version.committed_ns or 0 for version in written)
        return instants[-per_second] + NANOSECONDS if 0 < per_second <= len(instants) else -1
