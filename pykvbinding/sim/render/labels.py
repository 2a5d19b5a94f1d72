"""One-line texts of a timeline: operations, annotations and instants."""

from collections.abc import Iterator
from dataclasses import dataclass

from pykvbinding._text.glyphs import GlyphSet
from pykvbinding.clock import NANOSECONDS
from pykvbinding.kv.options import DEFAULT_CACHE_TTL
from pykvbinding.sim.render.analysis import (
    OK,
    DirectWrite,
    KeyId,
    TraceAnalysis,
    is_named,
    is_write,
    stale_accesses,
)
from pykvbinding.sim.trace import Event, InvocationSpan, KeyAccess, LapseEffect

MAX_KEYS = 3
"""Number of keys of one operation that are listed."""

MAX_ANNOTATIONS = 2
"""Number of stale keys of one operation, or effects of one lapse, that are listed."""

_CHOSEN = {
    "accepted": "accepted within 1 s of the write before",
    "failed": "fails after taking effect",
    "tombstones": "passes over tombstones",
}


@dataclass(frozen=True, slots=True)
class Labels:
    """Formats the parts of an analysis, with values and keys of at most `max_width` columns."""

    analysis: TraceAnalysis
    glyphs: GlyphSet
    max_width: int = 32

    def title(self, invocation: int) -> str:
        """Return the heading of a column: `① visit @LHR`."""
        number = self.glyphs.number(invocation)
        span = self.analysis.invocations.get(invocation)
        if span is None:
            return number
        session = f" ({self._escape(span.session)})" if self._shows_session(span) else ""
        return f"{number} {self._escape(span.name)} @{self._escape(span.location)}{session}"

    def outcome(self, invocation: int) -> str:
        """Return the result of an invocation; "" for the test, or without a result."""
        span = self.analysis.invocations.get(invocation)
        if span is None:
            return ""
        if span.ended is None:
            return "never ends"
        return f"{self.glyphs.arrow} {self._format_outcome(span.outcome)}" if span.outcome else ""

    def operation(self, event: Event) -> str:
        """Return an operation as one line."""
        call, argument, result = self.operation_parts(event)
        away = self.analysis.needs_location(event)
        where = f"@{self._escape(event.location or '')}" if away else ""
        return " ".join(filter(None, (call, argument, where, result)))

    def operation_parts(self, event: Event) -> tuple[str, str, str]:
        """Return the call, its argument and its result; "" for a part that is absent."""
        call, argument, result = self._format_call(event), "", ""
        if event.kind == "put":
            argument = f"= {self._format_values(event)}"
        if event.kind in ("get", "list") and event.cache_ttl not in (None, DEFAULT_CACHE_TTL):
            argument = f"cacheTtl={event.cache_ttl:g}"
        if event.outcome != OK:
            result = f"{self.glyphs.cross} {self._format_outcome(event.outcome)}"
        elif event.kind in ("get", "list"):
            result = f"{self.glyphs.arrow} {self._format_result(event)}"
        return call, argument, result

    def annotations(self, event: Event) -> list[str]:
        """Return the remarks on an operation or a lapse."""
        if event.kind == "lapse":
            return list(self._describe_lapse_effects(event))
        annotations = list(self._describe_stale_accesses(event))
        if "order" in event.deviations:
            annotations.append(f"switch to {self.glyphs.number(event.invocation)}")
        annotations += [_CHOSEN[key_id] for key_id in event.deviations if key_id in _CHOSEN]
        if "overtakes" in event.deviations:
            annotations.append(self._describe_reordering(event))
        if "roamed" in event.deviations:
            annotations.append(f"lands at {self._escape(event.location or '')}")
        if event.number in self.analysis.unseen_overwrites:
            annotations.append(f"overwrites {self.unseen(event)}")
        if event.kind == "get" and any(
            self.analysis.has_expired(event, access) for access in event.accesses
        ):
            annotations.append("expired")
        return annotations

    def unseen(self, event: Event) -> str:
        """Return the versions that a write overwrote and its invocation had not seen."""
        first, last = self.analysis.unseen_overwrites[event.number]
        return f"v{first} unseen" if first == last else f"v{first} to v{last} unseen"

    def central_versions(self, event: Event) -> list[str]:
        """Return the versions that a write created in the central stores."""
        if not is_write(event):
            return []
        return [
            self.version((event.binding, access.key), access, event.invocation)
            for access in event.accesses
            if access.version is not None
        ]

    def direct_write(self, direct_write: DirectWrite) -> str:
        """Return a version in the central stores, with its writer."""
        commit = direct_write.commit
        access = KeyAccess(key="", version=commit.version, latest=0, value=commit.value)
        writer = (
            None if commit.at is None else self.analysis.writer(direct_write.name, commit.version)
        )
        return self.version(direct_write.name, access, writer)

    def version(self, key_id: KeyId, access: KeyAccess, writer: int | None) -> str:
        """Return a version of a key, with its writer."""
        key = f"{self.key(key_id)} " if len(self.analysis.key_ids) > 1 else ""
        value = (
            "(deleted)" if access.value is None else self.glyphs.value(access.value, self.max_width)
        )
        by = "" if writer is None else f" ({self.glyphs.number(writer).strip('()')})"
        return f"{key}v{access.version} {value}{by}"

    def key(self, key_id: KeyId) -> str:
        """Return a key, prefixed with its binding if there are several."""
        binding, key = key_id
        shown = self.glyphs.key(key, self.max_width)
        return f"{self._escape(binding)}/{shown}" if self.analysis.has_many_bindings else shown

    def lapse(self, event: Event) -> str:
        """Return how much time passes."""
        return format_lapse(event.at - event.invoked)

    def _describe_lapse_effects(self, lapse: Event) -> Iterator[str]:
        """Yield the effects of a lapse of time."""
        groups = self.analysis.select_lapse_effects(lapse)
        yield from (self._describe_effects(group) for group in groups[:MAX_ANNOTATIONS])
        if len(groups) > MAX_ANNOTATIONS:
            yield f"and {len(groups) - MAX_ANNOTATIONS} more"

    def _describe_effects(self, group: list[LapseEffect]) -> str:
        """Return what ended for some versions of one key, or for a timer."""
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

    def _describe_reordering(self, event: Event) -> str:
        """Return a remark on the write before which this one was committed."""
        last = self.analysis.reordered_write(event)
        if last is None:
            return "committed before an earlier write"
        by, ago = self.glyphs.number(last.invocation), (event.at - last.at) / NANOSECONDS
        by = "the test" if by == "test" else by
        version = last.accesses[0].version
        return f"committed before v{version} of {by}, written {format_seconds(ago)} earlier"

    def _format_call(self, event: Event) -> str:
        if event.kind == "external":
            key_id = self._escape(event.name)
            return key_id if key_id.endswith(")") else f"{key_id}()"
        if event.kind == "list":
            binding = f" {self._escape(event.binding)}" if self.analysis.has_many_bindings else ""
            return f"list{binding}" + (f" {self._quote(event.prefix)}" if event.prefix else "")
        key_ids = [(event.binding, access.key) for access in event.accesses]
        keys = ", ".join(map(self.key, key_ids))
        if len(key_ids) > MAX_KEYS:
            keys = f"{len(key_ids)} keys"
        return f"{event.kind} {keys}"

    def _format_result(self, event: Event) -> str:
        present = sum(access.value is not None for access in event.accesses)
        if event.kind == "list":
            return "no key" if present == 0 else "1 key" if present == 1 else f"{present} keys"
        if len(event.accesses) > MAX_KEYS:
            return f"{present} values" if present == len(event.accesses) else f"{present} there"
        return self._format_values(event)

    def _format_values(self, event: Event) -> str:
        return ", ".join(
            self.glyphs.value(access.value, self.max_width) for access in event.accesses
        )

    def _describe_stale_accesses(self, event: Event) -> Iterator[str]:
        accesses = list(stale_accesses(event))
        for access in accesses[:MAX_ANNOTATIONS]:
            yield self._describe_stale_access(event, access, several=len(event.accesses) > 1)
        if len(accesses) > MAX_ANNOTATIONS:
            yield f"and {len(accesses) - MAX_ANNOTATIONS} more"

    def _describe_stale_access(self, event: Event, access: KeyAccess, *, several: bool) -> str:
        assert access.version is not None
        key_id = (event.binding, access.key)
        key = f"{self.key(key_id)} " if several else ""
        gone = " (absent)" if access.version == 0 else " (deleted)" if access.value is None else ""
        newer_versions = self.analysis.newer_versions(event, access)
        by = self.glyphs.number(self.analysis.writer(key_id, newer_versions[0]))
        depth = f", {len(newer_versions)} versions behind" if len(newer_versions) > 1 else ""
        by = "the test" if by == "test" else by
        age = format_seconds(access.age)
        return f"stale {key}v{access.version}{gone}, replaced {age} ago by {by}{depth}"

    def _format_outcome(self, outcome: str) -> str:
        """Return an error without the operation, which is shown beside it."""
        text = self._escape(outcome)
        for kind in ("GET", "PUT", "DELETE", "LIST"):
            text = text.replace(f"KV {kind} failed: ", "")
        return self.glyphs.truncate(text, max(self.max_width, 24))

    def _shows_session(self, span: InvocationSpan) -> bool:
        return self.analysis.shows_sessions and is_named(span)

    def _quote(self, text: str) -> str:
        return self.glyphs.value(text, self.max_width)

    def _escape(self, text: str) -> str:
        return self.glyphs.escape(text)


def format_literal(text: str, glyphs: GlyphSet) -> str:
    """Return the text as a Python literal in double quotes."""
    shown = glyphs.escape(text).replace('"', '\\"')
    return f'"{shown}"'


def format_lapse(nanoseconds: int) -> str:
    """Return that an amount of time passes."""
    verb = "pass" if nanoseconds > NANOSECONDS else "passes"
    return f"{format_seconds(nanoseconds / NANOSECONDS)} {verb}"


def format_seconds(duration: float) -> str:
    """Return a duration in seconds, or in hours if it is long and even."""
    if duration >= 7200 and duration % 360 == 0:
        return f"{duration / 3600:g} h"
    return f"{_format_decimal(duration, 3)} s"


def count_decimals(instants: list[int]) -> int:
    """Return how many decimals show nanosecond instants exactly, or distinguish all of them."""
    for digits in (1, 2):
        if all(format_instant % 10 ** (9 - digits) == 0 for format_instant in instants):
            return digits
    distinct = len(set(instants))
    return next(n for n in range(3, 10) if len({i // 10 ** (9 - n) for i in instants}) == distinct)


def format_instant(nanoseconds: int, digits: int) -> str:
    """Return an instant in seconds, truncated to `digits` decimals."""
    seconds, fraction = divmod(nanoseconds, NANOSECONDS)
    return f"{seconds}.{fraction:09}"[: digits - 9 or None]


def _format_decimal(number: float, digits: int) -> str:
    text = f"{number:.{digits}f}".rstrip("0").rstrip(".")
    return text if float(text) or not number else f"{number:.1g}"
