"""Domain names beyond ASCII: the mapping of UTS #46 and Punycode, as far as Unicode's tables say.

What the mapping does is nearly what NFKC and case folding do; the few characters that it keeps, and
the ones that it drops or refuses, are listed here. As in the runtime, lengths and hyphens are free.
"""

import re
from typing import Final
from unicodedata import bidirectional, category, combining, normalize

_KEPT: Final = frozenset("ßς\u200c\u200d")
"""What case folding would change, and the mapping keeps."""

_DROPPED = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2064\u206a-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0100-\U000e01ef]"
)
_DOTS = re.compile("[\u3002\uff0e\uff61]")
_REFUSED = re.compile("[\u2ff0-\u2fff\ufffc\ufffd]")
_REFUSED_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"})
_JOINERS: Final = "\u200c\u200d"
_VIRAMA = 9
_PREFIX = "xn--"

# Directions of writing (RFC 5893).
_FROM_THE_RIGHT: Final = frozenset({"R", "AL", "AN"})
_NEUTRAL: Final = frozenset({"EN", "ES", "CS", "ET", "ON", "BN", "NSM"})
_AT_THE_END: Final = _FROM_THE_RIGHT | {"EN"}


def to_ascii(domain: str) -> str | None:
    """The domain in ASCII, `None` where a label cannot be one.

    >>> to_ascii("Bücher.DE"), to_ascii("faß.de")
    ('xn--bcher-kva.de', 'xn--fa-hia.de')
    """
    if _REFUSED.search(domain):
        return None
    plain = mapped(domain)
    if plain is None:
        return None
    labels = [_label_to_ascii(label) for label in plain.split(".")]
    return None if None in labels else ".".join([label for label in labels if label is not None])


def mapped(domain: str) -> str | None:
    """`domain` in the one spelling of what looks the same: lower case, composed, plain digits.

    `None` for a character that only looks as if it held a dot, such as an ellipsis.
    """
    plain = _DOTS.sub(".", _DROPPED.sub("", domain))
    folded = "".join([letter if letter in _KEPT else _folded(letter) for letter in plain])
    return None if folded.count(".") > plain.count(".") else normalize("NFC", folded)


def _folded(letter: str) -> str:
    if letter == "ẞ":
        return "ß"
    return normalize("NFKC", normalize("NFKC", letter).casefold())


def _label_to_ascii(label: str) -> str | None:
    if label.startswith(_PREFIX):
        return label if _is_punycode(label) else None
    if label.isascii():
        return label
    return _PREFIX + label.encode("punycode").decode() if _is_valid(label) else None


def _is_punycode(label: str) -> bool:
    """Whether the label decodes to one that would be encoded so."""
    try:
        spelled = label.removeprefix(_PREFIX).encode("ascii").decode("punycode")
    except UnicodeError:
        return False
    return not spelled.isascii() and mapped(spelled) == spelled and _is_valid(spelled)


def _is_valid(label: str) -> bool:
    if category(label[0])[0] == "M" or _REFUSED.search(label):
        return False
    for place, letter in enumerate(label):
        if letter in _JOINERS:
            if place == 0 or combining(label[place - 1]) != _VIRAMA:
                return False
        elif category(letter) in _REFUSED_CATEGORIES:
            return False
    directions = [bidirectional(letter) for letter in label]
    return _FROM_THE_RIGHT.isdisjoint(directions) or _may_be_written(directions)


def _may_be_written(directions: list[str]) -> bool:
    """Whether letters of both directions stand in an order that can be read.

    Of a label that begins from the left, the runtime does not look at the last letter.
    """
    while directions[-1] == "NSM":
        directions.pop()
    if directions[0] == "L":
        return all(way == "L" or way in _NEUTRAL for way in directions[:-1])
    if "AN" in directions and "EN" in directions:
        return False
    return directions[-1] in _AT_THE_END and "L" not in directions
