"""The kinds of operation, and the table of operations."""

from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pykvbinding.middleware.operation import KINDS, WIDTH, Operation, check_kind, render_operations
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
    **fields: Any,
) -> Operation:
    """Return an operation; `at` (since START) and `took` are in nanoseconds."""
    returned = None if took is None else START + at + took
    return Operation(number, kind, namespace, location, START + at, returned, outcome, **fields)


def render(*operations: Operation) -> str:
    return "\n".join(render_operations(operations))


def result(**fields: Any) -> str:
    """Return the last column of the table of one operation."""
    headings, line = render_operations([operation(**fields)])
    return line[headings.index("result") :]


def test_the_table_has_times_location_operation_and_result() -> None:
    far: dict[str, Any] = {"location": "NRT", "took": 50 * MILLISECOND}
    table = render(
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


def test_the_table_shows_several_namespaces() -> None:
    table = render(operation(1, namespace="SESSIONS", key="a"), operation(2, key="b"))

    assert table == dedent("""\
        #      at  namespace  operation  result
        1  +0.000  SESSIONS   get a      None
        2  +0.000  KV         get b      None""")


def test_the_table_shows_microseconds_if_needed() -> None:
    table = render(operation(1, key="a", took=1500), operation(2, at=2_000_000, key="b"))

    assert table == dedent("""\
        #         at      took  operation  result
        1  +0.000000  0.000002  get a      None
        2  +0.002000            get b      None""")


def test_a_bulk_read_shows_all_keys_and_common_values_once() -> None:
    table = render(
        operation(keys=("a", "b"), version=(3, 4), cache_status=("HIT", "HIT"), value=("1", None)),
        operation(2, keys=("a", "b"), version=(3, None), cache_status=("HIT", None)),
    )

    assert table == dedent("""\
        #      at  operation   version  cache   result
        1  +0.000  get [a, b]     3, 4  HIT     '1', None
        2  +0.000  get [a, b]     3, -  HIT, -  None""")


def test_a_successful_delete_has_an_empty_result() -> None:
    table = render(operation(kind="delete", key="a"))

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
def test_results_are_on_one_line(fields: dict[str, Any], expected: str) -> None:
    assert result(**fields) == expected


def test_truncates_long_texts() -> None:
    lines = render_operations([operation(key="k" * 512, value="v" * 1000)])

    assert "get " + "k" * 33 + "..." in lines[1]
    assert lines[1].endswith("vvv...")
    assert len(lines[1]) == WIDTH


def test_renders_a_note_without_operations() -> None:
    assert render_operations([]) == ["(no operations)"]


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
def test_each_operation_has_one_line_of_at_most_100_columns(
    operations: list[Operation],
) -> None:
    lines = render_operations(operations)

    assert len(lines) == len(operations) + 1
    assert all(len(line) <= WIDTH and len(line.splitlines()) == 1 for line in lines)


@pytest.mark.parametrize("kind", [*KINDS, None])
def test_accepts_every_kind_and_none(kind: str | None) -> None:
    check_kind("here", kind)


@pytest.mark.parametrize("kind", ["read", "", "GET", 1])
def test_rejects_an_unknown_kind(kind: object) -> None:
    text = (
        f'here: unknown operation kind {kind!r}; expected "get" (one key or several), "put", '
        '"delete" or "list"'
    )

    with pytest.raises(ValueError, match=exactly(text)):
        check_kind("here", kind)
