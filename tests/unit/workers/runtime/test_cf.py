"""`request.cf` of a location."""

import pytest

from pykvbinding.edge.topology import REGIONS
from pykvbinding.workers.runtime.cf import (
    CITIES,
    CONNECTION,
    COUNTRIES,
    REGION_CODES,
    cf_of,
    request_cf,
)

ON_THE_MAP = sorted(code for codes in REGIONS.values() for code in codes.split())


def test_every_location_belongs_to_one_country() -> None:
    assert sorted(code for codes in COUNTRIES.values() for code in codes.split()) == ON_THE_MAP
    assert set(REGION_CODES) <= set(CITIES) <= set(ON_THE_MAP)


def test_city_has_all_fields() -> None:
    assert cf_of("LHR") == {
        "colo": "LHR",
        "country": "GB",
        "continent": "EU",
        "city": "London",
        "region": "England",
        "regionCode": "ENG",
        "timezone": "Europe/London",
        "latitude": "51.50853",
        "longitude": "-0.12574",
        "postalCode": "SW1A",
    }


def test_unknown_fields_are_omitted() -> None:
    assert cf_of("OSL") == {"colo": "OSL", "country": "NO", "continent": "EU"}
    assert not {"postalCode", "regionCode"} & set(cf_of("HKG"))


@pytest.mark.parametrize(("location", "told"), [("CDG", "1"), ("LHR", None), ("NRT", None)])
def test_marks_countries_of_the_european_union(location: str, told: str | None) -> None:
    assert cf_of(location).get("isEUCountry") == told


def test_unknown_location_has_the_country_xx() -> None:
    assert cf_of("MARS") == {"colo": "MARS", "country": "XX"}


def test_request_has_fields_of_location_and_connection() -> None:
    cf = request_cf("NRT", httpProtocol="HTTP/1.1")

    assert cf == {**CONNECTION, **cf_of("NRT"), "httpProtocol": "HTTP/1.1"}
    assert request_cf("NRT")["httpProtocol"] == "HTTP/2"
