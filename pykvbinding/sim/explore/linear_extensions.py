"""In how many orders events can happen of which some must precede others.

This is what a proof is measured against: how many runs it would take without leaving any out.
"""

from math import comb

from pykvbinding.choices import SeededChoice

MOST_STATES = 100_000
"""Sets of events that are counted one by one; of more, the count is estimated."""


class Orders:
    """Counts orders, and remembers the counts: runs of one program have most parts in common.

    `is_exact` tells whether nothing had to be estimated so far.
    """

    def __init__(self, most_states: int = MOST_STATES) -> None:
        self.is_exact: bool = True
        self._most_states = most_states
        self._known: dict[tuple[int, ...], int] = {}
        self._choice = SeededChoice(0)

    def count(self, before: list[int]) -> int:
        """The orders of events of which each comes after those in its mask (transitively closed).

        >>> Orders().count([0b00, 0b01, 0b000])  # the second after the first, the third anywhere
        3
        """
        total, placed = 1, 0
        for part in _parts(before):
            placed += len(part)
            total *= comb(placed, len(part)) * self._count_part(part)  # shuffled among the others
        return total

    def _count_part(self, part: tuple[int, ...]) -> int:
        size = len(part)
        if size < 3 or all(mask.bit_count() == place for place, mask in enumerate(part)):
            return 1  # each after all before it; two that hang together are so
        known = self._known.get(part)
        if known is None:
            known = self._known[part] = self._split(part)
        return known

    def _split(self, part: tuple[int, ...]) -> int:
        """Count what lies before and after an event that all others stand on one side of."""
        for place, mask in enumerate(part):
            rest = part[place + 1 :]
            if mask == (1 << place) - 1 and all(later >> place & 1 for later in rest):
                after = [later >> place + 1 for later in rest]
                return self.count(list(part[:place])) * self.count(after)
        return self._walk(part)

    def _walk(self, part: tuple[int, ...]) -> int:
        """Count the ways to each set of events that may have happened, smallest sets first."""
        ways = {0: 1}
        states = 0
        for _ in part:
            wider: dict[int, int] = {}
            for done, count in ways.items():
                for place, mask in enumerate(part):
                    if not done >> place & 1 and mask & ~done == 0:
                        wider[done | 1 << place] = wider.get(done | 1 << place, 0) + count
            ways = wider
            states += len(ways)
            if states > self._most_states:
                self.is_exact = False
                return self._guess(part)
        (count,) = ways.values()
        return count

    def _guess(self, part: tuple[int, ...]) -> int:
        """One walk to the end, at random: the product of what stood open is right on average."""
        done, product = 0, 1
        for _ in part:
            ready = [
                place
                for place, mask in enumerate(part)
                if not done >> place & 1 and mask & ~done == 0
            ]
            product *= len(ready)
            done |= 1 << ready[self._choice.choose(len(ready), "order")]
        return product


def _parts(before: list[int]) -> list[tuple[int, ...]]:
    """The parts that have nothing to do with each other, each with masks of its own places."""
    parts: list[int] = []
    for place, mask in enumerate(before):
        joined = mask | 1 << place
        apart = []
        for part in parts:
            if part & mask:
                joined |= part
            else:
                apart.append(part)
        parts = [*apart, joined]
    return [_alone(before, part) for part in parts]


def _alone(before: list[int], part: int) -> tuple[int, ...]:
    places = [place for place in range(len(before)) if part >> place & 1]
    if places[-1] == len(places) - 1:
        return tuple(before[place] for place in places)
    return tuple(
        sum(1 << new for new, old in enumerate(places) if before[place] >> old & 1)
        for place in places
    )
