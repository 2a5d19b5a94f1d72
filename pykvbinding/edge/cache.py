"""One cache: the copies that a location or an upper tier holds, and how old they are."""

from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pykvbinding.clock import NANOSECONDS
from pykvbinding.storage.record import ListPage, ReadResult, Record

REMEMBERED_DROPS = 1024
"""By each cache: more writes than that are hardly made while one read is on its way."""


@dataclass(slots=True)
class Copy:
    """One version of one key as it left the central stores, `None` for a key that was not there.

    A copy is shared by all caches that it came through: its age, counted from `fetched`
    (nanoseconds since the epoch), is the same everywhere.
    """

    record: Record | None
    version: int | None
    fetched: int
    hit: ReadResult | None = None
    """The answer to a HIT, made for the first one and given to all: nobody changes an answer."""

    def shown(self, now: int) -> Record | None:
        """What a read at `now` sees of it: expiration takes precedence over every cache."""
        record = self.record
        if record is None or record.expiration is None or record.expiration * NANOSECONDS > now:
            return record
        return None


class Cache:
    """A bounded cache of copies by key.

    `find` is the dict's own `get`; whether a copy is fresh depends on the read. When `most` are
    held, those that came longest ago make room: a key that is read steadily is refreshed steadily,
    so it stays.
    """

    __slots__ = ("_dropped", "copies", "drops", "find", "most")

    def __init__(self, most: int) -> None:
        self.most: int = most
        self.copies: dict[str, Copy] = {}
        self.find = self.copies.get
        self.drops: int = 0
        """How often something was dropped: see `keep_late`."""
        self._dropped: deque[str | None] = deque(maxlen=REMEMBERED_DROPS)

    def keep(self, key: str, copy: Copy) -> None:
        """Hold a copy. Runtime complexity: O(1)."""
        copies = self.copies
        if key in copies:
            del copies[key]  # to the end: a dict keeps the order in which keys came
        elif len(copies) >= self.most:
            if not self.most:
                return
            _evict(copies)
        copies[key] = copy

    def keep_late(self, key: str, copy: Copy, asked: int) -> None:
        """Hold a copy that was asked for when `drops` was `asked`, unless it has been overtaken.

        What was dropped meanwhile was written meanwhile: the copy may be of the version before. And
        a copy that left the central stores later stays. Runtime complexity: O(drops since).
        """
        held = self.copies.get(key)
        if held is copy or (held is not None and held.fetched > copy.fetched):
            return
        if self.drops == asked or not self._has_dropped(key, asked):
            self.keep(key, copy)

    def drop(self, key: str) -> None:
        """Let go of a key. Runtime complexity: O(1)."""
        self.drops += 1
        self._dropped.append(key)
        self.copies.pop(key, None)

    def clear(self) -> None:
        """Let go of everything."""
        self.drops += 1
        self._dropped.append(None)
        self.copies.clear()

    def _has_dropped(self, key: str, asked: int) -> bool:
        """Whether a key was dropped since; also if that is too many drops ago to tell."""
        since = self.drops - asked
        latest = islice(reversed(self._dropped), since)
        return since > len(self._dropped) or any(name in (key, None) for name in latest)


@dataclass(slots=True)
class HeldPage:
    """A page as it left the central stores at `fetched`, in nanoseconds since the epoch."""

    page: ListPage
    fetched: int

    def shown(self, now: int, status: str) -> ListPage:
        """What a list at `now` sees of it: the page without the names that have expired."""
        page = self.page
        gone = {
            name
            for name, record in page.records.items()
            if record.expiration is not None and record.expiration * NANOSECONDS <= now
        }
        if not gone:
            return ListPage(page.names, page.records, page.next_after, status, page.versions)
        names = [name for name in page.names if name not in gone]
        annotated = {name: record for name, record in page.records.items() if name not in gone}
        return ListPage(names, annotated, page.next_after, status, page.versions)


Question = tuple[str, str | None, int]
"""What a list asks for: the prefix, the name after which to start, and the limit."""


class Pages:
    """A bounded cache of pages, by what was asked for.

    Neither writes nor `cacheTtl` touch it (platform facts, section 5): a page answers until it is
    `ttl` seconds old.
    """

    __slots__ = ("_held", "_ttl", "most")

    def __init__(self, ttl: float, most: int) -> None:
        self._ttl = round(ttl * NANOSECONDS)
        self._held: dict[Question, HeldPage] = {}
        self.most: int = most

    def find(self, question: Question, now: int) -> HeldPage | None:
        """A fresh page for the same question. Runtime complexity: O(1)."""
        held = self._held.get(question)
        return None if held is None or now - held.fetched >= self._ttl else held

    def keep(self, question: Question, page: ListPage, now: int) -> HeldPage:
        """Hold a page. Runtime complexity: O(1) amortised."""
        held = HeldPage(page, now)
        if self._ttl and self.most:
            self._held.pop(question, None)
            if len(self._held) >= self.most:
                _evict(self._held)
            self._held[question] = held
        return held

    def clear(self) -> None:
        """Let go of everything."""
        self._held.clear()


def _evict(held: dict[Any, Any]) -> None:
    """Drop the oldest sixteenth, at least one: one at a time would pass over the gaps each time."""
    for key in list(islice(held, len(held) // 16 + 1)):
        del held[key]
