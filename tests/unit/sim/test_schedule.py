"""The schedule language: parsing, formatting, and invalid tokens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pykvbinding.sim.schedule import (
    AdvanceTime,
    OperationToken,
    Token,
    format_schedule,
    parse_schedule,
)

MOVES = st.builds(
    OperationToken,
    invocation=st.integers(1, 30),
    index=st.integers(1, 4),
    location=st.none() | st.sampled_from(["LHR", "NRT", "somewhere-else", "3", "a<b"]),
    versions_behind=st.lists(st.integers(0, 9), max_size=4).map(tuple),
    accepted=st.booleans(),
    failed=st.booleans(),
    tombstones=st.booleans(),
    reordered=st.booleans(),
)
LAPSES = st.builds(AdvanceTime, st.integers(0, 10**20))


@given(st.lists(MOVES | LAPSES))
def test_parsing_and_formatting_are_inverse(tokens: list[Token]) -> None:
    text = format_schedule(tokens)

    assert format_schedule(parse_schedule(text)) == text
    assert len(parse_schedule(text)) == len(tokens)


@given(LAPSES)
def test_a_lapse_is_exact_to_the_nanosecond(lapse: AdvanceTime) -> None:
    assert parse_schedule(str(lapse)) == (lapse,)


@given(MOVES.filter(lambda move: not move.versions_behind or move.versions_behind[-1] != 0))
def test_a_token_keeps_all_its_parts(move: OperationToken) -> None:
    assert parse_schedule(str(move)) == (move,)


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("2", OperationToken(invocation=2)),
        ("2:3", OperationToken(invocation=2, index=3)),
        ("2@NRT", OperationToken(invocation=2, location="NRT")),
        ("2~1", OperationToken(invocation=2, versions_behind=(1,))),
        ("2~0,1", OperationToken(invocation=2, versions_behind=(0, 1))),
        ("2!", OperationToken(invocation=2, accepted=True)),
        ("2?", OperationToken(invocation=2, failed=True)),
        ("2%", OperationToken(invocation=2, tombstones=True)),
        ("2<", OperationToken(invocation=2, reordered=True)),
        ("2@a<b<", OperationToken(invocation=2, location="a<b", reordered=True)),
        ("+61", AdvanceTime(61_000_000_000)),
        ("+0.5", AdvanceTime(500_000_000)),
        (
            "12:2@NRT~1!?%<",
            OperationToken(
                invocation=12,
                index=2,
                location="NRT",
                versions_behind=(1,),
                accepted=True,
                failed=True,
                tombstones=True,
                reordered=True,
            ),
        ),
    ],
)
def test_each_sign_sets_its_field(text: str, token: Token) -> None:
    assert parse_schedule(text) == (token,)
    assert str(token) == text


def test_index_1_is_not_written() -> None:
    assert str(parse_schedule("2:1")[0]) == "2"


def test_trailing_fresh_reads_are_not_written() -> None:
    assert str(OperationToken(invocation=1, versions_behind=(0, 2, 0, 0))) == "1~0,2"
    assert str(OperationToken(invocation=1, versions_behind=(0, 0))) == "1"


def test_whitespace_is_ignored() -> None:
    assert parse_schedule("") == ()
    assert format_schedule(parse_schedule("  1 \n 2~1\t+1 ")) == "1 2~1 +1"


@pytest.mark.parametrize(
    "word",
    "0 01 x -1 + +1. +.5 +0.1234567890 +-1 1~ 1~1, 1@ 1!! 1<< 1:0 1:2:3 1@A@B 1٣ +٣ 1,2".split(),  # noqa: SIM905
)
def test_rejects_an_invalid_token_by_name(word: str) -> None:
    with pytest.raises(ValueError, match="invalid schedule token") as caught:
        parse_schedule(f"1 {word} 2")

    assert str(caught.value) == (
        f"invalid schedule token {word!r}. Valid tokens: 2 (run invocation 2), 2~1 (its read "
        "is one version older), 2! (its write is accepted within the second), 2? (it fails after "
        "taking effect), 2< (its write is inserted before an earlier one), +61 (61 s pass)"
    )
