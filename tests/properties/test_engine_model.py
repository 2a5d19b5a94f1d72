"""`Engine` compared with a simple model, for arbitrary sequences of operations."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from pykvbinding.storage import engine as module
from pykvbinding.storage.engine import DELETE_SLACK, Engine
from pykvbinding.storage.record import ListPage, Record

CHARACTERS = [
    "a",
    "b",
    "\x00",
    "\x7f",
    "é",
    "\ud7ff",
    "\ue000",
    "\uffff",
    "\U00010000",
    "😀",
    "\U0010ffff",
]
"""Characters at the boundaries of UTF-8 lengths, of the surrogates, and of Unicode."""


class EngineMachine(RuleBasedStateMachine):
    """An engine, and as the model a dict that is filtered and sorted for every operation."""

    names = st.text(CHARACTERS, max_size=3)
    seconds = st.integers(0, 4)

    def __init__(self) -> None:
        super().__init__()
        self.engine = Engine()
        self.model: dict[str, Record] = {}
        self.now = 100

    def live(self) -> dict[str, Record]:
        return {
            name: record
            for name, record in self.model.items()
            if record.expiration is None or record.expiration > self.now
        }

    def write(self, name: str, record: Record) -> None:
        self.engine.write(name, record)
        self.model[name] = record

    @rule(name=names)
    def write_plain(self, name: str) -> None:
        self.write(name, Record("plain"))

    @rule(some=st.lists(names, min_size=3, max_size=12))
    def write_several(self, some: list[str]) -> None:
        for name in some:
            self.write(name, Record("one of several"))

    @rule(name=names)
    def write_metadata(self, name: str) -> None:
        self.write(name, Record("v", metadata="{}"))

    @rule(name=names, seconds=seconds, metadata=st.none() | st.just("{}"))
    def write_expiring(self, name: str, seconds: int, metadata: str | None) -> None:
        self.write(name, Record("v", metadata, self.now + seconds))

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def overwrite_with_the_same_expiration(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.model)))
        self.write(name, Record("again", None, self.model[name].expiration))

    @rule(name=names)
    def erase(self, name: str) -> None:
        self.engine.erase(name)
        self.model.pop(name, None)

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def erase_existing(self, data: st.DataObject) -> None:
        self.erase(data.draw(st.sampled_from(sorted(self.model))))

    @rule(
        prefix=st.text(CHARACTERS, max_size=2),
        after=st.none() | names,
        limit=st.integers(1, 5) | st.just(1000),
    )
    def scan(self, prefix: str, after: str | None, limit: int) -> None:
        live = self.live()
        names = sorted((name for name in live if name.startswith(prefix)), key=_utf8)
        names = [name for name in names if after is None or _utf8(name) > _utf8(after)]
        page = names[:limit]
        records = {n: live[n] for n in page if live[n] != Record(live[n].value)}
        expected = ListPage(page, records, page[-1] if len(names) > limit else None)

        assert self.engine.scan(prefix, after, limit, self.now) == expected

    @rule(name=names)
    def read(self, name: str) -> None:
        assert self.engine.read(name, self.now) == self.live().get(name)

    @rule()
    def evict_expired(self) -> None:
        self.engine.evict_expired(self.now)
        self.model = self.live()

        assert all(self.engine.lookup(name) is record for name, record in self.model.items())

    @rule()
    def count(self) -> None:
        assert self.engine.count(self.now) == len(self.live())

    @rule()
    def items(self) -> None:
        assert dict(self.engine.items(self.now)) == self.live()

    @rule()
    def clear(self) -> None:
        self.engine.clear()
        self.model.clear()

    @rule(seconds=seconds)
    def advance(self, seconds: int) -> None:
        self.now += seconds

    @invariant()
    def invariants_hold(self) -> None:
        self.engine._check()


def _utf8(name: str) -> bytes:
    return name.encode()


@pytest.mark.parametrize("slack", [0, 2, DELETE_SLACK])
def test_engine_matches_a_simple_model(monkeypatch: pytest.MonkeyPatch, slack: int) -> None:
    """A small slack makes the engine merge its index and shrink its heap often."""
    monkeypatch.setattr(module, "DELETE_SLACK", slack)

    run_state_machine_as_test(
        EngineMachine,
        settings=settings(max_examples=100, stateful_step_count=50, deadline=None),
    )
