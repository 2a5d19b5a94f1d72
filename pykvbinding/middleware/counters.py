"""What is counted of like operations: how many, how large, how slow."""

from collections import defaultdict
from dataclasses import dataclass, field
from math import ceil

NANOSECONDS_PER_MILLISECOND = 1_000_000


class Latency:
    """A histogram of durations, in nanoseconds, whose quantiles are off by at most a sixteenth.

    Its buckets are those of a floating-point number with a mantissa of four bits: eight of the same
    width between each power of two and the next, and below 16 ns one for each nanosecond.
    """

    __slots__ = ("buckets", "total_nanoseconds")

    def __init__(self) -> None:
        self.buckets: defaultdict[int, int] = defaultdict(int)
        self.total_nanoseconds: int = 0

    def add(self, nanoseconds: int) -> None:
        """Count one duration; a negative one, by a clock that was set back, is none at all."""
        if nanoseconds <= 0:
            self.buckets[0] += 1
            return
        self.total_nanoseconds += nanoseconds
        shift = nanoseconds.bit_length() - 4
        self.buckets[nanoseconds if shift < 1 else (shift << 3) + (nanoseconds >> shift)] += 1

    def merge(self, other: "Latency") -> None:
        """Count what another histogram has counted."""
        self.total_nanoseconds += other.total_nanoseconds
        for bucket, count in other.buckets.items():
            self.buckets[bucket] += count

    @property
    def count(self) -> int:
        """How many durations there are."""
        return sum(self.buckets.values())

    @property
    def mean(self) -> float:
        """The mean in milliseconds, exactly; 0 for none."""
        count = self.count
        return self.total_nanoseconds / count / NANOSECONDS_PER_MILLISECOND if count else 0.0

    def quantile(self, share: float) -> float:
        """The duration in milliseconds that `share` of all do not exceed; 0 for none.

        It is the middle of a bucket, and so within a sixteenth of the true one.

        Raises: ValueError for a share that is not from 0 to 1.
        """
        if not 0 <= share <= 1:
            raise ValueError(
                f"quantile({share!r}): give a share from 0 to 1; the 99th percentile is 0.99"
            )
        rank = max(1, ceil(share * self.count))
        for bucket in sorted(self.buckets):
            rank -= self.buckets[bucket]
            if rank <= 0:
                return _middle(bucket) / NANOSECONDS_PER_MILLISECOND
        return 0.0

    def __repr__(self) -> str:
        median, slow = self.quantile(0.5), self.quantile(0.99)
        return f"<Latency: {self.count} operations, p50 {median:.3g} ms, p99 {slow:.3g} ms>"


@dataclass(slots=True)
class Tally:
    """The counts of some operations.

    A read of several keys is one operation of several keys. A failed operation counts in
    `operations`, `failed` and `latency`, and has no keys and no bytes.
    """

    operations: int = 0
    keys: int = 0
    """Read, written or deleted, whether they were there or not; for lists, names on the pages."""

    bytes: int = 0
    """Of the values read or written, without metadata; text in UTF-8."""

    failed: int = 0
    latency: Latency = field(default_factory=Latency)

    def merge(self, other: "Tally") -> None:
        """Add what another tally has counted."""
        self.operations += other.operations
        self.keys += other.keys
        self.bytes += other.bytes
        self.failed += other.failed
        self.latency.merge(other.latency)


def _middle(bucket: int) -> float:
    """The middle of the durations that fall into a bucket."""
    if bucket < 16:
        return bucket
    shift = (bucket >> 3) - 1
    return ((bucket - (shift << 3)) << shift) + ((1 << shift) - 1) / 2
