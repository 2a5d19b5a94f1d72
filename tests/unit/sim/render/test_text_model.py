"""What the text is made of: how much room its parts need."""

from pykvbinding.sim.render.glyphs import ASCII, UNICODE, Glyphs
from pykvbinding.sim.render.text_model import REMARKS, Row, Sheet, lane_style


def sheet(*rows: Row, glyphs: Glyphs = UNICODE) -> Sheet:
    return Sheet(rows, {1: "one"}, {}, glyphs, 100)


def test_the_first_columns_are_as_wide_as_what_stands_in_them() -> None:
    empty, full = sheet(), sheet(Row(instant="86400.0", central='v1 "日本"'))

    assert (empty.instants, empty.central) == (len("t(s)"), len("central"))
    assert (full.instants, full.central) == (7, 9)
    assert full.body == 2 + 7 + 2 + 9 + 2


def test_remarks_need_room_only_if_there_are_any() -> None:
    assert sheet(Row()).remarks == 2
    assert sheet(Row(remarks="stale")).remarks == 2 + REMARKS
    assert sheet(Row(remarks="stale"), glyphs=ASCII).remarks == 3 + REMARKS


def test_what_concerns_all_takes_no_room_among_operations() -> None:
    across, operation = Row(text="x" * 50), Row(lane=1, text="y" * 20)

    assert sheet(across).text_width() == 10
    assert sheet(across, operation).text_width() == 20


def test_an_invocation_has_a_colour_and_the_test_has_none() -> None:
    assert [lane_style(number) for number in (0, 1, 4, 5)] == ["", "lane0", "lane3", "lane0"]
