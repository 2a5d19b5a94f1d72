"""What the layers need to know of the namespace whose records they stand in front of."""

from typing import Protocol

from pykvbinding.storage.store import LocalStore


class BackingNamespace(Protocol):
    """The namespace behind a chain of layers."""

    @property
    def title(self) -> str:
        """Its title, which the history shows."""
        ...

    @property
    def id(self) -> str:
        """Its id, under which the metrics count."""
        ...

    @property
    def store(self) -> LocalStore:
        """The store at the end of every chain, with the records."""
        ...

    @property
    def direct_write_count(self) -> int:
        """How often the records were changed directly, without passing through a layer."""
        ...
