"""Renumbering: every reference to a version still refers to the same one."""

from pykvbinding import Account, EdgeNetwork, VirtualClock
from pykvbinding.sim.run.renumbering import make_renumberer, renumber_history, renumber_trace
from pykvbinding.sim.trace import Event, KeyAccess, LapseEffect, Trace
from tests.support.handlers import look, names, operations, store


def read(binding: str, key: str, version: int | None, latest: int) -> Event:
    shown = KeyAccess(key=key, version=version, latest=latest, value=None)
    return Event(number=1, kind="get", at=0, invoked=0, binding=binding, accesses=(shown,))


def numbers(trace: Trace) -> list[tuple[int | None, int]]:
    return [(look.version, look.latest) for event in trace.events for look in event.accesses]


def test_increments_versions_from_a_number_on() -> None:
    trace = Trace()
    trace.events += [read("KV", "k", version, 2) for version in (None, 0, 1, 2)]

    renumber_trace(trace, ["KV"], "k", 1)

    assert numbers(trace) == [(None, 3), (0, 3), (2, 3), (3, 3)]


def test_keeps_other_keys_and_bindings() -> None:
    trace = Trace()
    trace.events += [read("KV", "other", 1, 1), read("OTHER", "k", 1, 1), read("KV", "k", 1, 1)]

    renumber_trace(trace, ["KV", "SAME"], "k", 1)

    assert numbers(trace) == [(1, 1), (1, 1), (2, 2)]


def test_renumbers_the_effects_of_time() -> None:
    ends = [
        LapseEffect(kind="copy", at=0, binding=binding, key=key, version=version)
        for binding, key, version in [("KV", "k", 1), ("KV", "k", 0), ("KV", "l", 1), ("X", "k", 1)]
    ]
    trace = Trace(
        events=[Event(number=1, kind="lapse", at=0, invoked=0, lapse_effects=tuple(ends))]
    )

    renumber_trace(trace, ["KV"], "k", 1)

    assert [end.version for end in ends] == [2, 0, 1, 1]


async def test_renumbers_a_history() -> None:
    account = Account(clock=VirtualClock(), history=True)
    kv, other = account.binding("KV"), account.binding("OTHER")
    await kv.get("k")
    for binding in (kv, other):
        await binding.put("k", "1")
        await binding.put("l", "1")
        await binding.get("k")
        await binding.get("l")
        await binding.get(["k", "l"])
        await binding.get(["l"])
        await binding.list(prefix="k")
        await binding.delete("k")
    assert account.history is not None
    before = [each.version for each in account.history]

    renumber_history(account.history, "KV", "k", 1)

    after = [each.version for each in account.history]
    assert before == [0, *[1, 1, 1, 1, (1, 1), (1,), None, 2] * 2]
    assert after == [0, *[2, 1, 2, 1, (2, 1), (1,), None, 3], *before[9:]]


async def test_skips_an_operation_without_a_result() -> None:
    net = EdgeNetwork("LHR", "NRT", latency="2024")
    waiting = [net.kv("LHR").put("k", "1"), net.kv("LHR").get("k"), net.kv("LHR").get(["k"])]
    for each in waiting:
        each.__await__().send(None)

    renumber_history(net.history, "KV", "k", 0)

    assert [each.version for each in net.history] == [None] * 3
    for each in waiting:
        each.close()


async def test_skips_results_without_versions() -> None:
    account = Account(history=True)
    await account.binding("KV").get("k")
    assert account.history is not None
    account.history.entries[0].result.version = None

    renumber_history(account.history, "KV", "k", 0)

    assert account.history[0].version is None


def test_renumbers_the_trace_without_a_history() -> None:
    trace = Trace(events=[read("KV", "k", 1, 1)])

    make_renumberer(trace, ["KV"], None, "KV")("k", 1)

    assert numbers(trace) == [(2, 2)]


def test_a_renumbered_run_equals_a_run_in_that_order() -> None:
    net = EdgeNetwork("LHR", "NRT", schedule="1 2 +60 3 4 5!<", reorder_writes=True)
    for handler, where in ((store, "LHR"), (look, "LHR"), (store, "LHR"), (names, "NRT")):
        net.session("ana", where).call(handler)
    net.session("ana", "NRT").call(store, "2")

    assert [(e.accesses[0].version, e.accesses[0].latest) for e in operations(net)] == [
        (1, 0),
        (1, 1),
        (3, 1),
        (3, 3),
        (2, 3),
    ]
