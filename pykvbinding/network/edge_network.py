"""EdgeNetwork: the simulated network, on a virtual clock, whose handlers a schedule orders."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any, Unpack

from pykvbinding.account import Account, BindingConfig
from pykvbinding.clock import VirtualClock
from pykvbinding.edge.consistency import MayRead, permitted
from pykvbinding.edge.latency import Latency, find_profile
from pykvbinding.env import Env, bindings_of
from pykvbinding.kv.binding import KVNamespace
from pykvbinding.kv.namespace import Namespace
from pykvbinding.kv.options import DEFAULT_CACHE_TTL
from pykvbinding.limits import Limits
from pykvbinding.middleware.faults import Fault
from pykvbinding.middleware.versions import Ledger, NumberedPages
from pykvbinding.network.handlers import HandlerMixin
from pykvbinding.network.network import CACHE_ENTRIES, Network
from pykvbinding.sim.anomalies import TOMBSTONE_TTL, AnomalyOptions, Permissions
from pykvbinding.sim.run.adversary import Adversary, AdversaryStore
from pykvbinding.sim.run.harness import Schedule, Stage
from pykvbinding.sim.run.renumbering import renumbering
from pykvbinding.sim.run.simulation import MAX_STEPS
from pykvbinding.sim.run.trace_store import PointStore
from pykvbinding.storage.store import Store

PERMISSIONS = [field.name for field in fields(Permissions) if isinstance(field.default, bool)]
"""The names of what a schedule may be permitted to do."""


class EdgeNetwork(HandlerMixin, Network):
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
        cache_entries: int = CACHE_ENTRIES,
        list_cache_ttl: float | None = None,
        tombstones: bool | float | None = None,
        grace: float = 0,
        schedule: Schedule = None,
        time_jumps: int | None = None,
        max_steps: int = MAX_STEPS,
        **anomalies: Unpack[AnomalyOptions],
    ) -> None:
        profile = find_profile(latency)
        _check_seconds("EdgeNetwork", "grace", grace, may_be_infinite=True)
        self.grace = grace
        self.clock: VirtualClock = (
            VirtualClock(autojump=profile is not None) if clock is None else clock
        )
        account = Account(
            clock=self.clock,
            limits=limits,
            history=history,
            metrics=metrics,
            faults=() if isinstance(faults, bool) else faults,
            seed=seed,
            usual_writes_per_second=1,
        )
        tombstone_ttl = _tombstone_ttl(tombstones)
        super().__init__(
            *locations,
            account=account,
            latency=profile,
            regions=regions,
            cache_entries=_checked_entries(cache_entries),
            list_cache_ttl=_checked_list_cache_ttl(list_cache_ttl),
            tombstone_ttl=tombstone_ttl,
        )
        self._create_namespaces(bindings)
        lasting = TOMBSTONE_TTL if tombstones is None else tombstone_ttl
        self._stage = Stage(
            self.clock,
            self.locations,
            self.env,
            self._ledgers,
            self.account._rebuild_chains,
            schedule=schedule,
            permissions=_permissions(
                anomalies, faults=faults is True, grace=grace, tombstone_ttl=lasting
            ),
            time_jumps=time_jumps,
            max_steps=max_steps,
        )

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

    def _create_namespaces(self, bindings: Iterable[str] | Env) -> None:
        """Bind a new namespace for each name, or a copy of each namespace of an `Env`."""
        if isinstance(bindings, Env):
            self._copy_namespaces(bindings)
            return
        names = None if isinstance(bindings, str) else list(bindings)
        if not names or not all(isinstance(name, str) and name.isidentifier() for name in names):
            raise TypeError(
                f'bindings={bindings!r}: give names, as in bindings=("SESSIONS", "CACHE"), '
                "or an Env"
            )
        self.bind({name: self.account.create_namespace(name) for name in names})

    def _copy_namespaces(self, env: Env) -> None:
        variables: dict[str, Any] = {}
        namespaces: dict[str, Namespace] = {}
        copies: dict[int, Namespace] = {}
        for name, value in bindings_of(env).items():
            if not isinstance(value, KVNamespace):
                variables[name] = value
                continue
            original = value.namespace
            if id(original) not in copies:
                copies[id(original)] = self.account.create_namespace(name)
                copies[id(original)].copy_from(original)
            namespaces[name] = copies[id(original)]
        self.bind(namespaces, variables)

    def _binding_config(self, location: str, name: str) -> BindingConfig:
        config = super()._binding_config(location, name)
        # A schedule decides which writes are refused.
        return replace(config, limits_writes=not self._stage.is_adversarial)

    def _edge_layers(self, central: Store, location: str, name: str) -> Store:
        namespace, stage = self._namespaces[name], self._stage
        ledger = self.account.ledger(namespace.id)
        if self.account.faults or self.account.quota.is_limited:
            stage.share()  # which operation meets a fault or a quota depends on their order
        store: Store
        if stage.is_adversarial:
            adversary = stage.adversaries.get(namespace.id) or self._adversary(namespace, ledger)
            store = AdversaryStore(central, adversary, location)
        else:
            store = super()._edge_layers(central, location, name)
        if stage.is_instrumented:
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

    def _central_layers(self, data: Store, name: str) -> Store:
        if self._stage.is_instrumented:
            data = NumberedPages(data, self.account.ledger(self._namespaces[name].id))
        return super()._central_layers(data, name)

    def _adversary(self, namespace: Namespace, ledger: Ledger) -> Adversary:
        """Who decides about a namespace, in every location."""
        names = [name for name, each in self._namespaces.items() if each is namespace]
        renumber = renumbering(self._stage.trace, names, self.account.history, namespace.title)
        rate = self.account.write_rate(namespace.id)
        return self._stage.adversary(namespace.id, ledger, rate, renumber)

    def _ledgers(self) -> Iterator[tuple[str, Ledger]]:
        """The versions of every key, by the name of its binding."""
        for name, namespace in self._namespaces.items():
            yield name, self.account.ledger(namespace.id)


def _checked_entries(entries: object) -> int:
    if type(entries) is not int or entries < 0:
        raise ValueError(
            f"EdgeNetwork(cache_entries={entries!r}): give a whole number of keys, 0 or more"
        )
    return entries


def _checked_list_cache_ttl(seconds: float | None) -> float | None:
    if seconds is not None:
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
        raise ValueError(f"{call}({name}={value!r}): give a number of seconds, 0 or more")


def _permissions(
    anomalies: AnomalyOptions, *, faults: bool, grace: float, tombstone_ttl: float
) -> Permissions:
    """The permissions that the keywords of a network give to its schedule.

    Raises: TypeError for a keyword that the network does not have.
    """
    for name in anomalies:
        if name not in PERMISSIONS:
            raise TypeError(
                f"EdgeNetwork has no option {name!r}. What a schedule may choose is switched by "
                f"{', '.join(PERMISSIONS)}"
            )
    return Permissions(grace=grace, tombstone_ttl=tombstone_ttl, faults=faults, **anomalies)
