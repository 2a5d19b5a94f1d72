"""Regions of locations: known regions, custom regions, and invalid arguments."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pykvbinding.edge.topology import REGIONS, REGIONS_NEAR_CENTRAL_STORE, Topology
from tests.support.assertions import exactly

CODES = [code for codes in REGIONS.values() for code in codes.split()]


def test_every_known_location_has_one_region() -> None:
    assert len(CODES) == len(set(CODES))
    assert all(re.fullmatch("[A-Z]{3}", code) for code in CODES)


def test_the_regions_near_a_central_store_are_known() -> None:
    assert set(REGIONS_NEAR_CENTRAL_STORE) <= set(REGIONS)


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
def test_known_locations_have_their_region(location: str, region: str, near: bool) -> None:
    topology = Topology([location])

    assert topology.region_of(location) == region
    assert topology.is_near_central_store(location) is near


def test_an_unknown_name_is_a_separate_region() -> None:
    topology = Topology(["HERE", "THERE"])

    assert topology.region_of("HERE") == "HERE"
    assert topology.region_of("THERE") == "THERE"
    assert not topology.is_near_central_store("HERE")


def test_regions_can_be_customized() -> None:
    topology = Topology(["LHR", "CDG", "HERE"], {"island": ["LHR", "HERE"], "empty": []})

    regions = [topology.region_of(location) for location in topology.locations]

    assert regions == ["island", "WEUR", "island"]


def test_custom_regions_do_not_change_the_distance() -> None:
    topology = Topology(["LHR", "NRT"], {"mine": ["LHR"], "yours": ["NRT"]})

    assert topology.is_near_central_store("LHR")
    assert not topology.is_near_central_store("NRT")


def test_a_location_can_join_a_known_region() -> None:
    topology = Topology(["HERE", "NRT"], {"WEUR": ["HERE", "NRT"]})

    assert topology.is_near_central_store("HERE")
    assert topology.is_near_central_store("NRT")


@settings(deadline=None)
@given(st.lists(st.sampled_from([*CODES, "HERE", "THERE"]), min_size=1, max_size=30, unique=True))
def test_locations_keep_their_order(locations: list[str]) -> None:
    topology = Topology(iter(locations))

    assert topology.locations == tuple(locations)
    assert [topology.check(location) for location in locations] == locations
    assert all(topology.region_of(location) for location in locations)


def test_rejects_a_network_without_locations() -> None:
    text = 'a network has at least one location, as in EdgeNetwork("LHR", "NRT")'

    with pytest.raises(ValueError, match=exactly(text)):
        Topology([])


@pytest.mark.parametrize("wrong", ["", None, 1, b"LHR", ["LHR"]], ids=repr)
def test_rejects_a_location_that_is_not_a_name(wrong: Any) -> None:
    text = f'a location is a name such as "LHR", not {wrong!r}'

    with pytest.raises(TypeError, match=exactly(text)):
        Topology(["NRT", wrong])


def test_rejects_a_repeated_location() -> None:
    text = "the location 'LHR' is listed twice"

    with pytest.raises(ValueError, match=exactly(text)):
        Topology(["LHR", "NRT", "LHR"])


@pytest.mark.parametrize(
    "use",
    [Topology.check, Topology.region_of, Topology.is_near_central_store],
    ids=lambda use: use.__name__,
)
def test_rejects_an_unknown_location_and_lists_the_known_ones(use: Any) -> None:
    with pytest.raises(LookupError, match=exactly("no location 'CDG'; there are 'LHR', 'NRT'")):
        use(Topology(["LHR", "NRT"]), "CDG")


def test_rejects_a_region_with_an_unknown_location() -> None:
    with pytest.raises(LookupError, match=exactly("no location 'CDG'; there are 'LHR'")):
        Topology(["LHR"], {"WEUR": ["CDG"]})
