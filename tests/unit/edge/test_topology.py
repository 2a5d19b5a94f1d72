"""Where locations are: regions of the map, regions of the test's own, and what is refused."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pykvbinding.edge.topology import NEAR, REGIONS, Topology
from tests.support.assertions import exactly

CODES = [code for codes in REGIONS.values() for code in codes.split()]


def test_every_place_of_the_map_has_one_region() -> None:
    assert len(CODES) == len(set(CODES))
    assert all(re.fullmatch("[A-Z]{3}", code) for code in CODES)


def test_the_regions_near_a_central_store_are_on_the_map() -> None:
    assert set(NEAR) <= set(REGIONS)


@pytest.mark.parametrize(
    ("location", "region", "near"),
    [
        ("LHR", "WEUR", True),
        ("CDG", "WEUR", True),
        ("WAW", "EEUR", True),
        ("EWR", "ENAM", True),
        ("SJC", "WNAM", True),
        ("NRT", "APAC", False),
        ("SYD", "OC", False),
        ("GRU", "SAM", False),
        ("JNB", "AFR", False),
        ("DXB", "ME", False),
    ],
)
def test_a_location_lies_where_the_map_has_it(location: str, region: str, near: bool) -> None:
    topology = Topology([location])

    assert topology.region_of(location) == region
    assert topology.is_near(location) is near


def test_a_name_that_is_not_on_the_map_is_a_region_of_its_own() -> None:
    topology = Topology(["HERE", "THERE"])

    assert topology.region_of("HERE") == "HERE"
    assert topology.region_of("THERE") == "THERE"
    assert not topology.is_near("HERE")


def test_a_test_may_draw_its_own_regions() -> None:
    topology = Topology(["LHR", "CDG", "HERE"], {"island": ["LHR", "HERE"], "empty": []})

    regions = [topology.region_of(location) for location in topology.locations]

    assert regions == ["island", "WEUR", "island"]


def test_a_region_of_its_own_moves_no_location_on_the_map() -> None:
    topology = Topology(["LHR", "NRT"], {"mine": ["LHR"], "yours": ["NRT"]})

    assert topology.is_near("LHR")
    assert not topology.is_near("NRT")


def test_a_region_of_the_map_can_be_joined() -> None:
    topology = Topology(["HERE", "NRT"], {"WEUR": ["HERE", "NRT"]})

    assert topology.is_near("HERE")
    assert topology.is_near("NRT")


@settings(deadline=None)
@given(st.lists(st.sampled_from([*CODES, "HERE", "THERE"]), min_size=1, max_size=30, unique=True))
def test_locations_stay_in_the_order_in_which_they_were_given(locations: list[str]) -> None:
    topology = Topology(iter(locations))

    assert topology.locations == tuple(locations)
    assert [topology.check(location) for location in locations] == locations
    assert all(topology.region_of(location) for location in locations)


def test_a_network_has_a_location() -> None:
    text = 'a network has at least one location, as in EdgeNetwork("LHR", "NRT")'

    with pytest.raises(ValueError, match=exactly(text)):
        Topology([])


@pytest.mark.parametrize("wrong", ["", None, 1, b"LHR", ["LHR"]], ids=repr)
def test_a_location_is_a_name(wrong: Any) -> None:
    text = f'a location is a name such as "LHR", not {wrong!r}'

    with pytest.raises(TypeError, match=exactly(text)):
        Topology(["NRT", wrong])


def test_a_location_is_named_once() -> None:
    text = "the location 'LHR' is named twice; one is enough for any traffic"

    with pytest.raises(ValueError, match=exactly(text)):
        Topology(["LHR", "NRT", "LHR"])


@pytest.mark.parametrize(
    "use", [Topology.check, Topology.region_of, Topology.is_near], ids=lambda use: use.__name__
)
def test_an_unknown_location_is_refused_with_those_there_are(use: Any) -> None:
    with pytest.raises(LookupError, match=exactly("no location 'CDG'; there are 'LHR', 'NRT'")):
        use(Topology(["LHR", "NRT"]), "CDG")


def test_a_region_has_no_unknown_location() -> None:
    with pytest.raises(LookupError, match=exactly("no location 'CDG'; there are 'LHR'")):
        Topology(["LHR"], {"WEUR": ["CDG"]})
