"""The words of a picture: one line for an operation, and what is remarked on it."""

import pytest

from pykvbinding._text.glyphs import UNICODE
from pykvbinding.sim.render.analysis import Seed, Story
from pykvbinding.sim.render.labels import Words, decimals, instant, literal, seconds
from pykvbinding.sim.trace import End, Event
from tests.support import trace_builder as pictures
from tests.support.trace_builder import Film


def words(film: Film) -> Words:
    return Words(Story(film.trace), UNICODE)


@pytest.fixture
def film() -> Film:
    film = Film("LHR", "NRT")
    film.act("visit", "LHR")
    return film


def test_a_read_says_what_came_back(film: Film) -> None:
    film.seed("a", "1")
    event = film.get(1, "a", "b")

    assert words(film).operation(event) == 'get a, b → "1", null'


def test_a_read_of_many_keys_is_summed_up(film: Film) -> None:
    for key in "abcd":
        film.seed(key, "1")

    assert words(film).operation(film.get(1, *"abcd")) == "get 4 keys → 4 values"
    assert words(film).operation(film.get(1, *"abcde")) == "get 5 keys → 4 there"


def test_a_cache_ttl_is_told_unless_it_is_the_usual_one(film: Film) -> None:
    usual, long = film.get(1, "a", ttl=60), film.get(1, "a", ttl=3600)

    assert words(film).operation(usual) == "get a → null"
    assert words(film).operation(long) == "get a cacheTtl=3600 → null"


@pytest.mark.parametrize(("keys", "told"), [("", "no key"), ("a", "1 key"), ("ab", "2 keys")])
def test_a_list_counts_what_is_there(film: Film, keys: str, told: str) -> None:
    for key in keys:
        film.seed(key, "1")

    assert words(film).operation(film.list(1, "", *"abc")) == f"list → {told}"
    assert words(film).operation(film.list(1, "p:", *"abc")) == f'list "p:" → {told}'


def test_a_list_says_which_binding_where_there_are_two(film: Film) -> None:
    film.get(1, "a", binding="OTHER")
    event = film.list(1, "", "a")

    assert words(film).operation(event) == "list KV → no key"


def test_writes_and_effects(film: Film) -> None:
    put, delete = film.put(1, "a", "1"), film.put(1, "a", None)
    charge, called = film.external(1, "charge"), film.external(1, "charge(3)")

    told = [words(film).operation(event) for event in (put, delete, charge, called)]

    assert told == ['put a = "1"', "delete a", "charge()", "charge(3)"]


def test_an_error_is_told_without_what_stands_beside_it(film: Film) -> None:
    event = film.put(1, "a", "1", refused=True)

    assert words(film).operation(event) == 'put a = "1" ✗ 429 Too Many Requests'


def test_an_operation_elsewhere_says_where(film: Film) -> None:
    event = film.get(1, "a", location="NRT", deviates=("roamed",))

    assert words(film).operation(event) == "get a @NRT → null"
    assert words(film).remarks(event) == ["lands at NRT"]


def test_a_stale_read_says_what_it_saw_and_who_replaced_it(film: Film) -> None:
    film.put(1, "a", "1")
    film.put(1, "a", "2")
    film.lapse(12)

    remarks = words(film).remarks(film.get(1, "a", older=[2]))

    assert remarks == ["stale v0 (absent), replaced 12 s ago by ①, 2 versions behind"]


def test_a_stale_absence_may_be_a_deletion_and_its_writer_the_test(film: Film) -> None:
    film.put(1, "a", None)
    film.seed("a", "1")
    event = film.get(1, "a", older=[1])

    assert words(film).remarks(event) == ["stale v1 (deleted), replaced 0 s ago by the test"]


def test_only_two_stale_keys_are_told_one_by_one(film: Film) -> None:
    for key in "abcd":
        film.seed(key, "1")
    event = film.get(1, *"abcd", older=[1, 1, 1, 1])

    assert words(film).remarks(event) == [
        "stale a v0 (absent), replaced 0 s ago by the test",
        "stale b v0 (absent), replaced 0 s ago by the test",
        "and 2 more",
    ]


@pytest.mark.parametrize(
    ("deviation", "told"),
    [
        ("order", "switch to ①"),
        ("accepted", "accepted within 1 s of the write before"),
        ("failed", "fails after taking effect"),
        ("tombstones", "passes over tombstones"),
    ],
)
def test_a_choice_is_told(film: Film, deviation: str, told: str) -> None:
    event = film.put(1, "a", "1", deviates=(deviation,))

    assert words(film).remarks(event) == [told]


def test_what_has_expired_is_told(film: Film) -> None:
    film.seed("a", "1")
    event = film.get(1, "a")
    event.looks[0].value = None

    assert words(film).remarks(event) == ["expired"]


def test_an_overwrite_names_the_versions() -> None:
    trace = pictures.crowd()

    assert Words(Story(trace), UNICODE).remarks(trace.events[-1]) == ["overwrites v5 to v11 unseen"]


def test_a_lapse_says_how_long_it_is(film: Film) -> None:
    assert words(film).lapse(film.lapse(0.5)) == "0.5 s passes"
    assert words(film).lapse(film.lapse(2)) == "2 s pass"


@pytest.mark.parametrize(
    ("end", "told"),
    [
        (End(kind="timer", at=0, invocation=1), "a timer of ① is due"),
        (End(kind="limit", at=0, binding="KV", key="a"), "a may be written again"),
        (End(kind="expiry", at=0, binding="KV", key="a", version=2), "a v2 expires"),
        (
            End(kind="copy", at=0, binding="KV", key="a", version=2, cache_ttl=60),
            "a v2 could be read until now",
        ),
        (
            End(kind="copy", at=0, binding="KV", key="a", version=2, cache_ttl=300),
            "a v2 could be read with cacheTtl=300 until now",
        ),
    ],
)
def test_a_lapse_says_what_it_ends(film: Film, end: End, told: str) -> None:
    lapse = film.lapse(1, end)
    film.get(1, "a", ttl=60)
    film.get(1, "a", ttl=300)
    film.put(1, "a", "1")

    assert words(film).remarks(lapse) == [told]


def test_a_lapse_tells_the_versions_of_one_key_together_and_two_things_at_most(
    film: Film,
) -> None:
    ends = [
        End(kind="copy", at=0, binding="KV", key=key, version=version, cache_ttl=60)
        for key in "abc"
        for version in (1, 2, 3)
    ]
    lapse = film.lapse(60, *ends)
    film.list(1, "", *"abc")

    assert words(film).remarks(lapse) == [
        "a v1 to v3 could be read until now",
        "b v1 to v3 could be read until now",
        "and 1 more",
    ]


def test_a_lapse_that_ends_nothing_says_nothing(film: Film) -> None:
    assert words(film).remarks(film.lapse(61)) == []


def test_a_write_that_comes_in_before_another_says_which(film: Film) -> None:
    first = film.put(1, "a", "1")
    film.lapse(5)
    second = film.put(1, "a", "2", deviates=("overtakes",))
    first.looks[0].version, second.looks[0].version = 2, 1

    assert words(film).remarks(second) == ["comes in before v2 of ①, written 5 s earlier"]


def test_that_may_have_been_a_write_of_the_test_or_one_that_nobody_saw(film: Film) -> None:
    first = film.put(0, "a", "1", location="NRT")
    second = film.put(1, "a", "2", deviates=("overtakes",))
    unseen = film.put(1, "b", "2", deviates=("overtakes",))
    first.looks[0].version, second.looks[0].version = 2, 1

    assert words(film).remarks(second) == ["comes in before v2 of the test, written 0 s earlier"]
    assert words(film).remarks(unseen) == ["comes in before an earlier write"]


def test_a_version_has_its_key_where_there_are_several(film: Film) -> None:
    put = film.put(1, "a", "1")
    assert words(film).central(put) == ['v1 "1" (①)']

    film.get(1, "b")
    assert words(film).central(put) == ['a v1 "1" (①)']


def test_a_read_and_a_refused_write_change_nothing_in_the_central_stores(film: Film) -> None:
    assert words(film).central(film.get(1, "a")) == []
    assert words(film).central(film.put(1, "a", "1", refused=True)) == []


def test_what_the_test_put_there_is_the_test_s() -> None:
    film = Film("LHR")
    film.seed("a", "1")
    film.seed("b", "1", before=True)
    first, second = (Seed(name, commits[0]) for name, commits in film.trace.commits.items())

    assert [words(film).seed(first), words(film).seed(second)] == ['a v1 "1" (test)', 'b v1 "1"']


def test_an_invocation_has_a_title_and_an_ending(film: Film) -> None:
    film.act("show", "NRT")
    film.end(2, "'old'")
    film.act("quiet", "NRT")
    film.end(3, "")

    told = words(film)
    assert [told.title(n) for n in (0, 1, 2)] == ["test", "① visit @LHR", "② show @NRT"]
    assert [told.ending(n) for n in range(4)] == ["", "never ends", "→ 'old'", ""]


def test_sessions_are_named_where_there_are_several() -> None:
    film = Film("LHR")
    film.act("visit", "LHR", "ana")
    film.act("visit", "LHR", "bob")
    film.act("visit", "LHR", "#3")

    told = words(film)
    assert [told.title(n) for n in (1, 2, 3)] == [
        "① visit @LHR (ana)",
        "② visit @LHR (bob)",
        "③ visit @LHR",
    ]


def test_an_operation_of_the_test_says_where_it_is(film: Film) -> None:
    event = Event(number=99, kind="external", at=0, asked=0, name="x", location="LHR")

    assert words(film).operation(event) == "x() @LHR"


@pytest.mark.parametrize(
    ("duration", "told"),
    [
        (0, "0 s"),
        (1, "1 s"),
        (0.5, "0.5 s"),
        (59.9996, "60 s"),
        (3600, "3600 s"),
        (86400, "24 h"),
        (9000, "2.5 h"),
        (0.000_001, "1e-06 s"),
    ],
)
def test_a_duration_is_short(duration: float, told: str) -> None:
    assert seconds(duration) == told


@pytest.mark.parametrize(
    ("instants", "digits"),
    [
        ([0], 1),
        ([0, 1_500_000_000], 1),
        ([0, 1_250_000_000], 2),
        ([0, 1_001_000_000], 3),
        ([0, 1_001_000_001], 3),
        ([1_001_000_000, 1_001_000_001], 9),
    ],
)
def test_instants_that_differ_look_different(instants: list[int], digits: int) -> None:
    assert decimals(instants) == digits
    assert len({instant(each, digits) for each in instants}) == len(instants)


def test_an_instant_is_in_seconds() -> None:
    assert instant(61_500_000_000, 1) == "61.5"
    assert instant(1, 9) == "0.000000001"


def test_a_literal_is_python() -> None:
    assert eval(literal('a"b\\c\n', UNICODE)) == 'a"b\\c\n'
