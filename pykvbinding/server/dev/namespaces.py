"""The namespaces of a local server: one or more locations, each with its caches, in real time."""

from collections import deque
from collections.abc import Sequence
from contextvars import ContextVar

from pykvbinding.account import Account
from pykvbinding.clock import Clock
from pykvbinding.middleware.history import History
from pykvbinding.middleware.operation import HistoryEntry
from pykvbinding.network.network import Network
from pykvbinding.server.dev.data_file import Data
from pykvbinding.wrangler.config import KVBinding

OPERATIONS: ContextVar[list[HistoryEntry] | None] = ContextVar(
    "pykvbinding_operations", default=None
)
"""Where the operations of the request that is being served are recorded."""


class _RequestEntries(deque[HistoryEntry]):
    """Adds each operation to those of the request that makes it, and keeps none itself."""

    has_writes: bool = False

    def append(self, entry: HistoryEntry) -> None:
        """Record one operation."""
        operations = OPERATIONS.get()
        if operations is not None:
            operations.append(entry)
        if entry.kind in ("put", "delete"):
            self.has_writes = True


class RequestHistory(History):
    """A history that hands each operation to the request that makes it, and keeps none itself."""

    __slots__ = ("_request_entries",)

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.entries = self._request_entries = _RequestEntries()

    def take_changed(self) -> bool:
        """Whether something may have been written since this was last called."""
        changed, self._request_entries.has_writes = self._request_entries.has_writes, False
        return changed


class DevNamespaces:
    """Every namespace that the Worker has bound so far, by its id.

    They outlive the Worker's code and its wrangler file. `network` is for the Worker: on the
    machine's clock and without a record of versions, because a server may run for days.
    `limits_writes` permits one write of a key per second, as production does.
    """

    def __init__(self, locations: Sequence[str], *, limits_writes: bool) -> None:
        self.account: Account = Account(usual_writes_per_second=1 if limits_writes else None)
        self.account.history = self._history = RequestHistory(self.account.clock)
        self.network: Network = Network(*locations, account=self.account, records_versions=False)
        self._items: Sequence[KVBinding] = ()
        self._unbound_snapshots: dict[str, bytes] = {}

    def bind(self, items: Sequence[KVBinding]) -> None:
        """Bind these from now on, and no others."""
        self._items = items
        for item in items:
            namespace = self.account.get_or_create_namespace(item.binding, item.id)
            snapshot = self._unbound_snapshots.pop(item.id, None)
            if snapshot is not None:
                namespace.load(snapshot)
        self.network.bind({item.binding: self.account.namespace(item.id) for item in items})

    def sizes(self) -> list[tuple[str, int]]:
        """What is bound, by name, and how many keys it has."""
        return [(item.binding, len(self.account.namespace(item.id))) for item in self._items]

    def take_changed(self) -> bool:
        """Whether something may have been written since this was last called."""
        return self._history.take_changed()

    def dump(self) -> dict[str, bytes]:
        """A snapshot of each namespace by its id, also of those that are not bound now."""
        return self._unbound_snapshots | {each.id: each.dump() for each in self.account.namespaces}

    def load(self, data: Data) -> None:
        """Take over what was dumped; each namespace gets its records when it is bound."""
        self._unbound_snapshots = dict(data.namespaces)
