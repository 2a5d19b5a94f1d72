"""URLs that are written as they are read: the short way finds no other than the parser."""

import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pykvbinding.js.url import simple as plain
from pykvbinding.js.url.components import Invalid
from pykvbinding.js.url.parser import parse
from pykvbinding.js.url.simple import plain_groups
from tests.support.url_strategies import address


@pytest.mark.parametrize(
    "text",
    [
        "http://localhost/",
        "https://api.example.com:8443/v1/items/1?a=b&c=%20#d",
        "http://127.0.0.1:8787/",
        "http://a/b//c.d/~e/%41",
    ],
)
def test_a_plain_url_is_taken_apart_at_once(text: str) -> None:
    assert plain_groups(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        *(
            "http://localhost",
            "HTTP://a/",
            "http://A/",
            "http://a:80/",
            "https://a:443/",
            "http://1/",
        ),
        *("http://a/./b", "http://a/b/..", "http://a/%2e/b", "http://a/b c", "http://a/é", "a"),
        *("http://u@a/", "http://a:99999/", "http://a.0x1/", "http://xn--a/", "http://a/\\b"),
        *("http://a/?'", "http://a/#`", "http://a/\n", "foo://a/", "http://b.xn--a/", "http://a:/"),
    ],
)
def test_what_needs_a_second_look_is_not_plain(text: str) -> None:
    assert plain_groups(text) is None


@given(st.integers())
@example(0)
def test_what_is_plain_is_spelled_as_the_parser_spells_it(seed: int) -> None:
    draw = random.Random(seed)
    texts = [address(draw) for _ in range(20)]
    texts += ["http://a" + text for text in texts]
    for text in texts:
        if plain_groups(text) is not None:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("pykvbinding.js.url.parser.plain_groups", lambda _: None)
                try:
                    slow = str(parse(text))
                except Invalid:
                    slow = "none"

            assert slow == text == str(parse(text))


def test_nothing_but_a_pattern_is_needed_for_it() -> None:
    assert not hasattr(plain, "Parts")
