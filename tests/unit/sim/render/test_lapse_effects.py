"""Endings: of all that a lapse of time ends, what bears on what comes after it."""

import pytest

from pykvbinding.sim.render.lapse_effects import endings
from pykvbinding.sim.trace import End, Ending, Event
from tests.support.trace_builder import Film


def end(kind: Ending, key: str = "a", version: int = 0, at: int = 0, ttl: float = 60) -> End:
    return End(kind=kind, at=at, binding="KV", key=key, version=version, cache_ttl=ttl)


def lapse(*ends: End) -> Event:
    return Event(number=1, kind="lapse", at=60, asked=0, ends=ends)


def told(lapse: Event, *later: Event) -> list[list[End]]:
    return endings(lapse, later)


@pytest.fixture
def film() -> Film:
    film = Film("LHR")
    film.act("visit", "LHR")
    return film


def test_a_limit_matters_to_a_later_write(film: Film) -> None:
    limit = end("limit")

    assert told(lapse(limit), film.put(1, "a", "1")) == [[limit]]
    assert told(lapse(limit), film.put(1, "a", None)) == [[limit]]
    assert told(lapse(limit), film.put(1, "b", "1")) == []
    assert told(lapse(limit), film.get(1, "a")) == []


def test_an_expiration_matters_to_a_later_read(film: Film) -> None:
    expiry = end("expiry", version=1)

    assert told(lapse(expiry), film.get(1, "b", "a", ttl=300)) == [[expiry]]
    assert told(lapse(expiry), film.list(1, "", "a")) == [[expiry]]
    assert told(lapse(expiry), film.get(1, "b")) == []
    assert told(lapse(expiry), film.put(1, "a", "1")) == []


def test_the_age_of_a_copy_matters_to_a_later_read_with_that_cache_ttl(film: Film) -> None:
    usual, long = end("copy"), end("copy", ttl=300)

    assert told(lapse(usual, long), film.get(1, "a", ttl=60)) == [[usual]]
    assert told(lapse(usual, long), film.get(1, "a", ttl=300)) == [[long]]
    assert told(lapse(usual, long), film.list(1, "", "a")) == [[usual]]


def test_a_timer_matters_always() -> None:
    timer = End(kind="timer", at=5, invocation=2)

    assert told(lapse(timer)) == [[timer]]


def test_another_binding_is_another_key(film: Film) -> None:
    assert told(lapse(end("limit")), film.put(1, "a", "1", binding="OTHER")) == []


def test_limits_come_first_then_expirations_copies_and_timers(film: Film) -> None:
    ends = [End(kind="timer", at=0), end("copy"), end("expiry"), end("limit")]

    groups = told(lapse(*ends), film.get(1, "a", ttl=60), film.put(1, "a", "1"))

    assert [group[0] for group in groups] == ends[::-1]


def test_versions_of_one_key_are_together_oldest_first(film: Film) -> None:
    ends = [end("copy", "b", 1), end("copy", "a", 2), end("copy", "a", 1), end("copy", "a", 0)]

    groups = told(lapse(*ends), film.get(1, "a", "b", ttl=60))

    assert groups == [[ends[3], ends[2], ends[1]], [ends[0]]]


def test_if_nothing_matters_there_is_what_the_lapse_led_up_to(film: Film) -> None:
    earlier, last, another = end("limit", at=59), end("copy", at=60), end("copy", "b", at=60)

    assert told(lapse(earlier, last, another)) == [[last]]
    assert told(lapse(earlier)) == []
    assert told(lapse(earlier, last), film.put(1, "a", "1")) == [[earlier]]
