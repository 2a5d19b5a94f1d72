"""The limit of the bytes that an account stores: an upper bound per write, exact if needed."""

from dataclasses import dataclass

from pykvbinding import errors
from pykvbinding.clock import Clock
from pykvbinding.middleware.namespace import BackingNamespace
from pykvbinding.storage.record import Record, record_size


@dataclass(slots=True)
class InFlightWrite:
    """A put in flight, or a delete if `record` is `None`."""

    number: int
    namespace: BackingNamespace
    key: str
    record: Record | None
    old_bytes: int = 0
    """The size of the record under the key when the write began, expired or not."""

    new_bytes: int = 0

    def measure(self) -> None:
        """Set both sizes."""
        self.old_bytes = record_size(self.key, self.namespace.store.engine.lookup(self.key))
        self.new_bytes = record_size(self.key, self.record)


class StorageQuota:
    """The bytes of keys, values and metadata in all namespaces of an account.

    `_upper_bound` is never less than the bytes stored and in flight together. A write adds its
    bytes when it begins. When it ends, the bytes that it replaced are subtracted, unless another
    write has begun since. Expired records stay included. All records are counted only if the bound
    would exceed the limit, or if the records were changed directly, so most puts are O(1).

    `limit` is in bytes, `None` for no limit.
    """

    __slots__ = (
        "_clock",
        "_direct_write_count",
        "_in_flight",
        "_limit",
        "_namespaces",
        "_number",
        "_upper_bound",
    )

    def __init__(self, limit: int | None, clock: Clock) -> None:
        self._limit = limit
        self._clock = clock
        self._namespaces: list[BackingNamespace] = []
        self._upper_bound = 0
        self._direct_write_count = 0
        self._number = 0
        self._in_flight: dict[int, InFlightWrite] = {}

    def track(self, namespace: BackingNamespace) -> None:
        """Include the bytes of a namespace."""
        if not any(tracked is namespace for tracked in self._namespaces):
            self._namespaces.append(namespace)
            self._direct_write_count = -1  # the next write counts its records

    def untrack(self, namespace: BackingNamespace) -> None:
        """Exclude the bytes of a namespace."""
        self._namespaces = [tracked for tracked in self._namespaces if tracked is not namespace]
        self._direct_write_count = -1

    def total(self, now: int) -> int:
        """Return the bytes of all live records at `now`, in seconds. Complexity: O(records)."""
        return sum(
            record_size(key, record)
            for namespace in self._namespaces
            for key, record in namespace.store.engine.items(now)
        )

    def reserve(
        self, namespace: BackingNamespace, key: str, record: Record | None
    ) -> InFlightWrite:
        """Reserve space for a write (`record=None` for a delete).

        Runtime complexity: O(namespaces), and O(records) if the bound would exceed the limit.

        Raises: KVError for a put that would exceed the limit.
        """
        if record is not None and self._direct_write_count != self._sum_direct_writes():
            self._recount()
        self._number += 1
        write = InFlightWrite(self._number, namespace, key, record)
        write.measure()
        limit, bound = self._limit, self._upper_bound + write.new_bytes - write.old_bytes
        if record is not None and limit is not None and bound > limit:
            self._check_exact_total(limit, write)
        self._upper_bound += write.new_bytes
        self._in_flight[write.number] = write
        return write

    def release(self, write: InFlightWrite) -> None:
        """End a write that has succeeded, failed or been cancelled. Complexity: O(in flight)."""
        del self._in_flight[write.number]
        if write.number == self._number and not self._is_overlapped(write):
            # No write has begun since, so the bound includes the old and the new record of this
            # one. Only one of them, or a record written under the key since, is stored now.
            stored_bytes = record_size(write.key, write.namespace.store.engine.lookup(write.key))
            self._upper_bound += stored_bytes - write.old_bytes - write.new_bytes

    def _is_overlapped(self, write: InFlightWrite) -> bool:
        """Return whether another write to the same key is in flight."""
        return any(
            other.key == write.key and other.namespace is write.namespace
            for other in self._in_flight.values()
        )

    def _check_exact_total(self, limit: int, write: InFlightWrite) -> None:
        """Check the bytes stored after all writes in flight have taken effect, this one last.

        Raises: KVError if they exceed the limit.
        """
        total = self._recount()
        writes = (*self._in_flight.values(), write)
        latest = {(id(each.namespace), each.key): each for each in writes}
        for each in latest.values():
            total += each.new_bytes
            total -= record_size(each.key, each.namespace.store.engine.lookup(each.key))
        if total > limit:
            raise errors.storage_limit_exceeded(total, limit)
        write.measure()  # an expired record under the key is no longer part of the bound

    def _recount(self) -> int:
        """Count all live records, lower the bound as far as possible and return the count."""
        total = self.total(self._clock.now_seconds())
        self._upper_bound = total + sum(write.new_bytes for write in self._in_flight.values())
        self._direct_write_count = self._sum_direct_writes()
        return total

    def _sum_direct_writes(self) -> int:
        """Return the number of direct changes, which bypassed the layers."""
        return sum(namespace.direct_write_count for namespace in self._namespaces)
