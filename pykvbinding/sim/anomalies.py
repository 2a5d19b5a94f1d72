"""Allowed anomalies: which behaviours that the documentation permits a schedule may choose.

The numbers P1 to P19 are those of the fidelity model. Each field quotes its sentence of the Workers
KV documentation (seed document 004; `...` marks an omission). A behaviour that is switched off
never happens. This shows which behaviour a failure depends on, and which failures would remain if
the platform promised more.

P13 has no switch, because it is a promise: "Expiration always takes precedence", so an expired
value is never served. P14 covers what this leaves open.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypedDict

from pykvbinding.clock import SECONDS_PER_DAY

TOMBSTONE_TTL = SECONDS_PER_DAY
"""Seconds. This is our choice: the documentation says only "recently"."""


class AnomalyOptions(TypedDict, total=False):
    """The switches of `AllowedAnomalies` as keywords of `EdgeNetwork`, except `faults`."""

    stale_reads: bool
    stale_own_writes: bool
    stale_misses: bool
    stale_first_reads: bool
    early_refresh: bool
    non_monotonic_reads: bool
    long_cache_ttl: bool
    racing_writes: bool
    reorder_writes: bool
    unlimited_writes: bool
    stale_deletes: bool
    resurrect_after_expiry: bool
    list_lag: bool
    torn_reads: bool
    torn_sequential_reads: bool
    cross_location_routing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedAnomalies:
    """The behaviours of an adversarial network. The defaults follow the documentation's wording."""

    stale_reads: bool = True
    """P1: a read may return an older version, for `cacheTtl` after it was superseded.

    "writes or updates to the key made in other locations may take up to 60 seconds (or the duration
    of the `cacheTtl`) to display". Off: every read is fresh, and P3 to P8, P12, P14, P15 and P17
    have no effect.
    """

    staleness_grace_seconds: float = 0
    """P2: the seconds of "or more"; `inf` is the literal reading.

    "Changes may take up to 60 seconds or more to be visible in other ... locations".
    """

    stale_own_writes: bool = True
    """P3: the location of a write may still read the version before it.

    "these changes are usually immediately visible. However, this is not guaranteed".
    """

    stale_misses: bool = True
    """P4: a location may still read a key as absent after it was created.

    "Negative lookups indicating that the key does not exist are also cached, so the same delay
    exists noticing a value is created as when a value is changed."
    """

    stale_first_reads: bool = True
    """P5: the first read of a key in a location may return an old version.

    It may come from an upper tier: it "must be read from the nearest regional tier, followed by a
    central tier". Off: a first read is fresh.
    """

    early_refresh: bool = True
    """P6: a location may read a newer version before its cached copy is too old.

    "refreshing from upper tier caches and central data stores before cache expires in the
    background". Off: a copy is served until it is as old as the read allows.
    """

    non_monotonic_reads: bool = True
    """P7: reads in one location may go back to an older version.

    No sentence excludes it, and it follows from P5 and P6 together.
    """

    long_cache_ttl: bool = True
    """P8: reads with a long `cacheTtl` may be more stale.

    It "will update the cache time-to-live in that region but not in other regions". Off: all reads
    count as reads with the default.
    """

    racing_writes: bool = True
    """P9: any of several concurrent writes of one key may be the last.

    "concurrent writes to the same key can end up overwriting one another"; none of them fails. Off:
    they complete in the start order of their invocations. A write may overwrite a version that its
    invocation has not read in either case: a guarantee finds that.
    """

    reorder_writes: bool = False
    """P10: a write may be inserted before the last one, a completed write of another location.

    Implied by "An approach to achieve write-after-write consistency is to send all of your writes
    for a given KV key through a corresponding instance of a Durable Object". It is possible until
    the earlier write must be visible everywhere: for 60 seconds plus `staleness_grace_seconds`.
    Writes from one location keep their order.
    """

    unlimited_writes: bool = True
    """P11: a write within a second of another one may be accepted.

    "An error may be thrown if a write to the same key is made within 1 second". Off: it is always
    thrown.
    """

    stale_deletes: bool = True
    """P12: a deleted key may still be read.

    "it may take some time for the key to be deleted from various points". Off: no read returns a
    version before a deletion.
    """

    resurrect_after_expiry: bool = True
    """P14: after a value has expired, an older value without an expiration may be read again.

    P1 permits it, and P13 only concerns the value that expires. Off: no read returns a version
    before an expired value.
    """

    list_lag: bool = True
    """P15: a list may use another version of each key.

    "Changes may take up to 60 seconds (or the value set with `cacheTtl` ...) to be reflected".
    Off: lists are fresh.
    """

    tombstone_ttl_seconds: float = TOMBSTONE_TTL
    """P16: the seconds for which a page may count deleted keys, and so be short or empty.

    "recently expired or deleted keys must be iterated through but will not be included". The length
    of "recently" is our choice.
    """

    torn_reads: bool = True
    """P17: the keys of one bulk read may be of different instants.

    "KV is not ideal for applications where you need support for atomic operations or where values
    must be read and written in a single transaction." Off: they are of one instant.
    """

    torn_sequential_reads: bool = True
    """P17: the keys of several reads of one invocation may be of different instants.

    Off: all its reads of one namespace are of one instant, that of the first read, or as near to it
    as still allowed. A key that the invocation has written itself is not restricted.
    """

    faults: bool = False
    """P18: a write may fail after taking effect.

    One "should `await` on to verify a successful update".
    """

    cross_location_routing: bool = False
    """P19: another location may carry out an operation of a session.

    This is not in the documentation. It is a statement of Cloudflare staff: a request "may get
    routed to another location".
    """

    def candidate_locations(self, home: str, locations: Iterable[str]) -> tuple[str, ...]:
        """Return the locations that may carry out an operation, home first.

        The result is empty if only `home` may.
        """
        if not self.cross_location_routing:
            return ()
        others = tuple(location for location in locations if location != home)
        return (home, *others) if others else ()
