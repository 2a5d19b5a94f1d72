"""The guarantees to invocations: what they overwrite they have read, and updates are seen whole."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import translate
from functools import partial
from itertools import islice
from typing import TypeAlias

from pykvbinding.sim.check.observations import Evidence, Fact, Key, Known, asked, done, quoted
from pykvbinding.sim.check.result import Findings, FracturedRead, Guarantee, LostUpdate
from pykvbinding.sim.trace import TEST

MOST_NAMED = 3
"""Overwritten versions whose writers are named."""


@dataclass(slots=True)
class _Memory:
    """What an invocation knows of a key."""

    read: Known[Fact]
    seen: Known[Fact]
    written: set[int]


def _memory() -> _Memory:
    return _Memory(Known(), Known(), set())


def _lost_updates(evidence: Evidence) -> Findings:
    """Find writes over versions that their invocation, which had read the key, has not seen.

    Runtime complexity: O(n).
    """
    findings = Findings()
    memories: dict[tuple[int, Key], _Memory] = defaultdict(_memory)
    for fact in evidence.facts:
        event = fact.event
        if event.invocation == TEST:
            continue
        memory, moment = memories[event.invocation, fact.key], asked(event)
        if not fact.is_write:
            memory.read.note(done(event), fact.shown, fact)
            memory.seen.note(done(event), fact.shown, fact)
            continue
        read, seen = memory.read.before(moment), memory.seen.before(moment)
        if read is not None and seen is not None:
            findings.exercised += 1
            unseen = (v for v in range(fact.version - 1, seen[0], -1) if v not in memory.written)
            newest = next(unseen, None)
            if newest is not None:
                named = [newest, *islice(unseen, MOST_NAMED)]
                _blame(evidence, findings, fact, read[1], named)
        memory.written.add(fact.version)
        memory.seen.note(done(event), fact.version, fact)
    return findings


def _blame(
    evidence: Evidence, findings: Findings, fact: Fact, read: Fact, unseen: list[int]
) -> None:
    """Say what was overwritten and who had written it; `unseen` has the newest, newest first."""
    named = unseen[:MOST_NAMED][::-1]
    writers = [evidence.writer(fact.key, version) for version in named]
    by = [
        f"version {version} is by {'the test' if writer is None else evidence.who(writer)}"
        for version, writer in zip(named, writers, strict=True)
    ]
    which = _listed(list(map(str, named)))
    if len(unseen) > MOST_NAMED:
        which = f"up to {named[-1]}"
    text = (
        f"{evidence.who(fact.event)} {evidence.wrote(fact)} over version{'s' * (len(unseen) > 1)} "
        f"{which}, which it had never read. V{_listed(by)[1:]}."
    )
    findings.blame(text, read.event, *writers, fact.event)


def _listed(words: list[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


Update: TypeAlias = dict[Key, int]
"""The version that an update has given to each of its keys."""


def _fractured(evidence: Evidence, *, name: str, patterns: tuple[str, ...]) -> Findings:
    """Find invocations that have seen one key from an update and another from before it.

    Runtime complexity: O(n · keys).
    """
    findings = Findings()
    matches = re.compile("|".join(map(translate, patterns))).match
    facts = [fact for fact in evidence.facts if matches(fact.key[1])]
    updates = _updates(facts)
    for seen in _seen_last(facts):
        for new in seen.values():
            update = updates.get((new.key, new.version), {})
            for key, version in update.items():
                old = seen.get(key)
                writer = evidence.writer(new.key, new.version)
                if old is None or old is new or writer is None:
                    continue
                if writer.invocation == new.event.invocation:
                    continue
                findings.exercised += 1
                if old.shown < version:
                    text = (
                        f"{evidence.who(new.event)} {evidence.did(new)} of {evidence.who(writer)}, "
                        f"but {evidence.did(old)} of before that: {name} permits both or neither."
                    )
                    events = sorted((new.event, old.event), key=lambda event: event.number)
                    findings.blame(text, writer, *events)
    return findings


def _updates(facts: Iterable[Fact]) -> dict[tuple[Key, int], Update]:
    """For each version that was written, the update that it is part of."""
    answer: dict[tuple[Key, int], Update] = {}
    current: dict[int, Update] = {}
    for fact in facts:
        if fact.is_write:
            update = current.setdefault(fact.event.invocation, {})
            if fact.key in update:  # another round
                update = current[fact.event.invocation] = {}
            update[fact.key] = fact.version
            answer[fact.key, fact.version] = update
    return answer


def _seen_last(facts: Iterable[Fact]) -> Iterator[dict[Key, Fact]]:
    """For each invocation what it has read last of each key."""
    answer: dict[int, dict[Key, Fact]] = defaultdict(dict)
    for fact in facts:
        if not fact.is_write and fact.event.invocation != TEST:
            answer[fact.event.invocation][fact.key] = fact
    yield from answer.values()


no_lost_updates: Guarantee = Guarantee("no_lost_updates", LostUpdate, _lost_updates)
"""Broken when an invocation overwrites or deletes a version that it has not seen.

It has read the key up to version i, or written it, and its write becomes version j: what others
have written in between, i + 1 to j - 1, is overwritten unseen. Who has never read the key is not
blamed (it relies on nothing), and neither is the test itself; but what they write can be lost. What
was lost may have had the same value: two visits that both count to 1 have lost one. Exercised by
each write of a key that its invocation has read. Raises `LostUpdate`.
"""


def together(*keys: str | Iterable[str]) -> Guarantee:
    """Broken when an invocation sees one of these keys from an update and another from before it.

    `together("item", "index")`, `together(["item", "index"])` or, as in a shell,
    `together("order:7:*")`; a key stands for that of any binding. An update is what one invocation
    writes to these keys, until it writes one of them again. What an invocation has seen of a key is
    what it has read last, in whatever order, so a reader that notices and reads again is not to
    blame; nor is one that sees its own update half done, nor the test. Exercised by each pair of
    keys of one update that an invocation has read, one of them from the update. It is broken by a
    `FracturedRead`.

    Raises: TypeError for no key, and for what is no text.
    """
    patterns = [key for each in keys for key in ([each] if isinstance(each, str) else each)]
    if not patterns or not all(isinstance(key, str) for key in patterns):
        raise TypeError('together does not take that; write together("item", "index")')
    name = f"together({', '.join(map(quoted, patterns))})"
    return Guarantee(name, FracturedRead, partial(_fractured, name=name, patterns=tuple(patterns)))
