"""`Limits`: the platform's limits, and their validation."""

from dataclasses import dataclass, fields
from enum import Enum
from typing import Any

MEBIBYTE = 1024 * 1024

DEFAULT_LIST_LIMIT = 1000

REQUIRED_LIMITS = ("max_key_bytes", "max_value_bytes", "max_metadata_bytes")
"""The limits that cannot be `None`."""


class Unset(Enum):
    """Sentinel of the write limit: it was not set, so the default depends on the environment.

    It differs from `None`, which removes the limit.
    """

    UNSET = "1 in a simulated network, no limit elsewhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits that the platform enforces. `None` removes a limit, but not a size or a minimum.

    The defaults are those of the paid plan, without quotas (seed document, "Limits").

    >>> Limits(min_cache_ttl=30).min_cache_ttl
    30
    >>> Limits.free(writes_per_day=5).writes_per_day
    5

    Raises: TypeError if a limit is not an integer, ValueError if it is negative.
    """

    max_key_bytes: int = 512
    max_value_bytes: int = 25 * MEBIBYTE
    max_metadata_bytes: int = 1024
    """The size of the metadata's JSON text in UTF-8."""

    max_keys_per_get: int | None = 100
    max_bytes_per_get: int | None = 25 * MEBIBYTE
    """The total size of the values that one bulk read returns."""

    max_keys_per_list: int | None = 1000

    min_expiration_ttl: int = 60
    """In seconds; applies to `expiration` (relative to now) and to `expirationTtl`."""

    min_cache_ttl: int = 60
    """In seconds. The platform lowered it to 30 on 2026-01-30 (changelog); the seed document has
    60."""

    writes_per_second_per_key: int | Unset | None = Unset.UNSET
    """Puts and deletes of one key together. The documented limit is 1; outside a simulated network
    there is no limit unless one is set."""

    max_operations_per_invocation: int | None = 1000
    """Within `account.invocation()`; a bulk read counts as one operation. Paid Workers can raise it
    since 2026-02-11 (changelog)."""

    max_namespaces: int | None = 1000
    """The namespaces of one account."""

    reads_per_day: int | None = None
    """Counts keys, not calls. Every daily quota applies to the whole account and starts at 00:00
    UTC."""

    writes_per_day: int | None = None
    deletes_per_day: int | None = None
    lists_per_day: int | None = None

    max_stored_bytes: int | None = None
    """The total size of keys, values and metadata in the account."""

    @classmethod
    def free(cls, **overrides: Any) -> "Limits":
        """Return the limits of the free plan, with its quotas. `overrides` replaces any limit."""
        return cls(
            **{
                "reads_per_day": 100_000,
                "writes_per_day": 1000,
                "deletes_per_day": 1000,
                "lists_per_day": 1000,
                "max_stored_bytes": 1_000_000_000,
                **overrides,
            }
        )

    @classmethod
    def unlimited(cls, **overrides: Any) -> "Limits":
        """Return only the size limits of keys, values and metadata. `overrides` sets any limit."""
        no_limits: dict[str, int | None] = {
            field.name: 0 if field.name.startswith("min_") else None
            for field in fields(cls)
            if field.name not in REQUIRED_LIMITS
        }
        return cls(**{**no_limits, **overrides})

    def __post_init__(self) -> None:
        for field in fields(self):
            limit = getattr(self, field.name)
            is_optional = field.name not in REQUIRED_LIMITS and not field.name.startswith("min_")
            if (limit is None and is_optional) or (limit is Unset.UNSET and limit is field.default):
                continue
            if isinstance(limit, bool) or not isinstance(limit, int):
                raise TypeError(
                    f"Limits({field.name}={limit!r}): pass an integer, "
                    f"as in Limits({field.name}=60)"
                )
            if limit < 0:
                raise ValueError(f"Limits({field.name}={limit}): a limit must be 0 or more")

    @property
    def depend_on_history(self) -> bool:
        """Whether a limit depends on earlier operations: write rate, daily quota, stored bytes."""
        stateful = (
            self.reads_per_day,
            self.writes_per_day,
            self.deletes_per_day,
            self.lists_per_day,
            self.max_stored_bytes,
            self.write_rate(default=None),
        )
        return any(limit is not None for limit in stateful)

    def list_limit(self) -> int:
        """Return the default page size of a list: 1,000, or the limit if it is lower."""
        maximum = self.max_keys_per_list
        return DEFAULT_LIST_LIMIT if maximum is None else min(maximum, DEFAULT_LIST_LIMIT)

    def write_rate(self, *, default: int | None) -> int | None:
        """Return the allowed writes per second of one key, `default` if the limit is not set."""
        rate = self.writes_per_second_per_key
        return default if isinstance(rate, Unset) else rate
