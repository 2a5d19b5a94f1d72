"""The consistency contract: allowed versions, their remaining time, their justification."""

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
from pykvbinding.middleware.versions import ABSENT_VERSION, Version
from pykvbinding.storage.record import Record, Value

START = 1_700_000_000
NOW = START * NANOSECONDS


def version(number: int, value: Value | None, ago: float, expiration: int | None = None) -> Version:
    """Return a version that was committed `seconds` seconds ago."""
    record = None if value is None else Record(value, None, expiration)
    return Version(number, record, NOW - round(ago * NANOSECONDS), "LHR")


def numbers(versions: Sequence[Version], ttl: float = 60, grace: float = 0) -> list[int]:
    return [each.version for each in allowed_versions(versions, NOW, ttl, grace)]


# Selection


def test_an_unwritten_key_is_absent() -> None:
    assert allowed_versions([ABSENT_VERSION], NOW, 60) == [
        AllowedVersion(None, 0, math.inf, None, NEWEST)
    ]


@pytest.mark.parametrize(
    ("ago", "ttl", "is_allowed"),
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
def test_a_version_is_allowed_until_its_successor_is_cache_ttl_old(
    ago: float, ttl: int, is_allowed: bool
) -> None:
    versions = [ABSENT_VERSION, version(1, "old", 9999), version(2, "new", ago)]

    assert numbers(versions, ttl) == ([2, 1] if is_allowed else [2])


@pytest.mark.parametrize("ttl", [60, 86_400 * 365, 2**31 - 1])
def test_the_limit_is_exact_to_the_nanosecond_for_any_cache_ttl(ttl: int) -> None:
    committed = NOW - ttl * NANOSECONDS
    versions = [
        ABSENT_VERSION,
        Version(1, Record("1"), None, None),
        Version(2, None, committed, None),
    ]

    before = allowed_versions(versions, NOW - 1, ttl)
    after = allowed_versions(versions, NOW, ttl)

    assert [(each.version, each.until) for each in before] == [(2, None), (1, 1e-9)]
    assert [each.version for each in after] == [2]


def test_allowed_versions_are_sorted_newest_first() -> None:
    versions = [ABSENT_VERSION, version(1, "1", 80), version(2, "2", 50), version(3, "3", 10)]

    assert numbers(versions) == [3, 2, 1]


def test_a_version_older_than_the_log_supersedes_nothing() -> None:
    oldest = Version(1, Record("1"), None, None)

    assert numbers([ABSENT_VERSION, oldest]) == [1]
    assert numbers([ABSENT_VERSION, oldest, version(2, "2", 1)]) == [2, 1]


@pytest.mark.parametrize(("grace", "is_allowed"), [(0, False), (5, False), (5.000_000_001, True)])
def test_grace_extends_the_time_of_an_old_version(grace: float, is_allowed: bool) -> None:
    versions = [ABSENT_VERSION, version(1, "1", 200), version(2, "2", 65)]

    assert (numbers(versions, 60, grace) == [2, 1]) is is_allowed


def test_infinite_grace_allows_every_version() -> None:
    versions = [ABSENT_VERSION, version(1, "1", 1e6), version(2, "2", 1e5)]

    allowed = allowed_versions(versions, NOW, 60, math.inf)

    assert [(each.version, each.until) for each in allowed] == [
        (2, None),
        (1, math.inf),
        (0, math.inf),
    ]


COMMITS = st.lists(st.integers(0, 300 * NANOSECONDS), max_size=8).map(sorted)
SECONDS = st.sampled_from([0, 0.5, 1, 60, 61, 120.25, 3600])


@settings(deadline=None)
@given(commits=COMMITS, later=st.integers(0, 400 * NANOSECONDS), ttl=SECONDS, grace=SECONDS)
def test_matches_the_formula_of_the_model(
    commits: list[int], later: int, ttl: float, grace: float
) -> None:
    times = [NOW + commit for commit in commits]
    versions = [
        ABSENT_VERSION,
        *(Version(n + 1, Record(str(n)), t, None) for n, t in enumerate(times)),
    ]
    now = max([NOW, *times]) + later
    n = len(times)

    def commit_time(i: int) -> int:
        return times[i - 1]

    span = int((ttl + grace) * NANOSECONDS)
    may_read = [n] + [i for i in range(n - 1, -1, -1) if now < commit_time(i + 1) + span]

    allowed = allowed_versions(versions, now, ttl, grace)
    assert [each.version for each in allowed] == may_read
    assert all(each.until is None or each.until > 0 for each in allowed)
    assert [each.until for each in allowed].count(None) == 1


# Fields


def test_an_allowed_version_has_value_age_and_remaining_time() -> None:
    versions = [ABSENT_VERSION, version(1, b"\x00", 90.5), version(2, "new", 20)]

    assert allowed_versions(versions, NOW, 60) == [
        AllowedVersion("new", 2, 20, None, NEWEST),
        AllowedVersion(b"\x00", 1, 90.5, 40, UPDATED),
    ]


def test_a_version_older_than_the_log_has_an_infinite_age() -> None:
    assert allowed_versions([ABSENT_VERSION, version(1, "1", 20)], NOW, 60)[1].age == math.inf


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
def test_an_old_version_has_the_sentence_that_allows_it(
    older: Version, newer: Version, justification: str
) -> None:
    assert (
        allowed_versions([ABSENT_VERSION, older, newer], NOW, 60, grace=5)[1].justification
        == justification
    )


@pytest.mark.parametrize(("expiration", "shown"), [(START, None), (START + 1, "1")])
def test_an_expired_version_has_no_value(expiration: int, shown: str | None) -> None:
    versions = [ABSENT_VERSION, version(1, "1", 90, expiration), version(2, "2", 10)]

    assert [each.value for each in allowed_versions(versions, NOW, 60)] == ["2", shown]
    assert allowed_versions(versions[:2], NOW, 60)[0].value == shown


# Output


def test_repr_of_a_version_has_number_value_and_remaining_time() -> None:
    versions = [ABSENT_VERSION, version(1, "old", 90), version(2, "new", 20)]

    assert list(map(repr, allowed_versions(versions, NOW, 60))) == [
        "AllowedVersion(v2 'new')",
        "AllowedVersion(v1 'old', until=+40 s)",
    ]


def test_repr_truncates_long_values() -> None:
    shown = repr(allowed_versions([ABSENT_VERSION, version(1, "x" * 100, 0)], NOW, 60)[0])

    assert shown == f"AllowedVersion(v1 '{'x' * 39}…)"


def test_values_returns_the_values_only() -> None:
    versions = [ABSENT_VERSION, version(1, "old", 90), version(2, "new", 20)]

    assert AllowedReads(allowed_versions(versions, NOW, 60)).values == ["new", "old"]


def test_prints_each_version_with_its_justification() -> None:
    versions = [ABSENT_VERSION, version(1, "last month", 2_592_000.5), version(2, None, 20)]
    allowed = AllowedReads(allowed_versions(versions, NOW, 3_000_000), "may_read('k') at NRT")

    assert repr(allowed) == (
        "may_read('k') at NRT:\n"
        "  v2   None          written 20 s ago, the newest\n"
        "  v1   'last month'  written 2592000.5 s ago, may be seen for 2999980 s more\n"
        '       "it may take some time for the key to be deleted from various points in the '
        "Cloudflare global\n"
        '       network"\n'
        "  v0   None          from the start, may be seen for 407999.5 s more\n"
        '       "Negative lookups indicating that the key does not exist are also cached, so the '
        "same delay\n"
        '       exists noticing a value is created as when a value is changed."'
    )


def test_prints_an_infinite_remaining_time() -> None:
    versions = [ABSENT_VERSION, version(1, "old", 20)]

    assert repr(AllowedReads(allowed_versions(versions, NOW, 60, math.inf))).splitlines()[2] == (
        "  v0   None   from the start, may be seen forever"
    )


def test_prints_an_empty_result() -> None:
    assert repr(AllowedReads()) == "may_read:"


# Versions whose order differs from the order of their commits


def overtaken(ago: float, later: float) -> list[Version]:
    """Return versions of which the newest was written before the one below it."""
    return [ABSENT_VERSION, version(1, "later", later), version(2, "earlier", ago)]


def test_an_inserted_version_is_allowed_as_if_it_had_been_committed_first() -> None:
    assert numbers(overtaken(59, 10)) == [2, 1, 0]
    assert numbers(overtaken(60, 10)) == [2]


def test_a_version_is_superseded_by_the_earliest_version_above_it() -> None:
    versions = overtaken(20, 10)

    assert [superseded_at(versions, number) for number in (0, 1)] == [NOW - 20 * NANOSECONDS] * 2
    assert [each.until for each in allowed_versions(versions, NOW, 60)] == [None, 40, 40]


def test_a_version_superseded_before_the_log_has_no_instant() -> None:
    oldest = Version(1, Record("1"), None, None)

    assert superseded_at([ABSENT_VERSION, oldest, version(2, "2", 1)], 0) is None
    assert superseded_at([ABSENT_VERSION, oldest, version(2, "2", 1)], 1) == NOW - NANOSECONDS
