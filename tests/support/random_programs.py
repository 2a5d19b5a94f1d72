"""Small random programs of several invocations, and all observations of a run."""

import asyncio
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, TypeAlias

from hypothesis import strategies as st

from pykvbinding.errors import KVError
from pykvbinding.network.edge_network import EdgeNetwork
from pykvbinding.sim.check.guarantees import (
    causal,
    converges,
    evaluate,
    fresh,
    monotonic_reads,
    monotonic_writes,
    no_lost_updates,
    read_your_writes,
    together,
    writes_follow_reads,
)
from pykvbinding.sim.explore.exhaustive import ExhaustiveResult, every_schedule

KEYS = ("a", "ab", "b")

GUARANTEES = (
    no_lost_updates,
    read_your_writes,
    monotonic_reads,
    monotonic_writes,
    writes_follow_reads,
    causal,
    fresh,
    fresh(within=1),
    converges(within=1),
    together(["a", "b"]),
)

Operation: TypeAlias = tuple[str, Any]
Program: TypeAlias = list[list[Operation]]

_single: st.SearchStrategy[Operation] = st.one_of(
    st.tuples(st.sampled_from(["get", "put", "put", "delete"]), st.sampled_from(KEYS)),
    st.tuples(st.just("list"), st.sampled_from(["", "a", "b"])),
    st.tuples(st.sampled_from(["external", "several", "sleep"]), st.none()),
)
_pair = st.tuples(st.just("gather"), st.tuples(_single, _single))


def programs() -> st.SearchStrategy[Program]:
    """Two or three invocations of one to three operations, some concurrent; six at most."""
    invocation = st.lists(st.one_of(_single, _single, _single, _pair), min_size=1, max_size=3)
    return st.lists(invocation, min_size=2, max_size=3).filter(lambda program: _size(program) <= 6)


def _size(program: Program) -> int:
    return sum(1 + (kind == "gather") for invocation in program for kind, _ in invocation)


@dataclass(slots=True, kw_only=True)
class Setting:
    """The configuration of a run. With `calls`, the test awaits the last invocation before the
    others are finished, observes the state, and advances the clock by `advance` seconds."""

    anomalies: dict[str, Any]
    time_jumps: int = 0
    calls: bool = False
    advance: int = 0


async def _do(kv: Any, external: Any, operation: Operation, tag: str) -> object:
    kind, about = operation
    try:
        match kind:
            case "get":
                return await kv.get(about)
            case "several":
                return str(await kv.get(["a", "b"]))
            case "put":
                return await kv.put(about, tag)
            case "delete":
                return await kv.delete(about)
            case "list":
                return str([key.name for key in (await kv.list(prefix=about))["keys"]])
            case "external":
                return await external(tag)
            case _:
                await asyncio.sleep(1)
                return None
    except KVError as error:
        return error.message


def _run(program: Program, setting: Setting, schedule: Any, *, is_shared: bool) -> Hashable:
    """Run a program once. Return the observations of its invocations and of the test."""
    net = EdgeNetwork("LHR", "NRT", schedule=schedule, **setting.anomalies)
    if is_shared:
        net.shared()
    net.namespace().seed({"a": "seeded"})
    effects: list[str] = []
    external = net.external_effect(effects.append)
    seen: list[list[object]] = [[] for _ in program]

    async def handler(env: Any, number: int) -> None:
        for position, operation in enumerate(program[number]):
            tag = f"{number}.{position}"
            both = operation[1] if operation[0] == "gather" else [operation]
            calls = [
                _do(env.KV, external, item, f"{tag}.{index}") for index, item in enumerate(both)
            ]
            seen[number].append(tuple(await asyncio.gather(*calls)))

    def observe() -> Hashable:
        latest = tuple(net.latest(key) for key in KEYS)
        broken = tuple(len(verdict.violations) for verdict in evaluate(net.trace, *GUARANTEES))
        return tuple(map(tuple, seen)), tuple(effects), latest, net.clock.now(), broken

    halfway: Hashable = None
    for number in range(len(program)):
        if setting.calls and number == len(program) - 1:
            net.session("caller").call(handler, number)
            halfway = observe()
            net.clock.advance(setting.advance)
        else:
            net.start(handler, number, at=net.locations[number % 2])
    net.run()
    return halfway, observe()


def explored(
    program: Program, setting: Setting, *, is_shared: bool, limit: int
) -> tuple[set[Hashable], ExhaustiveResult]:
    """Return all observations of a program, over all schedules.

    Raises: SearchLimitReached if there are more than `limit`.
    """
    outcomes: set[Hashable] = set()

    @every_schedule(limit=limit, time_jumps=setting.time_jumps)
    def body(schedule: Any) -> None:
        outcomes.add(_run(program, setting, schedule, is_shared=is_shared))

    body()
    assert body.result is not None
    return outcomes, body.result
