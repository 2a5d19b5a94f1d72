"""Aligned columns."""

from pykvbinding._text.tables import counted, shortened, table


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    lines = table(("key", "n"), [("a", "100"), ("longer", "5")], right=("n",))

    assert lines == ["key       n", "a       100", "longer    5"]


def test_a_column_without_a_cell_is_left_out() -> None:
    assert table(("a", "b", "c"), [("1", "", "3")]) == ["a  c", "1  3"]


def test_lines_end_with_their_text() -> None:
    assert table(("a", "b"), [("1", "2"), ("3", "")])[2] == "3"


def test_what_is_too_long_ends_with_three_points() -> None:
    assert [shortened("abcdef", most) for most in (6, 5)] == ["abcdef", "ab..."]


def test_a_noun_is_plural_unless_there_is_one() -> None:
    assert [counted(n, "key") for n in (0, 1, 1000)] == ["0 keys", "1 key", "1,000 keys"]
