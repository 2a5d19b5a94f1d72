"""The schedule language: every token is read as it is written, and what is none is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pykvbinding.sim.schedule import Lapse, Move, Token, parse, spell

MOVES = st.builds(
    Move,
    invocation=st.integers(1, 30),
    nth=st.integers(1, 4),
    location=st.none() | st.sampled_from(["LHR", "NRT", "somewhere-else", "3", "a<b"]),
    older=st.lists(st.integers(0, 9), max_size=4).map(tuple),
    accepted=st.booleans(),
    failed=st.booleans(),
    tombstones=st.booleans(),
    overtakes=st.booleans(),
)
LAPSES = st.builds(Lapse, st.integers(0, 10**20))


@given(st.lists(MOVES | LAPSES))
def test_a_schedule_reads_as_it_was_written(tokens: list[Token]) -> None:
    text = spell(tokens)

    assert spell(parse(text)) == text
    assert len(parse(text)) == len(tokens)


@given(LAPSES)
def test_a_lapse_is_exact_to_the_nanosecond(lapse: Lapse) -> None:
    assert parse(str(lapse)) == (lapse,)


@given(MOVES.filter(lambda move: not move.older or move.older[-1] != 0))
def test_a_move_keeps_all_that_it_says(move: Move) -> None:
    assert parse(str(move)) == (move,)


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("2", Move(invocation=2)),
        ("2:3", Move(invocation=2, nth=3)),
        ("2@NRT", Move(invocation=2, location="NRT")),
        ("2~1", Move(invocation=2, older=(1,))),
        ("2~0,1", Move(invocation=2, older=(0, 1))),
        ("2!", Move(invocation=2, accepted=True)),
        ("2?", Move(invocation=2, failed=True)),
        ("2%", Move(invocation=2, tombstones=True)),
        ("2<", Move(invocation=2, overtakes=True)),
        ("2@a<b<", Move(invocation=2, location="a<b", overtakes=True)),
        ("+61", Lapse(61_000_000_000)),
        ("+0.5", Lapse(500_000_000)),
        (
            "12:2@NRT~1!?%<",
            Move(
                invocation=12,
                nth=2,
                location="NRT",
                older=(1,),
                accepted=True,
                failed=True,
                tombstones=True,
                overtakes=True,
            ),
        ),
    ],
)
def test_each_sign_has_its_meaning(text: str, token: Token) -> None:
    assert parse(text) == (token,)
    assert str(token) == text


def test_the_first_of_several_is_not_counted() -> None:
    assert str(parse("2:1")[0]) == "2"


def test_fresh_reads_at_the_end_are_not_spelled() -> None:
    assert str(Move(invocation=1, older=(0, 2, 0, 0))) == "1~0,2"
    assert str(Move(invocation=1, older=(0, 0))) == "1"


def test_blanks_do_not_matter() -> None:
    assert parse("") == ()
    assert spell(parse("  1 \n 2~1\t+1 ")) == "1 2~1 +1"


@pytest.mark.parametrize(
    "word",
    "0 01 x -1 + +1. +.5 +0.1234567890 +-1 1~ 1~1, 1@ 1!! 1<< 1:0 1:2:3 1@A@B 1٣ +٣ 1,2".split(),  # noqa: SIM905
)
def test_what_is_no_token_is_named(word: str) -> None:
    with pytest.raises(ValueError, match="is no token") as caught:
        parse(f"1 {word} 2")

    assert str(caught.value) == (
        f"{word!r} is no token of a schedule; write 2 (invocation 2 goes on), 2~1 (its read is one "
        "version older), 2! (its write is accepted within the second), 2? (it fails after taking "
        "effect), 2< (it comes in before an earlier write), or +61 (61 s pass)"
    )
