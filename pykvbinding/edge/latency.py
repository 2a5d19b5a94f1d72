"""Latency: how long an operation takes, by where its answer lies; drawn from published figures."""

from dataclasses import dataclass, fields
from math import exp, inf, log

from pykvbinding.choices import ChoiceSource

STEPS = 4096
"""How many different durations one spread can give."""

Z99 = 2.3263478740408408
"""The 99th percentile of the standard normal distribution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Durations with a log-normal distribution, by their median and 99th percentile, in ms."""

    p50: float
    p99: float

    def seconds(self, quantile: float) -> float:
        """The duration at a quantile between 0 and 1, in whole microseconds.

        >>> Spread(p50=3, p99=20).seconds(0.5)
        0.003
        """
        from statistics import NormalDist  # not at the top: few networks have latencies

        sigma = log(self.p99 / self.p50) / Z99
        milliseconds = self.p50 * exp(sigma * NormalDist().inv_cdf(quantile))
        return round(milliseconds * 1000) / 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """How long operations take: reads by where the answer was found, writes and lists by distance.

    `near` and `far` tell how far the nearest central store is. The split between the tiers is an
    estimate (platform facts, section 4, gives its sources); the profiles' totals are published.
    """

    hit: Spread
    """The location's own cache."""

    regional: Spread
    """The upper tier of the region."""

    central: Spread
    """The central tier."""

    near: Spread
    """The central stores, from North America and Europe."""

    far: Spread
    """The central stores, from anywhere else."""

    write: Spread
    """A put or a delete: always the central stores."""

    def __post_init__(self) -> None:
        for field in fields(self):
            spread = getattr(self, field.name)
            if not isinstance(spread, Spread) or not 0 < spread.p50 <= spread.p99 < inf:
                raise ValueError(
                    f"Latency({field.name}={spread!r}): give Spread(p50=3, p99=20), in "
                    "milliseconds, p50 above 0 and not above p99"
                )


def _profile(**spreads: tuple[float, float]) -> Latency:
    return Latency(**{name: Spread(p50=p50, p99=p99) for name, (p50, p99) in spreads.items()})


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
"""By the year of the figures that a profile follows."""


def find_profile(latency: str | Latency | None) -> Latency | None:
    """The profile that is meant; `None` for none.

    Raises: ValueError for a name that is none, TypeError for anything else.
    """
    if latency is None or isinstance(latency, Latency):
        return latency
    if not isinstance(latency, str):
        raise TypeError(f'latency={latency!r}: give the name of a profile, as in latency="2025"')
    if latency not in PROFILES:
        known = ", ".join(map(repr, PROFILES))
        raise ValueError(f"no latency profile {latency!r}; there are {known}")
    return PROFILES[latency]


def draw_seconds(spread: Spread, choice: ChoiceSource) -> float:
    """One duration. The first choice, which is the ordinary one, is the median.

    The quantiles go outward from it: 0.5, just above, just below, and so on.
    """
    step = choice.choose(STEPS, "latency")
    offset = (step + 1) // 2 if step % 2 else -(step // 2)
    return spread.seconds(0.5 + offset / (STEPS + 1))
