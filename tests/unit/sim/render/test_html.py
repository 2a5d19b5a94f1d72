"""The page: well-formed, self-contained, the same every time, and nothing in it is executed."""

import re
from html.parser import HTMLParser

from hypothesis import given, settings

from pykvbinding.sim.render.timeline import Timeline
from pykvbinding.sim.trace import Trace
from tests.support import trace_builder as pictures

VOID = {"meta", "!doctype"}
HEAD = {"html", "head", "meta", "title", "style", "body", "script"}
TEXT = {"h1", "h2", "p", "div", "section", "blockquote", "cite", "code", "button", "pre", "span"}
DRAWING = {"svg", "g", "rect", "path", "circle", "text"}


class Reader(HTMLParser):
    """Notes every element, and complains of one that is not closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    return reader


@given(pictures.films())
@settings(max_examples=40, deadline=None)
def test_every_page_is_well_formed_and_asks_for_nothing(trace: Trace) -> None:
    reader = read(Timeline(trace).page())

    assert reader.open == []
    assert set(reader.tags) <= HEAD | TEXT | DRAWING
    names = {name for name, _ in reader.attributes}
    assert names.isdisjoint({"src", "href", "action", "xlink:href", "onclick", "onload"})


@given(pictures.films())
@settings(max_examples=30, deadline=None)
def test_there_is_one_script_and_it_is_ours(trace: Trace) -> None:
    tags = read(Timeline(trace).page()).tags

    assert tags.count("script") == 1


def test_no_address_stands_in_a_page_but_the_name_of_svg() -> None:
    page = Timeline(pictures.crowd()).page()

    assert set(re.findall(r"\w+://[^\"' ]*", page)) == {"http://www.w3.org/2000/svg"}
    assert "url(" not in page
    assert "@import" not in page


def test_a_page_forbids_itself_to_ask_for_anything() -> None:
    assert "default-src 'none'" in Timeline(pictures.lost_update()).page()


def test_a_value_that_is_markup_stays_text() -> None:
    film = pictures.Film("<i>", schedule='"</code>')
    film.put(film.act("<b>name", "<i>", "<u>ses"), "<key>", "</script><b>")

    reader = read(Timeline(film.trace).page())

    assert {"b", "i", "u", "key"}.isdisjoint(reader.tags)
    assert reader.tags.count("script") == 1


def test_the_same_run_gives_the_same_bytes() -> None:
    assert Timeline(pictures.crowd()).page() == Timeline(pictures.crowd()).page()


def test_a_small_page_is_as_it_was_kept() -> None:
    assert Timeline(pictures.lost_update()).page() == pictures.kept("lost_update.html")


def test_five_hundred_operations_take_less_than_300_kilobytes() -> None:
    assert len(Timeline(pictures.long_run(500)).page().encode()) < 300_000


def test_a_page_says_what_the_text_says() -> None:
    page = Timeline(pictures.lost_update()).page()

    assert "@example(&quot;1 1 2~1 +1&quot;)" in page
    assert "Negative lookups indicating" in page
    assert "4 operations of 2 invocations in 2 locations, within 1 s." in page
    assert "The schedule chose 2 things that would ordinarily be otherwise." in page


def test_a_schedule_with_a_quote_is_a_literal_that_python_reads() -> None:
    film = pictures.Film("LHR", schedule='1@"x"')
    film.external(film.act("visit", "LHR"), "charge")

    assert "@example(&quot;1@\\&quot;x\\&quot;&quot;)" in Timeline(film.trace).page()


def test_a_sentence_of_nobodys_page_stands_alone() -> None:
    film = pictures.Film("LHR")
    film.seed("a", "1")
    film.get(film.act("visit", "LHR"), "a", older=[1]).looks[0].because = "So it is."

    assert "<blockquote>So it is.</blockquote>" in Timeline(film.trace).page()


def test_an_ordinary_run_is_said_to_be_one() -> None:
    page = Timeline(pictures.refused()).page()

    assert "All of it went as it ordinarily does." in page
    assert "1 invocation in 1 location," in page


def test_a_page_is_readable_in_the_dark_on_paper_and_without_javascript() -> None:
    page = Timeline(pictures.lost_update()).page()

    assert "@media screen and (prefers-color-scheme: dark)" in page
    assert "@media print" in page
    assert '<button type="button" hidden>' in page  # the script shows it
