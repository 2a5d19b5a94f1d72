"""Shrink passes: each makes other runs of one run, some of which may be simpler and still fail.

A pass takes the acts of one network and yields acts to replay in their place. The replay skips acts
that do not fit, so a pass need not check whether a run is possible.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import combinations
from typing import TypeAlias

from pykvbinding.sim.run.schedulers import ACCEPT
from pykvbinding.sim.schedule import Lapse
from pykvbinding.sim.shrink.replay import NEWEST, Act, Acts, Pick, Step

Move: TypeAlias = Callable[[Acts], Iterable[Acts]]


def _shorter(acts: Acts) -> Iterator[Acts]:
    """Keep only the first 0, 1, 2, 4, … acts; after them everything is ordinary.

    >>> one, two = Step(1), Step(2)
    >>> list(_shorter((one, two, one))) == [(), (one,), (one, two)]
    True
    """
    length = 0
    while length < len(acts):
        yield acts[:length]
        length = length * 2 or 1


def _more_ordinary(acts: Acts) -> Iterator[Acts]:
    """Leave out every deviation, or one of them, or make one smaller.

    >>> fresh, stale = Step(2), Step(2, 1, (Pick("key", version=0, older=1),))
    >>> (Step(1), fresh) in _more_ordinary((Step(1), Lapse(60), stale))
    True
    """
    yield tuple(_plain(act) for act in acts if isinstance(act, Step))
    for index in range(len(acts) - 1, -1, -1):
        for other in _lesser(acts[index]):
            yield (*acts[:index], *other, *acts[index + 1 :])
            yield (*acts[:index], *other, *map(_relative, acts[index + 1 :]))


def _renamed(acts: Acts) -> Iterator[Acts]:
    """Exchange two invocations, or start one earlier or later and number all anew.

    >>> one, two = Step(1), Step(2)
    >>> (two, two, one) in _renamed((one, one, two))
    True
    """
    numbers = sorted({act.invocation for act in acts if isinstance(act, Step)})
    for first, second in combinations(numbers, 2):
        names = {first: second, second: first}
        swapped = tuple(
            replace(act, invocation=names.get(act.invocation, act.invocation))
            if isinstance(act, Step)
            else act
            for act in acts
        )
        yield swapped
        yield tuple(map(_relative, swapped))
    blocks = _blocks(acts)
    for index, block in enumerate(blocks):
        rest = blocks[:index] + blocks[index + 1 :]
        for place in range(len(blocks)):
            if place != index:
                yield from _both(_numbered(_joined(rest[:place], [block], rest[place:])))


def _numbered(acts: Acts) -> Acts:
    """The same with invocations that are numbered as they come."""
    numbers = [act.invocation for act in acts if isinstance(act, Step)]
    names = dict(zip(dict.fromkeys(numbers), sorted(set(numbers)), strict=True))
    return tuple(
        replace(act, invocation=names[act.invocation]) if isinstance(act, Step) else act
        for act in acts
    )


def _lesser(act: Act) -> Iterator[Acts]:
    """One act with one deviation less, or a smaller one."""
    if isinstance(act, Lapse):
        yield ()
        return
    if act.is_early:
        yield ()
    for position, _ in enumerate(act.said):
        yield (replace(act, said=act.said[:position] + act.said[position + 1 :]),)
    if act.depth:
        yield (replace(act, picks=()),)
    for position, pick in enumerate(act.picks):
        for newer in range(pick.older):
            version = NEWEST if newer == 0 else pick.version + pick.older - newer
            picks = list(act.picks)
            picks[position] = Pick(pick.key, version)
            yield (replace(act, picks=tuple(picks)),)


def _merged(acts: Acts) -> Iterator[Acts]:
    """Join two stretches of one invocation, at the place of either.

    >>> one, two = Step(1), Step(2)
    >>> list(_merged((one, two, one))) == [(two, one, one)] * 2 + [(one, one, two)] * 2
    True
    """
    blocks = _blocks(acts)
    for first, block in enumerate(blocks):
        if isinstance(block[0], Lapse):
            continue
        for second in range(first + 1, len(blocks)):
            if not _is_same(block[0], blocks[second][0]):
                continue
            between = blocks[first + 1 : second]
            before, after = blocks[:first], blocks[second + 1 :]
            yield from _both(_joined(before, between, [block, blocks[second]], after))
            yield from _both(_joined(before, [block, blocks[second]], between, after))
            break


def _moved(acts: Acts) -> Iterator[Acts]:
    """Move a stretch of one invocation, or one operation, to another place.

    >>> one, stale = Step(1), Step(2, 1, (Pick("key", version=0, older=1),))
    >>> (stale, one, one) in _moved((one, one, stale))
    True
    """
    blocks = _blocks(acts)
    singles = [(act,) for act in acts]
    for parts in (blocks, singles) if len(singles) > len(blocks) else (singles,):
        for index, part in enumerate(parts):
            rest = parts[:index] + parts[index + 1 :]
            for place in range(len(parts)):
                if place != index:
                    yield from _both(_joined(rest[:place], [part], rest[place:]))


def _exchanged(acts: Acts) -> Iterator[Acts]:
    """Replace a deviation by one of another kind: a lapse by an early acceptance, for example.

    >>> early = Step(1, said=((ACCEPT, 1),))
    >>> (Step(1), early) in _exchanged((Step(1), Lapse(1), Step(1)))
    True
    """
    for index, act in enumerate(acts):
        before, after = acts[:index], acts[index + 1 :]
        if isinstance(act, Lapse):
            yield from (
                (*before, *after[:place], _accepted(later), *after[place + 1 :])
                for place, later in _steps(after)
            )
        else:
            rest = tuple(_plain(each) for each in acts[index:])
            yield (*before, Lapse(1), *(each for each in rest if isinstance(each, Step)))
            yield (*before, Lapse(1), *acts[index:])
    yield from _staler(acts)
    steps = [act for act in acts if isinstance(act, Step)]
    ordinary = tuple(Step(step.invocation, step.nth, step.picks) for step in _by_start(steps))
    yield from _staler(ordinary)
    for numbered in _rotated(_blocks(ordinary)):
        yield tuple(_plain(act) for act in numbered)


def _steps(acts: Acts) -> list[tuple[int, Step]]:
    return [(index, act) for index, act in enumerate(acts) if isinstance(act, Step)]


def _accepted(step: Step) -> Step:
    return replace(step, said=(*step.said, (ACCEPT, 1)))


def _by_start(steps: list[Step]) -> list[Step]:
    return sorted(steps, key=lambda step: step.invocation)


def _rotated(blocks: list[Acts]) -> Iterator[Acts]:
    """One invocation ahead of those that were started before it."""
    for index, block in enumerate(blocks):
        for place in range(index):
            yield _joined(blocks[:place], [block], blocks[place:index], blocks[index + 1 :])


def _staler(acts: Acts) -> Iterator[Acts]:
    """One read sees something older, and everything after it is ordinary."""
    for index, step in _steps(acts):
        for position, pick in enumerate(step.picks):
            for version in range(pick.version):
                picks = list(step.picks)
                picks[position] = Pick(pick.key, version)
                yield (*acts[:index], replace(step, picks=tuple(picks)))


def _both(acts: Acts) -> Iterator[Acts]:
    """With every read keeping its version, and with only those that were stale."""
    yield acts
    yield tuple(
        replace(
            act, picks=tuple(pick if pick.older else Pick(pick.key, NEWEST) for pick in act.picks)
        )
        if isinstance(act, Step)
        else act
        for act in acts
    )


def _blocks(acts: Acts) -> list[Acts]:
    """The stretches of one invocation each; time that passes stands alone."""
    blocks: list[Acts] = []
    for act in acts:
        if blocks and _is_same(blocks[-1][-1], act):
            blocks[-1] = (*blocks[-1], act)
        else:
            blocks.append((act,))
    return blocks


def _is_same(first: Act, second: Act) -> bool:
    return (
        isinstance(first, Step)
        and isinstance(second, Step)
        and first.invocation == second.invocation
    )


def _relative(act: Act) -> Act:
    """Seeing what is as far behind, instead of the very version."""
    if isinstance(act, Lapse) or not act.picks:
        return act
    return replace(
        act, picks=tuple(Pick(pick.key, NEWEST - pick.older, pick.older) for pick in act.picks)
    )


def _joined(*parts: Iterable[Acts]) -> Acts:
    return tuple(act for part in parts for acts in part for act in acts)


def _plain(act: Act) -> Act:
    return Step(act.invocation, act.nth) if isinstance(act, Step) else act


KINDS: tuple[Move, ...] = (_shorter, _more_ordinary, _merged, _renamed, _moved, _exchanged)
"""The cheap ones first."""
