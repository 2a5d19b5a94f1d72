"""The drawing: XML that anybody can read, with everything in it that happened."""

from typing import Any
from xml.etree import ElementTree

from hypothesis import given, settings

from pykvbinding import EdgeNetwork
from pykvbinding.sim.render.analysis import Story
from pykvbinding.sim.render.svg import drawing, shape
from pykvbinding.sim.trace import Trace
from tests.support import trace_builder as pictures
from tests.support.handlers import store
from tests.support.trace_builder import Film

SVG = "{http://www.w3.org/2000/svg}"


def drawn(trace: Trace) -> Any:
    return ElementTree.fromstring(drawing(Story(trace)))


def classes(root: Any) -> list[str]:
    return [element.get("class", "") for element in root.iter()]


def texts(root: Any, kind: str) -> list[str | None]:
    return [each.text for each in root.iter(f"{SVG}text") if kind in each.get("class", "").split()]


def titles(root: Any) -> list[str | None]:
    return [element.text for element in root.iter(f"{SVG}title")]


def test_a_drawing_is_as_it_was_kept() -> None:
    assert drawing(Story(pictures.long_waits())) + "\n" == pictures.kept("long_waits.svg")


@given(pictures.films())
@settings(max_examples=40, deadline=None)
def test_every_drawing_is_well_formed_and_has_every_operation(trace: Trace) -> None:
    root = drawn(trace)

    operations = [kind for kind in classes(root) if kind.split()[:1] == ["op"]]
    assert len(operations) == sum(event.kind != "lapse" for event in trace.events)


@given(pictures.films())
@settings(max_examples=40, deadline=None)
def test_nothing_is_drawn_outside(trace: Trace) -> None:
    root = drawn(trace)

    for box in root.iter(f"{SVG}rect"):
        assert int(box.get("width")) >= 0
        assert 0 <= int(box.get("x")) <= int(root.get("width")) - int(box.get("width"))
        assert 0 <= int(box.get("y")) <= int(root.get("height")) - int(box.get("height"))


def test_a_stale_read_stands_out_with_its_age() -> None:
    root = drawn(pictures.lost_update())

    assert "op i2 stale" in classes(root)
    assert "replaced 0 s ago" in texts(root, "age")


def test_in_a_dense_drawing_an_age_is_short() -> None:
    assert texts(drawn(pictures.long_run()), "age") == ["1 s ago"]


def test_a_refused_write_is_stopped_on_its_way() -> None:
    root = drawn(pictures.refused())

    assert classes(root).count("no") == 1
    assert "op i1 bad" in classes(root)


def test_what_the_schedule_chose_has_a_ring() -> None:
    root = drawn(pictures.lost_update())

    assert classes(root).count("ring") == 1
    assert classes(root).count("wait chosen") == 1


def test_versions_have_bars_from_one_to_the_next() -> None:
    root = drawn(pictures.lost_update())

    first, second = (box for box in root.iter(f"{SVG}rect") if box.get("class") == "version")
    assert int(first.get("x")) + int(first.get("width")) == int(second.get("x"))
    assert 'v1 "1" (①)' in titles(root)
    assert 'v2 "1" (②)' in titles(root)


def test_what_was_deleted_or_has_expired_or_never_was_is_told_apart() -> None:
    film = Film("LHR", "NRT")
    one, two = film.act("visit", "LHR"), film.act("visit", "NRT")
    film.get(two, "a")
    film.put(one, "a", None)
    film.get(two, "a")
    film.put(one, "a", "1")
    film.get(two, "a").looks[0].value = None

    told = [text or "" for text in titles(drawn(film.trace))]

    assert {"a v0 absent, as NRT had it", "a v1 deleted, as NRT had it"} <= {
        f"a {text.removeprefix('a ')}" for text in told
    }
    assert any("v2 expired" in text for text in told)
    assert "version gone" in classes(drawn(film.trace))


def test_an_invocation_that_never_ended_is_open() -> None:
    assert "act i3 open" in classes(drawn(pictures.stale_after_a_lapse()))


def test_who_points_at_something_is_told_all() -> None:
    told = titles(drawn(pictures.lost_update()))

    assert "get visits → null (stale v0 (absent), replaced 0 s ago by ①)" in told
    assert "① visit @LHR → None" in told
    assert "1 s passes: visits may be written again" in told


def test_a_wait_that_is_cut_says_so() -> None:
    film = Film("LHR")
    one = film.act("visit", "LHR")
    for wait in (1, 1, 3600):
        film.get(one, "a")
        film.lapse(wait)

    root = drawn(film.trace)

    assert "3600 s pass, not to scale" in titles(root)
    assert classes(root).count("cut") == 1


def test_time_is_written_only_where_it_has_room() -> None:
    film = Film("LHR")
    one = film.act("visit", "LHR")
    for _ in range(150):
        film.get(one, "a")
        film.now += 1

    ticks = [text for text in texts(drawn(film.trace), "tick") if not (text or "").startswith("+")]

    assert 1 < len(ticks) < 150


def test_keys_that_have_no_row_are_counted() -> None:
    film = Film("LHR")
    one = film.act("visit", "LHR")
    for number in range(9):
        film.get(one, f"key{number}")
    film.put(one, "key8", "1")
    film.get(one, "another")

    root = drawn(film.trace)

    assert "2 more keys" in texts(root, "key")


def test_one_key_that_has_no_row_is_one() -> None:
    film = Film("LHR")
    one = film.act("visit", "LHR")
    for number in range(9):
        film.get(one, f"key{number}")

    assert "1 more key" in texts(drawn(film.trace), "key")


def test_every_kind_has_a_shape_of_its_own() -> None:
    shapes = [shape(kind, 9, 9) for kind in ("get", "put", "list", "external")]

    assert len(set(shapes)) == 4
    assert shape("delete", 9, 9) == shape("put", 9, 9)


def test_a_write_that_came_in_below_another_lies_on_top_of_its_bar() -> None:
    net = EdgeNetwork("LHR", "NRT", schedule="1 2<", reorder_writes=True)
    net.session("ana", "LHR").call(store, "1")
    net.clock.advance(1)
    net.session("ana", "NRT").call(store, "2")
    bars = [
        (titles(group)[0], rect.get("class"), int(rect.get("width") or 0))
        for group in drawn(net.trace).iter(f"{SVG}g")
        for rect in group.findall(f"{SVG}rect")
        if (rect.get("class") or "").startswith("version")
    ]

    assert [(told, kind) for told, kind, _ in bars] == [
        ('v2 "1" (①)', "version"),
        ('v1 "2" (②)', "version gone"),
    ]
    assert bars[0][2] > 100 > bars[1][2] > 0
