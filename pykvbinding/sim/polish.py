"""Polish: from a run that fails to the simplest one that fails in the same way.

Simple is, in this order: few context switches, few deviations from the ordinary, reads that are
not far behind. Among equals an operation that is accepted goes before time that passes, a short
schedule before a long one, and what was started first before the rest. So a counterexample is the
same however it was found.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from types import TracebackType
from typing import TypeAlias

from pykvbinding.sim.drivers import ACCEPT, Driver
from pykvbinding.sim.replay import NEWEST, Act, Pick, Recorded, Replay, Step
from pykvbinding.sim.schedule import Lapse
from pykvbinding.sim.trace import Trace

MOST_OPERATIONS = 10_000
"""Of all runs of one polish together; few need a tenth of it."""

Run: TypeAlias = Callable[[Driver], BaseException | None]
"""The program under a driver: what it raised, `None` if nothing."""

Acts: TypeAlias = tuple[Act, ...]
Cost: TypeAlias = tuple[int, int, int]


@dataclass(frozen=True)
class Attempt:
    """One run, with what it did."""

    acts: Acts
    error: BaseException | None
    recorded: Recorded

    @property
    def cost(self) -> Cost:
        """Context switches, deviations from the ordinary, and how far reads are behind."""
        return self._key[:3]

    @property
    def trace(self) -> Trace:
        """Everything that happened, in the last network of the program."""
        return self.recorded.stages[-1].told()

    @property
    def schedule(self) -> str:
        """The run in the language of schedules."""
        return self.recorded.stages[-1].simulation.schedule

    def driver(self) -> Replay:
        """A driver that does the same again."""
        return Replay(self.acts)

    def is_simpler_than(self, other: "Attempt") -> bool:
        """Whether this is to be shown rather than the other."""
        return self._key < other._key

    @cached_property
    def _key(self) -> tuple[int, int, int, int, int, tuple[tuple[object, ...], ...]]:
        steps = [act for act in self.acts if isinstance(act, Step)]
        lapses = len(self.acts) - len(steps)
        told = [index for index, act in enumerate(self.acts) if _is_told(act)]
        return (
            sum(step.is_switch for step in steps),
            sum(step.deviations for step in steps) + lapses,
            sum(step.depth for step in steps),
            lapses,
            told[-1] if told else -1,
            tuple(map(_place, self.acts)),
        )


def attempt(run: Run, driver: Driver) -> Attempt:
    """Run the program once, and write down what it does."""
    recorded = Recorded(driver)
    error = run(recorded)
    return Attempt(recorded.acts(), error, recorded)


def polish(run: Run, first: Driver) -> Attempt:
    """The simplest run that fails as the one under `first` does.

    If that one does not fail, or is of several networks, which no single schedule describes, it is
    returned as it is. The program must be deterministic.
    """
    start = attempt(run, first)
    if start.error is None or len(start.recorded.stages) != 1:
        return start
    return _Polish(run, start).best()


class _Polish:
    """One polish: from what is best so far, by moves, to what no move makes better."""

    def __init__(self, run: Run, start: Attempt) -> None:
        self._run = run
        self._best = start
        self._origin = origin(start.error)
        self._tried: set[Acts] = set()
        self._operations = 0

    def best(self) -> Attempt:
        """Try every kind of move, the cheap ones first, until none helps."""
        position = 0
        while position < len(KINDS):
            position = 0 if self._improve(KINDS[position]) and position else position + 1
        return self._best

    def _improve(self, kind: Callable[[Acts], Iterable[Acts]]) -> bool:
        """Go on from whatever is better until there is nothing."""
        has_improved = False
        while self._step(kind):
            has_improved = True
        return has_improved

    def _step(self, kind: Callable[[Acts], Iterable[Acts]]) -> bool:
        if self._best.cost == (0, 0, 0):
            return False  # the ordinary run itself
        for acts in kind(self._best.acts):
            if self._operations >= MOST_OPERATIONS:
                return False
            if acts not in self._tried:
                self._tried.add(acts)
                if self._try(acts):
                    return True
        return False

    def _try(self, acts: Acts) -> bool:
        tried = attempt(self._run, Replay(acts))
        self._operations += len(tried.acts) + 1
        fails_alike = tried.error is not None and origin(tried.error) == self._origin
        if not fails_alike or not tried.is_simpler_than(self._best):
            return False
        self._best = tried
        self._tried.add(tried.acts)
        return True


def origin(error: BaseException | None) -> tuple[object, ...]:
    """What tells one bug from another: the class of the error and the line that raised it."""
    place: TracebackType | None = None if error is None else error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    if place is None:
        return (type(error),)
    return (type(error), place.tb_frame.f_code.co_filename, place.tb_lineno)


# Moves. Each makes other runs of one; those that fit nothing do no harm.


def _shorter(acts: Acts) -> Iterator[Acts]:
    """Only the beginning; what follows is ordinary."""
    length = 0
    while length < len(acts):
        yield acts[:length]
        length = length * 2 or 1


def _more_ordinary(acts: Acts) -> Iterator[Acts]:
    """Without some of what is not ordinary."""
    yield tuple(_plain(act) for act in acts if isinstance(act, Step))
    for index in range(len(acts) - 1, -1, -1):
        for other in _lesser(acts[index]):
            yield (*acts[:index], *other, *acts[index + 1 :])
            yield (*acts[:index], *other, *map(_relative, acts[index + 1 :]))


def _renamed(acts: Acts) -> Iterator[Acts]:
    """Two invocations in each other's place."""
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
    """Two stretches of one invocation put together, at the place of either."""
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
    """A stretch of one invocation, or one operation, somewhere else."""
    blocks = _blocks(acts)
    singles = [(act,) for act in acts]
    for parts in (blocks, singles) if len(singles) > len(blocks) else (singles,):
        for index, part in enumerate(parts):
            rest = parts[:index] + parts[index + 1 :]
            for place in range(len(parts)):
                if place != index:
                    yield from _both(_joined(rest[:place], [part], rest[place:]))


def _exchanged(acts: Acts) -> Iterator[Acts]:
    """One deviation in the place of others."""
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


def _is_told(act: Act) -> bool:
    return isinstance(act, Lapse) or act.deviations > 0


def _place(act: Act) -> tuple[object, ...]:
    """Where an act stands among others that are as simple."""
    if isinstance(act, Lapse):
        return (1, act.nanoseconds)
    older = tuple(pick.older for pick in act.picks)
    return (0, act.invocation, act.nth, older, act.said)


KINDS = (_shorter, _more_ordinary, _merged, _renamed, _moved, _exchanged)
"""The cheap ones first."""
