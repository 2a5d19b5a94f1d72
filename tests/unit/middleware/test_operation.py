"""The kinds of operation, and how a sequence of operations reads."""

from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pykvbinding.middleware.operation import KINDS, WIDTH, Operation, check_kind, operations_table
from tests.support.assertions import exactly

START = 1_700_000_000_000_000_000
MILLISECOND = 1_000_000


def operation(
    number: int = 1,
    kind: str = "get",
    *,
    at: int = 0,
    took: int | None = 0,
    outcome: str | None = "ok",
    namespace: str = "KV",
    location: str | None = None,
    **more: Any,
) -> Operation:
    """One operation; `at` and `took` are in nanoseconds, from START."""
    returned = None if took is None else START + at + took
    return Operation(number, kind, namespace, location, START + at, returned, outcome, **more)


def shown(*operations: Operation) -> str:
    return "\n".join(operations_table(operations))


def result(**fields: Any) -> str:
    """What stands in the last column of the one operation."""
    headings, line = operations_table([operation(**fields)])
    return line[headings.index("result") :]


def test_a_table_tells_when_where_what_and_what_came_of_it() -> None:
    far: dict[str, Any] = {"location": "NRT", "took": 50 * MILLISECOND}
    table = shown(
        operation(1, "put", location="LHR", key="user:1", value="ada", version=1),
        operation(2, at=MILLISECOND, key="user:1", cache_status="MISS", version=0, **far),
        operation(3, "list", at=61_000 * MILLISECOND, value=("user:1", "user:2"), **far),
        operation(4, "put", key="user:1", value="bob", outcome="KV PUT failed: 429 Too Many"),
    )

    assert table == dedent("""\
        #       at   took  where  operation   version  cache  result
        1   +0.000         LHR    put user:1        1         'ada'
        2   +0.001  0.050  NRT    get user:1        0  MISS   None
        3  +61.000  0.050  NRT    list                        2 names: user:1, user:2
        4   +0.000                put user:1                  KV PUT failed: 429 Too Many: 'bob'
        """).rstrip("\n")


def test_namespaces_are_shown_if_there_are_several() -> None:
    table = shown(operation(1, namespace="SESSIONS", key="a"), operation(2, key="b"))

    assert table == dedent("""\
        #      at  namespace  operation  result
        1  +0.000  SESSIONS   get a      None
        2  +0.000  KV         get b      None""")


def test_times_are_shown_to_the_microsecond_where_it_matters() -> None:
    table = shown(operation(1, key="a", took=1500), operation(2, at=2_000_000, key="b"))

    assert table == dedent("""\
        #         at      took  operation  result
        1  +0.000000  0.000002  get a      None
        2  +0.002000            get b      None""")


def test_a_read_of_several_keys_shows_them_all_and_what_they_have_in_common_once() -> None:
    table = shown(
        operation(keys=("a", "b"), version=(3, 4), cache_status=("HIT", "HIT"), value=("1", None)),
        operation(2, keys=("a", "b"), version=(3, None), cache_status=("HIT", None)),
    )

    assert table == dedent("""\
        #      at  operation   version  cache   result
        1  +0.000  get [a, b]     3, 4  HIT     '1', None
        2  +0.000  get [a, b]     3, -  HIT, -  None""")


def test_a_delete_that_went_well_has_nothing_to_show() -> None:
    table = shown(operation(kind="delete", key="a"))

    assert table == "#      at  operation\n1  +0.000  delete a"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"value": b"\xff"}, "b'\\xff'"),
        ({"value": "two\nlines"}, "'two\\nlines'"),
        ({"kind": "list", "value": ("a",)}, "1 name: a"),
        ({"kind": "list", "value": ("a\n",)}, "1 name: 'a\\n'"),
        ({"kind": "list", "value": ()}, "no names"),
        ({"took": None, "outcome": None}, "(in flight)"),
        ({"kind": "put", "value": "v", "took": None, "outcome": None}, "(in flight): 'v'"),
        ({"kind": "delete", "outcome": "CancelledError"}, "CancelledError"),
        ({"outcome": "two\nlines"}, "two lines"),
    ],
)
def test_a_result_is_on_one_line(fields: dict[str, Any], expected: str) -> None:
    assert result(**fields) == expected


def test_what_is_long_is_shortened() -> None:
    lines = operations_table([operation(key="k" * 512, value="v" * 1000)])

    assert "get " + "k" * 33 + "..." in lines[1]
    assert lines[1].endswith("vvv...")
    assert len(lines[1]) == WIDTH


def test_no_operations_make_no_table() -> None:
    assert operations_table([]) == ["(no operations)"]


TEXTS = st.builds(str.__mul__, st.text(max_size=6), st.sampled_from([1, 30]))
OPERATIONS = st.builds(
    operation,
    st.integers(1, 10**7),
    st.sampled_from(["get", "put", "delete", "list"]),
    at=st.integers(0, 10**18),
    took=st.none() | st.integers(0, 10**18),
    outcome=st.none() | st.just("ok") | TEXTS,
    namespace=TEXTS,
    location=st.none() | TEXTS,
    key=TEXTS,
    keys=st.lists(TEXTS, max_size=3).map(tuple),
    version=st.none() | st.integers(0, 10**6) | st.lists(st.integers(0, 9)).map(tuple),
    cache_status=st.sampled_from([None, "REVALIDATE", ("HIT", "MISS"), (None, None)]),
    value=st.none() | TEXTS | st.binary() | st.lists(TEXTS).map(tuple),
)


@given(st.lists(OPERATIONS, min_size=1, max_size=4))
def test_every_operation_has_one_line_of_a_hundred_columns_at_most(
    operations: list[Operation],
) -> None:
    lines = operations_table(operations)

    assert len(lines) == len(operations) + 1
    assert all(len(line) <= WIDTH and len(line.splitlines()) == 1 for line in lines)


@pytest.mark.parametrize("kind", [*KINDS, None])
def test_every_kind_and_none_are_accepted(kind: str | None) -> None:
    check_kind("here", kind)


@pytest.mark.parametrize("kind", ["read", "", "GET", 1])
def test_any_other_kind_is_refused_with_the_place_and_the_four(kind: object) -> None:
    text = (
        f'here: {kind!r} is no kind of operation; they are "get" (of one key or several), "put", '
        '"delete" and "list"'
    )

    with pytest.raises(ValueError, match=exactly(text)):
        check_kind("here", kind)
