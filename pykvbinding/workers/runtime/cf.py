"""`request.cf`: the location and the connection of the visitor."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from pykvbinding.edge.topology import REGIONS

COUNTRIES: Final = {
    "AE": "DXB",
    "AL": "TIA",
    "AM": "EVN",
    "AO": "LAD",
    "AR": "EZE",
    "AT": "VIE",
    "AU": "ADL BNE CBR HBA MEL PER SYD",
    "BD": "CGP DAC",
    "BE": "BRU",
    "BG": "SOF",
    "BH": "BAH",
    "BN": "BWN",
    "BR": "BSB CNF CWB FOR GIG GRU REC",
    "BT": "PBH",
    "BW": "GBE",
    "BY": "MSQ",
    "CA": "YHZ YOW YUL YVR YWG YXE YYC YYZ",
    "CD": "FIH",
    "CH": "GVA ZRH",
    "CI": "ABJ",
    "CL": "SCL",
    "CN": "CAN PEK PVG",
    "CO": "BOG CLO MDE",
    "CR": "SJO",
    "CY": "LCA",
    "CZ": "PRG",
    "DE": "DUS FRA HAM MUC STR TXL",
    "DJ": "JIB",
    "DK": "CPH",
    "DZ": "AAE ALG ORN",
    "EC": "GYE UIO",
    "EE": "TLL",
    "EG": "CAI",
    "ES": "BCN MAD",
    "ET": "ADD",
    "FI": "HEL",
    "FJ": "SUV",
    "FR": "BOD CDG LYS MRS",
    "GB": "CWL EDI LHR MAN",
    "GE": "TBS",
    "GH": "ACC",
    "GR": "ATH SKG",
    "GU": "GUM",
    "GY": "GEO",
    "HK": "HKG",
    "HR": "ZAG",
    "HU": "BUD",
    "ID": "CGK DPS JOG",
    "IE": "DUB ORK",
    "IL": "TLV",
    "IN": "AMD BLR BOM CCU CNX DEL HYD KNU MAA NAG",
    "IQ": "BGW BSR EBL",
    "IS": "KEF",
    "IT": "FCO MXP PMO",
    "JO": "AMM",
    "JP": "FUK HND KIX NRT OKA",
    "KE": "MBA NBO",
    "KH": "PNH",
    "KR": "ICN",
    "KW": "KWI",
    "LA": "VTE",
    "LB": "BEY",
    "LK": "CMB",
    "LT": "VNO",
    "LU": "LUX",
    "LV": "RIX",
    "MA": "CMN",
    "MD": "KIV",
    "MG": "TNR",
    "MM": "MDL RGN",
    "MN": "ULN",
    "MO": "MFM",
    "MU": "MRU",
    "MV": "MLE",
    "MW": "LLW",
    "MX": "GDL MEX QRO",
    "MY": "JHB KUL",
    "MZ": "MPM",
    "NA": "WDH",
    "NC": "NOU",
    "NG": "LOS",
    "NL": "AMS",
    "NO": "OSL SVG",
    "NP": "KTM",
    "NZ": "AKL CHC WLG",
    "OM": "MCT",
    "PA": "PTY",
    "PE": "LIM",
    "PF": "PPT",
    "PH": "CEB MNL",
    "PK": "ISB KHI LHE",
    "PL": "WAW",
    "PR": "SJU",
    "PS": "ZDM",
    "PT": "LIS OPO",
    "PY": "ASU",
    "QA": "DOH",
    "RE": "RUN",
    "RO": "OTP",
    "RS": "BEG",
    "RW": "KGL",
    "SA": "DMM JED RUH",
    "SE": "ARN GOT",
    "SG": "SIN",
    "SK": "BTS",
    "SN": "DKR",
    "TH": "BKK",
    "TN": "TUN",
    "TR": "IST",
    "TW": "TPE",
    "TZ": "DAR",
    "UA": "KBP",
    "UG": "EBB",
    "US": (
        "ABQ ANC ATL AUS BGR BNA BOS BUF BZN CHS CLE CLT CMH CVG DEN DFW DTW ELP EWR FSD HNL "
        "IAD IAH IND JAX JFK LAS LAX MCI MEM MFE MFR MIA MSP OKC OMA ORD ORF PDX PHL PHX PIT "
        "RDU RIC SAN SAT SEA SFO SJC SLC SMF STL TLH TPA TUS"
    ),
    "UY": "MVD",
    "VN": "DAD HAN SGN",
    "ZA": "CPT DUR JNB",
    "ZM": "LUN",
    "ZW": "HRE",
}
"""Country codes (ISO 3166-1) with the IATA codes of the locations in that country."""

CITIES: Final = {
    "AMS": ("Amsterdam", "North Holland", "Europe/Amsterdam", "52.37403", "4.88969", "1012"),
    "CDG": ("Paris", "Île-de-France", "Europe/Paris", "48.85341", "2.34880", "75001"),
    "FRA": ("Frankfurt am Main", "Hesse", "Europe/Berlin", "50.11552", "8.68417", "60311"),
    "GRU": ("São Paulo", "São Paulo", "America/Sao_Paulo", "-23.54750", "-46.63611", "01000"),
    "HKG": ("Hong Kong", "Hong Kong", "Asia/Hong_Kong", "22.27832", "114.17469", ""),
    "IAD": ("Ashburn", "Virginia", "America/New_York", "39.04372", "-77.48749", "20147"),
    "JNB": ("Johannesburg", "Gauteng", "Africa/Johannesburg", "-26.20227", "28.04363", "2000"),
    "LAX": ("Los Angeles", "California", "America/Los_Angeles", "34.05223", "-118.24368", "90001"),
    "LHR": ("London", "England", "Europe/London", "51.50853", "-0.12574", "SW1A"),
    "NRT": ("Tokyo", "Tokyo", "Asia/Tokyo", "35.68950", "139.69171", "100-0001"),
    "SIN": ("Singapore", "Singapore", "Asia/Singapore", "1.28967", "103.85007", "018989"),
    "SJC": ("San Jose", "California", "America/Los_Angeles", "37.33939", "-121.89496", "95112"),
    "SYD": ("Sydney", "New South Wales", "Australia/Sydney", "-33.86785", "151.20732", "2000"),
}
"""For the busiest locations: city, region, time zone, latitude, longitude, postal code."""

REGION_CODES: Final = {
    "AMS": "NH",
    "CDG": "IDF",
    "FRA": "HE",
    "GRU": "SP",
    "IAD": "VA",
    "JNB": "GP",
    "LAX": "CA",
    "LHR": "ENG",
    "NRT": "13",
    "SJC": "CA",
    "SYD": "NSW",
}
"""For the same locations, the region code of ISO 3166-2, without the country."""

CONTINENTS: Final = {
    "ENAM": "NA",
    "WNAM": "NA",
    "SAM": "SA",
    "WEUR": "EU",
    "EEUR": "EU",
    "APAC": "AS",
    "OC": "OC",
    "ME": "AS",
    "AFR": "AF",
}

EUROPEAN_UNION: Final = (
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
)

CONNECTION: Final[Mapping[str, Any]] = {
    "asOrganization": "Example Networks",
    "asn": 64496,
    "clientAcceptEncoding": "gzip, deflate, br",
    "clientTcpRtt": 8,
    "edgeRequestKeepAliveStatus": 1,
    "httpProtocol": "HTTP/2",
    "requestPriority": "weight=16;exclusive=0;group=0;group-weight=0",
    "tlsCipher": "AEAD-AES128-GCM-SHA256",
    "tlsVersion": "TLSv1.3",
}
"""Fields that do not depend on the location, with plausible values.

The number of the autonomous system is one that RFC 5398 reserves for examples.
"""

DEFAULT_LOCATION: Final = "LHR"
"""The location of a request without a network and without an explicit location."""


def request_cf(location: str, **connection: Any) -> dict[str, Any]:
    """Return `request.cf` of a request that arrives at `location`.

    `connection` overrides values of `CONNECTION`.
    """
    return {**CONNECTION, **cf_of(location), **connection}


@cache  # called for every request
def cf_of(location: str) -> Mapping[str, Any]:
    """Return the fields of `request.cf` that describe a visitor near `location`.

    An unknown location has the country "XX", which the platform uses for an unknown country.
    """
    country = next((name for name, codes in COUNTRIES.items() if location in codes.split()), "XX")
    cf: dict[str, Any] = {"colo": location, "country": country}
    region = next((name for name, codes in REGIONS.items() if location in codes.split()), None)
    if region is not None:
        cf["continent"] = CONTINENTS[region]
    if country in EUROPEAN_UNION.split():
        cf["isEUCountry"] = "1"
    if location in CITIES:
        names = ("city", "region", "timezone", "latitude", "longitude", "postalCode")
        cf |= {name: value for name, value in zip(names, CITIES[location], strict=True) if value}
    if location in REGION_CODES:
        cf["regionCode"] = REGION_CODES[location]
    return cf
