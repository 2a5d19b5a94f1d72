"""EdgeNetwork: a simulated network on a virtual clock, with handlers that a schedule orders."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any, Unpack

from pykvbinding.account import Account, BindingConfig
from pykvbinding.clock import VirtualClock
from pykvbinding.edge.consistency import AllowedReads, allowed_versions
from pykvbinding.edge.latency import LatencyProfile, resolve_profile
from pykvbinding.env import Env, get_bindings
from pykvbinding.kv.binding import KVNamespace
from pykvbinding.kv.namespace import Namespace
from pykvbinding.kv.options import DEFAULT_CACHE_TTL
from pykvbinding.limits import Limits, Unset
from pykvbinding.middleware.faults import Fault
from pykvbinding.middleware.versions import ListVersionStore, VersionLog
from pykvbinding.network.handlers import HandlerMixin
from pykvbinding.network.network import CACHE_ENTRIES, Network
from pykvbinding.sim.anomalies import TOMBSTONE_TTL, AllowedAnomalies, AnomalyOptions
from pykvbinding.sim.run.adversary import Adversary, AdversaryStore
from pykvbinding.sim.run.harness import Harness, Schedule
from pykvbinding.sim.run.renumbering import make_renumberer
from pykvbinding.sim.run.simulation import MAX_STEPS
from pykvbinding.sim.run.trace_store import TraceStore
from pykvbinding.storage.store import Store

ANOMALY_OPTIONS = [
    field.name for field in fields(AllowedAnomalies) if isinstance(field.default, bool)
]
"""The keywords that switch the behaviours of a schedule."""

DEFAULT_LIMITS = Limits(writes_per_second_per_key=1)
"""The limits of a network without `limits`; created once, because their validation takes time."""


class EdgeNetwork(HandlerMixin, Network):
    """Locations of the platform's network in front of one set of central stores.

    >>> import asyncio
    >>> net = EdgeNetwork("LHR", "NRT")
    >>> async def stale():
    ...     await net.kv("NRT").get("flag")  # NRT caches the miss
    ...     await net.kv("LHR").put("flag", "on")
    ...     return await net.kv("LHR").get("flag"), await net.kv("NRT").get("flag")
    >>> asyncio.run(stale())
    ('on', None)

    Each location caches what it reads, for the `cacheTtl` of each read. A write is visible at once
    in its own location, and in the others when their copies are too old. The network is
    deterministic: time passes only when `clock` is moved, and `seed` makes the random choices.

    - `bindings`: names, or an `Env`, whose namespaces are copied; networks share nothing.
    - `clock`: by default a `VirtualClock(1_700_000_000)`; with latencies it advances automatically.
    - `limits`: by default `Limits()`, with one write per second and key, unless they set
      `writes_per_second_per_key`.
    - `latency`: `None`, or a profile: "2019", "2024", "2025" or a `LatencyProfile`.
    - `history`, `metrics`, `faults`, `seed`: as for `Account`, but the history is on by default.
      `faults=True` sets no rules: it allows a schedule to let writes fail after taking effect.
    - `regions`: which locations share an upper tier, if the map should not decide.
    - `cache_entries`: the number of keys, and of pages, that a location can cache.
    - `list_cache_ttl`: seconds for which a location caches a page of a list; by default 60, and 0
      in a network of one location, which therefore behaves like a plain namespace.
    - `tombstones`: whether lists have to skip deleted and expired keys, which can make pages short
      or empty: for 24 hours, or for this number of seconds. By default only schedules do this.
    - `staleness_grace_seconds`: how long reads may be stale beyond their `cacheTtl`, for `may_read`
      and schedules: the "or more" of "60 seconds or more" (P2).
    - `schedule`: makes every decision: a text, a seed, or a schedule that Hypothesis draws. Time
      may pass `time_jumps` times; a run of more than `max_steps` operations is an error.

    Further keywords switch behaviours of schedules on and off. `AllowedAnomalies` quotes the
    sentence of the documentation for each, with the number of the fidelity model. On by default:
    `stale_reads` (P1), `stale_own_writes` (P3), `stale_misses` (P4), `stale_first_reads` (P5),
    `early_refresh` (P6), `non_monotonic_reads` (P7), `long_cache_ttl` (P8), `racing_writes` (P9),
    `unlimited_writes` (P11), `stale_deletes` (P12), `resurrect_after_expiry` (P14; an expired value
    is never served, P13), `list_lag` (P15), `tombstones` (P16), `torn_reads` and
    `torn_sequential_reads` (P17). Off by default: `reorder_writes` (P10), `faults` (P18),
    `cross_location_routing` (P19).
    """

    def __init__(
        self,
        *locations: str,
        bindings: Iterable[str] | Env = ("KV",),
        clock: VirtualClock | None = None,
        limits: Limits | None = None,
        latency: str | LatencyProfile | None = None,
        history: bool | int = True,
        metrics: bool = False,
        faults: bool | Iterable[Fault] = (),
        seed: int = 0,
        regions: Mapping[str, Iterable[str]] | None = None,
        cache_entries: int = CACHE_ENTRIES,
        list_cache_ttl: float | None = None,
        tombstones: bool | float | None = None,
        staleness_grace_seconds: float = 0,
        schedule: Schedule = None,
        time_jumps: int | None = None,
        max_steps: int = MAX_STEPS,
        **anomalies: Unpack[AnomalyOptions],
    ) -> None:
        profile = resolve_profile(latency)
        _check_seconds(
            "EdgeNetwork", "staleness_grace_seconds", staleness_grace_seconds, may_be_infinite=True
        )
        self.staleness_grace_seconds = staleness_grace_seconds
        self.clock: VirtualClock = (
            VirtualClock(autojump=profile is not None) if clock is None else clock
        )
        account = Account(
            clock=self.clock,
            limits=_limit_writes(limits),
            history=history,
            metrics=metrics,
            faults=() if isinstance(faults, bool) else faults,
            seed=seed,
        )
        tombstone_ttl_seconds = _tombstone_ttl(tombstones)
        super().__init__(
            *locations,
            account=account,
            latency=profile,
            regions=regions,
            cache_entries=_validate_cache_entries(cache_entries),
            list_cache_ttl=_validate_list_cache_ttl(list_cache_ttl),
            tombstone_ttl_seconds=tombstone_ttl_seconds,
        )
        self._create_namespaces(bindings)
        tombstone_seconds = TOMBSTONE_TTL if tombstones is None else tombstone_ttl_seconds
        self._harness = Harness(
            self.clock,
            self.locations,
            self.env,
            self._ledgers,
            self.account._rebuild_chains,
            schedule=schedule,
            anomalies=_allowed_anomalies(
                anomalies,
                faults=faults is True,
                staleness_grace_seconds=staleness_grace_seconds,
                tombstone_ttl_seconds=tombstone_seconds,
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
        staleness_grace_seconds: float | None = None,
    ) -> AllowedReads:
        """Return the versions that the documentation permits a read to return now, newest first.

        Each has `value` (`None` for absent), `version`, `age` and `until` (seconds), and
        `justification`, the sentence that permits it. `at` is the location of the read; the
        documentation promises the same to every location. The network always returns one of these
        versions.

        Raises: LookupError for an unknown location or binding; ValueError for invalid seconds.
        """
        self._topology.check(at)
        _check_seconds("may_read", "cache_ttl", cache_ttl, may_be_infinite=True)
        if staleness_grace_seconds is None:
            staleness_grace_seconds = self.staleness_grace_seconds
        _check_seconds(
            "may_read", "staleness_grace_seconds", staleness_grace_seconds, may_be_infinite=True
        )
        namespace = self.namespace(binding)
        versions = self.account.version_log(namespace.id).versions(key)
        now = self.clock.now_nanoseconds()
        chosen = allowed_versions(versions, now, cache_ttl, staleness_grace_seconds)
        return AllowedReads(chosen, f"may_read({key!r}) at {at}, cacheTtl {cache_ttl}")

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
        for name, value in get_bindings(env).items():
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
        return replace(config, limits_writes=not self._harness.is_adversarial)

    def _edge_layers(self, central: Store, location: str, name: str) -> Store:
        namespace, harness = self._namespaces[name], self._harness
        ledger = self.account.version_log(namespace.id)
        if self.account.faults or self.account.quota.is_limited:
            harness.disable_reduction()  # faults and quotas depend on the order of operations
        store: Store
        if harness.is_adversarial:
            adversary = harness.adversaries.get(namespace.id) or self._create_adversary(
                namespace, ledger
            )
            store = AdversaryStore(central, adversary, location)
        else:
            store = super()._edge_layers(central, location, name)
        if harness.is_instrumented:
            store = TraceStore(
                store,
                harness.simulation,
                ledger,
                name,
                location,
                harness.candidate_locations(location),
                namespace.id,
            )
        return store

    def _central_layers(self, data: Store, name: str) -> Store:
        if self._harness.is_instrumented:
            data = ListVersionStore(data, self.account.version_log(self._namespaces[name].id))
        return super()._central_layers(data, name)

    def _create_adversary(self, namespace: Namespace, ledger: VersionLog) -> Adversary:
        """Create the adversary of a namespace, for all locations."""
        names = [name for name, other in self._namespaces.items() if other is namespace]
        renumber = make_renumberer(
            self._harness.trace, names, self.account.history, namespace.title
        )
        rate = self.account.write_rate_limiter(namespace.id)
        return self._harness.adversary(namespace.id, ledger, rate, renumber)

    def _ledgers(self) -> Iterator[tuple[str, VersionLog]]:
        """Yield the version log of each binding, with the name of the binding."""
        for name, namespace in self._namespaces.items():
            yield name, self.account.version_log(namespace.id)


def _limit_writes(limits: Limits | None) -> Limits:
    """Return the limits, with one write of a key per second unless they set another rate."""
    if limits is None:
        return DEFAULT_LIMITS
    if isinstance(limits, Limits) and limits.writes_per_second_per_key is Unset.UNSET:
        return replace(limits, writes_per_second_per_key=1)
    return limits


def _validate_cache_entries(entries: object) -> int:
    if type(entries) is not int or entries < 0:
        raise ValueError(
            f"EdgeNetwork(cache_entries={entries!r}): give a whole number of keys, 0 or more"
        )
    return entries


def _validate_list_cache_ttl(seconds: float | None) -> float | None:
    if seconds is not None:
        _check_seconds("EdgeNetwork", "list_cache_ttl", seconds)
    return seconds


def _tombstone_ttl(tombstones: bool | float | None) -> float:  # noqa: FBT001
    """Return the seconds for which the central stores keep a tombstone."""
    if tombstones is None or isinstance(tombstones, bool):
        return TOMBSTONE_TTL if tombstones else 0
    _check_seconds("EdgeNetwork", "tombstones", tombstones)
    return tombstones


def _check_seconds(call: str, name: str, value: object, *, may_be_infinite: bool = False) -> None:
    """Check that an argument is a number of seconds.

    Raises: ValueError that names the argument.
    """
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
    if not is_number or (value == math.inf and not may_be_infinite):
        raise ValueError(f"{call}({name}={value!r}): give a number of seconds, 0 or more")


def _allowed_anomalies(
    anomalies: AnomalyOptions,
    *,
    faults: bool,
    staleness_grace_seconds: float,
    tombstone_ttl_seconds: float,
) -> AllowedAnomalies:
    """Return the anomalies that the keywords of a network allow.

    Raises: TypeError for an unknown keyword.
    """
    for name in anomalies:
        if name not in ANOMALY_OPTIONS:
            raise TypeError(
                f"EdgeNetwork has no option {name!r}; the options for schedules are "
                f"{', '.join(ANOMALY_OPTIONS)}"
            )
    return AllowedAnomalies(
        staleness_grace_seconds=staleness_grace_seconds,
        tombstone_ttl_seconds=tombstone_ttl_seconds,
        faults=faults,
        **anomalies,
    )
