"""Shrink passes: each derives other runs from a run, some of which may be simpler and still fail.

A pass takes the actions of one network and yields sequences of actions to replay instead. The
replay skips actions that do not fit, so a pass need not check whether a run is possible.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import combinations
from typing import TypeAlias

from pykvbinding.sim.run.schedulers import ACCEPT
from pykvbinding.sim.schedule import AdvanceTime
from pykvbinding.sim.shrink.replay import (
    NEWEST,
    RecordedAction,
    RecordedActions,
    RecordedStep,
    VersionChoice,
)

ShrinkPass: TypeAlias = Callable[[RecordedActions], Iterable[RecordedActions]]


def truncate(actions: RecordedActions) -> Iterator[RecordedActions]:
    """Keep only the first 0, 1, 2, 4, … actions; the rest of the run follows the default.

    >>> one, two = RecordedStep(1), RecordedStep(2)
    >>> list(truncate((one, two, one))) == [(), (one,), (one, two)]
    True
    """
    length = 0
    while length < len(actions):
        yield actions[:length]
        length = length * 2 or 1


def remove_deviations(actions: RecordedActions) -> Iterator[RecordedActions]:
    """Remove all deviations, or remove or reduce a single one.

    >>> versions = (VersionChoice("key", version=0, older=1),)
    >>> fresh, stale = RecordedStep(2), RecordedStep(2, 1, versions)
    >>> (RecordedStep(1), fresh) in remove_deviations((RecordedStep(1), AdvanceTime(60), stale))
    True
    """
    yield tuple(
        _without_deviations(action) for action in actions if isinstance(action, RecordedStep)
    )
    for index in range(len(actions) - 1, -1, -1):
        for replacement in _simplify_step(actions[index]):
            yield (*actions[:index], *replacement, *actions[index + 1 :])
            yield (*actions[:index], *replacement, *map(_relative_versions, actions[index + 1 :]))


def swap_invocations(actions: RecordedActions) -> Iterator[RecordedActions]:
    """Swap two invocations, or start one earlier or later and renumber all of them.

    >>> one, two = RecordedStep(1), RecordedStep(2)
    >>> (two, two, one) in swap_invocations((one, one, two))
    True
    """
    numbers = sorted({action.invocation for action in actions if isinstance(action, RecordedStep)})
    for first, second in combinations(numbers, 2):
        renumbered = {first: second, second: first}
        swapped = tuple(
            replace(action, invocation=renumbered.get(action.invocation, action.invocation))
            if isinstance(action, RecordedStep)
            else action
            for action in actions
        )
        yield swapped
        yield tuple(map(_relative_versions, swapped))
    blocks = _blocks(actions)
    for index, block in enumerate(blocks):
        rest = blocks[:index] + blocks[index + 1 :]
        for target in range(len(blocks)):
            if target != index:
                yield from _with_and_without_versions(
                    _renumber(_join(rest[:target], [block], rest[target:]))
                )


def _renumber(actions: RecordedActions) -> RecordedActions:
    """Return the actions with invocations numbered in order of appearance."""
    numbers = [action.invocation for action in actions if isinstance(action, RecordedStep)]
    renumbered = dict(zip(dict.fromkeys(numbers), sorted(set(numbers)), strict=True))
    return tuple(
        replace(action, invocation=renumbered[action.invocation])
        if isinstance(action, RecordedStep)
        else action
        for action in actions
    )


def _simplify_step(action: RecordedAction) -> Iterator[RecordedActions]:
    """Yield replacements of one action with one deviation less, or a smaller one."""
    if isinstance(action, AdvanceTime):
        yield ()
        return
    if action.is_early:
        yield ()
    for position, _ in enumerate(action.choices):
        yield (replace(action, choices=action.choices[:position] + action.choices[position + 1 :]),)
    if action.depth:
        yield (replace(action, version_choices=()),)
    for position, version_choice in enumerate(action.version_choices):
        for newer in range(version_choice.older):
            version = (
                NEWEST if newer == 0 else version_choice.version + version_choice.older - newer
            )
            version_choices = list(action.version_choices)
            version_choices[position] = VersionChoice(version_choice.key, version)
            yield (replace(action, version_choices=tuple(version_choices)),)


def merge_blocks(actions: RecordedActions) -> Iterator[RecordedActions]:
    """Join two blocks of one invocation, at the position of either.

    >>> one, two = RecordedStep(1), RecordedStep(2)
    >>> list(merge_blocks((one, two, one))) == [(two, one, one)] * 2 + [(one, one, two)] * 2
    True
    """
    blocks = _blocks(actions)
    for first, block in enumerate(blocks):
        if isinstance(block[0], AdvanceTime):
            continue
        for second in range(first + 1, len(blocks)):
            if not _same_invocation(block[0], blocks[second][0]):
                continue
            between = blocks[first + 1 : second]
            before, after = blocks[:first], blocks[second + 1 :]
            yield from _with_and_without_versions(
                _join(before, between, [block, blocks[second]], after)
            )
            yield from _with_and_without_versions(
                _join(before, [block, blocks[second]], between, after)
            )
            break


def move_block(actions: RecordedActions) -> Iterator[RecordedActions]:
    """Move a block of one invocation, or a single operation, to another position.

    >>> versions = (VersionChoice("key", version=0, older=1),)
    >>> one, stale = RecordedStep(1), RecordedStep(2, 1, versions)
    >>> (stale, one, one) in move_block((one, one, stale))
    True
    """
    blocks = _blocks(actions)
    singles = [(action,) for action in actions]
    for parts in (blocks, singles) if len(singles) > len(blocks) else (singles,):
        for index, part in enumerate(parts):
            rest = parts[:index] + parts[index + 1 :]
            for target in range(len(parts)):
                if target != index:
                    yield from _with_and_without_versions(
                        _join(rest[:target], [part], rest[target:])
                    )


def substitute_deviation(actions: RecordedActions) -> Iterator[RecordedActions]:
    """Replace a deviation by one of another kind, for example a lapse by an early acceptance.

    >>> one, early = RecordedStep(1), RecordedStep(1, choices=((ACCEPT, 1),))
    >>> (one, early) in substitute_deviation((one, AdvanceTime(1), one))
    True
    """
    for index, action in enumerate(actions):
        before, after = actions[:index], actions[index + 1 :]
        if isinstance(action, AdvanceTime):
            yield from (
                (*before, *after[:target], _accept_early(step), *after[target + 1 :])
                for target, step in _steps(after)
            )
        else:
            rest = tuple(_without_deviations(action) for action in actions[index:])
            yield (
                *before,
                AdvanceTime(1),
                *(action for action in rest if isinstance(action, RecordedStep)),
            )
            yield (*before, AdvanceTime(1), *actions[index:])
    yield from _older_reads(actions)
    steps = [action for action in actions if isinstance(action, RecordedStep)]
    ordinary = tuple(
        RecordedStep(step.invocation, step.nth, step.version_choices)
        for step in _sort_by_invocation(steps)
    )
    yield from _older_reads(ordinary)
    for numbered in _earlier_blocks(_blocks(ordinary)):
        yield tuple(_without_deviations(action) for action in numbered)


def _steps(actions: RecordedActions) -> list[tuple[int, RecordedStep]]:
    return [
        (index, action) for index, action in enumerate(actions) if isinstance(action, RecordedStep)
    ]


def _accept_early(step: RecordedStep) -> RecordedStep:
    return replace(step, choices=(*step.choices, (ACCEPT, 1)))


def _sort_by_invocation(steps: list[RecordedStep]) -> list[RecordedStep]:
    return sorted(steps, key=lambda step: step.invocation)


def _earlier_blocks(blocks: list[RecordedActions]) -> Iterator[RecordedActions]:
    """Yield orders in which one invocation runs before invocations that started earlier."""
    for index, block in enumerate(blocks):
        for target in range(index):
            yield _join(blocks[:target], [block], blocks[target:index], blocks[index + 1 :])


def _older_reads(actions: RecordedActions) -> Iterator[RecordedActions]:
    """Let one read see an older version; the rest of the run follows the default."""
    for index, step in _steps(actions):
        for position, version_choice in enumerate(step.version_choices):
            for version in range(version_choice.version):
                version_choices = list(step.version_choices)
                version_choices[position] = VersionChoice(version_choice.key, version)
                yield (*actions[:index], replace(step, version_choices=tuple(version_choices)))


def _with_and_without_versions(actions: RecordedActions) -> Iterator[RecordedActions]:
    """Yield the actions with all versions fixed, and with only stale versions fixed."""
    yield actions
    yield tuple(
        replace(
            action,
            version_choices=tuple(
                version_choice
                if version_choice.older
                else VersionChoice(version_choice.key, NEWEST)
                for version_choice in action.version_choices
            ),
        )
        if isinstance(action, RecordedStep)
        else action
        for action in actions
    )


def _blocks(actions: RecordedActions) -> list[RecordedActions]:
    """Group consecutive actions of one invocation; a lapse is its own block."""
    blocks: list[RecordedActions] = []
    for action in actions:
        if blocks and _same_invocation(blocks[-1][-1], action):
            blocks[-1] = (*blocks[-1], action)
        else:
            blocks.append((action,))
    return blocks


def _same_invocation(first: RecordedAction, second: RecordedAction) -> bool:
    return (
        isinstance(first, RecordedStep)
        and isinstance(second, RecordedStep)
        and first.invocation == second.invocation
    )


def _relative_versions(action: RecordedAction) -> RecordedAction:
    """Return the action with versions relative to the newest instead of absolute ones."""
    if isinstance(action, AdvanceTime) or not action.version_choices:
        return action
    return replace(
        action,
        version_choices=tuple(
            VersionChoice(version_choice.key, NEWEST - version_choice.older, version_choice.older)
            for version_choice in action.version_choices
        ),
    )


def _join(*parts: Iterable[RecordedActions]) -> RecordedActions:
    return tuple(action for part in parts for actions in part for action in actions)


def _without_deviations(action: RecordedAction) -> RecordedAction:
    return (
        RecordedStep(action.invocation, action.nth) if isinstance(action, RecordedStep) else action
    )


PASSES: tuple[ShrinkPass, ...] = (
    truncate,
    remove_deviations,
    merge_blocks,
    swap_invocations,
    move_block,
    substitute_deviation,
)
"""The passes, cheap ones first."""
