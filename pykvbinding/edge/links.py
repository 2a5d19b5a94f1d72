"""The links between locations and the central stores: open, cut, or holding operations."""

from typing import TYPE_CHECKING

from pykvbinding import errors
from pykvbinding.edge.topology import Topology

if TYPE_CHECKING:
    from asyncio import Future


class Links:
    """One link per location, all open initially.

    A location whose link is cut still serves reads from its cache; operations that need the central
    stores fail at once. On a link that holds, they wait, and continue in their original order.
    """

    def __init__(self, topology: Topology) -> None:
        self._topology = topology
        self._cut: set[str] = set()
        self._waiting: dict[str, list[Future[None]]] = {}

    def cut(self, locations: tuple[str, ...]) -> None:
        """Cut the links of these locations, or of all locations if none is given."""
        self._cut.update(self._resolve(locations))

    def repair(self, locations: tuple[str, ...]) -> None:
        """Reopen links that were cut."""
        self._cut.difference_update(self._resolve(locations))

    def hold(self, locations: tuple[str, ...]) -> None:
        """Hold all operations on these links from now on."""
        for location in self._resolve(locations):
            self._waiting.setdefault(location, [])

    def release(self, locations: tuple[str, ...]) -> None:
        """Continue all operations that were held on these links."""
        for location in self._resolve(locations):
            for future in self._waiting.pop(location, ()):
                # Done: its task was cancelled. Closed: its loop was closed without cancelling it.
                if not future.done() and not future.get_loop().is_closed():
                    future.set_result(None)

    def is_open(self, location: str) -> bool:
        """Return whether operations currently pass without waiting."""
        return location not in self._cut and location not in self._waiting

    async def traverse(self, location: str, method: str) -> None:
        """Pass from a location to the central stores. `method` is the name in error messages.

        Raises: KVError "KV GET failed: 503 Service Unavailable" if the link is cut.
        """
        while location in self._waiting:
            import asyncio  # not at the top: importing it takes longer than importing this library

            future = asyncio.get_running_loop().create_future()
            self._waiting[location].append(future)
            await future
        if location in self._cut:
            raise errors.service_unavailable(method)

    def _resolve(self, locations: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(self._topology.check, locations)) or self._topology.locations
