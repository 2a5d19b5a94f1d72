"""What is worth telling of a run: who wrote what, what was overwritten unseen, what permits it.

Text and drawing say the same because both ask here.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from pykvbinding.edge import consistency as contract
from pykvbinding.sim.render.lapse_effects import endings
from pykvbinding.sim.trace import TEST, Act, Commit, End, Event, Look, Trace

OK = "ok"

# Of the Workers KV documentation (seed document 004); `...` is left out.
REFUSED = (
    "Writes made to the same key within 1 second will cause rate limiting (`429`) errors to be "
    "thrown."
)
ACCEPTED = "An error may be thrown if a write to the same key is made within 1 second"
UNSEEN = "concurrent writes to the same key can end up overwriting one another"
FAILED = (
    "The put() method returns a Promise that you should `await` on to verify a successful update."
)
TOMBSTONES = (
    "It is possible to have an empty array in `keys`, but still have more keys to fetch, because "
    "recently expired or deleted keys must be iterated through"
)
OVERTAKES = (
    "An approach to achieve write-after-write consistency is to send all of your writes for a "
    "given KV key through a corresponding instance of a Durable Object"
)

PAGES = {
    contract.UPDATED: "Read key-value pairs",
    contract.CREATED: "How KV works",
    contract.DELETED: "Delete key-value pairs",
    contract.OR_MORE: "How KV works",
    contract.EXPIRED: "Write key-value pairs",
    REFUSED: "Write key-value pairs",
    ACCEPTED: "Write key-value pairs",
    UNSEEN: "Write key-value pairs",
    FAILED: "Write key-value pairs",
    TOMBSTONES: "List keys",
    OVERTAKES: "How KV works",
}
"""Where in the documentation a sentence stands: the title of its page."""

_OF_DEVIATION = {
    "accepted": ACCEPTED,
    "failed": FAILED,
    "tombstones": TOMBSTONES,
    "overtakes": OVERTAKES,
}

Name: TypeAlias = tuple[str, str]
"""A binding and a key."""


@dataclass(slots=True)
class Seed:
    """A version that a test put into the central stores, past all handlers."""

    name: Name
    commit: Commit


@dataclass(slots=True)
class _Seen:
    """What an invocation last knew of a key."""

    version: int
    event: Event
    was_stale: bool


@dataclass(slots=True)
class Story:
    """A trace, and what can be concluded from it."""

    trace: Trace
    acts: dict[int, Act] = field(init=False)
    names: list[Name] = field(init=False)
    """Every key, in the order in which the run came to it."""

    unseen: dict[int, tuple[int, int]] = field(init=False)
    """By the number of a write: the first and the last version that it overwrote, and that its
    invocation, which had read the key before, had not seen."""

    _writes: dict[tuple[str, str, int], Event] = field(init=False)
    _causes: set[int] = field(init=False)
    _explained: set[int] = field(init=False)

    def __post_init__(self) -> None:
        self.acts = {act.number: act for act in self.trace.acts}
        looked = ((event.binding, look.key) for event in self.trace.events for look in event.looks)
        self.names = list(dict.fromkeys([*self.trace.commits, *looked]))
        self._writes = {
            (event.binding, look.key, look.version): event
            for event in self.trace.events
            if is_write(event)
            for look in event.looks
            if look.version is not None
        }
        self._explained = set()
        self.unseen = {}
        self._causes = set()
        self._find_unseen()
        for event in self.trace.events:
            for look in stale_looks(event):
                self._cause(event.binding, look.key, self.newer(event, look)[0])
            last = self.overtaken(event)
            if last is not None:
                self._causes.add(last.number)

    @property
    def has_many_bindings(self) -> bool:
        """Whether keys must be told apart by their bindings."""
        return len({binding for binding, _ in self.names}) > 1

    @property
    def shows_sessions(self) -> bool:
        """Whether there are several sessions that somebody gave a name."""
        return len({act.session for act in self.trace.acts if is_named(act)}) > 1

    def location(self, event: Event) -> str:
        """Where an operation took place, "" for nowhere: that of its invocation if it says none."""
        act = self.acts.get(event.invocation)
        return event.location or (act.location if act is not None else "")

    def is_away(self, event: Event) -> bool:
        """Whether the location must be said, since the invocation's own is another."""
        act = self.acts.get(event.invocation)
        return event.location is not None and (act is None or act.location != event.location)

    def writer(self, name: Name, version: int) -> int:
        """The invocation that wrote a version, `TEST` if none did."""
        event = self.write(*name, version)
        return TEST if event is None else event.invocation

    def write(self, binding: str, key: str, version: int) -> Event | None:
        """The operation that wrote a version, `None` if none did."""
        return self._writes.get((binding, key, version))

    def newer(self, event: Event, look: Look) -> list[int]:
        """The versions that were there when a read saw an older one, the one written first first.

        Runtime complexity: O(n log n) of the versions above it.
        """
        numbers: dict[int, int] = {}
        for version in range((look.version or 0) + 1, look.latest + 1):
            write = self.write(event.binding, look.key, version)
            numbers[version] = 0 if write is None else write.number
        # One that was written later has come in below those that the read could have seen.
        return sorted((v for v in numbers if numbers[v] <= event.number), key=numbers.__getitem__)

    def overtaken(self, event: Event) -> Event | None:
        """The write before which another one came in that was made later; `None` for others."""
        if "overtakes" not in event.deviates:
            return None
        (look,) = event.looks
        name, below = (event.binding, look.key), look.version or 0
        above = (commit.version for commit in self.commits(name) if commit.version > below)
        writes = (self.write(*name, version) for version in above)
        return next((each for each in writes if each and each.number < event.number), None)

    def commits(self, name: Name) -> list[Commit]:
        """The versions of a key that anybody wrote, oldest first."""
        return [commit for commit in self.trace.commits.get(name, ()) if commit.version > 0]

    def was_there(self) -> list[Seed]:
        """What the central stores held before the first instant."""
        return [
            Seed(name, commits[-1])
            for name in self.trace.commits
            if (commits := [commit for commit in self.commits(name) if commit.at is None])
        ]

    def steps(self) -> Iterator[Event | Seed]:
        """All that happened, in order: operations, and what the test did to the central stores."""
        seeds = [
            Seed(name, commit)
            for name in self.trace.commits
            for commit in self.commits(name)
            if commit.at is not None and (*name, commit.version) not in self._writes
        ]
        places = [(self._place(seed), seed) for seed in seeds]
        places.sort(key=lambda place: place[0])
        for index, event in enumerate(self.trace.events):
            while places and places[0][0] <= index:
                yield places.pop(0)[1]
            yield event
        yield from (seed for _, seed in places)

    def is_remarkable(self, event: Event) -> bool:
        """Whether something about an operation is not as one would expect."""
        return bool(event.deviates) or event.outcome != OK or any(stale_looks(event))

    def is_involved(self, event: Event) -> bool:
        """Whether an operation explains another, or overwrote what its invocation had not seen."""
        return event.number in self._causes or event.number in self.unseen

    def endings(self, lapse: Event) -> list[list[End]]:
        """What matters of what a lapse of time has ended, like with like."""
        later = (event for event in self.trace.events if event.number > lapse.number)
        return endings(lapse, later)

    def has_expired(self, event: Event, look: Look) -> bool:
        """Whether a read shows nothing because what there was has expired."""
        if look.value is not None or is_write(event) or look.version is None:
            return False
        versions = self.commits((event.binding, look.key))
        return any(c.version == look.version and c.value is not None for c in versions)

    def sentences(self) -> list[str]:
        """The sentences of the documentation that permit what is shown, each once."""
        found: dict[str, None] = {}
        for event in self.trace.events:
            found.update((look.because, None) for look in stale_looks(event) if look.because)
            found.update((_OF_DEVIATION[d], None) for d in event.deviates if d in _OF_DEVIATION)
            if is_write(event) and "429" in event.outcome and "failed" not in event.deviates:
                found[REFUSED] = None
            if event.number in self.unseen and event.number not in self._explained:
                found[UNSEEN] = None
        return list(found)

    def _find_unseen(self) -> None:
        last: dict[int, dict[Name, _Seen]] = defaultdict(dict)
        for event in self.trace.events:
            if event.invocation == TEST:
                continue  # the test is no reader whose knowledge could be out of date
            known = last[event.invocation]
            for look in event.looks:
                name = (event.binding, look.key)
                if look.version is None:
                    continue
                if is_write(event) and name in known and known[name].version + 1 < look.version:
                    self._overwrites(event, look, known[name])
                if event.kind != "list":
                    known[name] = _Seen(look.version, event, look.is_stale)

    def _overwrites(self, event: Event, look: Look, seen: _Seen) -> None:
        assert look.version is not None
        self.unseen[event.number] = (seen.version + 1, look.version - 1)
        self._causes.add(seen.event.number)
        if seen.was_stale:
            self._explained.add(event.number)
        for version in range(seen.version + 1, look.version):
            self._cause(event.binding, look.key, version)

    def _place(self, seed: Seed) -> int:
        """Before which event a seed was there: as early as its instant and what was seen allow."""
        events = self.trace.events
        blind = [
            index
            for index, event in enumerate(events)
            for look in event.looks
            if (event.binding, look.key) == seed.name and look.latest < seed.commit.version
        ]
        at = seed.commit.at or 0
        earlier = (event.at < at or (event.kind == "lapse" and event.at == at) for event in events)
        return max([sum(earlier), *(index + 1 for index in blind)])

    def _cause(self, binding: str, key: str, version: int) -> None:
        event = self._writes.get((binding, key, version))
        if event is not None:
            self._causes.add(event.number)


def is_write(event: Event) -> bool:
    """Whether an operation changes a key."""
    return event.kind in ("put", "delete")


def stale_looks(event: Event) -> Iterator[Look]:
    """What a read saw that was no longer so."""
    return (look for look in event.looks if look.is_stale and not is_write(event))


def is_named(act: Act) -> bool:
    """Whether somebody gave the invocation's session a name; a number is none."""
    return not act.session.removeprefix("#").isdigit() and bool(act.session)
