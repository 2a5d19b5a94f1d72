"""The words of a picture: an operation, a remark, an instant, each on one line."""

from collections.abc import Iterator
from dataclasses import dataclass

from pykvbinding._text.glyphs import Glyphs
from pykvbinding.clock import NANOSECONDS
from pykvbinding.kv.options import DEFAULT_CACHE_TTL
from pykvbinding.sim.render.analysis import OK, Name, Seed, Story, is_named, is_write, stale_looks
from pykvbinding.sim.trace import Act, End, Event, Look

MOST_KEYS = 3
"""Keys of one operation that are named one by one."""

MOST_REMARKS = 2
"""Stale keys of one operation, and ends of one lapse of time, that are told one by one."""

_CHOSEN = {
    "accepted": "accepted within 1 s of the write before",
    "failed": "fails after taking effect",
    "tombstones": "passes over tombstones",
}


@dataclass(frozen=True, slots=True)
class Words:
    """Says what a story holds, with values and keys in at most `room` columns each."""

    story: Story
    glyphs: Glyphs
    room: int = 32

    def title(self, invocation: int) -> str:
        """What stands over a column: `① visit @LHR`."""
        number = self.glyphs.number(invocation)
        act = self.story.acts.get(invocation)
        if act is None:
            return number
        session = f" ({self._plain(act.session)})" if self._shows_session(act) else ""
        return f"{number} {self._plain(act.name)} @{self._plain(act.location)}{session}"

    def ending(self, invocation: int) -> str:
        """What an invocation came to; "" for the test, and for nothing to tell."""
        act = self.story.acts.get(invocation)
        if act is None:
            return ""
        if act.ended is None:
            return "never ends"
        return f"{self.glyphs.arrow} {self._outcome(act.outcome)}" if act.outcome else ""

    def operation(self, event: Event) -> str:
        """An operation on one line."""
        asked, given, answer = self.lines(event)
        away = self.story.is_away(event)
        where = f"@{self._plain(event.location or '')}" if away else ""
        return " ".join(filter(None, (asked, given, where, answer)))

    def lines(self, event: Event) -> tuple[str, str, str]:
        """What was asked, with what, and what came back; "" where there is nothing to say."""
        asked, given, answer = self._asked(event), "", ""
        if event.kind == "put":
            given = f"= {self._values(event)}"
        if event.kind in ("get", "list") and event.cache_ttl not in (None, DEFAULT_CACHE_TTL):
            given = f"cacheTtl={event.cache_ttl:g}"
        if event.outcome != OK:
            answer = f"{self.glyphs.cross} {self._outcome(event.outcome)}"
        elif event.kind in ("get", "list"):
            answer = f"{self.glyphs.arrow} {self._answer(event)}"
        return asked, given, answer

    def remarks(self, event: Event) -> list[str]:
        """What is not as one would expect."""
        if event.kind == "lapse":
            return list(self._ended(event))
        said = list(self._stale(event))
        if "order" in event.deviates:
            said.append(f"switch to {self.glyphs.number(event.invocation)}")
        said += [_CHOSEN[name] for name in event.deviates if name in _CHOSEN]
        if "overtakes" in event.deviates:
            said.append(self._overtakes(event))
        if "roamed" in event.deviates:
            said.append(f"lands at {self._plain(event.location or '')}")
        if event.number in self.story.unseen:
            said.append(f"overwrites {self.unseen(event)}")
        if event.kind == "get" and any(self.story.has_expired(event, look) for look in event.looks):
            said.append("expired")
        return said

    def unseen(self, event: Event) -> str:
        """The versions that a write overwrote without its invocation having seen them."""
        first, last = self.story.unseen[event.number]
        return f"v{first} unseen" if first == last else f"v{first} to v{last} unseen"

    def central(self, event: Event) -> list[str]:
        """The versions that came to be in the central stores."""
        if not is_write(event):
            return []
        return [
            self.version((event.binding, look.key), look, event.invocation)
            for look in event.looks
            if look.version is not None
        ]

    def seed(self, seed: Seed) -> str:
        """A version in the central stores, whoever put it there."""
        commit = seed.commit
        look = Look(key="", version=commit.version, latest=0, value=commit.value)
        writer = None if commit.at is None else self.story.writer(seed.name, commit.version)
        return self.version(seed.name, look, writer)

    def version(self, name: Name, look: Look, writer: int | None) -> str:
        """A version of a key, with who wrote it."""
        key = f"{self.key(name)} " if len(self.story.names) > 1 else ""
        value = "(deleted)" if look.value is None else self.glyphs.value(look.value, self.room)
        by = "" if writer is None else f" ({self.glyphs.number(writer).strip('()')})"
        return f"{key}v{look.version} {value}{by}"

    def key(self, name: Name) -> str:
        """A key, with its binding where there are two."""
        binding, key = name
        shown = self.glyphs.key(key, self.room)
        return f"{self._plain(binding)}/{shown}" if self.story.has_many_bindings else shown

    def lapse(self, event: Event) -> str:
        """How much time passes."""
        return passing(event.at - event.asked)

    def _ended(self, lapse: Event) -> Iterator[str]:
        """What a lapse of time has put an end to."""
        groups = self.story.endings(lapse)
        yield from (self._end(group) for group in groups[:MOST_REMARKS])
        if len(groups) > MOST_REMARKS:
            yield f"and {len(groups) - MOST_REMARKS} more"

    def _end(self, group: list[End]) -> str:
        """What has ended for some versions of one key, or one timer."""
        first, last = group[0], group[-1]
        if first.kind == "timer":
            return f"a timer of {self.glyphs.number(first.invocation)} is due"
        key = self.key((first.binding, first.key))
        if first.kind == "limit":
            return f"{key} may be written again"
        versions = f"v{first.version}" + (f" to v{last.version}" if last is not first else "")
        if first.kind == "expiry":
            return f"{key} {versions} expires"
        ttl = first.cache_ttl
        by = "" if ttl == DEFAULT_CACHE_TTL else f" with cacheTtl={ttl:g}"
        return f"{key} {versions} could be read{by} until now"

    def _overtakes(self, event: Event) -> str:
        """The write before which this one came in."""
        last = self.story.overtaken(event)
        if last is None:
            return "comes in before an earlier write"
        by, ago = self.glyphs.number(last.invocation), (event.at - last.at) / NANOSECONDS
        by = "the test" if by == "test" else by
        return f"comes in before v{last.looks[0].version} of {by}, written {seconds(ago)} earlier"

    def _asked(self, event: Event) -> str:
        if event.kind == "external":
            name = self._plain(event.name)
            return name if name.endswith(")") else f"{name}()"
        if event.kind == "list":
            binding = f" {self._plain(event.binding)}" if self.story.has_many_bindings else ""
            return f"list{binding}" + (f" {self._text(event.prefix)}" if event.prefix else "")
        names = [(event.binding, look.key) for look in event.looks]
        keys = ", ".join(map(self.key, names))
        if len(names) > MOST_KEYS:
            keys = f"{len(names)} keys"
        return f"{event.kind} {keys}"

    def _answer(self, event: Event) -> str:
        there = sum(look.value is not None for look in event.looks)
        if event.kind == "list":
            return "no key" if there == 0 else "1 key" if there == 1 else f"{there} keys"
        if len(event.looks) > MOST_KEYS:
            return f"{there} values" if there == len(event.looks) else f"{there} there"
        return self._values(event)

    def _values(self, event: Event) -> str:
        return ", ".join(self.glyphs.value(look.value, self.room) for look in event.looks)

    def _stale(self, event: Event) -> Iterator[str]:
        looks = list(stale_looks(event))
        for look in looks[:MOST_REMARKS]:
            yield self._stale_look(event, look, several=len(event.looks) > 1)
        if len(looks) > MOST_REMARKS:
            yield f"and {len(looks) - MOST_REMARKS} more"

    def _stale_look(self, event: Event, look: Look, *, several: bool) -> str:
        assert look.version is not None
        name = (event.binding, look.key)
        key = f"{self.key(name)} " if several else ""
        gone = " (absent)" if look.version == 0 else " (deleted)" if look.value is None else ""
        newer = self.story.newer(event, look)
        by = self.glyphs.number(self.story.writer(name, newer[0]))
        depth = f", {len(newer)} versions behind" if len(newer) > 1 else ""
        by = "the test" if by == "test" else by
        return f"stale {key}v{look.version}{gone}, replaced {seconds(look.age)} ago by {by}{depth}"

    def _outcome(self, outcome: str) -> str:
        """An error without what stands beside it anyway."""
        text = self._plain(outcome)
        for kind in ("GET", "PUT", "DELETE", "LIST"):
            text = text.replace(f"KV {kind} failed: ", "")
        return self.glyphs.fit(text, max(self.room, 24))

    def _shows_session(self, act: Act) -> bool:
        return self.story.shows_sessions and is_named(act)

    def _text(self, text: str) -> str:
        return self.glyphs.value(text, self.room)

    def _plain(self, text: str) -> str:
        return self.glyphs.plain(text)


def literal(text: str, glyphs: Glyphs) -> str:
    """The text as Python and a reader see it, in double quotes."""
    shown = glyphs.plain(text).replace('"', '\\"')
    return f'"{shown}"'


def passing(nanoseconds: int) -> str:
    """That so much time passes."""
    verb = "pass" if nanoseconds > NANOSECONDS else "passes"
    return f"{seconds(nanoseconds / NANOSECONDS)} {verb}"


def seconds(duration: float) -> str:
    """A duration as people say it."""
    if duration >= 7200 and duration % 360 == 0:
        return f"{duration / 3600:g} h"
    return f"{_short(duration, 3)} s"


def decimals(instants: list[int]) -> int:
    """How many digits after the point nanoseconds need: three say all, or tell all apart."""
    for digits in (1, 2):
        if all(instant % 10 ** (9 - digits) == 0 for instant in instants):
            return digits
    different = len(set(instants))
    return next(n for n in range(3, 10) if len({i // 10 ** (9 - n) for i in instants}) == different)


def instant(nanoseconds: int, digits: int) -> str:
    """An instant in seconds, cut to so many digits after the point."""
    whole, rest = divmod(nanoseconds, NANOSECONDS)
    return f"{whole}.{rest:09}"[: digits - 9 or None]


def _short(number: float, digits: int) -> str:
    text = f"{number:.{digits}f}".rstrip("0").rstrip(".")
    return text if float(text) or not number else f"{number:.1g}"
