"""Aligned columns, shortened texts and plurals."""

from pykvbinding._text.tables import pluralize, shorten, table


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    lines = table(("key", "n"), [("a", "100"), ("longer", "5")], right=("n",))

    assert lines == ["key       n", "a       100", "longer    5"]


def test_omits_an_empty_column() -> None:
    assert table(("a", "b", "c"), [("1", "", "3")]) == ["a  c", "1  3"]


def test_lines_have_no_trailing_blanks() -> None:
    assert table(("a", "b"), [("1", "2"), ("3", "")])[2] == "3"


def test_shortens_a_long_text_with_an_ellipsis() -> None:
    assert [shorten("abcdef", max_length) for max_length in (6, 5)] == ["abcdef", "ab..."]


def test_pluralizes_a_noun_unless_the_number_is_one() -> None:
    assert [pluralize(n, "key") for n in (0, 1, 1000)] == ["0 keys", "1 key", "1,000 keys"]
