"""The namespaces of a local server: locations with caches, in real time."""

from collections import deque
from collections.abc import Sequence
from contextvars import ContextVar

from pykvbinding.account import Account
from pykvbinding.clock import Clock
from pykvbinding.limits import Limits
from pykvbinding.middleware.history import History
from pykvbinding.middleware.operation import HistoryEntry
from pykvbinding.network.network import Network
from pykvbinding.server.dev.data_file import PersistedData
from pykvbinding.wrangler.config import KVBinding

current_operations: ContextVar[list[HistoryEntry] | None] = ContextVar(
    "pykvbinding_operations", default=None
)
"""The operations of the current request."""


class _RequestEntries(deque[HistoryEntry]):
    """Appends each operation to those of the current request, and stores none."""

    has_writes: bool = False

    def append(self, entry: HistoryEntry) -> None:
        """Record one operation."""
        operations = current_operations.get()
        if operations is not None:
            operations.append(entry)
        if entry.kind in ("put", "delete"):
            self.has_writes = True


class RequestHistory(History):
    """A history that passes each operation to the current request, and stores none."""

    __slots__ = ("_request_entries",)

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.entries = self._request_entries = _RequestEntries()

    def take_changed(self) -> bool:
        """Return whether there were writes since the last call."""
        changed, self._request_entries.has_writes = self._request_entries.has_writes, False
        return changed


class DevNamespaces:
    """Every namespace that the Worker has bound so far, by its id.

    They are kept when the Worker's code or its wrangler file changes. `network` is used by the
    Worker: on the machine's clock and without a version log, because a server may run for days.
    `limits_writes` limits writes to one per key and second, as in production.
    """

    def __init__(self, locations: Sequence[str], *, limits_writes: bool) -> None:
        self.account: Account = Account(
            limits=Limits(writes_per_second_per_key=1 if limits_writes else None)
        )
        self.account.history = self._history = RequestHistory(self.account.clock)
        self.network: Network = Network(*locations, account=self.account, records_versions=False)
        self._items: Sequence[KVBinding] = ()
        self._unbound_snapshots: dict[str, bytes] = {}

    def bind(self, items: Sequence[KVBinding]) -> None:
        """Replace the bindings."""
        self._items = items
        for item in items:
            namespace = self.account.get_or_create_namespace(item.binding, item.id)
            snapshot = self._unbound_snapshots.pop(item.id, None)
            if snapshot is not None:
                namespace.load(snapshot)
        self.network.bind({item.binding: self.account.namespace(item.id) for item in items})

    def sizes(self) -> list[tuple[str, int]]:
        """Return name and number of keys of each bound namespace."""
        return [(item.binding, len(self.account.namespace(item.id))) for item in self._items]

    def take_changed(self) -> bool:
        """Return whether there were writes since the last call."""
        return self._history.take_changed()

    def dump(self) -> dict[str, bytes]:
        """Return a snapshot of each namespace by id, including unbound ones."""
        return self._unbound_snapshots | {
            namespace.id: namespace.dump() for namespace in self.account.namespaces
        }

    def load(self, data: PersistedData) -> None:
        """Set the snapshots; each namespace loads its own when it is bound."""
        self._unbound_snapshots = dict(data.namespaces)
