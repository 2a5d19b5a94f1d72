"""`KVNamespaceMachine` accepts correct namespaces and finds every planted bug."""

from collections.abc import Coroutine
from typing import Any, ClassVar

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from pykvbinding import KVError, KVNamespace
from pykvbinding.network.edge_network import EdgeNetwork
from pykvbinding.testing.stateful import INVALID_CALLS, KVNamespaceMachine
from tests.support.assertions import complete
from tests.support.stores import make_kv

QUICK = settings(max_examples=40, stateful_step_count=30, deadline=None)
# Hypothesis also draws constants of the modules that are imported so far, so what a search finds
# depends on the tests that ran before it in the same process: the number is generous.
SEARCH = settings(
    max_examples=5000,
    stateful_step_count=30,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    print_blob=False,
)


class OverTheEngine(KVNamespaceMachine):
    """The default machine, but without an event loop."""

    def run(self, operation: Coroutine[Any, Any, Any]) -> Any:
        return complete(operation)


class OverAChain(OverTheEngine):
    def make_namespace(self) -> KVNamespace:
        return make_kv("chain", self.clock)


class OverOneLocation(OverTheEngine):
    def make_namespace(self) -> KVNamespace:
        limits = make_kv("engine", writes_per_second_per_key=10**9).namespace.limits
        return EdgeNetwork("LHR", clock=self.clock, limits=limits).kv("LHR")


class OnAnEventLoop(KVNamespaceMachine):
    """The default machine, on an asyncio event loop."""


class WithoutTime(OverTheEngine):
    """A namespace whose clock a test cannot advance."""

    time_moves = False

    def advance(self, seconds: float) -> None:
        raise NotImplementedError


class WithoutRejections(OverTheEngine):
    """A namespace that rejects no call."""

    refusal = None

    def make_namespace(self) -> Any:
        return AcceptsEverything(super().make_namespace())


class Adapter:
    """A user's adapter that forwards the five methods."""

    def __init__(self, kv: KVNamespace) -> None:
        self.kv: Any = kv

    async def get(self, key: Any, **options: Any) -> Any:
        return await self.kv.get(key, **options)

    async def getWithMetadata(self, key: Any, **options: Any) -> Any:
        return await self.kv.getWithMetadata(key, **options)

    async def put(self, key: str, value: Any, **options: Any) -> None:
        await self.kv.put(key, value, **options)

    async def delete(self, key: str) -> None:
        await self.kv.delete(key)

    async def list(self, **options: Any) -> Any:
        return await self.kv.list(**options)


class AcceptsEverything(Adapter):
    async def put(self, key: str, value: Any, **options: Any) -> None:
        try:
            await super().put(key, value, **options)
        except KVError:
            return


class ListsInAnotherOrder(Adapter):
    async def list(self, **options: Any) -> Any:
        page = await super().list(**options)
        page["keys"].sort(key=lambda key: key.name.encode("utf-16-be"))
        return page


class IgnoresThePrefix(Adapter):
    async def list(self, **options: Any) -> Any:
        return await super().list(**options | {"prefix": ""})


class PrefixIsAFolder(Adapter):
    async def list(self, **options: Any) -> Any:
        page = await super().list(**options)
        page["keys"] = [key for key in page["keys"] if key.name != options["prefix"]]
        return page


class KeepsEarlierMetadata(Adapter):
    async def put(self, key: str, value: Any, **options: Any) -> None:
        previous = (await self.kv.getWithMetadata(key)).metadata
        if "metadata" not in options and previous is not None:
            options["metadata"] = previous
        await super().put(key, value, **options)


class LosesFalsyMetadata(Adapter):
    async def put(self, key: str, value: Any, **options: Any) -> None:
        if not options.get("metadata"):
            options.pop("metadata", None)
        await super().put(key, value, **options)


class TrueIsOne(Adapter):
    async def getWithMetadata(self, key: Any, **options: Any) -> Any:
        entry = await super().getWithMetadata(key, **options)
        if isinstance(key, str) and entry.metadata is True:
            entry["metadata"] = 1
        return entry


class ListsExpiredKeys(Adapter):
    """Lists every key with an expiration that was written, whether or not it has expired."""

    def __init__(self, kv: KVNamespace) -> None:
        super().__init__(kv)
        self.expiring: dict[str, int] = {}

    async def put(self, key: str, value: Any, **options: Any) -> None:
        self.expiring.pop(key, None)
        await super().put(key, value, **options)
        page = await self.kv.list(prefix=key, limit=1)
        if "expiration" in page["keys"][0]:
            self.expiring[key] = page["keys"][0].expiration

    async def delete(self, key: str) -> None:
        self.expiring.pop(key, None)
        await super().delete(key)

    async def list(self, **options: Any) -> Any:
        page = await super().list(**options)
        listed = {key.name for key in page["keys"]}
        expired = [
            {"name": name, "expiration": expiration}
            for name, expiration in self.expiring.items()
            if name not in listed and name.startswith(options["prefix"]) and page.list_complete
        ]
        page["keys"] = sorted(page["keys"] + expired, key=lambda key: key["name"].encode())
        return page


class ExpiresOneSecondLate(Adapter):
    async def put(self, key: str, value: Any, **options: Any) -> None:
        if "expirationTtl" in options:
            options["expirationTtl"] += 1
        await super().put(key, value, **options)


class IgnoresTheExpiration(Adapter):
    async def put(self, key: str, value: Any, **options: Any) -> None:
        options.pop("expiration", None)
        await super().put(key, value, **options)


class RepeatsTheLastKeyOfAPage(Adapter):
    last: Any = None

    async def list(self, **options: Any) -> Any:
        page = await super().list(**options)
        if "cursor" in options and len(page["keys"]) < options["limit"]:
            page["keys"].insert(0, self.last)
        self.last = page["keys"][-1] if page["keys"] else None
        return page


class NeverEnds(Adapter):
    async def list(self, **options: Any) -> Any:
        options.pop("cursor", None)
        page = await super().list(**options)
        return page | {"keys": [], "list_complete": False, "cursor": "again"}


class AddsACursorToTheLastPage(Adapter):
    async def list(self, **options: Any) -> Any:
        page = await super().list(**options)
        return page | {"cursor": page.get("cursor", "done")}


class IgnoresTheLimit(Adapter):
    async def list(self, **options: Any) -> Any:
        return await super().list(**options | {"limit": 1000})


class DeletesByPrefix(Adapter):
    async def delete(self, key: str) -> None:
        for listed in (await self.kv.list(prefix=key))["keys"]:
            await super().delete(listed.name)


class LeavesOutMissingKeys(Adapter):
    async def get(self, key: Any, **options: Any) -> Any:
        result = await super().get(key, **options)
        if isinstance(key, list):
            return {name: value for name, value in result.items() if value is not None}
        return result


class MixesTextAndBytes(Adapter):
    async def get(self, key: Any, **options: Any) -> Any:
        if options.get("type") == "arrayBuffer":
            text = await super().get(key)
            return None if text is None else text.encode()
        return await super().get(key, **options)


class ReadsNumbersAsText(Adapter):
    async def get(self, key: Any, **options: Any) -> Any:
        result = await super().get(key, **options)
        return str(result) if type(result) is int else result


BUGS = (
    ListsInAnotherOrder,
    IgnoresThePrefix,
    PrefixIsAFolder,
    KeepsEarlierMetadata,
    LosesFalsyMetadata,
    TrueIsOne,
    ListsExpiredKeys,
    ExpiresOneSecondLate,
    IgnoresTheExpiration,
    RepeatsTheLastKeyOfAPage,
    NeverEnds,
    AddsACursorToTheLastPage,
    IgnoresTheLimit,
    DeletesByPrefix,
    LeavesOutMissingKeys,
    MixesTextAndBytes,
    ReadsNumbersAsText,
    AcceptsEverything,
)


class Planted(OverTheEngine):
    adapter: ClassVar[type[Adapter]] = Adapter

    def make_namespace(self) -> Any:
        return self.adapter(super().make_namespace())


@pytest.mark.parametrize(
    "machine",
    [
        OverTheEngine,
        OverAChain,
        OverOneLocation,
        WithoutTime,
        WithoutRejections,
        Planted,
    ],
)
def test_a_correct_namespace_passes(machine: type[KVNamespaceMachine]) -> None:
    run_state_machine_as_test(machine, settings=QUICK)


def test_the_default_machine_runs_on_an_event_loop_and_closes_it() -> None:
    run_state_machine_as_test(OnAnEventLoop, settings=settings(QUICK, max_examples=5))


QUICK_TO_FIND = (NeverEnds, AddsACursorToTheLastPage)
FAST_BUGS = [pytest.param(bug, id=bug.__name__) for bug in QUICK_TO_FIND]
SLOW_BUGS = [
    pytest.param(bug, id=bug.__name__, marks=pytest.mark.long)
    for bug in BUGS
    if bug not in QUICK_TO_FIND
]


@pytest.mark.parametrize("bug", FAST_BUGS + SLOW_BUGS)
def test_a_planted_bug_is_found(bug: type[Adapter]) -> None:
    class Buggy(Planted):
        adapter = bug

    with pytest.raises(AssertionError):
        run_state_machine_as_test(Buggy, settings=SEARCH)


def test_a_failure_shows_the_call_its_result_and_the_expected_result() -> None:
    class Buggy(Planted):
        adapter = LosesFalsyMetadata

    machine = Buggy()

    with pytest.raises(AssertionError) as caught:
        machine.put_with_metadata(key="a", value="v", metadata=False)

    assert str(caught.value) == (
        "getWithMetadata('a') returned\n"
        "    {'value': 'v', 'metadata': None}\n"
        "instead of\n"
        "    {'value': 'v', 'metadata': False}"
    )


def test_a_failure_shows_the_read_of_differing_bytes() -> None:
    class Buggy(Planted):
        adapter = MixesTextAndBytes

    machine = Buggy()
    machine.put(key="a", value=b"\xff")

    with pytest.raises(AssertionError, match=r"get\('a', type='arrayBuffer'\) returned"):
        machine.get(key="a")


def test_a_failure_shows_a_page_that_is_too_long() -> None:
    class Buggy(Planted):
        adapter = IgnoresTheLimit

    machine = Buggy()
    machine.put_several(keys=["a", "b"])

    with pytest.raises(AssertionError) as caught:
        machine.list_all(prefix="", limit=1)

    assert str(caught.value) == "list(prefix='', limit=1) returned a page of 2 keys"


def test_a_failure_shows_an_invalid_call_that_was_accepted() -> None:
    class Lenient(Planted):
        adapter = AcceptsEverything

    machine = Lenient()

    with pytest.raises(AssertionError) as caught:
        machine.rejects_invalid(operation=INVALID_CALLS[0])

    assert str(caught.value) == "kv.put('', 'v') was accepted; the platform rejects it"


def test_the_failing_program_is_short_and_prints_as_code() -> None:
    class Lenient(Planted):
        adapter = AcceptsEverything

    with pytest.raises(AssertionError) as caught:
        run_state_machine_as_test(Lenient, settings=settings(SEARCH, phases=tuple(Phase)))

    notes = "\n".join(caught.value.__notes__)
    assert "state.rejects_invalid(operation=kv.put('', 'v'))\nstate.teardown()" in notes
    assert notes.count("state.") == 2
