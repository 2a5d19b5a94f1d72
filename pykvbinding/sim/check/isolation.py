"""Guarantees for invocations: no lost updates, and atomic visibility of updates."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import translate
from functools import partial
from itertools import islice
from typing import TypeAlias

from pykvbinding.sim.check.observations import (
    Key,
    Observation,
    Observations,
    VersionFrontier,
    completed_at,
    invoked_at,
    quote,
)
from pykvbinding.sim.check.result import CheckFindings, Guarantee, LostUpdate, TornRead
from pykvbinding.sim.trace import TEST_INVOCATION

MAX_NAMED = 3
"""Number of overwritten versions whose writers are named."""


@dataclass(slots=True)
class _KeyKnowledge:
    """The versions of a key that an invocation has read, seen and written."""

    read: VersionFrontier[Observation]
    seen: VersionFrontier[Observation]
    written: set[int]


def _new_knowledge() -> _KeyKnowledge:
    return _KeyKnowledge(VersionFrontier(), VersionFrontier(), set())


def _lost_updates(observations: Observations) -> CheckFindings:
    """Find writes over versions that the invocation, which had read the key, has not seen.

    Runtime complexity: O(n).
    """
    findings = CheckFindings()
    knowledge: dict[tuple[int, Key], _KeyKnowledge] = defaultdict(_new_knowledge)
    for observation in observations.entries:
        event = observation.event
        if event.invocation == TEST_INVOCATION:
            continue
        known, moment = knowledge[event.invocation, observation.key], invoked_at(event)
        if not observation.is_write:
            known.read.record(
                completed_at(event), observation.newest_consistent_version, observation
            )
            known.seen.record(
                completed_at(event), observation.newest_consistent_version, observation
            )
            continue
        read, seen = known.read.before(moment), known.seen.before(moment)
        if read is not None and seen is not None:
            findings.exercised += 1
            unseen = (
                v for v in range(observation.version - 1, seen[0], -1) if v not in known.written
            )
            newest = next(unseen, None)
            if newest is not None:
                shown = [newest, *islice(unseen, MAX_NAMED)]
                _add_lost_update(observations, findings, observation, read[1], shown)
        known.written.add(observation.version)
        known.seen.record(completed_at(event), observation.version, observation)
    return findings


def _add_lost_update(
    observations: Observations,
    findings: CheckFindings,
    observation: Observation,
    read: Observation,
    unseen: list[int],
) -> None:
    """Add a violation that names the overwritten versions (`unseen`, newest first) and writers."""
    shown = unseen[:MAX_NAMED][::-1]
    writers = [observations.writer(observation.key, version) for version in shown]
    by = [
        f"version {version} is by "
        f"{'the test' if writer is None else observations.describe_invocation(writer)}"
        for version, writer in zip(shown, writers, strict=True)
    ]
    which = _join_words(list(map(str, shown)))
    if len(unseen) > MAX_NAMED:
        which = f"up to {shown[-1]}"
    subject = observations.describe_invocation(observation.event)
    versions = f"version{'s' * (len(unseen) > 1)} {which}"
    text = (
        f"{subject} {observations.describe_write(observation)} over {versions}, "
        f"which it had never read. V{_join_words(by)[1:]}."
    )
    findings.add_violation(text, read.event, *writers, observation.event)


def _join_words(words: list[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


Update: TypeAlias = dict[Key, int]
"""The version that an update gave to each of its keys."""


def _torn_updates(
    observations: Observations, *, name: str, patterns: tuple[str, ...]
) -> CheckFindings:
    """Find invocations that saw one key from an update and another key from before it.

    Runtime complexity: O(n · keys).
    """
    findings = CheckFindings()
    matches = re.compile("|".join(map(translate, patterns))).match
    entries = [observation for observation in observations.entries if matches(observation.key[1])]
    updates = _updates(entries)
    for seen in _last_reads(entries):
        for new in seen.values():
            update = updates.get((new.key, new.version), {})
            for key, version in update.items():
                old = seen.get(key)
                writer = observations.writer(new.key, new.version)
                if old is None or old is new or writer is None:
                    continue
                if writer.invocation == new.event.invocation:
                    continue
                findings.exercised += 1
                if old.newest_consistent_version < version:
                    text = (
                        f"{observations.describe_with_invocation(new)} of "
                        f"{observations.describe_invocation(writer)}, but "
                        f"{observations.describe(old)} from before that: "
                        f"{name} permits both or neither."
                    )
                    events = sorted((new.event, old.event), key=lambda event: event.number)
                    findings.add_violation(text, writer, *events)
    return findings


def _updates(entries: Iterable[Observation]) -> dict[tuple[Key, int], Update]:
    """Return, for each written version, the update that contains it."""
    result: dict[tuple[Key, int], Update] = {}
    current: dict[int, Update] = {}
    for observation in entries:
        if observation.is_write:
            update = current.setdefault(observation.event.invocation, {})
            if observation.key in update:  # a new update
                update = current[observation.event.invocation] = {}
            update[observation.key] = observation.version
            result[observation.key, observation.version] = update
    return result


def _last_reads(entries: Iterable[Observation]) -> Iterator[dict[Key, Observation]]:
    """Yield, for each invocation, its last read of each key."""
    result: dict[int, dict[Key, Observation]] = defaultdict(dict)
    for observation in entries:
        if not observation.is_write and observation.event.invocation != TEST_INVOCATION:
            result[observation.event.invocation][observation.key] = observation
    yield from result.values()


no_lost_updates: Guarantee = Guarantee("no_lost_updates", LostUpdate, _lost_updates)
"""Broken when an invocation overwrites or deletes a version that it has not seen.

The invocation has read the key up to version i, or written it, and its write becomes version j: the
versions i + 1 to j - 1 by other invocations are overwritten unseen. An invocation that has never
read the key does not violate the guarantee, because its write does not depend on the value, and
neither does the test itself; but their writes can be lost. A lost write may have had the same
value: if two visits both count to 1, one of them is lost. Exercised by each write of a key that its
invocation has read. Raises `LostUpdate`.
"""


def together(*keys: str | Iterable[str]) -> Guarantee:
    """Broken when an invocation sees one of these keys from an update and another from before it.

    `together("item", "index")`, `together(["item", "index"])` or, with a shell pattern,
    `together("order:7:*")`. The keys match in every binding. An update is the set of writes of one
    invocation to these keys, until it writes one of them again. Only the last read of each key
    counts, in any order, so a reader that notices the difference and reads again does not violate
    the guarantee. Neither does an invocation that sees its own incomplete update, nor the test
    itself. Exercised by each pair of keys of one update that an invocation has read, at least one
    of them from the update. Raises `TornRead` when broken.

    Raises: TypeError if no key is given, or if a key is not a string.
    """
    patterns = [key for item in keys for key in ([item] if isinstance(item, str) else item)]
    if not patterns or not all(isinstance(key, str) for key in patterns):
        raise TypeError('together does not accept these arguments; write together("item", "index")')
    name = f"together({', '.join(map(quote, patterns))})"
    return Guarantee(name, TornRead, partial(_torn_updates, name=name, patterns=tuple(patterns)))
