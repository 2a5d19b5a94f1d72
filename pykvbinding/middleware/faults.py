"""Failures and delays on order: rules that say which operation meets what."""

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
"""Probabilities are fractions with a denominator up to this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One rule: which operations it meets, and what happens to them.

    An operation is met if its kind, its key and its location all agree; `None` is any. `key` is a
    pattern as of a shell (`user:*`); of a read of several keys one is enough, and of a list the
    prefix counts. Of those, `nth` chooses one (1 is the first) and `probability` draws lots.

    `error` is raised: a status and its reason, or a `KVError`; with `None` there is only the delay.
    `after=True` lets the operation take effect first, so that the caller gets an error or waits for
    a write that has been done ("you should `await` on to verify a successful update").

    >>> Fault(kind="put", key="user:*", nth=2, error="503 Service Unavailable").nth
    2

    Raises: ValueError for a rule that can meet nothing or that does nothing.
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
        """Check which operations the rule meets."""
        if self.key is not None and not isinstance(self.key, str):
            raise ValueError(f'Fault(key={self.key!r}): give one pattern, as in "user:*"')
        if self.nth is not None and (type(self.nth) is not int or self.nth < 1):
            raise ValueError(
                f"Fault(nth={self.nth!r}): give a whole number; 1 is the first operation it meets"
            )
        if self.probability is not None and not _is_number(self.probability, most=1):
            raise ValueError(
                f"Fault(probability={self.probability!r}): give a number from 0 (never) to 1 "
                "(always)"
            )

    def _check_effect(self) -> None:
        """Check what happens to the operations that the rule meets."""
        if not _is_number(self.delay_seconds):
            raise ValueError(
                f"Fault(delay_seconds={self.delay_seconds!r}): give a number of seconds, 0 or more"
            )
        is_status = isinstance(self.error, str) and re.fullmatch(r"\d{3} .+", self.error)
        if not is_status and not isinstance(self.error, KVError | None):
            raise ValueError(
                f"Fault(error={self.error!r}): give a status and its reason, as in "
                '"503 Service Unavailable", or a KVError, or None for a delay alone'
            )
        if self.error is None and not self.delay_seconds:
            raise ValueError(
                "Fault(error=None) without delay_seconds does nothing; "
                "give it an error to raise or a delay to make"
            )


class _Rule:
    """A fault in force: what it meets, made ready, and how often it has."""

    __slots__ = ("_fires_from", "_matches", "_of", "fault", "hits", "met")

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.met = 0
        self.hits = 0
        self._matches = None if fault.key is None else re.compile(translate(fault.key)).match
        self._of, self._fires_from = 1, 0
        if fault.probability is not None:
            from fractions import Fraction  # not at the top: most tests draw no lots

            share = Fraction(fault.probability).limit_denominator(FINEST_PROBABILITY)
            # As few ways as can be (one half is one of two), so that a search can try them all.
            self._of, self._fires_from = share.denominator, share.denominator - share.numerator

    def meets(self, keys: Sequence[str], location: str | None) -> bool:
        """Whether it is the turn of this operation; counts those that might have been."""
        fault = self.fault
        if fault.location is not None and fault.location != location:
            return False
        matches = self._matches
        if matches is not None:
            for key in keys:  # not any(…): this runs for every operation
                if matches(key) is not None:
                    break
            else:
                return False
        self.met += 1
        return fault.nth is None or fault.nth == self.met

    def fires(self, choice: ChoiceSource, kind: str, keys: Sequence[str]) -> bool:
        """Whether the lot falls on this operation; without a choice where there is none."""
        if self._fires_from == 0:
            return True
        if self._of == 1:  # a probability of 0
            return False
        return choice.choose(self._of, f"fault {kind} {' '.join(keys)}") >= self._fires_from


class Faults:
    """The rules of one account, and how often each was hit.

    Every rule sees every operation, so `nth` counts the same whatever other rules there are. An
    operation fails once, by the first rule that raises; delays add up.

    `on_change` is called after `add` and `clear`: a chain without any rule has no layer for them.
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
        """Put one more rule in force.

        Raises: TypeError for what is no `Fault`.
        """
        self._add(rule)
        if self._on_change is not None:
            self._on_change()

    def clear(self) -> None:
        """Lift every rule, and forget what was hit."""
        self._rules.clear()
        for rules in self._by_kind.values():
            rules.clear()
        if self._on_change is not None:
            self._on_change()

    def hits(self, rule: Fault) -> int:
        """How many operations a rule has made fail or wait; 0 for one that is not in force."""
        return sum(each.hits for each in self._rules if each.fault == rule)

    @property
    def unused(self) -> tuple[Fault, ...]:
        """The rules that nothing has hit: a test that gives one probably meant another."""
        return tuple(each.fault for each in self._rules if not each.hits)

    def __iter__(self) -> Iterator[Fault]:
        return iter([each.fault for each in self._rules])

    def __len__(self) -> int:
        return len(self._rules)

    def __repr__(self) -> str:
        return f"<Faults: {len(self._rules)} rules, {len(self.unused)} unused>"

    def of_kind(self, kind: str) -> Sequence[object]:
        """The rules in force for one kind, as a sequence that is kept up to date."""
        return self._by_kind[kind]

    def meet(self, kind: str, keys: Sequence[str], location: str | None) -> list[Fault]:
        """What befalls an operation, usually nothing. Runtime complexity: O(rules of its kind)."""
        hit: list[Fault] = []
        fails = False
        for rule in self._by_kind[kind]:
            if not rule.meets(keys, location):
                continue
            if fails and rule.fault.error is not None:
                continue
            if rule.fires(self._choice, kind, keys):
                rule.hits += 1
                hit.append(rule.fault)
                fails = fails or rule.fault.error is not None
        return hit

    def _add(self, rule: Fault) -> None:
        if not isinstance(rule, Fault):
            raise TypeError(
                f"{rule!r} is no fault; write "
                'Fault(kind="put", key="user:*", nth=2, error="503 Service Unavailable")'
            )
        added = _Rule(rule)
        self._rules.append(added)
        for kind in KINDS if rule.kind is None else (rule.kind,):
            self._by_kind[kind].append(added)

    async def befall(self, hit: list[Fault], method: str, *, after: bool) -> None:
        """Make an operation wait and fail, before or after it has taken effect.

        Raises: KVError, by default "KV PUT failed: 500 Internal Server Error".
        """
        chosen = [fault for fault in hit if fault.after is after]
        delay_seconds = sum(fault.delay_seconds for fault in chosen)
        if delay_seconds:
            await self._clock.sleep(delay_seconds)
        for fault in chosen:
            if isinstance(fault.error, str):
                status, _, reason = fault.error.partition(" ")
                raise errors.injected_fault(method, int(status), reason)
            if fault.error is not None:
                # A copy: one error raised twice would drag its first traceback along.
                raise copy(fault.error)


class FaultStore:
    """The layer that lets operations meet their faults; one for each place they come from."""

    __slots__ = ("_faults", "_get_rules", "_inner", "_location")

    def __init__(self, inner: Store, faults: Faults, location: str | None = None) -> None:
        self._inner = inner
        self._faults = faults
        self._location = location
        self._get_rules = faults.of_kind("get")

    async def get(self, key: str, cache_ttl: int) -> ReadResult:
        """Read one key."""
        if not self._get_rules:
            return await self._inner.get(key, cache_ttl)
        faults = self._faults
        hit = faults.meet("get", (key,), self._location)
        if not hit:
            return await self._inner.get(key, cache_ttl)
        await faults.befall(hit, "GET", after=False)
        found = await self._inner.get(key, cache_ttl)
        await faults.befall(hit, "GET", after=True)
        return found

    async def get_many(self, keys: Sequence[str], cache_ttl: int) -> dict[str, ReadResult]:
        """Read several keys; if one meets a fault, all do."""
        hit = self._faults.meet("get", keys, self._location)
        await self._faults.befall(hit, "GET_BULK", after=False)
        found = await self._inner.get_many(keys, cache_ttl)
        await self._faults.befall(hit, "GET_BULK", after=True)
        return found

    async def put(self, key: str, record: Record) -> int | None:
        """Write one key."""
        hit = self._faults.meet("put", (key,), self._location)
        await self._faults.befall(hit, "PUT", after=False)
        version = await self._inner.put(key, record)
        await self._faults.befall(hit, "PUT", after=True)
        return version

    async def delete(self, key: str) -> int | None:
        """Remove one key."""
        hit = self._faults.meet("delete", (key,), self._location)
        await self._faults.befall(hit, "DELETE", after=False)
        version = await self._inner.delete(key)
        await self._faults.befall(hit, "DELETE", after=True)
        return version

    async def list(self, prefix: str, after: str | None, limit: int) -> ListPage:
        """Read one page. The service labels the errors of a list GET."""
        hit = self._faults.meet("list", (prefix,), self._location)
        await self._faults.befall(hit, "GET", after=False)
        page = await self._inner.list(prefix, after, limit)
        await self._faults.befall(hit, "GET", after=True)
        return page


def _is_number(value: object, *, most: float | None = None) -> bool:
    """Whether it is a finite number from 0 on."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return False
    return value >= 0 and (most is None or value <= most)
