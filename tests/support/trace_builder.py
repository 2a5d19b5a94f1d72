"""Traces to draw, as a run would leave them, and the golden pictures of them.

`python -m tests.support.trace_builder` writes the golden pictures as they are drawn now.
"""

from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

from pykvbinding.clock import NANOSECONDS
from pykvbinding.edge import consistency as contract
from pykvbinding.sim.render.analysis import Story
from pykvbinding.sim.render.svg import drawing
from pykvbinding.sim.render.timeline import Timeline
from pykvbinding.sim.trace import Act, Commit, End, Event, Kind, Look, Trace
from pykvbinding.storage.record import Value
from tests.support.paths import GOLDEN as FOLDER

START = 1_700_000_000 * NANOSECONDS
TOO_MANY = "KV PUT failed: 429 Too Many Requests"


class Film:
    """Writes a trace, operation by operation; versions and ages are counted here."""

    def __init__(self, *locations: str, schedule: str = "") -> None:
        self.now = START
        self.trace = Trace(start=START, locations=locations, schedule=schedule)

    def act(self, name: str, at: str, session: str = "") -> int:
        number = len(self.trace.acts) + 1
        act = Act(number=number, name=name, location=at, session=session, started=self.now)
        self.trace.acts.append(act)
        return number

    def end(self, number: int, outcome: str = "None") -> None:
        act = self.trace.acts[number - 1]
        act.ended, act.outcome = self.now, outcome

    def seed(self, key: str, value: Value, *, before: bool = False, binding: str = "KV") -> None:
        commits = self.trace.commits.setdefault((binding, key), [])
        at = None if before else self.now
        commits.append(Commit(version=len(commits) + 1, at=at, value=value))

    def get(
        self,
        number: int,
        *keys: str,
        older: Sequence[int] = (),
        binding: str = "KV",
        location: str | None = None,
        ttl: float | None = None,
        deviates: tuple[str, ...] = (),
        outcome: str = "ok",
    ) -> Event:
        older = [*older, *[0] * len(keys)]
        looks = tuple(self._look(binding, key, old) for key, old in zip(keys, older, strict=False))
        return self._event(
            "get",
            number,
            looks,
            binding=binding,
            location=location,
            cache_ttl=ttl,
            deviates=(("stale",) if any(older) else ()) + deviates,
            outcome=outcome,
        )

    def list(
        self,
        number: int,
        prefix: str,
        *keys: str,
        older: Sequence[int] = (),
        deviates: tuple[str, ...] = (),
    ) -> Event:
        older = [*older, *[0] * len(keys)]
        looks = tuple(self._look("KV", key, old) for key, old in zip(keys, older, strict=False))
        deviates = (("stale",) if any(older) else ()) + deviates
        return self._event("list", number, looks, prefix=prefix, deviates=deviates)

    def put(
        self,
        number: int,
        key: str,
        value: Value | None,
        *,
        binding: str = "KV",
        location: str | None = None,
        refused: bool = False,
        deviates: tuple[str, ...] = (),
        outcome: str = "ok",
    ) -> Event:
        """A `None` deletes."""
        commits = self.trace.commits.setdefault((binding, key), [])
        latest = len(commits)
        version = None if refused else latest + 1
        look = Look(key=key, version=version, latest=latest, value=value)
        event = self._event(
            "delete" if value is None else "put",
            number,
            (look,),
            binding=binding,
            location=location,
            deviates=deviates,
            outcome=TOO_MANY if refused else outcome,
        )
        if version is not None:
            commit = Commit(version=version, at=self.now, value=value, event=event.number)
            commits.append(commit)
        return event

    def external(self, number: int, name: str, outcome: str = "ok") -> Event:
        return self._event("external", number, (), name=name, outcome=outcome)

    def lapse(self, seconds: float, *ends: End, chosen: bool = True) -> Event:
        """Write limits end by themselves."""
        asked = self.now
        self.now += round(seconds * NANOSECONDS)
        limits = [
            End(kind="limit", at=commits[-1].at + NANOSECONDS, binding=binding, key=key)
            for (binding, key), commits in self.trace.commits.items()
            if commits and commits[-1].at is not None
        ]
        ended = (end for end in limits if asked < end.at <= self.now)
        deviates = ("time",) if chosen else ()
        return self._event("lapse", 0, (), ends=(*ended, *ends), deviates=deviates, asked=asked)

    def _look(self, binding: str, key: str, older: int) -> Look:
        commits = self.trace.commits.get((binding, key), [])
        version = len(commits) - older
        look = Look(key=key, version=version, latest=len(commits), value=None)
        if version > 0:
            look.value = commits[version - 1].value
        if older:
            look.because = contract.UPDATED if version else contract.CREATED
            look.age = (self.now - (commits[version].at or START)) / NANOSECONDS
        return look

    def _event(
        self,
        kind: Kind,
        number: int,
        looks: tuple[Look, ...],
        *,
        asked: int | None = None,
        **more: object,
    ) -> Event:
        event = Event(
            number=len(self.trace.events),
            kind=kind,
            at=self.now,
            asked=self.now if asked is None else asked,
            invocation=number,
            looks=looks,
        )
        for name, value in more.items():
            setattr(event, name, value)
        acts = self.trace.acts
        if event.location is None and number:
            event.location = acts[number - 1].location
        self.trace.events.append(event)
        return event


def lost_update() -> Trace:
    """The example of the documents: two visits, one of them counted."""
    film = Film("LHR", "NRT", schedule="1 1 2~1 +1")
    one, two = film.act("visit", "LHR"), film.act("visit", "NRT")
    film.get(one, "visits")
    film.put(one, "visits", "1")
    film.end(one)
    film.get(two, "visits", older=[1])
    film.lapse(1)
    film.put(two, "visits", "1")
    film.end(two)
    return film.trace


def stale_after_a_lapse() -> Trace:
    """A profile that is read elsewhere long after it was saved."""
    film = Film("LHR", "NRT", schedule="1 2 +59.5 3~1")
    film.seed("profile", '{"name": "old"}', before=True)
    save = film.act("save_profile", "LHR", "ana")
    film.get(save, "profile")
    film.put(save, "profile", '{"name": "new"}')
    film.end(save)
    film.lapse(59.5)
    show = film.act("show_profile", "NRT", "ana")
    film.get(show, "profile", older=[1], ttl=3600)
    film.end(show, '\'{"name": "old"}\'')
    other = film.act("show_profile", "LHR", "bob")
    film.get(other, "profile")
    return film.trace


def refused() -> Trace:
    """Two writes within a second."""
    film = Film("LHR", schedule="1 1")
    one = film.act("finish", "LHR")
    film.put(one, "status", "running")
    film.external(one, "charge")
    film.put(one, "status", "done", refused=True)
    film.end(one, f"KVError: {TOO_MANY}")
    return film.trace


def listing() -> Trace:
    """A list that lags behind for one key, and the reads of what it names."""
    film = Film("LHR", "NRT", schedule="1 1 2~1,0% 2")
    for name in ("user:ana", "user:bob", "user:eve"):
        film.seed(name, f"profile of {name}")
    one, two = film.act("remove", "LHR"), film.act("report", "NRT")
    film.put(one, "user:ana", None)
    film.end(one)
    film.list(two, "user:", "user:ana", "user:bob", "user:eve", older=[1], deviates=("tombstones",))
    film.get(two, "user:ana", "user:bob")
    film.end(two)
    return film.trace


def crowd(invocations: int = 12) -> Trace:
    """Many visits, one after another, and two that overlap."""
    return _crowd(invocations).trace


def observed_crowd() -> Trace:
    """Seven visits, and a read of the test itself."""
    film = _crowd(7)
    film.get(0, "visits", location="LHR")
    return film.trace


def _crowd(invocations: int) -> Film:
    film = Film("LHR", "NRT", "SFO", schedule="1 1 +1 " * (invocations - 1) + "2 2")
    acts = [film.act("visit", ("LHR", "NRT", "SFO")[n % 3]) for n in range(invocations)]
    for one in acts[:-1]:
        film.get(one, "visits")
        if one == 5:
            film.get(acts[-1], "visits", deviates=("order",))
        film.put(one, "visits", str(one))
        film.end(one)
        film.lapse(1)
    film.put(acts[-1], "visits", "6")
    film.end(acts[-1])
    return film


def two_bindings() -> Trace:
    """The same key in two namespaces."""
    film = Film("LHR", "NRT", schedule="1 1 2~1 2@LHR")
    one, two = film.act("sign_in", "LHR"), film.act("who", "NRT")
    film.put(one, "k", "ana", binding="SESSIONS")
    film.put(one, "k", b"\x00\x01cached", binding="CACHE")
    film.end(one)
    film.get(two, "k", binding="SESSIONS", older=[1])
    film.get(two, "k", binding="CACHE", location="LHR", deviates=("roamed",))
    film.end(two)
    return film.trace


def long_run(operations: int = 500) -> Trace:
    """Much that is ordinary, and one stale read in the middle of it."""
    film = Film("LHR", "NRT", "SFO", schedule=" ".join(["1"] * operations))
    acts = [film.act(f"work{n}", ("LHR", "NRT", "SFO")[n % 3]) for n in range(10)]
    for step in range(operations):
        one = acts[step * 7 % 10]
        key = f"key:{step % 23}"
        if step % 5 == 0:
            film.put(one, key, f"value {step}")
        else:
            film.get(one, key, older=[1] if step == 251 else [])
        if step % 40 == 39:
            film.lapse(1 if step % 80 == 79 else 30, chosen=False)
    for one in acts:
        film.end(one)
    return film.trace


def long_waits() -> Trace:
    """Waits of a millisecond to an hour, more keys than rows, and places outside the network."""
    film = Film("LHR", "NRT", "SYD", schedule="1 +0.001 2~1")
    film.seed("config", "0", before=True)
    film.seed("config", "1")
    one = film.act("a_rather_long_name_for_a_handler", "LHR", "ana")
    two = film.act("visit", "NRT")
    film.get(one, "config")
    film.lapse(0.001)
    film.get(two, "config", older=[1])
    film.lapse(1)
    for number in range(8):
        film.get(two, f"key{number}")
    film.lapse(2)
    film.get(one, "k" * 40, ttl=3600)
    film.now += NANOSECONDS  # a timer, which the schedule has not chosen
    film.external(0, "charge")
    film.get(two, "config", location="CDG")
    film.lapse(3600)
    film.put(one, "config", "2", refused=True)
    first = film.put(two, "key7", "1")
    second = film.put(two, "key7", "2", deviates=("overtakes",))
    first.looks[0].version, second.looks[0].version = 2, 1
    film.put(one, "config", None)
    film.end(one)
    return film.trace


KEYS = ("a", "user:日本", 'a key, with = and "', "x" * 90)
VALUES = (
    "",
    "1",
    "日本語のとても長い値です",
    "\x1b[2J\n\u202e",
    "</script><b>",
    b"\x00\xff",
    None,
    "y" * 5000,
)


@st.composite
def films(draw: st.DrawFn) -> Trace:
    """Any run: a few invocations, strange keys and values, stale reads, errors, lapses."""
    film = Film("LHR", "NRT", schedule=draw(st.text("12~+ !", max_size=200)))
    if draw(st.booleans()):
        film.seed("a", "before", before=True)
    names = st.sampled_from(("visit", "save_<profile>", "n" * 60))
    acts = [film.act(draw(names), "LHR") for _ in range(draw(st.integers(0, 25)))]
    for _ in range(draw(st.integers(0, 60))):
        one = draw(st.sampled_from([0, *acts]))
        key, binding = draw(st.sampled_from(KEYS)), draw(st.sampled_from(("KV", "OTHER")))
        kind = draw(st.sampled_from(("get", "put", "refused", "list", "external", "lapse", "seed")))
        if kind == "get":
            there = len(film.trace.commits.get((binding, key), ()))
            film.get(one, key, older=[draw(st.integers(0, there))], binding=binding)
        elif kind in ("put", "refused"):
            value = draw(st.sampled_from(VALUES))
            film.put(one, key, value, binding=binding, refused=kind == "refused")
        elif kind == "list":
            film.list(one, "user:", *KEYS)
        elif kind == "external":
            film.external(one, "charge")
        elif kind == "lapse":
            film.lapse(draw(st.sampled_from((0.001, 1, 61, 86400))))
        else:
            film.seed(key, "seeded", binding=binding)
    for one in acts[::2]:
        film.end(one, draw(st.sampled_from(("None", "'</svg>'", "KVError: no"))))
    return film.trace


GOLDEN: dict[str, tuple[Callable[[], Trace], dict[str, Any]]] = {
    "lost_update": (lost_update, {}),
    "lost_update_60": (lost_update, {"width": 60}),
    "lost_update_40": (lost_update, {"width": 40}),
    "lost_update_ascii": (lost_update, {"ascii": True}),
    "lost_update_colour": (lost_update, {"color": True}),
    "stale_after_a_lapse": (stale_after_a_lapse, {}),
    "stale_after_a_lapse_90": (stale_after_a_lapse, {"width": 90}),
    "refused": (refused, {}),
    "listing": (listing, {}),
    "crowd": (crowd, {}),
    "crowd_60": (crowd, {"width": 60}),
    "observed_crowd_70": (observed_crowd, {"width": 70}),
    "two_bindings": (two_bindings, {}),
    "long_run": (long_run, {}),
}
"""Texts that are kept: the trace, and how it is asked for."""


def drawn(name: str) -> str:
    """A text as it is drawn now."""
    make, options = GOLDEN[name]
    return Timeline(make()).text(**{"color": False, "ascii": False} | options) + "\n"


def kept(name: str) -> str:
    """The file of that name."""
    return (FOLDER / name).read_text(encoding="utf-8")


if __name__ == "__main__":  # what is drawn now is right: keep it
    for each in GOLDEN:
        (FOLDER / f"{each}.txt").write_text(drawn(each), encoding="utf-8")
    Timeline(lost_update()).html(FOLDER / "lost_update.html")
    (FOLDER / "long_waits.svg").write_text(drawing(Story(long_waits())) + "\n", encoding="utf-8")
