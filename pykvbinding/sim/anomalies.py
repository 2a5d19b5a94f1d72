"""Permissions: which of the behaviours that the documentation permits a schedule may choose.

The numbers are those of the fidelity model, P1 to P19, each with its sentence of the Workers KV
documentation (seed document 004; `...` is left out). Switched off, a behaviour never happens: that
tells which permission a failure rests on, and what would be left if the platform promised more.

P13 has no switch. It permits nothing but promises: "Expiration always takes precedence", so a value
that has expired is never served, whatever else is chosen. What that leaves open is P14.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypedDict

from pykvbinding.clock import SECONDS_PER_DAY

TOMBSTONE_TTL = SECONDS_PER_DAY
"""Seconds. Ours: the documentation says only "recently"."""


class AnomalyOptions(TypedDict, total=False):
    """The switches of `Permissions` as keywords of `EdgeNetwork`, but for `faults`."""

    stale_reads: bool
    own_stale: bool
    negative_stale: bool
    cold_stale: bool
    early_refresh: bool
    flap: bool
    long_cache_ttl: bool
    racing_writes: bool
    reorder_writes: bool
    unlimited_writes: bool
    deleted_stale: bool
    resurface: bool
    list_lag: bool
    torn_reads: bool
    torn_gets: bool
    roam: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Permissions:
    """What an adversarial network may do. The defaults are the letter of the documentation."""

    stale_reads: bool = True
    """P1: a read may see another version than the newest, for `cacheTtl` after it was replaced.

    "writes or updates to the key made in other locations may take up to 60 seconds (or the duration
    of the `cacheTtl`) to display". Without, every read is fresh, and P3 to P8, P12, P14, P15 and
    P17 have nothing to permit.
    """

    grace: float = 0
    """P2: how many seconds "or more" is; `inf` is the letter.

    "Changes may take up to 60 seconds or more to be visible in other ... locations".
    """

    own_stale: bool = True
    """P3: the location of a write may still see the version before.

    "these changes are usually immediately visible. However, this is not guaranteed".
    """

    negative_stale: bool = True
    """P4: a location may still see nothing where a key was created.

    "Negative lookups indicating that the key does not exist are also cached, so the same delay
    exists noticing a value is created as when a value is changed."
    """

    cold_stale: bool = True
    """P5: a location that reads a key for the first time may see an old version of it.

    From an upper tier: it "must be read from the nearest regional tier, followed by a central
    tier". Without, a first read is fresh.
    """

    early_refresh: bool = True
    """P6: a location may see a newer version before its copy has aged.

    "refreshing from upper tier caches and central data stores before cache expires in the
    background". Without, a copy is served until it is as old as the read permits.
    """

    flap: bool = True
    """P7: reads of one location may go back to an older version.

    No sentence promises that they do not; it is what P5 and P6 come to together.
    """

    long_cache_ttl: bool = True
    """P8: a long `cacheTtl` makes its own reads staler.

    It "will update the cache time-to-live in that region but not in other regions". Without, all
    reads count as of the default.
    """

    racing_writes: bool = True
    """P9: of the writes of one key that are under way at once any may be the last.

    "concurrent writes to the same key can end up overwriting one another"; none of them fails for
    it. Without, they are carried out in the order in which their invocations were started. That a
    write overwrites what its invocation has not seen, nothing forbids: a guarantee finds that.
    """

    reorder_writes: bool = False
    """P10: a write may come in before the last one, made in another location and done already.

    Implied by "An approach to achieve write-after-write consistency is to send all of your writes
    for a given KV key through a corresponding instance of a Durable Object". It is possible for as
    long as the earlier write need not be visible everywhere: 60 seconds, and `grace`. Writes of one
    location keep their order.
    """

    unlimited_writes: bool = True
    """P11: a write within a second of another may be accepted; it need not be refused.

    "An error may be thrown if a write to the same key is made within 1 second". Without, it is
    always thrown.
    """

    deleted_stale: bool = True
    """P12: a key that was deleted may still be read.

    "it may take some time for the key to be deleted from various points". Without, nobody sees
    what was there before a deletion.
    """

    resurface: bool = True
    """P14: where a value has expired, one from before it, without an expiration, may be seen again.

    P1 permits it, and P13 binds the value that expires alone. Without, nobody sees what was there
    before a value that has expired.
    """

    list_lag: bool = True
    """P15: a list may show each key in a version of its own.

    "Changes may take up to 60 seconds (or the value set with `cacheTtl` ...) to be reflected".
    Without, lists are fresh.
    """

    tombstone_ttl: float = TOMBSTONE_TTL
    """P16: for so many seconds a page may count keys that were deleted, and so be short or empty.

    "recently expired or deleted keys must be iterated through but will not be included". How long
    "recently" is, is ours.
    """

    torn_reads: bool = True
    """P17: keys of one bulk read may come from different moments.

    "KV is not ideal for applications where you need support for atomic operations or where values
    must be read and written in a single transaction." Without, they come from one.
    """

    torn_gets: bool = True
    """P17: so may the keys of several reads of one invocation.

    Without, all its reads of one namespace come from one moment, that of the first one, or from as
    near to it as may still be seen; but a key that it has written itself it reads as others do.
    """

    faults: bool = False
    """P18: a write may fail after taking effect.

    One "should `await` on to verify a successful update".
    """

    roam: bool = False
    """P19: an operation of a session may be carried out by another location.

    Not in the documentation: of the platform's makers, a request "may get routed to another
    location".
    """

    def places(self, home: str, locations: Iterable[str]) -> tuple[str, ...]:
        """The locations that may carry out an operation, home first; none if it cannot roam."""
        if not self.roam:
            return ()
        others = tuple(location for location in locations if location != home)
        return (home, *others) if others else ()
