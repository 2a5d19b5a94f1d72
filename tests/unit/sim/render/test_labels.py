"""Labels of a timeline: operations and annotations on one line each."""

import pytest

from pykvbinding._text.glyphs import UNICODE
from pykvbinding.sim.render.analysis import DirectWrite, TraceAnalysis
from pykvbinding.sim.render.labels import (
    Labels,
    count_decimals,
    format_instant,
    format_literal,
    format_seconds,
)
from pykvbinding.sim.trace import Event, LapseEffect
from tests.support import example_traces
from tests.support.trace_builder import TraceBuilder


def labels(builder: TraceBuilder) -> Labels:
    return Labels(TraceAnalysis(builder.trace), UNICODE)


@pytest.fixture
def builder() -> TraceBuilder:
    builder = TraceBuilder("LHR", "NRT")
    builder.start("visit", "LHR")
    return builder


def test_a_read_shows_its_result(builder: TraceBuilder) -> None:
    builder.seed("a", "1")
    event = builder.get(1, "a", "b")

    assert labels(builder).operation(event) == 'get a, b → "1", null'


def test_summarizes_a_read_of_many_keys(builder: TraceBuilder) -> None:
    for key in "abcd":
        builder.seed(key, "1")

    assert labels(builder).operation(builder.get(1, *"abcd")) == "get 4 keys → 4 values"
    assert labels(builder).operation(builder.get(1, *"abcde")) == "get 5 keys → 4 there"


def test_shows_a_cache_ttl_that_is_not_the_default(builder: TraceBuilder) -> None:
    usual, long = builder.get(1, "a", ttl=60), builder.get(1, "a", ttl=3600)

    assert labels(builder).operation(usual) == "get a → null"
    assert labels(builder).operation(long) == "get a cacheTtl=3600 → null"


@pytest.mark.parametrize(("keys", "expected"), [("", "no key"), ("a", "1 key"), ("ab", "2 keys")])
def test_a_list_shows_its_number_of_keys(builder: TraceBuilder, keys: str, expected: str) -> None:
    for key in keys:
        builder.seed(key, "1")

    assert labels(builder).operation(builder.list(1, "", *"abc")) == f"list → {expected}"
    assert labels(builder).operation(builder.list(1, "p:", *"abc")) == f'list "p:" → {expected}'


def test_a_list_shows_its_binding_if_there_are_two(builder: TraceBuilder) -> None:
    builder.get(1, "a", binding="OTHER")
    event = builder.list(1, "", "a")

    assert labels(builder).operation(event) == "list KV → no key"


def test_formats_writes_and_external_effects(builder: TraceBuilder) -> None:
    put, delete = builder.put(1, "a", "1"), builder.put(1, "a", None)
    charge, called = builder.external(1, "charge"), builder.external(1, "charge(3)")

    expected = [labels(builder).operation(event) for event in (put, delete, charge, called)]

    assert expected == ['put a = "1"', "delete a", "charge()", "charge(3)"]


def test_an_error_is_shown_without_its_operation(builder: TraceBuilder) -> None:
    event = builder.put(1, "a", "1", refused=True)

    assert labels(builder).operation(event) == 'put a = "1" ✗ 429 Too Many Requests'


def test_an_operation_at_another_location_shows_it(builder: TraceBuilder) -> None:
    event = builder.get(1, "a", location="NRT", deviations=("roamed",))

    assert labels(builder).operation(event) == "get a @NRT → null"
    assert labels(builder).annotations(event) == ["lands at NRT"]


def test_a_stale_read_shows_its_version_and_the_newer_writer(builder: TraceBuilder) -> None:
    builder.put(1, "a", "1")
    builder.put(1, "a", "2")
    builder.lapse(12)

    annotations = labels(builder).annotations(builder.get(1, "a", older=[2]))

    assert annotations == ["stale v0 (absent), replaced 12 s ago by ①, 2 versions behind"]


def test_a_stale_absence_can_be_a_delete_and_be_written_by_the_test(builder: TraceBuilder) -> None:
    builder.put(1, "a", None)
    builder.seed("a", "1")
    event = builder.get(1, "a", older=[1])

    assert labels(builder).annotations(event) == [
        "stale v1 (deleted), replaced 0 s ago by the test"
    ]


def test_lists_at_most_two_stale_keys(builder: TraceBuilder) -> None:
    for key in "abcd":
        builder.seed(key, "1")
    event = builder.get(1, *"abcd", older=[1, 1, 1, 1])

    assert labels(builder).annotations(event) == [
        "stale a v0 (absent), replaced 0 s ago by the test",
        "stale b v0 (absent), replaced 0 s ago by the test",
        "and 2 more",
    ]


@pytest.mark.parametrize(
    ("deviation", "expected"),
    [
        ("order", "switch to ①"),
        ("accepted", "accepted within 1 s of the write before"),
        ("failed", "fails after taking effect"),
        ("tombstones", "passes over tombstones"),
    ],
)
def test_annotates_a_deviation(builder: TraceBuilder, deviation: str, expected: str) -> None:
    event = builder.put(1, "a", "1", deviations=(deviation,))

    assert labels(builder).annotations(event) == [expected]


def test_annotates_an_expired_value(builder: TraceBuilder) -> None:
    builder.seed("a", "1")
    event = builder.get(1, "a")
    event.accesses[0].value = None

    assert labels(builder).annotations(event) == ["expired"]


def test_annotates_the_versions_of_an_unseen_overwrite() -> None:
    trace = example_traces.crowd()

    assert Labels(TraceAnalysis(trace), UNICODE).annotations(trace.events[-1]) == [
        "overwrites v5 to v11 unseen"
    ]


def test_a_lapse_shows_its_duration(builder: TraceBuilder) -> None:
    assert labels(builder).lapse(builder.lapse(0.5)) == "0.5 s passes"
    assert labels(builder).lapse(builder.lapse(2)) == "2 s pass"


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (LapseEffect(kind="timer", at=0, invocation=1), "a timer of ① is due"),
        (LapseEffect(kind="limit", at=0, binding="KV", key="a"), "a may be written again"),
        (LapseEffect(kind="expiry", at=0, binding="KV", key="a", version=2), "a v2 expires"),
        (
            LapseEffect(kind="copy", at=0, binding="KV", key="a", version=2, cache_ttl=60),
            "a v2 could be read until now",
        ),
        (
            LapseEffect(kind="copy", at=0, binding="KV", key="a", version=2, cache_ttl=300),
            "a v2 could be read with cacheTtl=300 until now",
        ),
    ],
)
def test_annotates_the_effects_of_a_lapse(
    builder: TraceBuilder, end: LapseEffect, expected: str
) -> None:
    lapse = builder.lapse(1, end)
    builder.get(1, "a", ttl=60)
    builder.get(1, "a", ttl=300)
    builder.put(1, "a", "1")

    assert labels(builder).annotations(lapse) == [expected]


def test_groups_versions_of_one_key_and_lists_at_most_two_effects(
    builder: TraceBuilder,
) -> None:
    select_lapse_effects = [
        LapseEffect(kind="copy", at=0, binding="KV", key=key, version=version, cache_ttl=60)
        for key in "abc"
        for version in (1, 2, 3)
    ]
    lapse = builder.lapse(60, *select_lapse_effects)
    builder.list(1, "", *"abc")

    assert labels(builder).annotations(lapse) == [
        "a v1 to v3 could be read until now",
        "b v1 to v3 could be read until now",
        "and 1 more",
    ]


def test_a_lapse_without_effects_has_no_annotations(builder: TraceBuilder) -> None:
    assert labels(builder).annotations(builder.lapse(61)) == []


def test_annotates_a_reordered_write(builder: TraceBuilder) -> None:
    first = builder.put(1, "a", "1")
    builder.lapse(5)
    second = builder.put(1, "a", "2", deviations=("overtakes",))
    first.accesses[0].version, second.accesses[0].version = 2, 1

    assert labels(builder).annotations(second) == ["committed before v2 of ①, written 5 s earlier"]


def test_the_other_write_can_be_of_the_test_or_unknown(
    builder: TraceBuilder,
) -> None:
    first = builder.put(0, "a", "1", location="NRT")
    second = builder.put(1, "a", "2", deviations=("overtakes",))
    unseen = builder.put(1, "b", "2", deviations=("overtakes",))
    first.accesses[0].version, second.accesses[0].version = 2, 1

    assert labels(builder).annotations(second) == [
        "committed before v2 of the test, written 0 s earlier"
    ]
    assert labels(builder).annotations(unseen) == ["committed before an earlier write"]


def test_a_version_shows_its_key_if_there_are_several(builder: TraceBuilder) -> None:
    put = builder.put(1, "a", "1")
    assert labels(builder).central_versions(put) == ['v1 "1" (①)']

    builder.get(1, "b")
    assert labels(builder).central_versions(put) == ['a v1 "1" (①)']


def test_reads_and_refused_writes_have_no_central_version(
    builder: TraceBuilder,
) -> None:
    assert labels(builder).central_versions(builder.get(1, "a")) == []
    assert labels(builder).central_versions(builder.put(1, "a", "1", refused=True)) == []


def test_a_direct_write_is_attributed_to_the_test() -> None:
    builder = TraceBuilder("LHR")
    builder.seed("a", "1")
    builder.seed("b", "1", before=True)
    first, second = (
        DirectWrite(name, commits[0]) for name, commits in builder.trace.commits.items()
    )

    assert [labels(builder).direct_write(first), labels(builder).direct_write(second)] == [
        'a v1 "1" (test)',
        'b v1 "1"',
    ]


def test_an_invocation_has_a_title_and_an_outcome(builder: TraceBuilder) -> None:
    builder.start("show", "NRT")
    builder.end(2, "'old'")
    builder.start("quiet", "NRT")
    builder.end(3, "")

    expected = labels(builder)
    assert [expected.title(n) for n in (0, 1, 2)] == ["test", "① visit @LHR", "② show @NRT"]
    assert [expected.outcome(n) for n in range(4)] == ["", "never ends", "→ 'old'", ""]


def test_shows_sessions_if_there_are_several() -> None:
    builder = TraceBuilder("LHR")
    builder.start("visit", "LHR", "ana")
    builder.start("visit", "LHR", "bob")
    builder.start("visit", "LHR", "#3")

    expected = labels(builder)
    assert [expected.title(n) for n in (1, 2, 3)] == [
        "① visit @LHR (ana)",
        "② visit @LHR (bob)",
        "③ visit @LHR",
    ]


def test_an_operation_of_the_test_shows_its_location(builder: TraceBuilder) -> None:
    event = Event(number=99, kind="external", at=0, invoked=0, name="x", location="LHR")

    assert labels(builder).operation(event) == "x() @LHR"


@pytest.mark.parametrize(
    ("duration", "expected"),
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
def test_formats_durations(duration: float, expected: str) -> None:
    assert format_seconds(duration) == expected


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
def test_decimals_distinguish_different_instants(instants: list[int], digits: int) -> None:
    assert count_decimals(instants) == digits
    assert len({format_instant(each, digits) for each in instants}) == len(instants)


def test_formats_an_instant_in_seconds() -> None:
    assert format_instant(61_500_000_000, 1) == "61.5"
    assert format_instant(1, 9) == "0.000000001"


def test_a_literal_is_valid_python() -> None:
    assert eval(format_literal('a"b\\c\n', UNICODE)) == 'a"b\\c\n'
