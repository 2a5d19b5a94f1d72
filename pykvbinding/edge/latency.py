"""Latencies of operations by the tier that serves them, sampled from published figures."""

from dataclasses import dataclass, fields
from math import exp, inf, log

from pykvbinding.choices import ChoiceSource

STEPS = 4096
"""The number of different durations that one spread can return."""

Z99 = 2.3263478740408408
"""The 99th percentile of the standard normal distribution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """A log-normal distribution of durations, given by its median and 99th percentile in ms."""

    p50: float
    p99: float

    def seconds(self, quantile: float) -> float:
        """Return the duration in seconds at a quantile between 0 and 1, to the microsecond.

        >>> Spread(p50=3, p99=20).seconds(0.5)
        0.003
        """
        from statistics import NormalDist  # not at the top: few networks have latencies

        sigma = log(self.p99 / self.p50) / Z99
        milliseconds = self.p50 * exp(sigma * NormalDist().inv_cdf(quantile))
        return round(milliseconds * 1000) / 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyProfile:
    """Durations of operations: of reads by tier, of writes and lists by the distance to a store.

    `near` and `far` refer to the distance of the nearest central store. The split between the tiers
    is an estimate (platform facts, section 4, has the sources); the totals are published.
    """

    hit: Spread
    """A read from the location's own cache."""

    regional: Spread
    """A read from the upper tier of the region."""

    central: Spread
    """A read from the central tier."""

    near: Spread
    """A read or a list from the central stores, in North America and Europe."""

    far: Spread
    """A read or a list from the central stores, anywhere else."""

    write: Spread
    """A put or a delete, which always reaches the central stores."""

    def __post_init__(self) -> None:
        for field in fields(self):
            spread = getattr(self, field.name)
            if not isinstance(spread, Spread) or not 0 < spread.p50 <= spread.p99 < inf:
                raise ValueError(
                    f"LatencyProfile({field.name}={spread!r}): pass Spread(p50=3, p99=20), in "
                    "milliseconds, p50 above 0 and not above p99"
                )


def _profile(**spreads: tuple[float, float]) -> LatencyProfile:
    return LatencyProfile(
        **{name: Spread(p50=p50, p99=p99) for name, (p50, p99) in spreads.items()}
    )


PROFILES = {
    # Launch: the median read takes 12 ms.
    "2019": _profile(
        hit=(10, 60),
        regional=(30, 120),
        central=(60, 250),
        near=(100, 350),
        far=(220, 600),
        write=(200, 800),
    ),
    # Before the storage backend was replaced: 90 % of hot reads under 12 ms, p95 of all reads about
    # 150 ms, p99 about 350 ms.
    "2024": _profile(
        hit=(4, 30),
        regional=(20, 80),
        central=(60, 200),
        near=(100, 300),
        far=(200, 400),
        write=(120, 500),
    ),
    # Since August 2025: p95 of all reads about 50 ms, p99 about 250 ms.
    "2025": _profile(
        hit=(3, 20),
        regional=(15, 40),
        central=(30, 90),
        near=(50, 150),
        far=(150, 300),
        write=(80, 300),
    ),
}
"""The profiles by the year of the figures that they are based on."""


def resolve_profile(latency: str | LatencyProfile | None) -> LatencyProfile | None:
    """Return the profile with that name, or `latency` itself if it is a profile or `None`.

    Raises: ValueError for an unknown name, TypeError if `latency` has another type.
    """
    if latency is None or isinstance(latency, LatencyProfile):
        return latency
    if not isinstance(latency, str):
        raise TypeError(f'latency={latency!r}: pass the name of a profile, as in latency="2025"')
    if latency not in PROFILES:
        known = ", ".join(map(repr, PROFILES))
        raise ValueError(f"no latency profile {latency!r}; there are {known}")
    return PROFILES[latency]


def sample_seconds(spread: Spread, choice: ChoiceSource) -> float:
    """Return one duration. The first choice, which is the default, is the median.

    The other quantiles alternate around it: just above 0.5, just below, and so on.
    """
    step = choice.choose(STEPS, "latency")
    offset = (step + 1) // 2 if step % 2 else -(step // 2)
    return spread.seconds(0.5 + offset / (STEPS + 1))
