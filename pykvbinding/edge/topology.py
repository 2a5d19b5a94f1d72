"""The region of each location. Locations of one region share an upper tier."""

from collections.abc import Iterable, Mapping

REGIONS_NEAR_CENTRAL_STORE = ("ENAM", "WNAM", "WEUR", "EEUR")
"""Cloudflare does not publish the number and the places of its central stores."""

REGIONS = {
    "ENAM": (
        "ATL BGR BNA BOS BUF CHS CLE CLT CMH CVG DTW EWR FSD IAD IND JAX JFK MCI MEM MIA MSP OMA "
        "ORD ORF PHL PIT RDU RIC STL TLH TPA YHZ YOW YUL YYZ"
    ),
    "WNAM": (
        "ABQ ANC AUS BZN DEN DFW ELP GDL HNL IAH LAS LAX MEX MFE MFR OKC PDX PHX QRO SAN SAT SEA "
        "SFO SJC SLC SMF TUS YVR YWG YXE YYC"
    ),
    "SAM": ("ASU BOG BSB CLO CNF CWB EZE FOR GEO GIG GRU GYE LIM MDE MVD PTY REC SCL SJO SJU UIO"),
    "WEUR": (
        "AMS ARN BCN BOD BRU CDG CPH CWL DUB DUS EDI FCO FRA GOT GVA HAM HEL KEF LHR LIS LUX LYS "
        "MAD MAN MRS MUC MXP OPO ORK OSL PMO STR SVG TXL VIE ZRH"
    ),
    "EEUR": "ATH BEG BTS BUD EVN IST KBP KIV LCA MSQ OTP PRG RIX SKG SOF TBS TIA TLL VNO WAW ZAG",
    "APAC": (
        "AMD BKK BLR BOM BWN CAN CCU CEB CGK CGP CMB CNX DAC DAD DEL DPS FUK HAN HKG HND HYD ICN "
        "ISB JHB JOG KHI KIX KNU KTM KUL LHE MAA MDL MFM MLE MNL NAG NRT OKA PBH PEK PNH PVG RGN "
        "SGN SIN TPE ULN VTE"
    ),
    "OC": "ADL AKL BNE CBR CHC GUM HBA MEL NOU PER PPT SUV SYD WLG",
    "ME": "AMM BAH BEY BGW BSR DMM DOH DXB JED KWI MCT RUH TLV ZDM",
    "AFR": (
        "AAE ABJ ACC ADD ALG CAI CMN CPT DAR DKR DUR EBB EBL FIH GBE HRE JIB JNB KGL LAD LLW "
        "LOS LUN MBA MPM MRU NBO ORN RUN TNR TUN WDH"
    ),
}
"""IATA codes by region; the names of the regions are those of the platform's location hints."""

_REGION_OF = {code: region for region, codes in REGIONS.items() for code in codes.split()}


class Topology:
    """The locations of one network and their regions.

    `regions` maps the name of a region to locations and overrides `REGIONS` for them. A location
    in neither is a separate region.

    >>> Topology(["LHR", "CDG", "NRT"]).region_of("CDG")
    'WEUR'
    """

    def __init__(
        self, locations: Iterable[str], regions: Mapping[str, Iterable[str]] | None = None
    ) -> None:
        self.locations: tuple[str, ...] = tuple(locations)
        if not self.locations:
            raise ValueError('a network has at least one location, as in EdgeNetwork("LHR", "NRT")')
        for location in self.locations:
            if not isinstance(location, str) or not location:
                raise TypeError(f'a location is a name such as "LHR", not {location!r}')
            if self.locations.count(location) > 1:
                raise ValueError(f"the location {location!r} is listed twice")
        custom = _custom_regions(self.locations, regions or {})
        self._region_of = {
            location: custom.get(location) or _REGION_OF.get(location, location)
            for location in self.locations
        }

    def region_of(self, location: str) -> str:
        """Return the region of a location. Locations of one region share an upper tier."""
        return self._region_of[self.check(location)]

    def is_near_central_store(self, location: str) -> bool:
        """Return whether a central store is near the location.

        Custom regions do not change a location's distance to the central stores.
        """
        region = self.region_of(location)
        return (
            region if region in REGIONS else _REGION_OF.get(location)
        ) in REGIONS_NEAR_CENTRAL_STORE

    def check(self, location: str) -> str:
        """Return `location` if the network has it.

        Raises: LookupError that lists the known locations.
        """
        if location not in self._region_of:
            raise _unknown_location(location, self.locations)
        return location


def _custom_regions(
    locations: Iterable[str], regions: Mapping[str, Iterable[str]]
) -> dict[str, str]:
    custom: dict[str, str] = {}
    for region, members in regions.items():
        if isinstance(members, str):
            raise ValueError(
                f"EdgeNetwork(regions={regions!r}): give a list of locations for each, "
                f"as in regions={{{region!r}: [{members!r}]}}"
            )
        for location in members:
            if location not in locations:
                raise _unknown_location(location, locations)
            custom[location] = region
    return custom


def _unknown_location(location: object, known: Iterable[str]) -> LookupError:
    return LookupError(f"no location {location!r}; there are {', '.join(map(repr, known))}")
