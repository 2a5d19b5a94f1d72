"""Moments: which one each invocation has seen, where all its reads are to be of a single one."""

import math
from typing import TypeAlias

from pykvbinding.middleware.versions import Ledger, Version
from pykvbinding.sim.run.invocation import CURRENT, Invocation

Span: TypeAlias = tuple[int, float]
"""From which commit of the namespace on, and until which."""


class ReadSnapshot:
    """What invocations have read of one namespace, and to which moments that leaves them bound.

    What the test itself reads is bound to nothing, and neither is a key that an invocation has
    written: of that it sees what others make of it.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._read: dict[Invocation | None, dict[str, Version]] = {}
        self._written: dict[Invocation | None, set[str]] = {}

    def fitting(self, key: str, versions: list[Version]) -> list[Version]:
        """Those of some versions, newest first, that were there at the moment of the other reads.

        If none was, the first after that moment which may still be seen, else the newest.
        """
        invocation = CURRENT.get()
        read = self._read.get(invocation)
        if not read or key in self._written.get(invocation, ()):
            return versions
        spans = [self._span(name, version) for name, version in read.items()]
        start, end = max(since for since, _ in spans), min(until for _, until in spans)
        fitting = [
            version
            for version in versions
            if (span := self._span(key, version))[0] < end and start < span[1]
        ]
        later = [version for version in versions if version.place >= start]
        return fitting or later[-1:] or versions[:1]

    def note(self, key: str, version: Version) -> None:
        """The current invocation has read that."""
        invocation = CURRENT.get()
        if invocation is not None and key not in self._written.get(invocation, ()):
            self._read.setdefault(invocation, {}).setdefault(key, version)

    def release(self, key: str) -> None:
        """The current invocation has written that key."""
        self._written.setdefault(CURRENT.get(), set()).add(key)

    def _span(self, key: str, version: Version) -> Span:
        """When a version was there, if only for the one commit that it was."""
        newer = self._ledger.versions(key)[version.number + 1 :]
        until = min((each.place for each in newer), default=math.inf)
        return version.place, max(until, version.place + 1)
