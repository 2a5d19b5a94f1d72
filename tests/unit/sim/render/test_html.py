"""HTML page: well-formed, self-contained, deterministic, and no content is executed."""

import re
from html.parser import HTMLParser

from hypothesis import given, settings

from pykvbinding.sim.render.timeline import Timeline
from pykvbinding.sim.trace import Trace
from tests.support import example_traces
from tests.support.trace_builder import TraceBuilder

VOID = {"meta", "!doctype"}
HEAD = {"html", "head", "meta", "title", "style", "body", "script"}
TEXT = {"h1", "h2", "p", "div", "section", "blockquote", "cite", "code", "button", "pre", "span"}
DRAWING = {"svg", "g", "rect", "path", "circle", "text"}


class Reader(HTMLParser):
    """Records every element, and fails if one is not closed in order."""

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


@given(example_traces.traces())
@settings(max_examples=40, deadline=None)
def test_every_page_is_well_formed_and_self_contained(trace: Trace) -> None:
    reader = read(Timeline(trace).page())

    assert reader.open == []
    assert set(reader.tags) <= HEAD | TEXT | DRAWING
    key_ids = {name for name, _ in reader.attributes}
    assert key_ids.isdisjoint({"src", "href", "action", "xlink:href", "onclick", "onload"})


@given(example_traces.traces())
@settings(max_examples=30, deadline=None)
def test_the_page_has_only_our_script(trace: Trace) -> None:
    tags = read(Timeline(trace).page()).tags

    assert tags.count("script") == 1


def test_the_page_has_no_url_except_the_svg_namespace() -> None:
    page = Timeline(example_traces.crowd()).page()

    assert set(re.findall(r"\w+://[^\"' ]*", page)) == {"http://www.w3.org/2000/svg"}
    assert "url(" not in page
    assert "@import" not in page


def test_the_content_security_policy_forbids_all_requests() -> None:
    assert "default-src 'none'" in Timeline(example_traces.lost_update()).page()


def test_escapes_markup_in_values() -> None:
    builder = TraceBuilder("<i>", schedule='"</code>')
    builder.put(builder.start("<b>name", "<i>", "<u>ses"), "<key>", "</script><b>")

    reader = read(Timeline(builder.trace).page())

    assert {"b", "i", "u", "key"}.isdisjoint(reader.tags)
    assert reader.tags.count("script") == 1


def test_the_page_is_deterministic() -> None:
    assert Timeline(example_traces.crowd()).page() == Timeline(example_traces.crowd()).page()


def test_a_small_page_equals_the_golden_file() -> None:
    assert Timeline(example_traces.lost_update()).page() == example_traces.read_golden(
        "lost_update.html"
    )


def test_a_page_of_500_operations_is_smaller_than_300_kilobytes() -> None:
    assert len(Timeline(example_traces.long_run(500)).page().encode()) < 300_000


def test_the_page_contains_the_text_timeline() -> None:
    page = Timeline(example_traces.lost_update()).page()

    assert "@example(&quot;1 1 2~1 +1&quot;)" in page
    assert "Negative lookups indicating" in page
    assert "4 operations of 2 invocations in 2 locations, within 1 s." in page
    assert "The schedule has 2 deviations from the default." in page


def test_a_schedule_with_a_quote_is_a_valid_python_literal() -> None:
    builder = TraceBuilder("LHR", schedule='1@"x"')
    builder.external(builder.start("visit", "LHR"), "charge")

    assert "@example(&quot;1@\\&quot;x\\&quot;&quot;)" in Timeline(builder.trace).page()


def test_an_unknown_sentence_has_no_page_title() -> None:
    builder = TraceBuilder("LHR")
    builder.seed("a", "1")
    builder.get(builder.start("visit", "LHR"), "a", older=[1]).accesses[
        0
    ].justification = "So it is."

    assert "<blockquote>So it is.</blockquote>" in Timeline(builder.trace).page()


def test_the_summary_says_that_a_run_has_no_deviations() -> None:
    page = Timeline(example_traces.refused()).page()

    assert "The schedule has no deviations from the default." in page
    assert "1 invocation in 1 location," in page


def test_the_page_supports_dark_mode_print_and_no_javascript() -> None:
    page = Timeline(example_traces.lost_update()).page()

    assert "@media screen and (prefers-color-scheme: dark)" in page
    assert "@media print" in page
    assert '<button type="button" hidden>' in page  # the script makes it visible
