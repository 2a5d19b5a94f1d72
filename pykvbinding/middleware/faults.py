"""Fault injection: rules that make matching operations fail or slow down."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from fnmatch import translate
from math import isfinite

from pykvbinding import errors
from pykvbinding.choices import ChoiceSource
from pykvbinding.clock import Clock
from pykvbinding.errors import KVError
from pykvbinding.middleware.operation import KINDS, check_kind
from pykvbinding.storage.record import ListPage, ReadResult, Record
from pykvbinding.storage.store import Store

FINEST_PROBABILITY = 10**9
"""The maximum denominator of the fraction that a probability is converted to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A rule: the operations that it matches, and its effect on them.

    An operation matches if its kind, its key and its location match; `None` matches anything. `key`
    is a shell-style pattern (`user:*`). A bulk read matches if one of its keys does, a list if its
    prefix does. Of the matching operations, `nth` selects one (1 is the first), and `probability`
    selects a random share.

    `error` is raised: a status with its reason, or a `KVError`; `None` only delays. With
    `after=True` the operation takes effect first, so the caller gets an error or a delay for a
    write that has succeeded ("you should `await` on to verify a successful update").

    >>> Fault(kind="put", key="user:*", nth=2, error="503 Service Unavailable").nth
    2

    Raises: ValueError for a rule that can match nothing or has no effect.
    """

    kind: str | None = None
    key: str | None = None
    nth: int | None = None
    probability: float | None = None
    error: KVError | str | None = "500 Internal Server Error"
    delay_seconds: float = 0
    after: bool = False
    location: str | None = None

    def __post_init__(self) -> None:
        check_kind("Fault", self.kind)
        self._check_selection()
        self._check_effect()

    def _check_selection(self) -> None:
        """Check the arguments that select operations."""
        if self.key is not None and not isinstance(self.key, str):
            raise ValueError(f'Fault(key={self.key!r}): pass one pattern, as in "user:*"')
        if self.nth is not None and (type(self.nth) is not int or self.nth < 1):
            raise ValueError(
                f"Fault(nth={self.nth!r}): pass a whole number; 1 is the first matching operation"
            )
        if self.probability is not None and not _is_number(self.probability, maximum=1):
            raise ValueError(
                f"Fault(probability={self.probability!r}): pass a number from 0 (never) to 1 "
                "(always)"
            )

    def _check_effect(self) -> None:
        """Check the arguments that define the effect."""
        if not _is_number(self.delay_seconds):
            raise ValueError(
                f"Fault(delay_seconds={self.delay_seconds!r}): pass a number of seconds, 0 or more"
            )
        is_status = isinstance(self.error, str) and re.fullmatch(r"\d{3} .+", self.error)
        if not is_status and not isinstance(self.error, KVError | None):
            raise ValueError(
                f"Fault(error={self.error!r}): pass a status with its reason, as in "
                '"503 Service Unavailable", a KVError, or None for a delay only'
            )
        if self.error is None and not self.delay_seconds:
            raise ValueError(
                "Fault(error=None) without delay_seconds has no effect; pass an error or a delay"
            )


class _Rule:
    """An active fault with its compiled pattern and its counts."""

    __slots__ = ("_first_trigger", "_matches", "_outcomes", "fault", "hits", "match_count")

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.match_count = 0
        self.hits = 0
        self._matches = None if fault.key is None else re.compile(translate(fault.key)).match
        self._outcomes, self._first_trigger = 1, 0
        if fault.probability is not None:
            from fractions import Fraction  # late import: most tests use no probabilities

            probability = Fraction(fault.probability).limit_denominator(FINEST_PROBABILITY)
            # As few outcomes as possible (1/2 is one of two), so that a search can try all of them.
            self._outcomes, self._first_trigger = (
                probability.denominator,
                probability.denominator - probability.numerator,
            )

    def matches(self, keys: Sequence[str], location: str | None) -> bool:
        """Return whether this operation matches, including `nth`; count the matches."""
        fault = self.fault
        if fault.location is not None and fault.location != location:
            return False
        matches = self._matches
        if matches is not None:
            for key in keys:  # faster than any(…); this runs for every operation
                if matches(key) is not None:
                    break
            else:
                return False
        self.match_count += 1
        return fault.nth is None or fault.nth == self.match_count

    def triggers(self, choice: ChoiceSource, kind: str, keys: Sequence[str]) -> bool:
        """Return whether the fault occurs; use `choice` only if the probability is not 0 or 1."""
        if self._first_trigger == 0:
            return True
        if self._outcomes == 1:  # a probability of 0
            return False
        return (
            choice.choose(self._outcomes, f"fault {kind} {' '.join(keys)}") >= self._first_trigger
        )


class Faults:
    """The rules of one account, with the number of operations that each has affected.

    Every rule is matched against every operation, so `nth` does not depend on other rules. An
    operation fails by the first rule that raises an error; delays add up.

    `on_change` is called after `add` and `clear`, because a chain without rules has no fault layer.
    """

    __slots__ = ("_by_kind", "_choice", "_clock", "_on_change", "_rules")

    def __init__(
        self,
        rules: Iterable[Fault],
        choice: ChoiceSource,
        clock: Clock,
        *,
        on_change: Callable[[], None] | None = None,
    ) -> None:
        self._choice = choice
        self._clock = clock
        self._rules: list[_Rule] = []
        self._by_kind: dict[str, list[_Rule]] = {kind: [] for kind in KINDS}
        self._on_change = on_change
        for rule in rules:
            self._add(rule)

    def add(self, rule: Fault) -> None:
        """Add a rule.

        Raises: TypeError if `rule` is not a `Fault`.
        """
        self._add(rule)
        if self._on_change is not None:
            self._on_change()

    def clear(self) -> None:
        """Remove all rules and their counts."""
        self._rules.clear()
        for rules in self._by_kind.values():
            rules.clear()
        if self._on_change is not None:
            self._on_change()

    def hits(self, rule: Fault) -> int:
        """Return the number of operations that a rule has affected; 0 for an unknown rule."""
        return sum(active.hits for active in self._rules if active.fault == rule)

    @property
    def unused(self) -> tuple[Fault, ...]:
        """The rules that have affected no operation, which are probably mistakes in the test."""
        return tuple(active.fault for active in self._rules if not active.hits)

    def __iter__(self) -> Iterator[Fault]:
        return iter([active.fault for active in self._rules])

    def __len__(self) -> int:
        return len(self._rules)

    def __repr__(self) -> str:
        return f"<Faults: {len(self._rules)} rules, {len(self.unused)} unused>"

    def rules_for(self, kind: str) -> Sequence[object]:
        """Return the live sequence of the rules for one kind of operation."""
        return self._by_kind[kind]

    def match(self, kind: str, keys: Sequence[str], location: str | None) -> list[Fault]:
        """Return the faults that apply to an operation. Complexity: O(rules of its kind)."""
        faults: list[Fault] = []
        fails = False
        for rule in self._by_kind[kind]:
            if not rule.matches(keys, location):
                continue
            if fails and rule.fault.error is not None:
                continue
            if rule.triggers(self._choice, kind, keys):
                rule.hits += 1
                faults.append(rule.fault)
                fails = fails or rule.fault.error is not None
        return faults

    def _add(self, rule: Fault) -> None:
        if not isinstance(rule, Fault):
            raise TypeError(
                f"expected a Fault, got {rule!r}; for example "
                'Fault(kind="put", key="user:*", nth=2, error="503 Service Unavailable")'
            )
        added = _Rule(rule)
        self._rules.append(added)
        for kind in KINDS if rule.kind is None else (rule.kind,):
            self._by_kind[kind].append(added)

    async def apply(self, matched: list[Fault], method: str, *, after: bool) -> None:
        """Delay an operation and make it fail, before or after it has taken effect.

        Raises: KVError, by default "KV PUT failed: 500 Internal Server Error".
        """
        faults = [fault for fault in matched if fault.after is after]
        delay_seconds = sum(fault.delay_seconds for fault in faults)
        if delay_seconds:
            await self._clock.sleep(delay_seconds)
        for fault in faults:
            if isinstance(fault.error, str):
                status, _, reason = fault.error.partition(" ")
                raise errors.injected_fault(method, int(status), reason)
            if fault.error is not None:
                # A copy: an error that is raised twice accumulates tracebacks.
                raise copy(fault.error)


class FaultStore:
    """The layer that applies faults to operations; one per location."""

    __slots__ = ("_faults", "_get_rules", "_inner", "_location")

    def __init__(self, inner: Store, faults: Faults, location: str | None = None) -> None:
        self._inner = inner
        self._faults = faults
        self._location = location
        self._get_rules = faults.rules_for("get")

    async def get(self, key: str, cache_ttl: int) -> ReadResult:
        """Read one key."""
        if not self._get_rules:
            return await self._inner.get(key, cache_ttl)
        matched = self._faults.match("get", (key,), self._location)
        if not matched:
            return await self._inner.get(key, cache_ttl)
        await self._faults.apply(matched, "GET", after=False)
        result = await self._inner.get(key, cache_ttl)
        await self._faults.apply(matched, "GET", after=True)
        return result

    async def get_many(self, keys: Sequence[str], cache_ttl: int) -> dict[str, ReadResult]:
        """Read several keys; a fault of one key affects the whole read."""
        matched = self._faults.match("get", keys, self._location)
        await self._faults.apply(matched, "GET_BULK", after=False)
        result = await self._inner.get_many(keys, cache_ttl)
        await self._faults.apply(matched, "GET_BULK", after=True)
        return result

    async def put(self, key: str, record: Record) -> int | None:
        """Write one key."""
        matched = self._faults.match("put", (key,), self._location)
        await self._faults.apply(matched, "PUT", after=False)
        version = await self._inner.put(key, record)
        await self._faults.apply(matched, "PUT", after=True)
        return version

    async def delete(self, key: str) -> int | None:
        """Delete one key."""
        matched = self._faults.match("delete", (key,), self._location)
        await self._faults.apply(matched, "DELETE", after=False)
        version = await self._inner.delete(key)
        await self._faults.apply(matched, "DELETE", after=True)
        return version

    async def list(self, prefix: str, after: str | None, limit: int) -> ListPage:
        """Read one page. The service reports errors of a list as errors of a GET."""
        matched = self._faults.match("list", (prefix,), self._location)
        await self._faults.apply(matched, "GET", after=False)
        page = await self._inner.list(prefix, after, limit)
        await self._faults.apply(matched, "GET", after=True)
        return page


def _is_number(value: object, *, maximum: float | None = None) -> bool:
    """Return whether `value` is a finite number between 0 and `maximum`."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return False
    return value >= 0 and (maximum is None or value <= maximum)
