"""The part of a namespace that the layers use."""

from typing import Protocol

from pykvbinding.storage.store import LocalStore


class BackingNamespace(Protocol):
    """The namespace at the end of a chain of layers."""

    @property
    def title(self) -> str:
        """The title, which the history shows."""
        ...

    @property
    def id(self) -> str:
        """The id, which the metrics use."""
        ...

    @property
    def store(self) -> LocalStore:
        """The store with the records, at the end of every chain."""
        ...

    @property
    def direct_write_count(self) -> int:
        """The number of direct changes of the records, which bypassed the layers."""
        ...
