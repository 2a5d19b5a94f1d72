"""EdgeNetwork: the face of a simulated world, where a test names locations and moves the clock."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any

from pykvbinding import misuse
from pykvbinding.account import Account, Door
from pykvbinding.clock import VirtualClock
from pykvbinding.edge.consistency import MayRead, permitted
from pykvbinding.edge.latency import Latency, find_profile
from pykvbinding.edge.links import Links
from pykvbinding.edge.store import EdgeStore
from pykvbinding.edge.tiers import Settings, World
from pykvbinding.edge.tombstones import TombstoneStore
from pykvbinding.edge.topology import Topology
from pykvbinding.env import Env, bindings_of
from pykvbinding.kv.binding import KVNamespace
from pykvbinding.kv.namespace import Namespace
from pykvbinding.kv.options import DEFAULT_CACHE_TTL
from pykvbinding.limits import Limits
from pykvbinding.middleware.faults import Fault, Faults
from pykvbinding.middleware.history import History
from pykvbinding.middleware.versions import Ledger, NumberedPages
from pykvbinding.network.handlers import Staged
from pykvbinding.sim.anomalies import TOMBSTONE_TTL, Permissions
from pykvbinding.sim.run.adversary import Adversary, AdversaryStore
from pykvbinding.sim.run.harness import Schedule, Stage
from pykvbinding.sim.run.renumbering import renumbering
from pykvbinding.sim.run.simulation import MAX_STEPS
from pykvbinding.sim.run.trace_store import PointStore
from pykvbinding.storage.record import Value
from pykvbinding.storage.store import Store

LIST_CACHE_TTL = 60
"""Seconds: "list operations are only ever cached for 1 minute" (platform facts, section 4)."""

PERMISSIONS = [field.name for field in fields(Permissions) if isinstance(field.default, bool)]
"""The names of what a schedule may be permitted to do."""


class EdgeNetwork(Staged):
    """Locations of the platform's network before one set of central stores.

    >>> import asyncio
    >>> net = EdgeNetwork("LHR", "NRT")
    >>> async def stale():
    ...     await net.kv("NRT").get("flag")  # NRT caches that there is none
    ...     await net.kv("LHR").put("flag", "on")
    ...     return await net.kv("LHR").get("flag"), await net.kv("NRT").get("flag")
    >>> asyncio.run(stale())
    ('on', None)

    Each location caches what it has read, for the `cacheTtl` of each read; a write is visible at
    once where it was made, and elsewhere when the copies there have aged. Nothing happens by itself
    and nothing by chance: time passes when `clock` is moved, and a seed decides the rest.

    - `bindings`: names, or an `Env`, whose namespaces are copied; networks share nothing.
    - `clock`: a `VirtualClock(1_700_000_000)` unless given; with latencies it jumps by itself.
    - `limits`: `Limits()` unless given. A key is written once a second at most, unless they say
      otherwise with `writes_per_second_per_key`.
    - `latency`: none, or a profile: "2019", "2024", "2025" or a `Latency`.
    - `history`, `metrics`, `faults`, `seed`: as of an `Account`; the history is on. `faults=True`
      are no rules: then a schedule may have writes fail after taking effect.
    - `regions`: which locations share an upper tier, where the map should not decide.
    - `cache_entries`: how many keys, and how many pages, a location can hold.
    - `list_cache_ttl`: seconds that a location keeps a page of a list; 60, and 0 in a network of
      one location, which so answers as a plain namespace.
    - `tombstones`: whether lists have to pass over deleted and expired keys, which can make pages
      short or empty; for 24 hours, or so many seconds. Unless told, only schedules make them do so.
    - `grace`: how many seconds "60 seconds or more" is more, for `may_read` and schedules (P2).
    - `schedule`: who decides what may go several ways: a text, a seed, or what is drawn. Time may
      pass `time_jumps` times, and a run end after `max_steps`, an error.

    What a schedule may do are keywords too, with the numbers of the model; `Permissions` has their
    sentences. On, unless switched off: `stale_reads` (P1), `own_stale` (P3), `negative_stale` (P4),
    `cold_stale` (P5), `early_refresh` (P6), `flap` (P7), `long_cache_ttl` (P8), `racing_writes`
    (P9), `unlimited_writes` (P11), `deleted_stale` (P12), `resurface` (P14; what has expired is
    never served, P13), `list_lag` (P15), `tombstones` (P16), `torn_reads` and `torn_gets` (P17).
    Off, unless switched on: `reorder_writes` (P10), `faults` (P18), `roam` (P19).
    """

    def __init__(
        self,
        *locations: str,
        bindings: Iterable[str] | Env = ("KV",),
        clock: VirtualClock | None = None,
        limits: Limits | None = None,
        latency: str | Latency | None = None,
        history: bool | int = True,
        metrics: bool = False,
        faults: bool | Iterable[Fault] = (),
        seed: int = 0,
        regions: Mapping[str, Iterable[str]] | None = None,
        cache_entries: int = 10_000,
        list_cache_ttl: float | None = None,
        tombstones: bool | float | None = None,
        grace: float = 0,
        schedule: Schedule = None,
        time_jumps: int | None = None,
        max_steps: int = MAX_STEPS,
        **permissions: bool,
    ) -> None:
        topology = Topology(locations, regions)
        profile = find_profile(latency)
        _check_seconds("EdgeNetwork", "grace", grace, may_be_infinite=True)
        self.grace = grace
        self.clock = VirtualClock(autojump=profile is not None) if clock is None else clock
        self.account = Account(
            clock=self.clock,
            limits=limits,
            history=history,
            metrics=metrics,
            faults=() if isinstance(faults, bool) else faults,
            seed=seed,
            usual_writes_per_second=1,
        )
        self._topology = topology
        self._links = Links(topology)
        self._settings = Settings(
            topology=topology,
            links=self._links,
            clock=self.clock,
            choice=self.account.choice,
            latency=profile,
            cache_entries=_checked_entries(cache_entries),
            list_cache_ttl=_list_cache_ttl(list_cache_ttl, topology),
            tombstone_ttl=_tombstone_ttl(tombstones),
        )
        self._namespaces: dict[str, Namespace] = {}
        self._vars: dict[str, Any] = {}
        self._open(bindings)
        self._worlds = {
            namespace.id: World(self._settings, namespace)
            for namespace in self._namespaces.values()
        }
        self._bindings: dict[tuple[str, str], KVNamespace] = {}
        self._envs: dict[str, Env] = {}
        lasting = TOMBSTONE_TTL if tombstones is None else self._settings.tombstone_ttl
        self._stage = Stage(
            self.clock,
            topology.locations,
            self.env,
            self._ledgers,
            schedule=schedule,
            permissions=_permissions({**permissions, "faults": faults is True}, grace, lasting),
            time_jumps=time_jumps,
            max_steps=max_steps,
        )
        self._is_staged = schedule is not None

    @property
    def locations(self) -> tuple[str, ...]:
        """The locations, as they were given."""
        return self._topology.locations

    @property
    def history(self) -> History:
        """Every operation so far, of every location; empty if the history is off."""
        return self.account.history or History(self.clock, 1)

    @property
    def faults(self) -> Faults:
        """The rules that make operations fail or wait: `net.faults.add(Fault(...))`."""
        return self.account.faults

    def kv(self, location: str, binding: str | None = None) -> KVNamespace:
        """The binding of a location. Which one need not be said of "KV", nor of the only one.

        Raises: LookupError for a location or a binding that is not there.
        """
        self._topology.check(location)
        name = self._name(binding)
        kv = self._bindings.get((location, name))
        if kv is None:
            kv = self._bindings[location, name] = self._bind(location, name)
        return kv

    def env(self, location: str) -> Env:
        """What a handler in that location gets: every binding, and the variables of an `Env`."""
        self._topology.check(location)
        if location not in self._envs:
            bindings = {name: self.kv(location, name) for name in self._namespaces}
            self._envs[location] = Env(**bindings, **self._vars)
        return self._envs[location]

    def namespace(self, binding: str | None = None) -> Namespace:
        """The central stores of a binding: to seed and to look, past every cache."""
        return self._namespaces[self._name(binding)]

    def latest(self, key: str, binding: str | None = None) -> Value | None:
        """What the central stores hold under a key, as it was stored; `None` if nothing."""
        return self.namespace(binding).peek(key)

    def may_read(
        self,
        key: str,
        *,
        at: str,
        cache_ttl: float = DEFAULT_CACHE_TTL,
        binding: str | None = None,
        grace: float | None = None,
    ) -> MayRead:
        """The versions that the documentation permits a read to return now, newest first.

        Each has `value` (`None` for absent), `version`, `age` and `until` (seconds), and `because`,
        the sentence that permits it. `at` is the location that reads; the documentation
        promises none of them more than the others. What the network returns is always among them.

        Raises: LookupError for a location or a binding that is not there, ValueError for seconds
        that are none.
        """
        self._topology.check(at)
        _check_seconds("may_read", "cache_ttl", cache_ttl, may_be_infinite=True)
        grace = self.grace if grace is None else grace
        _check_seconds("may_read", "grace", grace, may_be_infinite=True)
        namespace = self.namespace(binding)
        versions = self.account.ledger(namespace.id).versions(key)
        now = self.clock.now_nanoseconds()
        chosen = permitted(versions, now, cache_ttl, grace)
        return MayRead(chosen, f"may_read({key!r}) at {at}, cacheTtl {cache_ttl}")

    def partition(self, *locations: str) -> None:
        """Cut locations (all, if none is named) off from the central stores, until `repair`.

        Their caches and upper tiers go on answering; what those do not hold, and every write,
        fails: "KV PUT failed: 503 Service Unavailable" (ours: what the platform says then is not
        documented).
        """
        self._links.cut(locations)

    def repair(self, *locations: str) -> None:
        """Undo `partition`."""
        self._links.repair(locations)

    def hold(self, *locations: str) -> None:
        """Make what locations (all, if none is named) ask the central stores wait until `release`.

        The operations must run as tasks, or nobody is left to release them.
        """
        self._links.hold(locations)

    def release(self, *locations: str) -> None:
        """Let go on what `hold` holds back, in the order in which it came."""
        self._links.release(locations)

    def purge(self, *locations: str) -> None:
        """Empty the caches of locations (of all, if none is named) and of the tiers above them."""
        for location in locations or self.locations:
            self._topology.check(location)
            for world in self._worlds.values():
                world.places[location].clear()

    def _open(self, bindings: Iterable[str] | Env) -> None:
        """Make a namespace for each name, or a copy of each that an `Env` has."""
        if isinstance(bindings, Env):
            self._copy(bindings)
            return
        names = None if isinstance(bindings, str) else list(bindings)
        if not names or not all(isinstance(name, str) and name.isidentifier() for name in names):
            raise misuse.network_bindings_wrong_type(bindings)
        for name in names:
            self._namespaces[name] = self.account.create_namespace(name)

    def _copy(self, env: Env) -> None:
        copies: dict[int, Namespace] = {}
        for name, value in bindings_of(env).items():
            if not isinstance(value, KVNamespace):
                self._vars[name] = value
                continue
            original = value.namespace
            if id(original) not in copies:
                copies[id(original)] = self.account.create_namespace(name)
                copies[id(original)].copy_from(original)
            self._namespaces[name] = copies[id(original)]

    def _bind(self, location: str, name: str) -> KVNamespace:
        namespace = self._namespaces[name]
        door = Door(
            location=location,
            edge=lambda central: self._edge(central, location, name),
            central=lambda data: self._central(data, name),
            limits_writes=not self._stage.is_adversarial,
        )
        return self.account.open(namespace.id, door)

    def _edge(self, central: Store, location: str, name: str) -> Store:
        """What stands between a location and the central stores; asked when a chain is built."""
        namespace, stage = self._namespaces[name], self._stage
        ledger = self.account.ledger(namespace.id)
        if self.account.faults or self.account.quota.is_limited:
            stage.share()  # which operation meets a fault or a quota depends on their order
        store: Store
        if stage.is_adversarial:
            adversary = stage.adversaries.get(namespace.id) or self._adversary(namespace, ledger)
            store = AdversaryStore(central, adversary, location)
        else:
            store = EdgeStore(central, self._worlds[namespace.id], location)
        if self._is_staged:
            store = PointStore(
                store,
                stage.simulation,
                ledger,
                name,
                location,
                stage.places(location),
                namespace.id,
            )
        return store

    def _adversary(self, namespace: Namespace, ledger: Ledger) -> Adversary:
        """Who decides about a namespace, in every location."""
        names = [name for name, each in self._namespaces.items() if each is namespace]
        renumber = renumbering(self._stage.trace, names, self.account.history, namespace.title)
        rate = self.account.write_rate(namespace.id)
        return self._stage.adversary(namespace.id, ledger, rate, renumber)

    def _central(self, data: Store, name: str) -> Store:
        """What stands before the records of the central stores; asked when a chain is built."""
        namespace = self._namespaces[name]
        if self._is_staged:
            data = NumberedPages(data, self.account.ledger(namespace.id))
        tombstones = self._worlds[namespace.id].tombstones
        return data if tombstones is None else TombstoneStore(data, tombstones)

    def _ledgers(self) -> Iterator[tuple[str, Ledger]]:
        """The versions of every key, by the name of its binding."""
        for name, namespace in self._namespaces.items():
            yield name, self.account.ledger(namespace.id)

    def _stage_up(self) -> Stage:
        """The stage, with every binding on it."""
        if not self._is_staged:
            self._is_staged = True
            self.account.chain_again()
        return self._stage

    def _name(self, binding: str | None) -> str:
        names = self._namespaces
        if binding is None:
            binding = next(iter(names)) if len(names) == 1 else "KV"
        if binding not in names:
            raise misuse.network_unknown_binding(binding, names)
        return binding

    def __repr__(self) -> str:
        return f"<EdgeNetwork: {', '.join(self.locations)}>"


def _checked_entries(entries: object) -> int:
    if type(entries) is not int or entries < 0:
        wanted = "a whole number of keys, 0 or more"
        raise misuse.wrong_argument("EdgeNetwork", "cache_entries", entries, wanted)
    return entries


def _list_cache_ttl(seconds: float | None, topology: Topology) -> float:
    """Seconds that a page is kept: as said, else as long as there is somebody to disagree with."""
    if seconds is None:
        return LIST_CACHE_TTL if len(topology.locations) > 1 else 0
    _check_seconds("EdgeNetwork", "list_cache_ttl", seconds)
    return seconds


def _tombstone_ttl(tombstones: bool | float | None) -> float:  # noqa: FBT001
    """Seconds that a tombstone stays in the central stores."""
    if tombstones is None or isinstance(tombstones, bool):
        return TOMBSTONE_TTL if tombstones else 0
    _check_seconds("EdgeNetwork", "tombstones", tombstones)
    return tombstones


def _check_seconds(call: str, name: str, value: object, *, may_be_infinite: bool = False) -> None:
    """Refuse what is no duration.

    Raises: ValueError that names the argument.
    """
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
    if not is_number or (value == math.inf and not may_be_infinite):
        raise misuse.wrong_argument(call, name, value, "a number of seconds, 0 or more")


def _permissions(given: Mapping[str, bool], grace: float, tombstone_ttl: float) -> Permissions:
    """The permissions that are named.

    Raises: TypeError for a name that is none.
    """
    for name in given:
        if name not in PERMISSIONS:
            raise misuse.network_unknown_option(name, PERMISSIONS)
    return Permissions(grace=grace, tombstone_ttl=tombstone_ttl, **given)
