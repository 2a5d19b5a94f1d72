"""Snapshot reads: restrict the reads of an invocation to versions that existed together."""

import math
from typing import TypeAlias

from pykvbinding.middleware.versions import Version, VersionLog
from pykvbinding.sim.run.invocation import CURRENT, Invocation

CommitInterval: TypeAlias = tuple[int, float]
"""The first commit of the namespace at which a version is current, and the first after it."""


class ReadSnapshot:
    """The reads of each invocation in one namespace, and the versions that they leave allowed.

    Reads of the test itself are not restricted, nor is a key that the invocation has written: of
    such a key it reads any allowed version.
    """

    def __init__(self, ledger: VersionLog) -> None:
        self._ledger = ledger
        self._read: dict[Invocation | None, dict[str, Version]] = {}
        self._written: dict[Invocation | None, set[str]] = {}

    def compatible_versions(self, key: str, versions: list[Version]) -> list[Version]:
        """Return those of `versions`, newest first, that existed together with the earlier reads.

        If there is none, return the first version after them that may still be read, or else the
        newest.
        """
        invocation = CURRENT.get()
        read = self._read.get(invocation)
        if not read or key in self._written.get(invocation, ()):
            return versions
        intervals = [self._interval(name, version) for name, version in read.items()]
        start, end = max(start for start, _ in intervals), min(end for _, end in intervals)
        compatible = [
            version
            for version in versions
            if (interval := self._interval(key, version))[0] < end and start < interval[1]
        ]
        later = [version for version in versions if version.commit_index >= start]
        return compatible or later[-1:] or versions[:1]

    def record_read(self, key: str, version: Version) -> None:
        """Record that the current invocation has read a version."""
        invocation = CURRENT.get()
        if invocation is not None and key not in self._written.get(invocation, ()):
            self._read.setdefault(invocation, {}).setdefault(key, version)

    def record_write(self, key: str) -> None:
        """Record that the current invocation has written a key."""
        self._written.setdefault(CURRENT.get(), set()).add(key)

    def _interval(self, key: str, version: Version) -> CommitInterval:
        """Return when a version was current: for at least the one commit that made it."""
        newer = self._ledger.versions(key)[version.number + 1 :]
        end = min((version.commit_index for version in newer), default=math.inf)
        return version.commit_index, max(end, version.commit_index + 1)
