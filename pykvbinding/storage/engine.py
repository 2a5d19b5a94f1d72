"""The sorted map that stores the records of a namespace, in the order of their keys, with expiry.

The engine is synchronous and has no clock: the caller passes `now`, in whole seconds since the
epoch. So every operation uses a single instant, and every method can be tested as a pure function.

Implementation. `_records` is a plain dict, so a read or an overwrite costs one hash lookup. The
sorted `_index` of keys is updated lazily: a new key is added to `_pending_inserts`, an erased key
to `_pending_deletes`, and both are merged into the index by the next scan. A program that never
lists never sorts, and one that loads a million keys sorts once.

`_non_plain_records` duplicates the records that have metadata or an expiration, so that a page of
plain keys looks up no record. `_keys_by_expiration` maps a second to the keys that expire at it,
and `_expiration_heap` is a heap of those seconds, so that eviction visits only expired keys.

Keys compare as `str`: by code point, which is also the order of their UTF-8 bytes.
"""

from collections.abc import Callable, Iterator
from heapq import heapify, heappop, heappush
from itertools import islice

from sortedcontainers import SortedList

from pykvbinding.storage.record import ListPage, Record

REBUILD_RATIO = 8
"""A merge rebuilds the index if more than 1 / `REBUILD_RATIO` of its keys are pending deletes.

The measured crossover.
"""

DELETE_SLACK = 1000
"""Pending deletes in excess of the number of live keys that make a delete merge the index."""

LAST_CODE_POINT = "\U0010ffff"


class Engine:
    """A sorted map of keys to records.

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
    """Return the record of a key, expired or not: `get` of the dict. Runtime complexity: O(1)."""

    overwrite_plain: Callable[[str, Record], None]
    """Replace a plain record by a plain one: `__setitem__` of the dict.

    Runtime complexity: O(1).

    A plain record has no metadata and no expiration; `write` stores any record.
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
        """Return the live record of `key`, or `None`. Runtime complexity: O(1)."""
        record = self._records.get(key)
        if record is None or (record.expiration is not None and record.expiration <= now):
            return None
        return record

    def insert_plain(self, key: str, record: Record) -> None:
        """Store a plain record under a key that does not exist.

        Runtime complexity: O(1), and O(log n) amortised when the key is listed.
        """
        self._records[key] = record
        if key in self._pending_deletes:  # it is still in the index
            self._pending_deletes.remove(key)
        else:
            self._pending_inserts.append(key)

    def write(self, key: str, record: Record) -> None:
        """Store `record` under `key`, replacing any other.

        Runtime complexity: O(1), and O(log n) amortised for a new key when it is listed.
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
        """Remove `key`, if it exists. Runtime complexity: O(1) amortised."""
        record = self._records.pop(key, None)
        if record is None:
            return
        if record.expiration is not None:
            self._remove_expiration(key, record.expiration)
        self._mark_deleted(key, record)
        self._merge_index_if_stale()

    def scan(self, prefix: str, after: str | None, limit: int, now: int) -> ListPage:
        """Return at most `limit` live keys that start with `prefix` and are greater than `after`.

        Runtime complexity: O(log n + page) if nothing is pending. The first scan after m changes
        merges them into the index in O(m log n), or rebuilds it in O(n), whichever is less.
        """
        self.evict_expired(now)
        self._merge_index()
        names = list(islice(self._iter_keys_from(prefix, after), limit + 1))
        is_last = len(names) <= limit
        if not is_last:
            names.pop()
        non_plain = self._non_plain_records
        records = {key: non_plain[key] for key in names if key in non_plain} if non_plain else {}
        return ListPage(names, records, None if is_last or not names else names[-1])

    def count(self, now: int) -> int:
        """Return the number of live keys. Runtime complexity: O(1) after evicting expired ones."""
        self.evict_expired(now)
        return len(self._records)

    def items(self, now: int) -> Iterator[tuple[str, Record]]:
        """Iterate over the live keys and records, in arbitrary order. Runtime complexity: O(n)."""
        self.evict_expired(now)
        return iter(self._records.items())

    def evict_expired(self, now: int) -> None:
        """Erase the records expired at `now`. Runtime complexity: O(expired), O(1) if none has."""
        heap = self._expiration_heap
        if not heap or heap[0] > now:
            return
        while heap and heap[0] <= now:
            for key in self._keys_by_expiration.pop(heappop(heap), ()):
                self._mark_deleted(key, self._records.pop(key))
        self._merge_index_if_stale()

    def clear(self) -> None:
        """Erase all records. Runtime complexity: O(n)."""
        # In place: bindings keep `lookup` and `overwrite_plain`, which are methods of this dict.
        self._records.clear()
        self._non_plain_records.clear()
        self._index.clear()
        self._pending_inserts.clear()
        self._pending_deletes.clear()
        self._keys_by_expiration.clear()
        self._expiration_heap.clear()

    def _iter_keys_from(self, prefix: str, after: str | None) -> Iterator[str]:
        """Iterate over the index by bounds. Positions would make the next insert slow."""
        end = _prefix_end(prefix)
        if after is not None and after >= prefix:
            if end is not None and after >= end:
                return iter(())
            return self._index.irange(after, end, (False, False))
        return self._index.irange(prefix, end, (True, False))

    def _mark_deleted(self, key: str, record: Record) -> None:
        self._pending_deletes.add(key)
        if record.metadata is not None or record.expiration is not None:
            del self._non_plain_records[key]

    def _add_expiration(self, key: str, expiration: int) -> None:
        keys = self._keys_by_expiration.get(expiration)
        if keys is None:
            self._keys_by_expiration[expiration] = {key}
            heappush(self._expiration_heap, expiration)
        else:
            keys.add(key)

    def _remove_expiration(self, key: str, expiration: int) -> None:
        keys = self._keys_by_expiration[expiration]
        keys.remove(key)
        if not keys:
            del self._keys_by_expiration[expiration]
            if len(self._expiration_heap) > 2 * len(self._keys_by_expiration) + DELETE_SLACK:
                # Seconds without keys stay in the heap; remove them before they accumulate.
                self._expiration_heap[:] = self._keys_by_expiration
                heapify(self._expiration_heap)

    def _merge_index_if_stale(self) -> None:
        """Merge if pending deletes outnumber live keys, so that put-delete queues do not leak."""
        if len(self._pending_deletes) > len(self._records) + DELETE_SLACK:
            self._merge_index()

    def _merge_index(self) -> None:
        """Apply `_pending_inserts` and `_pending_deletes` to the index."""
        index, inserts, deletes = self._index, self._pending_inserts, self._pending_deletes
        if deletes:
            if inserts:
                inserted_and_deleted = deletes.intersection(inserts)
                inserts[:] = [key for key in inserts if key not in inserted_and_deleted]
                deletes -= inserted_and_deleted
            if len(deletes) * REBUILD_RATIO > len(index):
                live_keys = [key for key in index if key not in deletes]
                index.clear()
                index.update(live_keys)
            else:
                for key in sorted(deletes):
                    index.remove(key)
            deletes.clear()
        if inserts:
            if len(inserts) == 1:
                index.add(inserts[0])
            else:
                index.update(inserts)
            inserts.clear()

    def _check(self) -> None:
        """Assert all invariants; for tests. Runtime complexity: O(n log n)."""
        self._index._check()  # type: ignore[attr-defined]
        records, deletes, inserts = self._records, self._pending_deletes, self._pending_inserts
        assert self.lookup.__self__ is records  # type: ignore[attr-defined]
        assert len(set(inserts)) == len(inserts)
        assert not set(inserts) & set(self._index)
        assert set(inserts) | set(self._index) == set(records) | deletes
        assert not deletes & set(records)
        plain = (key for key, r in records.items() if r.metadata is None and r.expiration is None)
        assert set(self._non_plain_records) == set(records) - set(plain)
        assert all(self._non_plain_records[key] is records[key] for key in self._non_plain_records)
        expirations = [
            (r.expiration, key) for key, r in records.items() if r.expiration is not None
        ]
        assert sorted(expirations) == sorted(
            (s, key) for s, keys in self._keys_by_expiration.items() for key in keys
        )
        assert set(self._keys_by_expiration) <= set(self._expiration_heap)
        assert all(self._keys_by_expiration.values())


def _prefix_end(prefix: str) -> str | None:
    """Return the least string greater than all strings with `prefix`, or `None` without one."""
    stem = prefix.rstrip(LAST_CODE_POINT)
    return stem[:-1] + chr(ord(stem[-1]) + 1) if stem else None
