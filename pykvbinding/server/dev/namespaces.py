"""The namespaces of a local server: one or more locations, each with its caches, in real time."""

from collections import deque
from collections.abc import Sequence
from contextvars import ContextVar
from typing import Final

from pykvbinding.account import Account
from pykvbinding.edge.links import Links
from pykvbinding.edge.store import EdgeStore
from pykvbinding.edge.tiers import Settings, World
from pykvbinding.edge.topology import Topology
from pykvbinding.env import Env
from pykvbinding.kv.binding import KVNamespace, bind
from pykvbinding.middleware.history import History, HistoryStore
from pykvbinding.middleware.operation import KIND, Entry
from pykvbinding.middleware.quota import QuotaStore
from pykvbinding.middleware.rate_limit import RateLimitStore
from pykvbinding.server.dev.data_file import Data
from pykvbinding.storage.store import Store
from pykvbinding.wrangler.config import KVBinding

CACHE_ENTRIES: Final = 10_000
LIST_CACHE_TTL: Final = 60
"""Seconds, where several locations can disagree: as in an `EdgeNetwork`."""

OPERATIONS: ContextVar[list[Entry] | None] = ContextVar("pykvbinding_operations", default=None)
"""Where the operations of the request that is served just now are written down."""


class Entries(deque[Entry]):
    """Notes each operation for the request that makes it, and keeps none itself."""

    changed: bool = False
    """Whether something may have been written since this was last set to False."""

    def append(self, entry: Entry) -> None:
        """Note one operation."""
        operations = OPERATIONS.get()
        if operations is not None:
            operations.append(entry)
        if entry[KIND] in ("put", "delete"):
            self.changed = True


class Stores:
    """Every namespace that the Worker has bound so far, by its id.

    They outlive the Worker's code and its wrangler file. A Worker takes them for a network, but
    unlike an `EdgeNetwork` they are on the machine's clock, and keep no ledger: a server may run
    for days. `limits_writes` permits one write of a key per second, as production does.
    """

    def __init__(self, locations: Sequence[str], *, limits_writes: bool) -> None:
        usual = 1 if limits_writes else None
        self.account = Account(usual_writes_per_second=usual)
        topology = Topology(locations)
        self.locations = topology.locations
        self._settings = Settings(
            topology=topology,
            links=Links(topology),
            clock=self.account.clock,
            choice=self.account.choice,
            latency=None,
            cache_entries=CACHE_ENTRIES,
            list_cache_ttl=LIST_CACHE_TTL if len(self.locations) > 1 else 0,
            tombstone_ttl=0,
        )
        self._entries = Entries()
        self._history = History(self.account.clock)
        self._history.entries = self._entries
        self._worlds: dict[str, World] = {}
        self._bindings: dict[tuple[str, str], KVNamespace] = {}
        self._items: Sequence[KVBinding] = ()
        self._kept: dict[str, bytes] = {}

    def bind(self, items: Sequence[KVBinding]) -> None:
        """Bind these from now on, and no others."""
        self._items = items
        for item in items:
            self._binding(item, self.locations[0])

    def env(self, location: str) -> Env:
        """What is bound, as a Worker in that location finds it."""
        return Env(**{item.binding: self._binding(item, location) for item in self._items})

    def sizes(self) -> list[tuple[str, int]]:
        """What is bound, by name, and how many keys it has."""
        return [(item.binding, len(self.account.namespace(item.id))) for item in self._items]

    def take_changed(self) -> bool:
        """Whether something may have been written since this was last asked."""
        changed, self._entries.changed = self._entries.changed, False
        return changed

    def dump(self) -> dict[str, bytes]:
        """A snapshot of each namespace by its id, also of those that are not bound now."""
        return self._kept | {each.id: each.dump() for each in self.account.namespaces}

    def load(self, data: Data) -> None:
        """Take over what was dumped; each namespace gets its records when it is bound."""
        self._kept = dict(data.namespaces)

    def _binding(self, item: KVBinding, location: str) -> KVNamespace:
        if (item.id, location) not in self._bindings:
            if item.id not in self._worlds:
                self._create(item)
            self._bindings[item.id, location] = self._bind(item.id, location)
        return self._bindings[item.id, location]

    def _create(self, item: KVBinding) -> None:
        namespace = self.account.namespace_of(item.binding, item.id)
        snapshot = self._kept.pop(item.id, None)
        if snapshot is not None:
            namespace.load(snapshot)
        self._worlds[item.id] = World(self._settings, namespace)

    def _bind(self, id: str, location: str) -> KVNamespace:
        namespace = self.account.namespace(id)
        store: Store = namespace.store
        rate = self.account.write_rate(id)
        if rate is not None:
            store = RateLimitStore(store, rate)
        store = EdgeStore(store, self._worlds[id], location)
        store = QuotaStore(store, self.account.quota, namespace)
        return bind(namespace, HistoryStore(store, self._history, namespace.title, location))
