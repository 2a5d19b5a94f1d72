"""The sorted map under every namespace: names to records, in order, with expiry.

It is synchronous and never asks for the time: the caller passes `now`, in whole seconds since the
epoch, so one operation sees one instant and every method can be tested as a pure function.

How it is built. `_records` is a plain dict, so a read or an overwrite costs one hash lookup. The
sorted `_index` of names is behind the dict: a new name joins `_pending_inserts`, an erased one joins `_pending_deletes`,
and both are merged in when somebody lists ("settling"). A program that never lists never sorts, and
one that loads a million keys sorts once. `_non_plain_records` repeats the records that have metadata or an
expiration, so that a page of plain keys looks up no record. `_keys_by_expiration` maps a second to the names that
expire at it, and `_expiration_heap` is a heap of those seconds: reclaiming touches expired names only.

Names compare as `str`: by code point, which is also the order of their UTF-8 bytes.
"""

from collections.abc import Callable, Iterator
from heapq import heapify, heappop, heappush
from itertools import islice

from sortedcontainers import SortedList

from pykvbinding.storage.record import ListPage, Record

REBUILD_RATIO = 8
"""Settling rebuilds the index when more than one name in so many is dead (measured crossover)."""

DELETE_SLACK = 1000
"""Dead names kept beyond the number of live ones before a delete settles by itself."""

LAST_CODE_POINT = "\U0010ffff"


class Engine:
    """A sorted map of names to records.

    >>> engine = Engine()
    >>> engine.write("b", Record("2")); engine.write("a", Record("1"))
    >>> engine.scan("", None, 10, now=0).names
    ['a', 'b']
    """

    __slots__ = (
        "_expiration_heap",
        "_index",
        "_keys_by_expiration",
        "_non_plain_records",
        "_pending_deletes",
        "_pending_inserts",
        "_records",
        "lookup",
        "overwrite_plain",
    )

    lookup: Callable[[str], Record | None]
    """The record under a name, expired or not: the dict's own `get`. Runtime complexity: O(1)."""

    overwrite_plain: Callable[[str, Record], None]
    """Put a plain record over a plain one: the dict's own `__setitem__`. Runtime complexity: O(1).

    Plain is what has no metadata and no expiration; anything else is for `write`.
    """

    def __init__(self) -> None:
        self._records: dict[str, Record] = {}
        self._non_plain_records: dict[str, Record] = {}
        self._index: SortedList[str] = SortedList()
        self._pending_inserts: list[str] = []
        self._pending_deletes: set[str] = set()
        self._keys_by_expiration: dict[int, set[str]] = {}
        self._expiration_heap: list[int] = []
        self.lookup = self._records.get
        self.overwrite_plain = self._records.__setitem__

    def read(self, key: str, now: int) -> Record | None:
        """The live record under `key`. Runtime complexity: O(1)."""
        record = self._records.get(key)
        if record is None or (record.expiration is not None and record.expiration <= now):
            return None
        return record

    def insert_plain(self, key: str, record: Record) -> None:
        """Put a plain record under a name that is not there.

        Runtime complexity: O(1), and O(log n) amortised once the name is listed.
        """
        self._records[key] = record
        if key in self._pending_deletes:  # it never left the index
            self._pending_deletes.remove(key)
        else:
            self._pending_inserts.append(key)

    def write(self, key: str, record: Record) -> None:
        """Put `record` under `key`, whatever was there.

        Runtime complexity: O(1), and O(log n) amortised for a new name once it is listed.
        """
        old = self._records.get(key)
        if old is None:
            self.insert_plain(key, record)
        else:
            self._records[key] = record
            if old.expiration is not None:
                self._remove_expiration(key, old.expiration)
        if record.expiration is not None:
            self._add_expiration(key, record.expiration)
            self._non_plain_records[key] = record
        elif record.metadata is not None:
            self._non_plain_records[key] = record
        elif old is not None and (old.expiration is not None or old.metadata is not None):
            del self._non_plain_records[key]

    def erase(self, key: str) -> None:
        """Remove `key`; a missing one is no error. Runtime complexity: O(1) amortised."""
        record = self._records.pop(key, None)
        if record is None:
            return
        if record.expiration is not None:
            self._remove_expiration(key, record.expiration)
        self._drop_from_index(key, record)
        self._merge_index_if_stale()

    def scan(self, prefix: str, after: str | None, limit: int, now: int) -> ListPage:
        """At most `limit` live names that start with `prefix` and are greater than `after`.

        Runtime complexity: O(log n + page) once settled; settling m changed names costs
        O(m log n) or one rebuild in O(n), whichever is less, and is paid by the next scan.
        """
        self.evict_expired(now)
        self._merge_index()
        names = list(islice(self._iter_keys_from(prefix, after), limit + 1))
        more = len(names) > limit
        if more:
            names.pop()
        annotated = self._non_plain_records
        found = {name: annotated[name] for name in names if name in annotated} if annotated else {}
        return ListPage(names, found, names[-1] if more and names else None)

    def count(self, now: int) -> int:
        """The number of live names. Runtime complexity: O(1) after reclaiming what expired."""
        self.evict_expired(now)
        return len(self._records)

    def items(self, now: int) -> Iterator[tuple[str, Record]]:
        """Every live name and its record, in no particular order. Runtime complexity: O(n)."""
        self.evict_expired(now)
        return iter(self._records.items())

    def evict_expired(self, now: int) -> None:
        """Erase what has expired at `now`. Runtime complexity: O(expired), O(1) if nothing has."""
        seconds = self._expiration_heap
        if not seconds or seconds[0] > now:
            return
        while seconds and seconds[0] <= now:
            for key in self._keys_by_expiration.pop(heappop(seconds), ()):
                self._drop_from_index(key, self._records.pop(key))
        self._merge_index_if_stale()

    def clear(self) -> None:
        """Erase everything. Runtime complexity: O(n)."""
        # In place: bindings hold on to `lookup` and `overwrite_plain`, which are bound to this very dict.
        self._records.clear()
        self._non_plain_records.clear()
        self._index.clear()
        self._pending_inserts.clear()
        self._pending_deletes.clear()
        self._keys_by_expiration.clear()
        self._expiration_heap.clear()

    def _iter_keys_from(self, prefix: str, after: str | None) -> Iterator[str]:
        """Iterate over the index from a bound, never by position: positions make `insert_plain` dear."""
        end = _prefix_end(prefix)
        if after is not None and after >= prefix:
            if end is not None and after >= end:
                return iter(())
            return self._index.irange(after, end, (False, False))
        return self._index.irange(prefix, end, (True, False))

    def _drop_from_index(self, key: str, record: Record) -> None:
        self._pending_deletes.add(key)
        if record.metadata is not None or record.expiration is not None:
            del self._non_plain_records[key]

    def _add_expiration(self, key: str, expiration: int) -> None:
        names = self._keys_by_expiration.get(expiration)
        if names is None:
            self._keys_by_expiration[expiration] = {key}
            heappush(self._expiration_heap, expiration)
        else:
            names.add(key)

    def _remove_expiration(self, key: str, expiration: int) -> None:
        names = self._keys_by_expiration[expiration]
        names.remove(key)
        if not names:
            del self._keys_by_expiration[expiration]
            if len(self._expiration_heap) > 2 * len(self._keys_by_expiration) + DELETE_SLACK:
                # Seconds that lost their last name stay in the heap; do not let them pile up.
                self._expiration_heap[:] = self._keys_by_expiration
                heapify(self._expiration_heap)

    def _merge_index_if_stale(self) -> None:
        """Settle once the dead outnumber the living, or queues of put and delete would leak."""
        if len(self._pending_deletes) > len(self._records) + DELETE_SLACK:
            self._merge_index()

    def _merge_index(self) -> None:
        """Merge `_pending_inserts` and `_pending_deletes` into the index."""
        index, fresh, dead = self._index, self._pending_inserts, self._pending_deletes
        if dead:
            if fresh:
                born_and_died = dead.intersection(fresh)
                fresh[:] = [name for name in fresh if name not in born_and_died]
                dead -= born_and_died
            if len(dead) * REBUILD_RATIO > len(index):
                alive = [name for name in index if name not in dead]
                index.clear()
                index.update(alive)
            else:
                for name in sorted(dead):
                    index.remove(name)
            dead.clear()
        if fresh:
            if len(fresh) == 1:
                index.add(fresh[0])
            else:
                index.update(fresh)
            fresh.clear()

    def _check(self) -> None:
        """Assert every invariant; for tests. Runtime complexity: O(n log n)."""
        self._index._check()  # type: ignore[attr-defined]
        records, dead, fresh = self._records, self._pending_deletes, self._pending_inserts
        assert self.lookup.__self__ is records  # type: ignore[attr-defined]
        assert len(set(fresh)) == len(fresh)
        assert not set(fresh) & set(self._index)
        assert set(fresh) | set(self._index) == set(records) | dead
        assert not dead & set(records)
        plain = (name for name, r in records.items() if r.metadata is None and r.expiration is None)
        assert set(self._non_plain_records) == set(records) - set(plain)
        assert all(
            self._non_plain_records[name] is records[name] for name in self._non_plain_records
        )
        due = [(r.expiration, name) for name, r in records.items() if r.expiration is not None]
        assert sorted(due) == sorted(
            (s, name) for s, names in self._keys_by_expiration.items() for name in names
        )
        assert set(self._keys_by_expiration) <= set(self._expiration_heap)
        assert all(self._keys_by_expiration.values())


def _prefix_end(prefix: str) -> str | None:
    """The least string greater than every string that starts with `prefix`; `None` if none is."""
    stem = prefix.rstrip(LAST_CODE_POINT)
    return stem[:-1] + chr(ord(stem[-1]) + 1) if stem else None
