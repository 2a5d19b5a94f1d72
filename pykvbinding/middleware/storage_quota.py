"""The bytes that an account has stored: bounded for every write, counted where it matters."""

from dataclasses import dataclass

from pykvbinding import errors
from pykvbinding.clock import Clock
from pykvbinding.middleware.namespace import BackingNamespace
from pykvbinding.storage.record import Record, record_size


@dataclass(slots=True)
class Write:
    """A put in flight, or with `record=None` a delete."""

    number: int
    namespace: BackingNamespace
    key: str
    record: Record | None
    old_bytes: int = 0
    """Of what was under the key when the write began, expired or not."""

    new_bytes: int = 0

    def measure(self) -> None:
        """Fill in both sizes."""
        self.old_bytes = record_size(self.key, self.namespace.store.engine.lookup(self.key))
        self.new_bytes = record_size(self.key, self.record)


class StoredBytes:
    """The bytes of keys, values and metadata over all namespaces of an account.

    How it counts. `_bound` is never less than what is stored and in flight together. A write adds
    its bytes to it, and what it replaced is taken off at its end unless another has begun since;
    expired records stay in it. Only when the bound would go beyond the limit, or a test has changed
    the records directly, is every record counted, so most puts are O(1).

    `limit` is in bytes, `None` for none.
    """

    __slots__ = (
        "_bound",
        "_clock",
        "_direct_write_count",
        "_flying",
        "_limit",
        "_namespaces",
        "_number",
    )

    def __init__(self, limit: int | None, clock: Clock) -> None:
        self._limit = limit
        self._clock = clock
        self._namespaces: list[BackingNamespace] = []
        self._bound = 0
        self._direct_write_count = 0
        self._number = 0
        self._flying: dict[int, Write] = {}

    def attach(self, namespace: BackingNamespace) -> None:
        """Count a namespace too."""
        if not any(each is namespace for each in self._namespaces):
            self._namespaces.append(namespace)
            self._direct_write_count = -1  # its records are counted by the next write

    def detach(self, namespace: BackingNamespace) -> None:
        """Count a namespace no more."""
        self._namespaces = [each for each in self._namespaces if each is not namespace]
        self._direct_write_count = -1

    def total(self, now: int) -> int:
        """The bytes of every live record at `now`, in seconds. Runtime complexity: O(records)."""
        return sum(
            record_size(key, record)
            for namespace in self._namespaces
            for key, record in namespace.store.engine.items(now)
        )

    def begin(self, namespace: BackingNamespace, key: str, record: Record | None) -> Write:
        """Make room for a write, `None` for a delete.

        Runtime complexity: O(namespaces), and O(records) when the bound goes beyond the limit.

        Raises: KVError for a put that would exceed the limit.
        """
        if record is not None and self._direct_write_count != self._seen():
            self._recount()
        self._number += 1
        write = Write(self._number, namespace, key, record)
        write.measure()
        limit, bound = self._limit, self._bound + write.new_bytes - write.old_bytes
        if record is not None and limit is not None and bound > limit:
            self._refuse_beyond(limit, write)
        self._bound += write.new_bytes
        self._flying[write.number] = write
        return write

    def end(self, write: Write) -> None:
        """A write has succeeded, failed or been cancelled. Runtime complexity: O(in flight)."""
        del self._flying[write.number]
        if write.number == self._number and not self._is_awaited(write):
            # No other has begun since, so the bound still holds what this one found and what it
            # wrote. Of the two, and of what else came under the key, one is left; and none comes.
            left_bytes = record_size(write.key, write.namespace.store.engine.lookup(write.key))
            self._bound += left_bytes - write.old_bytes - write.new_bytes

    def _is_awaited(self, write: Write) -> bool:
        """Whether another write to the same key is in flight, which may be what this one found."""
        return any(
            each.key == write.key and each.namespace is write.namespace
            for each in self._flying.values()
        )

    def _refuse_beyond(self, limit: int, write: Write) -> None:
        """Count what will be stored once every write in flight has taken effect, this one last."""
        exact = self._recount()
        last = {(id(each.namespace), each.key): each for each in (*self._flying.values(), write)}
        for each in last.values():
            exact += each.new_bytes
            exact -= record_size(each.key, each.namespace.store.engine.lookup(each.key))
        if exact > limit:
            raise errors.storage_limit_exceeded(exact, limit)
        write.measure()  # what had expired under its key is gone, and no longer in the bound

    def _recount(self) -> int:
        """Count every live record, and make the bound as low as it may be."""
        total = self.total(self._clock.now_seconds())
        self._bound = total + sum(write.new_bytes for write in self._flying.values())
        self._direct_write_count = self._seen()
        return total

    def _seen(self) -> int:
        """A number that grows when a test changes records past the layers."""
        return sum(namespace.direct_write_count for namespace in self._namespaces)
