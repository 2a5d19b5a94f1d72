"""Counts the linear extensions of a partial order: the number of runs without reduction."""

from math import comb

from pykvbinding.choices import SeededChoice

MAX_STATES = 100_000
"""Sets of events that are counted exactly; beyond this the count is estimated."""


class LinearExtensionCounter:
    """Counts orders, with a cache: runs of one program have most components in common.

    `is_exact` is true as long as no count was estimated.
    """

    def __init__(self, max_states: int = MAX_STATES) -> None:
        self.is_exact: bool = True
        self._max_states = max_states
        self._cache: dict[tuple[int, ...], int] = {}
        self._choice = SeededChoice(0)

    def count(self, predecessors: list[int]) -> int:
        """Return the number of orders; each event has a mask of the events before it.

        The masks must be transitively closed.

        >>> LinearExtensionCounter().count([0b00, 0b01, 0b000])  # 2nd after 1st, 3rd anywhere
        3
        """
        total, merged = 1, 0
        for component in _components(predecessors):
            merged += len(component)
            interleavings = comb(merged, len(component))
            total *= interleavings * self._count_component(component)
        return total

    def _count_component(self, component: tuple[int, ...]) -> int:
        size = len(component)
        if size < 3 or all(mask.bit_count() == index for index, mask in enumerate(component)):
            return 1  # totally ordered, as every component of two events is
        count = self._cache.get(component)
        if count is None:
            count = self._cache[component] = self._count_connected(component)
        return count

    def _count_connected(self, component: tuple[int, ...]) -> int:
        """Split the component at an event that is comparable to all others, if there is one."""
        for index, mask in enumerate(component):
            rest = component[index + 1 :]
            if mask == (1 << index) - 1 and all(later >> index & 1 for later in rest):
                after = [later >> index + 1 for later in rest]
                return self.count(list(component[:index])) * self.count(after)
        return self._count_by_dynamic_programming(component)

    def _count_by_dynamic_programming(self, component: tuple[int, ...]) -> int:
        """Count the ways to reach each set of events that is closed downward, by size."""
        ways = {0: 1}
        states = 0
        for _ in component:
            next_ways: dict[int, int] = {}
            for done, count in ways.items():
                for index, mask in enumerate(component):
                    if not done >> index & 1 and mask & ~done == 0:
                        next_ways[done | 1 << index] = next_ways.get(done | 1 << index, 0) + count
            ways = next_ways
            states += len(ways)
            if states > self._max_states:
                self.is_exact = False
                return self._estimate(component)
        (count,) = ways.values()
        return count

    def _estimate(self, component: tuple[int, ...]) -> int:
        """Return the product of the numbers of enabled events along one random order.

        This is an unbiased estimate (Knuth 1975).
        """
        done, product = 0, 1
        for _ in component:
            enabled = [
                index
                for index, mask in enumerate(component)
                if not done >> index & 1 and mask & ~done == 0
            ]
            product *= len(enabled)
            done |= 1 << enabled[self._choice.choose(len(enabled), "order")]
        return product


def _components(predecessors: list[int]) -> list[tuple[int, ...]]:
    """Return the connected components, each with masks over its own indices."""
    components: list[int] = []
    for index, mask in enumerate(predecessors):
        joined = mask | 1 << index
        separate = []
        for component in components:
            if component & mask:
                joined |= component
            else:
                separate.append(component)
        components = [*separate, joined]
    return [_reindex(predecessors, component) for component in components]


def _reindex(predecessors: list[int], component: int) -> tuple[int, ...]:
    """Return the masks of a component, given as a mask, over the indices of the component."""
    indices = [index for index in range(len(predecessors)) if component >> index & 1]
    if indices[-1] == len(indices) - 1:
        return tuple(predecessors[index] for index in indices)
    return tuple(
        sum(1 << new for new, old in enumerate(indices) if predecessors[index] >> old & 1)
        for index in indices
    )
