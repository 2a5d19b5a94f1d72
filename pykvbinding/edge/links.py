"""The links between locations and the central stores: open, cut, or holding back what passes."""

from typing import TYPE_CHECKING

from pykvbinding import errors
from pykvbinding.edge.topology import Topology

if TYPE_CHECKING:
    from asyncio import Future


class Links:
    """One link for each location, all open at first.

    A location whose link is cut still answers from its cache. What needs the central stores fails
    at once; over a link that holds, it waits, and goes on in the order in which it came.
    """

    def __init__(self, topology: Topology) -> None:
        self._topology = topology
        self._cut: set[str] = set()
        self._waiting: dict[str, list[Future[None]]] = {}

    def cut(self, locations: tuple[str, ...]) -> None:
        """Cut the links of some locations, of all if none is named."""
        self._cut.update(self._meant(locations))

    def repair(self, locations: tuple[str, ...]) -> None:
        """Open links that were cut."""
        self._cut.difference_update(self._meant(locations))

    def hold(self, locations: tuple[str, ...]) -> None:
        """From now on, hold back what passes."""
        for location in self._meant(locations):
            self._waiting.setdefault(location, [])

    def release(self, locations: tuple[str, ...]) -> None:
        """Let everything pass that was held back."""
        for location in self._meant(locations):
            for waiting in self._waiting.pop(location, ()):
                # Done: its task was cancelled. Closed: its loop went away without cancelling it.
                if not waiting.done() and not waiting.get_loop().is_closed():
                    waiting.set_result(None)

    def is_open(self, location: str) -> bool:
        """Whether anything passes just now."""
        return location not in self._cut and location not in self._waiting

    async def cross(self, location: str, method: str) -> None:
        """Pass from a location to the central stores. `method` is what an error calls it.

        Raises: KVError "KV GET failed: 503 Service Unavailable" over a link that is cut.
        """
        while location in self._waiting:
            import asyncio  # not at the top: importing it takes longer than importing this library

            waiting = asyncio.get_running_loop().create_future()
            self._waiting[location].append(waiting)
            await waiting
        if location in self._cut:
            raise errors.service_unavailable(method)

    def _meant(self, locations: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(self._topology.check, locations)) or self._topology.locations
