"""A Griffe extension: doctests in docstrings become code blocks of the site."""

import re
from typing import Any

import griffe

DOCTEST = re.compile(r"^>>> .*(?:\n(?!\n|$).+)*", re.M)


class Doctests(griffe.Extension):  # type: ignore[misc,name-defined,unused-ignore]
    """Fence each doctest, with its expected output, as a block of the language `pycon`."""

    def on_instance(self, *, obj: Any, **_: Any) -> None:
        """Rewrite the docstring of an object that was loaded."""
        if obj.docstring is not None:
            obj.docstring.value = DOCTEST.sub(r"```pycon\n\g<0>\n```", obj.docstring.value)
