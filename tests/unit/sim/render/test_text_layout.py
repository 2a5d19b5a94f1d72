"""The layout of the text: columns while there is room, then lanes, then numbers."""

from collections.abc import Callable

from pykvbinding.sim.render.glyphs import UNICODE, width
from pykvbinding.sim.render.text_layout import laid_out
from pykvbinding.sim.render.text_model import Row, Sheet


def lines(make: Callable[[int], Sheet]) -> list[str]:
    return ["".join(span.text for span in line).rstrip() for line in laid_out(make)]


def sheet(*rows: Row, lanes: int = 2, columns: int = 100) -> Sheet:
    titles = {lane: f"{UNICODE.number(lane)} visit" for lane in range(1, lanes + 1)}
    return Sheet(rows, titles, {1: "→ 7"}, UNICODE, columns)


def test_every_invocation_has_a_column_and_every_operation_a_row() -> None:
    rows = (Row(instant="0.0", lane=1, text="get a"), Row(instant="1.0", lane=2, text="get b"))

    assert lines(lambda _: sheet(*rows)) == [
        "  t(s)  central  ① visit  ② visit",
        "  ────  ───────  ───────  ───────",
        "   0.0           get a",
        "   1.0                    get b",
    ]


def test_remarks_stand_beside_and_are_wrapped_there() -> None:
    row = Row(
        instant="0.0", lane=1, text="get a", remarks="one two three four five six", chosen=True
    )

    assert lines(lambda _: sheet(row, columns=66))[2:] == [
        "   0.0           get a             ◄ one two three four five six",
    ]
    assert lines(lambda _: sheet(row, columns=63))[2:] == [
        "   0.0           get a             ◄ one two three four five",
        "                                     six",
    ]


def test_remarks_stand_below_where_there_is_no_room_beside() -> None:
    row = Row(instant="0.0", lane=2, text="get a", remarks="one two three four", chosen=True)

    assert lines(lambda _: sheet(row, columns=45))[2:] == [
        "   0.0                    get a    ◄",
        "                         ← one two three four",
    ]


def test_a_remark_that_nobody_chose_has_another_sign() -> None:
    row = Row(instant="0.0", lane=1, text="put a", remarks="overwrites v1 unseen")

    assert lines(lambda _: sheet(row))[2].endswith("← overwrites v1 unseen")


def test_what_concerns_all_goes_across() -> None:
    row = Row(instant="1.0", text="· 1 s passes ·", chosen=True)

    assert lines(lambda _: sheet(row))[2] == "   1.0  · 1 s passes ·             ◄"


def test_values_are_shortened_before_columns_are_given_up() -> None:
    def make(room: int) -> Sheet:
        return sheet(Row(lane=1, text="x" * room), Row(lane=2, text="y" * room), columns=64)

    assert "x" * 20 in "\n".join(lines(make))
    assert "x" * 21 not in "\n".join(lines(make))


def test_many_invocations_have_narrow_lanes() -> None:
    row = Row(instant="0.0", lane=3, text="get a", alive=frozenset({1, 3, 7}))

    drawn = lines(lambda _: sheet(row, lanes=7))

    assert drawn[0].startswith("  ① visit → 7  ② visit")
    assert drawn[-1] == "   0.0           │   ③       │  get a"


def test_lanes_have_a_sign_for_the_test() -> None:
    made = sheet(Row(instant="0.0", lane=0, text="get a"), lanes=7)
    made.titles[0] = "test"

    assert lines(lambda _: made)[-1] == "   0.0                         T  get a"


def test_remarks_stand_below_lanes_too() -> None:
    row = Row(instant="0.0", lane=1, text="get a", remarks="stale")

    assert lines(lambda _: sheet(row, lanes=7, columns=60))[-2:] == [
        "   0.0           ①              get a",
        "                                  ← stale",
    ]


def test_what_invocations_came_to_is_a_row_of_columns_only() -> None:
    rows = (Row(lane=1, text="get a"), Row(instant="end", cells={1: "→ 7", 2: "→ 8"}))

    assert lines(lambda _: sheet(*rows))[-1] == "   end           → 7      → 8"
    assert "end" not in "\n".join(lines(lambda _: sheet(*rows, lanes=7)))


def test_where_nothing_else_has_room_operations_have_numbers() -> None:
    row = Row(instant="0.0", lane=30, text="get a", remarks="stale")
    across = Row(text="· 1 s passes ·")

    drawn = lines(lambda _: sheet(row, across, lanes=40, columns=60))

    assert drawn[-3:] == [
        "   0.0           (30) get a",
        "                        ← stale",
        "        · 1 s passes ·",
    ]


def test_texts_that_are_too_wide_for_numbers_are_cut() -> None:
    row = Row(instant="0.0", lane=1, text="x" * 90)

    drawn = lines(lambda _: sheet(row, lanes=40, columns=60))

    assert max(map(width, drawn)) <= 60
    assert drawn[-1].endswith("x…")
