"""Example traces, and the golden files rendered from them.

`python -m tests.support.example_traces` rewrites the golden files with the current output.
"""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from pykvbinding.clock import NANOSECONDS
from pykvbinding.sim.render.analysis import TraceAnalysis
from pykvbinding.sim.render.svg import render_svg
from pykvbinding.sim.render.timeline import Timeline
from pykvbinding.sim.trace import (
    Trace,
)
from tests.support.paths import GOLDEN as FOLDER
from tests.support.trace_builder import TOO_MANY, TraceBuilder


def lost_update() -> Trace:
    """The example of the documentation: two visits, one of which is lost."""
    run = TraceBuilder("LHR", "NRT", schedule="1 1 2~1 +1")
    one, two = run.start("visit", "LHR"), run.start("visit", "NRT")
    run.get(one, "visits")
    run.put(one, "visits", "1")
    run.end(one)
    run.get(two, "visits", older=[1])
    run.lapse(1)
    run.put(two, "visits", "1")
    run.end(two)
    return run.trace


def stale_after_a_lapse() -> Trace:
    """A profile is read at another location long after it was saved."""
    run = TraceBuilder("LHR", "NRT", schedule="1 2 +59.5 3~1")
    run.seed("profile", '{"name": "old"}', before=True)
    save = run.start("save_profile", "LHR", "ana")
    run.get(save, "profile")
    run.put(save, "profile", '{"name": "new"}')
    run.end(save)
    run.lapse(59.5)
    show = run.start("show_profile", "NRT", "ana")
    run.get(show, "profile", older=[1], ttl=3600)
    run.end(show, '\'{"name": "old"}\'')
    other = run.start("show_profile", "LHR", "bob")
    run.get(other, "profile")
    return run.trace


def refused() -> Trace:
    """Two writes to one key within a second."""
    run = TraceBuilder("LHR", schedule="1 1")
    one = run.start("finish", "LHR")
    run.put(one, "status", "running")
    run.external(one, "charge")
    run.put(one, "status", "done", refused=True)
    run.end(one, f"KVError: {TOO_MANY}")
    return run.trace


def listing() -> Trace:
    """A list that is stale for one key, and reads of the listed keys."""
    run = TraceBuilder("LHR", "NRT", schedule="1 1 2~1,0% 2")
    for name in ("user:ana", "user:bob", "user:eve"):
        run.seed(name, f"profile of {name}")
    one, two = run.start("remove", "LHR"), run.start("report", "NRT")
    run.put(one, "user:ana", None)
    run.end(one)
    run.list(
        two,
        "user:",
        "user:ana",
        "user:bob",
        "user:eve",
        older=[1],
        deviations=("tombstones",),
    )
    run.get(two, "user:ana", "user:bob")
    run.end(two)
    return run.trace


def crowd(invocations: int = 12) -> Trace:
    """Many sequential visits, and two that overlap."""
    return _crowd(invocations).trace


def observed_crowd() -> Trace:
    """Seven visits, and a read of the test itself."""
    run = _crowd(7)
    run.get(0, "visits", location="LHR")
    return run.trace


def _crowd(count: int) -> TraceBuilder:
    run = TraceBuilder("LHR", "NRT", "SFO", schedule="1 1 +1 " * (count - 1) + "2 2")
    invocations = [run.start("visit", ("LHR", "NRT", "SFO")[n % 3]) for n in range(count)]
    for one in invocations[:-1]:
        run.get(one, "visits")
        if one == 5:
            run.get(invocations[-1], "visits", deviations=("order",))
        run.put(one, "visits", str(one))
        run.end(one)
        run.lapse(1)
    run.put(invocations[-1], "visits", "6")
    run.end(invocations[-1])
    return run


def two_bindings() -> Trace:
    """The same key in two namespaces."""
    run = TraceBuilder("LHR", "NRT", schedule="1 1 2~1 2@LHR")
    one, two = run.start("sign_in", "LHR"), run.start("who", "NRT")
    run.put(one, "k", "ana", binding="SESSIONS")
    run.put(one, "k", b"\x00\x01cached", binding="CACHE")
    run.end(one)
    run.get(two, "k", binding="SESSIONS", older=[1])
    run.get(two, "k", binding="CACHE", location="LHR", deviations=("roamed",))
    run.end(two)
    return run.trace


def long_run(operations: int = 500) -> Trace:
    """Many default operations, and one stale read in the middle."""
    run = TraceBuilder("LHR", "NRT", "SFO", schedule=" ".join(["1"] * operations))
    invocations = [run.start(f"work{n}", ("LHR", "NRT", "SFO")[n % 3]) for n in range(10)]
    for step in range(operations):
        one = invocations[step * 7 % 10]
        key = f"key:{step % 23}"
        if step % 5 == 0:
            run.put(one, key, f"value {step}")
        else:
            run.get(one, key, older=[1] if step == 251 else [])
        if step % 40 == 39:
            run.lapse(1 if step % 80 == 79 else 30, chosen=False)
    for one in invocations:
        run.end(one)
    return run.trace


def long_waits() -> Trace:
    """Gaps from 1 ms to 1 h, more keys than rows, and locations outside the network."""
    run = TraceBuilder("LHR", "NRT", "SYD", schedule="1 +0.001 2~1")
    run.seed("config", "0", before=True)
    run.seed("config", "1")
    one = run.start("a_rather_long_name_for_a_handler", "LHR", "ana")
    two = run.start("visit", "NRT")
    run.get(one, "config")
    run.lapse(0.001)
    run.get(two, "config", older=[1])
    run.lapse(1)
    for number in range(8):
        run.get(two, f"key{number}")
    run.lapse(2)
    run.get(one, "k" * 40, ttl=3600)
    run.now += NANOSECONDS  # a timer, not a choice of the schedule
    run.external(0, "charge")
    run.get(two, "config", location="CDG")
    run.lapse(3600)
    run.put(one, "config", "2", refused=True)
    first = run.put(two, "key7", "1")
    second = run.put(two, "key7", "2", deviations=("overtakes",))
    first.accesses[0].version, second.accesses[0].version = 2, 1
    run.put(one, "config", None)
    run.end(one)
    return run.trace


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
def traces(draw: st.DrawFn) -> Trace:
    """Generate runs with unusual keys and values, stale reads, errors and lapses."""
    run = TraceBuilder("LHR", "NRT", schedule=draw(st.text("12~+ !", max_size=200)))
    if draw(st.booleans()):
        run.seed("a", "before", before=True)
    key_ids = st.sampled_from(("visit", "save_<profile>", "n" * 60))
    invocations = [run.start(draw(key_ids), "LHR") for _ in range(draw(st.integers(0, 25)))]
    for _ in range(draw(st.integers(0, 60))):
        one = draw(st.sampled_from([0, *invocations]))
        key, binding = draw(st.sampled_from(KEYS)), draw(st.sampled_from(("KV", "OTHER")))
        kind = draw(st.sampled_from(("get", "put", "refused", "list", "external", "lapse", "seed")))
        if kind == "get":
            there = len(run.trace.commits.get((binding, key), ()))
            run.get(one, key, older=[draw(st.integers(0, there))], binding=binding)
        elif kind in ("put", "refused"):
            value = draw(st.sampled_from(VALUES))
            run.put(one, key, value, binding=binding, refused=kind == "refused")
        elif kind == "list":
            run.list(one, "user:", *KEYS)
        elif kind == "external":
            run.external(one, "charge")
        elif kind == "lapse":
            run.lapse(draw(st.sampled_from((0.001, 1, 61, 86400))))
        else:
            run.seed(key, "seeded", binding=binding)
    for one in invocations[::2]:
        run.end(one, draw(st.sampled_from(("None", "'</svg>'", "KVError: no"))))
    return run.trace


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
"""Golden texts: the trace, and the options of `Timeline.text`."""


def render(name: str) -> str:
    """Return a text as it is rendered now."""
    make, options = GOLDEN[name]
    return Timeline(make()).text(**{"color": False, "ascii": False} | options) + "\n"


def read_golden(name: str) -> str:
    """Return the golden file of that name."""
    return (FOLDER / name).read_text(encoding="utf-8")


if __name__ == "__main__":  # accept the current output
    for each in GOLDEN:
        (FOLDER / f"{each}.txt").write_text(render(each), encoding="utf-8")
    Timeline(lost_update()).html(FOLDER / "lost_update.html")
    (FOLDER / "long_waits.svg").write_text(
        render_svg(TraceAnalysis(long_waits())) + "\n",
        encoding="utf-8",
    )
