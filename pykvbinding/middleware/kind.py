"""The four kinds of operation, as every layer and whoever asks a layer names them."""

from typing import Final

from pykvbinding import misuse

KINDS: Final = ("get", "put", "delete", "list")
"""A read of several keys is a get, as is getWithMetadata: that is how the service counts them."""


def check_kind(where: str, kind: object) -> None:
    """Refuse a kind that is none; a `None` stands for all of them.

    Raises: ValueError, which names the four.
    """
    if kind is not None and kind not in KINDS:
        raise misuse.kind_unknown(where, kind)
