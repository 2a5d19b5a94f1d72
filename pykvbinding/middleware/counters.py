"""Counters of operations: number, size and latency."""

from collections import defaultdict
from dataclasses import dataclass, field
from math import ceil

NANOSECONDS_PER_MILLISECOND = 1_000_000


class LatencyHistogram:
    """A histogram of durations in nanoseconds, whose quantiles are accurate to one sixteenth.

    The buckets are those of a floating-point number with a mantissa of four bits: eight buckets of
    equal width between consecutive powers of two, and below 16 ns one bucket per nanosecond.
    """

    __slots__ = ("buckets", "total_nanoseconds")

    def __init__(self) -> None:
        self.buckets: defaultdict[int, int] = defaultdict(int)
        self.total_nanoseconds: int = 0

    def add(self, nanoseconds: int) -> None:
        """Count one duration. A negative one, after the clock was set back, counts as 0."""
        if nanoseconds <= 0:
            self.buckets[0] += 1
            return
        self.total_nanoseconds += nanoseconds
        shift = nanoseconds.bit_length() - 4
        self.buckets[nanoseconds if shift < 1 else (shift << 3) + (nanoseconds >> shift)] += 1

    def merge(self, other: "LatencyHistogram") -> None:
        """Add the counts of another histogram."""
        self.total_nanoseconds += other.total_nanoseconds
        for bucket, count in other.buckets.items():
            self.buckets[bucket] += count

    @property
    def count(self) -> int:
        """The number of durations."""
        return sum(self.buckets.values())

    @property
    def mean(self) -> float:
        """The exact mean in milliseconds; 0 if there are no durations."""
        count = self.count
        return self.total_nanoseconds / count / NANOSECONDS_PER_MILLISECOND if count else 0.0

    def quantile(self, q: float) -> float:
        """Return the `q` quantile in milliseconds; 0 if there are no durations.

        The result is the middle of a bucket, so it is accurate to one sixteenth.

        Raises: ValueError if `q` is not between 0 and 1.
        """
        if not 0 <= q <= 1:
            raise ValueError(
                f"quantile({q!r}): pass a number from 0 to 1; the 99th percentile is 0.99"
            )
        rank = max(1, ceil(q * self.count))
        for bucket in sorted(self.buckets):
            rank -= self.buckets[bucket]
            if rank <= 0:
                return _bucket_middle(bucket) / NANOSECONDS_PER_MILLISECOND
        return 0.0

    def __repr__(self) -> str:
        p50, p99 = self.quantile(0.5), self.quantile(0.99)
        return f"<LatencyHistogram: {self.count} operations, p50 {p50:.3g} ms, p99 {p99:.3g} ms>"


@dataclass(slots=True)
class OperationCounters:
    """Counts of operations of the same kind.

    A bulk read is one operation with several keys. A failed operation counts in `operations`,
    `failed` and `latency`, but not in `keys` and `bytes`.
    """

    operations: int = 0
    keys: int = 0
    """Keys read, written or deleted, whether they exist or not; for lists, names on the pages."""

    bytes: int = 0
    """The size of the values read or written, without metadata; text in UTF-8."""

    failed: int = 0
    latency: LatencyHistogram = field(default_factory=LatencyHistogram)

    def merge(self, other: "OperationCounters") -> None:
        """Add the counts of another instance."""
        self.operations += other.operations
        self.keys += other.keys
        self.bytes += other.bytes
        self.failed += other.failed
        self.latency.merge(other.latency)


def _bucket_middle(bucket: int) -> float:
    """Return the middle of the durations of a bucket."""
    if bucket < 16:
        return bucket
    shift = (bucket >> 3) - 1
    return ((bucket - (shift << 3)) << shift) + ((1 << shift) - 1) / 2
