"""Parser for traces as text: one line per event, in order.

visit1@LHR get visits           invocation 1, named visit, in London, reads the newest version
visit2@NRT/ana get a b~1        … of the session ana; of b the version before the newest
save1 put a=1                   writes the next version
save1 delete a                  deletes it as the next version
save1 put a=1 !                 it is refused
save1 put a=1 ?                 it fails after taking effect
save1 put a=1 #2                it becomes version 2, below newer versions
show2 list user: user:1 user:2~1
show2 get a <5                  it was invoked 5 s before
show2 get a ttl=3600
show2 get SESSIONS/a            of another binding than KV
charge1 external charge
test@LHR get a                  the test itself
seed a=1                        the test writes it to the central stores directly
+61                             61 s pass
"""

import re
from typing import Any

from hypothesis import strategies as st

from pykvbinding.clock import NANOSECONDS
from pykvbinding.sim.trace import TEST_INVOCATION, Commit, Event, InvocationSpan, KeyAccess, Trace

START = 1_700_000_000 * NANOSECONDS

_HEAD = re.compile(
    r"(?P<name>[a-z]+)(?P<number>\d*)(@(?P<location>\w+))?(/(?P<session>\w+))?", re.ASCII
)


def trace_of(text: str, *, grace: float = 0, locations: tuple[str, ...] = ()) -> Trace:
    """Return the trace that the lines describe."""
    writer = _Writer(Trace(start=START, staleness_grace_seconds=grace, locations=locations))
    for line in filter(None, map(str.strip, text.splitlines())):
        writer.write(line)
    return writer.finished()


class _Writer:
    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.now = START

    def write(self, line: str) -> None:
        if line.startswith("+"):
            invoked, self.now = self.now, self.now + round(float(line) * NANOSECONDS)
            self.add(
                Event(number=0, kind="lapse", at=self.now, invoked=invoked, deviations=("time",))
            )
            return
        head, *words = line.split()
        if head == "seed":
            name, value = words[0].split("=")
            self.commit(_key(name), value, event=None)
            return
        verb, *arguments = words
        event = self.begin(head, verb)
        names = []
        for argument in arguments:
            if argument.startswith("<"):
                event.invoked -= round(float(argument[1:]) * NANOSECONDS)
            elif argument.startswith("ttl="):
                event.cache_ttl = float(argument[4:])
            elif argument[0] not in "!?#":
                names.append(argument)
        if verb == "external":
            event.name = names[0]
        elif verb == "list":
            event.prefix = names.pop(0)
        if verb in ("put", "delete"):
            self.change(event, names[0], arguments[-1])
        elif verb != "external":
            event.accesses = tuple(self.access(event, name) for name in names)
        self.add(event)

    def begin(self, head: str, verb: Any) -> Event:
        match = _HEAD.fullmatch(head)
        assert match is not None, head
        number = int(match["number"] or TEST_INVOCATION)
        if number and all(span.number != number for span in self.trace.invocations):
            span = InvocationSpan(
                number=number,
                name=match["name"],
                location=match["location"] or "",
                session=match["session"] or str(number),
                started=self.now,
                ended=None,
            )
            self.trace.invocations.append(span)
        return Event(
            number=0,
            kind=verb,
            at=self.now,
            invoked=self.now,
            invocation=number,
            session=match["session"],
            location=match["location"],
        )

    def add(self, event: Event) -> None:
        event.number = len(self.trace.events) + 1
        self.trace.events.append(event)

    def access(self, event: Event, name: str) -> KeyAccess:
        name, _, older = name.partition("~")
        event.binding, key = _key(name)
        commits = self.commits((event.binding, key))
        latest = max(commit.version for commit in commits)
        version = latest - int(older or 0)
        value = next(commit.value for commit in commits if commit.version == version)
        return KeyAccess(key=key, version=version, latest=latest, value=value)

    def change(self, event: Event, name: str, flag: str) -> None:
        name, _, value = name.partition("=")
        event.binding, key = _key(name)
        written = value if event.kind == "put" else None
        latest = max(commit.version for commit in self.commits((event.binding, key)))
        access = KeyAccess(key=key, version=None, latest=latest, value=written)
        event.accesses = (access,)
        if flag == "!":
            event.outcome = "KV PUT failed: 429 Too Many Requests"
            return
        event.outcome = "KV PUT failed: 500 Internal Server Error" if flag == "?" else "ok"
        access.version = int(flag[1:]) if flag.startswith("#") else None
        number = len(self.trace.events) + 1
        commit = self.commit((event.binding, key), written, event=number, version=access.version)
        access.version = commit.version

    def commit(
        self,
        key: tuple[str, str],
        value: str | None,
        *,
        event: int | None,
        version: int | None = None,
    ) -> Commit:
        commits = self.commits(key)
        next_version = max(commit.version for commit in commits) + 1
        version = next_version if version is None else version
        commits.append(Commit(version=version, at=self.now, value=value, event=event))
        return commits[-1]

    def commits(self, key: tuple[str, str]) -> list[Commit]:
        absence = Commit(version=0, at=None, value=None)
        return self.trace.commits.setdefault(key, [absence])

    def finished(self) -> Trace:
        for key, commits in self.trace.commits.items():
            commits.sort(key=lambda commit: commit.version)
            assert [commit.version for commit in commits] == list(range(len(commits))), key
        return self.trace


def _key(name: str) -> tuple[str, str]:
    binding, slash, key = name.rpartition("/")
    return (binding if slash else "KV"), key


@st.composite
def traces(draw: st.DrawFn, *, reordered: bool = False) -> Trace:
    """Generate traces: three invocations and the test, two sessions, two keys, all anomalies.

    `reordered` allows writes to be committed in another order than they took effect.
    """
    writer = _Writer(
        Trace(
            start=START, staleness_grace_seconds=draw(st.integers(0, 1)), locations=("LHR", "NRT")
        )
    )
    heads = ("test@LHR", "one1@LHR", "two2@NRT/ana", "three3@LHR/ana", "four4@NRT")
    for _ in range(draw(st.integers(0, 14))):
        head, key = draw(st.sampled_from(heads)), draw(st.sampled_from("xy"))
        verb = draw(
            st.sampled_from(["get", "get", "both", "list", "put", "put", "delete", "other"])
        )
        waited = f"<{draw(st.integers(0, 2))}"
        if verb == "other":
            writer.write(draw(st.sampled_from([f"seed {key}=s", "+1", "+2", "one1 external pay"])))
        elif verb in ("put", "delete"):
            flag = draw(st.sampled_from(["", "", "", "!", "?"]))
            name = f"{key}={len(writer.trace.events)}" if verb == "put" else key
            writer.write(f"{head} {verb} {name} {waited} {flag}")
        else:
            keys = [key] if verb == "get" else ["x", "y"]
            newest = [len(writer.commits(("KV", each))) - 1 for each in keys]
            names = " ".join(
                f"{each}~{draw(st.integers(0, latest))}"
                for each, latest in zip(keys, newest, strict=True)
            )
            writer.write(f"{head} {'list -' if verb == 'list' else 'get'} {names} {waited}")
    trace = writer.finished()
    if reordered:
        _swap_versions(trace, draw(st.integers(0, 2)))
    return trace


def _swap_versions(trace: Trace, first: int) -> None:
    """Swap the commits of two adjacent writes of "x" that were not read."""
    accesses = [
        (event, access)
        for event in trace.events
        for access in event.accesses
        if access.key == "x" and access.version in (first, first + 1)
    ]
    writes = [(event, access) for event, access in accesses if event.kind in ("put", "delete")]
    if len(accesses) == len(writes) == 2:
        (_, first_access), (_, second_access) = writes
        first_access.version, second_access.version = second_access.version, first_access.version
        commits = trace.commits["KV", "x"]
        commits[first : first + 2] = commits[first + 1], commits[first]
        commits[first].version, commits[first + 1].version = first, first + 1
