"""`Limits`: the numbers of the platform, and their validation."""

from dataclasses import dataclass, fields
from enum import Enum
from typing import Any

MEBIBYTE = 1024 * 1024

DEFAULT_LIST_LIMIT = 1000

SIZES = ("max_key_bytes", "max_value_bytes", "max_metadata_bytes")
"""What every set of limits has a number for."""


class Unset(Enum):
    """The default of the write limit: unlike `None`, it differs between networks and accounts."""

    UNSET = "1 in a simulated network, no limit elsewhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the platform refuses. `None` is no limit; the sizes and minima always have a number.

    The defaults are the paid plan, without quotas (seed document, "Limits").

    >>> Limits(min_cache_ttl=30).min_cache_ttl
    30
    >>> Limits.free(writes_per_day=5).writes_per_day
    5

    Raises: TypeError for a limit that is no whole number, ValueError for a negative one.
    """

    max_key_bytes: int = 512
    max_value_bytes: int = 25 * MEBIBYTE
    max_metadata_bytes: int = 1024
    """Of the metadata's JSON text, in UTF-8."""

    max_keys_per_get: int | None = 100
    max_bytes_per_get: int | None = 25 * MEBIBYTE
    """Of all values that one multi-key read returns."""

    max_keys_per_list: int | None = 1000

    min_expiration_ttl: int = 60
    """Seconds, for `expiration` (from now) and `expirationTtl` alike."""

    min_cache_ttl: int = 60
    """Seconds. The platform lowered it to 30 on 2026-01-30 (changelog); the seed says 60."""

    writes_per_second_per_key: int | Unset | None = Unset.UNSET
    """Puts and deletes of one key together. Documented is 1; a namespace outside a simulated
    network has no limit unless a number says so."""

    max_operations_per_invocation: int | None = 1000
    """Within `account.invocation()`; a multi-key read is one. Paid Workers may raise it since
    2026-02-11 (changelog)."""

    max_namespaces: int | None = 1000
    """Of one account."""

    reads_per_day: int | None = None
    """Keys, not calls. Every number per day is counted for the whole account, from 00:00 UTC."""

    writes_per_day: int | None = None
    deletes_per_day: int | None = None
    lists_per_day: int | None = None

    max_stored_bytes: int | None = None
    """Of keys, values and metadata together, for the whole account."""

    @classmethod
    def free(cls, **changed: Any) -> "Limits":
        """The free plan: `Limits()` with its quotas. `changed` are other numbers for any limit."""
        return cls(
            **{
                "reads_per_day": 100_000,
                "writes_per_day": 1000,
                "deletes_per_day": 1000,
                "lists_per_day": 1000,
                "max_stored_bytes": 1_000_000_000,
                **changed,
            }
        )

    @classmethod
    def unlimited(cls, **changed: Any) -> "Limits":
        """The sizes of keys, values and metadata alone. `changed` are numbers for any limit."""
        none: dict[str, int | None] = {
            field.name: 0 if field.name.startswith("min_") else None
            for field in fields(cls)
            if field.name not in SIZES
        }
        return cls(**{**none, **changed})

    def __post_init__(self) -> None:
        for field in fields(self):
            limit = getattr(self, field.name)
            may_be_none = field.name not in SIZES and not field.name.startswith("min_")
            if (limit is None and may_be_none) or (limit is Unset.UNSET and limit is field.default):
                continue
            if isinstance(limit, bool) or not isinstance(limit, int):
                raise TypeError(
                    f"Limits({field.name}={limit!r}): give a whole number, "
                    f"as in Limits({field.name}=60)"
                )
            if limit < 0:
                raise ValueError(f"Limits({field.name}={limit}): a limit is 0 or more")

    def list_limit(self) -> int:
        """Keys in a page of a list that names no limit: 1,000, if so many are allowed."""
        most = self.max_keys_per_list
        return DEFAULT_LIST_LIMIT if most is None else min(most, DEFAULT_LIST_LIMIT)

    def write_rate(self, *, usual: int | None) -> int | None:
        """Writes of one key in a second, `usual` where nobody has said."""
        rate = self.writes_per_second_per_key
        return usual if isinstance(rate, Unset) else rate
