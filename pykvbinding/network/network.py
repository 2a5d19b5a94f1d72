"""Network: locations with caches in front of one set of central stores, on any clock."""

from collections.abc import Iterable, Mapping
from typing import Any

from pykvbinding.account import Account, BindingConfig
from pykvbinding.edge.latency import LatencyProfile
from pykvbinding.edge.links import Links
from pykvbinding.edge.store import EdgeStore
from pykvbinding.edge.tiers import CacheHierarchy, EdgeConfig
from pykvbinding.edge.tombstones import TombstoneStore
from pykvbinding.edge.topology import Topology
from pykvbinding.env import Env
from pykvbinding.kv.binding import KVNamespace
from pykvbinding.kv.namespace import Namespace
from pykvbinding.middleware.faults import Faults
from pykvbinding.middleware.history import History
from pykvbinding.storage.record import Value
from pykvbinding.storage.store import Store

CACHE_ENTRIES = 10_000
"""Keys, and pages of lists, that a location caches."""

LIST_CACHE_TTL = 60
"""Seconds: "list operations are only ever cached for 1 minute" (platform facts, section 4)."""


class Network:
    """Locations, each with its caches and its link, in front of the namespaces of one account.

    The clock, the limits, the history, the faults and the seed are those of `account`. Nothing here
    depends on a schedule: `EdgeNetwork` adds handlers, schedules and guarantees.

    - `latency`: how long operations take; `None` for no time.
    - `regions`: which locations share an upper tier, if the map should not decide.
    - `cache_entries`: the number of keys, and of pages, that a location can cache.
    - `list_cache_ttl`: seconds for which a location caches a page of a list; by default 60, and 0
      in a network of one location.
    - `tombstone_ttl_seconds`: seconds for which lists have to skip a deleted key, 0 for none.
    - `records_versions`: whether the account keeps every version of every key. If not, the history
      shows no versions, and memory does not grow with the number of writes.
    """

    def __init__(
        self,
        *locations: str,
        account: Account,
        latency: LatencyProfile | None = None,
        regions: Mapping[str, Iterable[str]] | None = None,
        cache_entries: int = CACHE_ENTRIES,
        list_cache_ttl: float | None = None,
        tombstone_ttl_seconds: float = 0,
        records_versions: bool = True,
    ) -> None:
        self.account = account
        self._topology = Topology(locations, regions)
        self._links = Links(self._topology)
        if list_cache_ttl is None:
            list_cache_ttl = LIST_CACHE_TTL if len(self._topology.locations) > 1 else 0
        self._edge_config = EdgeConfig(
            topology=self._topology,
            links=self._links,
            clock=account.clock,
            choice=account.choice,
            latency=latency,
            cache_entries=cache_entries,
            list_cache_ttl=list_cache_ttl,
            tombstone_ttl=tombstone_ttl_seconds,
        )
        self._records_versions = records_versions
        self._cache_hierarchies: dict[str, CacheHierarchy] = {}
        self._namespaces: dict[str, Namespace] = {}
        self._variables: dict[str, Any] = {}
        self._bindings: dict[tuple[str, str], KVNamespace] = {}
        self._envs: dict[str, Env] = {}

    @property
    def locations(self) -> tuple[str, ...]:
        """The locations, in the given order."""
        return self._topology.locations

    @property
    def history(self) -> History:
        """Every operation so far, of every location; empty if the history is off."""
        return self.account.history or History(self.account.clock, 1)

    @property
    def faults(self) -> Faults:
        """The rules that make operations fail or wait: `net.faults.add(Fault(...))`."""
        return self.account.faults

    def bind(
        self, namespaces: Mapping[str, Namespace], variables: Mapping[str, Any] | None = None
    ) -> None:
        """Bind these namespaces of the account, by binding name, instead of the earlier ones.

        The caches of a namespace that was bound before are kept. Every `env` has the `variables`.
        """
        for namespace in namespaces.values():
            if namespace.id not in self._cache_hierarchies:
                self._cache_hierarchies[namespace.id] = CacheHierarchy(self._edge_config, namespace)
        self._namespaces = dict(namespaces)
        self._variables = dict(variables or {})
        self._bindings.clear()
        self._envs.clear()

    def kv(self, location: str, binding: str | None = None) -> KVNamespace:
        """Return a binding in a location. The default is the only binding, or else "KV".

        Raises: LookupError for an unknown location or binding.
        """
        self._topology.check(location)
        name = self._binding_name(binding)
        kv = self._bindings.get((location, name))
        if kv is None:
            config = self._binding_config(location, name)
            kv = self.account._bind_with(self._namespaces[name].id, config)
            self._bindings[location, name] = kv
        return kv

    def env(self, location: str) -> Env:
        """Return the env of a handler in this location: every binding, and the variables."""
        self._topology.check(location)
        if location not in self._envs:
            bindings = {name: self.kv(location, name) for name in self._namespaces}
            self._envs[location] = Env(**bindings, **self._variables)
        return self._envs[location]

    def namespace(self, binding: str | None = None) -> Namespace:
        """Return the central stores of a binding, to seed and inspect them without any cache."""
        return self._namespaces[self._binding_name(binding)]

    def latest(self, key: str, binding: str | None = None) -> Value | None:
        """Return the stored value of a key in the central stores, or `None` if it is absent."""
        return self.namespace(binding).peek(key)

    def partition(self, *locations: str) -> None:
        """Disconnect locations (by default all) from the central stores, until `repair`.

        Their caches and upper tiers still answer. A read that they cannot answer, and every write,
        fails: "KV PUT failed: 503 Service Unavailable" (our choice: the platform's message for this
        case is not documented).
        """
        self._links.cut(locations)

    def repair(self, *locations: str) -> None:
        """Undo `partition`."""
        self._links.repair(locations)

    def hold(self, *locations: str) -> None:
        """Make requests of locations (by default all) to the central stores wait until `release`.

        The operations must run as tasks; otherwise no code is left to call `release`.
        """
        self._links.hold(locations)

    def release(self, *locations: str) -> None:
        """Let requests that `hold` delays continue, in the order in which they arrived."""
        self._links.release(locations)

    def purge(self, *locations: str) -> None:
        """Empty the caches of locations (by default all) and of their upper tiers."""
        for location in locations or self.locations:
            self._topology.check(location)
            for hierarchy in self._cache_hierarchies.values():
                hierarchy.locations[location].clear()

    def _binding_config(self, location: str, name: str) -> BindingConfig:
        """The layers of one binding in one location."""
        return BindingConfig(
            location=location,
            edge=lambda central: self._edge_layers(central, location, name),
            central=lambda data: self._central_layers(data, name),
            records_versions=self._records_versions,
        )

    def _edge_layers(self, central: Store, location: str, name: str) -> Store:
        """Add the layers between a location and the central stores; called for every new chain."""
        return EdgeStore(central, self._cache_hierarchies[self._namespaces[name].id], location)

    def _central_layers(self, data: Store, name: str) -> Store:
        """Add the layers in front of the central stores' records; called for every new chain."""
        tombstones = self._cache_hierarchies[self._namespaces[name].id].tombstones
        return data if tombstones is None else TombstoneStore(data, tombstones)

    def _binding_name(self, binding: str | None) -> str:
        names = self._namespaces
        if binding is None:
            binding = next(iter(names)) if len(names) == 1 else "KV"
        if binding not in names:
            raise LookupError(
                f"no binding {binding!r}; there are {', '.join(map(repr, names))}. "
                'More: EdgeNetwork(..., bindings=("KV", "CACHE"))'
            )
        return binding

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {', '.join(self.locations)}>"
