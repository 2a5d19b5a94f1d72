"""The contract: what a read may return, for how long, and the sentence that permits it."""

import math
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pykvbinding.clock import NANOSECONDS
from pykvbinding.edge.consistency import (
    CREATED,
    DELETED,
    EXPIRED,
    NEWEST,
    OR_MORE,
    UPDATED,
    AllowedReads,
    AllowedVersion,
    allowed_versions,
    superseded_at,
)
from pykvbinding.middleware.versions import NEVER, Version
from pykvbinding.storage.record import Record, Value

START = 1_700_000_000
NOW = START * NANOSECONDS


def version(number: int, value: Value | None, ago: float, expiration: int | None = None) -> Version:
    """One that was committed so many seconds ago."""
    record = None if value is None else Record(value, None, expiration)
    return Version(number, record, NOW - round(ago * NANOSECONDS), "LHR")


def numbers(versions: Sequence[Version], ttl: float = 60, grace: float = 0) -> list[int]:
    return [each.version for each in allowed_versions(versions, NOW, ttl, grace)]


# Which


def test_a_key_that_was_never_written_may_only_be_absent() -> None:
    assert allowed_versions([NEVER], NOW, 60) == [AllowedVersion(None, 0, math.inf, None, NEWEST)]


@pytest.mark.parametrize(
    ("ago", "ttl", "seen"),
    [
        (59.999_999_999, 60, True),
        (60, 60, False),
        (60.000_000_001, 60, False),
        (59.999_999_999, 3600, True),
        (60, 3600, True),
        (3599.999_999_999, 3600, True),
        (3600, 3600, False),
        (0, 0, False),
    ],
)
def test_a_version_may_be_seen_until_cache_ttl_has_passed_since_the_next(
    ago: float, ttl: int, seen: bool
) -> None:
    versions = [NEVER, version(1, "old", 9999), version(2, "new", ago)]

    assert numbers(versions, ttl) == ([2, 1] if seen else [2])


@pytest.mark.parametrize("ttl", [60, 86_400 * 365, 2**31 - 1])
def test_not_a_nanosecond_is_lost_with_any_cache_ttl(ttl: int) -> None:
    committed = NOW - ttl * NANOSECONDS
    versions = [NEVER, Version(1, Record("1"), None, None), Version(2, None, committed, None)]

    just_before = allowed_versions(versions, NOW - 1, ttl)
    then = allowed_versions(versions, NOW, ttl)

    assert [(each.version, each.until) for each in just_before] == [(2, None), (1, 1e-9)]
    assert [each.version for each in then] == [2]


def test_several_versions_may_be_seen_newest_first() -> None:
    versions = [NEVER, version(1, "1", 80), version(2, "2", 50), version(3, "3", 10)]

    assert numbers(versions) == [3, 2, 1]


def test_what_was_so_before_anybody_looked_has_replaced_nothing() -> None:
    always = Version(1, Record("1"), None, None)

    assert numbers([NEVER, always]) == [1]
    assert numbers([NEVER, always, version(2, "2", 1)]) == [2, 1]


@pytest.mark.parametrize(("grace", "seen"), [(0, False), (5, False), (5.000_000_001, True)])
def test_grace_lets_an_old_version_be_seen_for_so_much_longer(grace: float, seen: bool) -> None:
    versions = [NEVER, version(1, "1", 200), version(2, "2", 65)]

    assert (numbers(versions, 60, grace) == [2, 1]) is seen


def test_grace_without_end_lets_every_version_be_seen() -> None:
    versions = [NEVER, version(1, "1", 1e6), version(2, "2", 1e5)]

    answer = allowed_versions(versions, NOW, 60, math.inf)

    assert [(each.version, each.until) for each in answer] == [
        (2, None),
        (1, math.inf),
        (0, math.inf),
    ]


COMMITS = st.lists(st.integers(0, 300 * NANOSECONDS), max_size=8).map(sorted)
SPANS = st.sampled_from([0, 0.5, 1, 60, 61, 120.25, 3600])


@settings(deadline=None)
@given(commits=COMMITS, later=st.integers(0, 400 * NANOSECONDS), ttl=SPANS, grace=SPANS)
def test_it_is_the_formula_of_the_model(
    commits: list[int], later: int, ttl: float, grace: float
) -> None:
    times = [NOW + commit for commit in commits]
    versions = [NEVER, *(Version(n + 1, Record(str(n)), t, None) for n, t in enumerate(times))]
    now = max([NOW, *times]) + later
    n = len(times)

    def commit_time(i: int) -> int:
        return times[i - 1]

    span = int((ttl + grace) * NANOSECONDS)
    may_read = [n] + [i for i in range(n - 1, -1, -1) if now < commit_time(i + 1) + span]

    answer = allowed_versions(versions, now, ttl, grace)
    assert [each.version for each in answer] == may_read
    assert all(each.until is None or each.until > 0 for each in answer)
    assert [each.until for each in answer].count(None) == 1


# What each tells


def test_each_tells_its_value_its_age_and_how_long_it_may_be_seen() -> None:
    versions = [NEVER, version(1, b"\x00", 90.5), version(2, "new", 20)]

    assert allowed_versions(versions, NOW, 60) == [
        AllowedVersion("new", 2, 20, None, NEWEST),
        AllowedVersion(b"\x00", 1, 90.5, 40, UPDATED),
    ]


def test_what_has_always_been_so_is_infinitely_old() -> None:
    assert allowed_versions([NEVER, version(1, "1", 20)], NOW, 60)[1].age == math.inf


@pytest.mark.parametrize(
    ("older", "newer", "justification"),
    [
        (version(1, "1", 90), version(2, "2", 10), UPDATED),
        (version(1, None, 90), version(2, "2", 10), CREATED),
        (version(1, "1", 90), version(2, None, 10), DELETED),
        (version(1, None, 90), version(2, None, 10), CREATED),
        (version(1, "1", 90, START), version(2, "2", 10), EXPIRED),
        (version(1, "1", 90, START), version(2, None, 10), EXPIRED),
        (version(1, "1", 90, START + 1), version(2, "2", 10), UPDATED),
        (version(1, "1", 90), version(2, "2", 60), OR_MORE),
    ],
)
def test_an_old_version_tells_the_sentence_that_permits_it(
    older: Version, newer: Version, justification: str
) -> None:
    assert (
        allowed_versions([NEVER, older, newer], NOW, 60, grace=5)[1].justification == justification
    )


@pytest.mark.parametrize(("expiration", "shown"), [(START, None), (START + 1, "1")])
def test_expiration_takes_precedence_over_every_version(expiration: int, shown: str | None) -> None:
    versions = [NEVER, version(1, "1", 90, expiration), version(2, "2", 10)]

    assert [each.value for each in allowed_versions(versions, NOW, 60)] == ["2", shown]
    assert allowed_versions(versions[:2], NOW, 60)[0].value == shown


# How it prints


def test_a_permitted_version_shows_its_number_its_value_and_its_time() -> None:
    versions = [NEVER, version(1, "old", 90), version(2, "new", 20)]

    assert list(map(repr, allowed_versions(versions, NOW, 60))) == [
        "AllowedVersion(v2 'new')",
        "AllowedVersion(v1 'old', until=+40 s)",
    ]


def test_a_long_value_is_cut_short() -> None:
    shown = repr(allowed_versions([NEVER, version(1, "x" * 100, 0)], NOW, 60)[0])

    assert shown == f"AllowedVersion(v1 '{'x' * 39}…)"


def test_the_values_stand_apart_from_the_rest() -> None:
    versions = [NEVER, version(1, "old", 90), version(2, "new", 20)]

    assert AllowedReads(allowed_versions(versions, NOW, 60)).values == ["new", "old"]


def test_it_prints_a_line_for_each_version_and_why() -> None:
    versions = [NEVER, version(1, "last month", 2_592_000.5), version(2, None, 20)]
    answer = AllowedReads(allowed_versions(versions, NOW, 3_000_000), "may_read('k') at NRT")

    assert repr(answer) == (
        "may_read('k') at NRT:\n"
        "  v2   None          written 20 s ago, the newest\n"
        "  v1   'last month'  written 2592000.5 s ago, may be seen for 2999980 s more\n"
        '       "it may take some time for the key to be deleted from various points in the '
        "Cloudflare global\n"
        '       network"\n'
        "  v0   None          always so, may be seen for 407999.5 s more\n"
        '       "Negative lookups indicating that the key does not exist are also cached, so the '
        "same delay\n"
        '       exists noticing a value is created as when a value is changed."'
    )


def test_without_an_end_it_says_so() -> None:
    versions = [NEVER, version(1, "old", 20)]

    assert repr(AllowedReads(allowed_versions(versions, NOW, 60, math.inf))).splitlines()[2] == (
        "  v0   None   always so, may be seen for ever"
    )


def test_nothing_at_all_prints_too() -> None:
    assert repr(AllowedReads()) == "may_read:"


# Versions that are not in the order in which they were written


def overtaken(ago: float, later: float) -> list[Version]:
    """Of two versions the newer one was written first."""
    return [NEVER, version(1, "later", later), version(2, "earlier", ago)]


def test_what_came_in_below_another_may_be_seen_for_as_long_as_if_it_had_been_there_first() -> None:
    assert numbers(overtaken(59, 10)) == [2, 1, 0]
    assert numbers(overtaken(60, 10)) == [2]


def test_a_version_is_replaced_by_the_first_of_those_above_it() -> None:
    versions = overtaken(20, 10)

    assert [superseded_at(versions, number) for number in (0, 1)] == [NOW - 20 * NANOSECONDS] * 2
    assert [each.until for each in allowed_versions(versions, NOW, 60)] == [None, 40, 40]


def test_what_was_replaced_before_anybody_looked_was_replaced_at_no_instant() -> None:
    always = Version(1, Record("1"), None, None)

    assert superseded_at([NEVER, always, version(2, "2", 1)], 0) is None
    assert superseded_at([NEVER, always, version(2, "2", 1)], 1) == NOW - NANOSECONDS
