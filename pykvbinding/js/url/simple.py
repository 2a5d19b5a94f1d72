"""URLs that are written as they are read: most are, and need no parser."""

import re
from typing import TypeAlias

Groups: TypeAlias = tuple[str, str, str | None, str, str | None, str | None]
"""Scheme, host, port, path, query and fragment."""

_PLAIN = re.compile(
    r"""
    (?P<scheme>https?)://
    (?P<host>(?!xn--)(?:[a-z0-9-]+\.(?!xn--))*[a-z][a-z0-9-]*|127\.0\.0\.1)
    (?::(?P<port>[1-9]\d{0,3}|[1-5]\d{4})(?<!:80)(?<!:443))?
    (?P<path>(?:/(?!\.)[\w\-.~!$&'()*+,;=:@%|\[\]]*)+)
    (?:\?(?P<query>[\w\-.~!$&()*+,;=:@/?%\[\]^`{|}\\]*))?
    (?:\#(?P<fragment>[\w\-.~!$&'()*+,;=:@/?%\[\]^{|}\\\#]*))?
    """,
    re.VERBOSE | re.ASCII,
)
"""A URL that is written as it is read. Its segments begin with no dot, spelled out or as %2e."""


def plain_groups(text: str) -> Groups | None:
    """The parts of a plain URL; `None` for any other.

    >>> plain_groups("http://localhost:8787/a?b=1")
    ('http', 'localhost', '8787', '/a', 'b=1', None)
    >>> plain_groups("http://localhost/a/../b")
    """
    match = _PLAIN.fullmatch(text)
    if match is None or "/%2" in text:
        return None
    groups: Groups = match.groups()  # type: ignore[assignment]
    return groups
