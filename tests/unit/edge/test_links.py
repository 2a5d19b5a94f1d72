"""The links of locations: cut, hold, release in order, and cancellation."""

import asyncio

import pytest

from pykvbinding.edge.links import Links
from pykvbinding.edge.topology import Topology
from tests.support.assertions import refusal

REFUSED = "KV GET failed: 503 Service Unavailable"


@pytest.fixture
def links() -> Links:
    return Links(Topology(["LHR", "NRT"]))


async def settle() -> None:
    """Run every task until it waits."""
    for _ in range(5):
        await asyncio.sleep(0)


class LinkUsers:
    """Operations that traverse a link, recorded in the order of their arrival."""

    def __init__(self, links: Links) -> None:
        self.links = links
        self.arrived: list[str] = []

    def start(self, name: str, location: str = "NRT") -> "asyncio.Task[None]":
        return asyncio.get_running_loop().create_task(self._traverse(name, location))

    async def _traverse(self, name: str, location: str) -> None:
        await self.links.traverse(location, "GET")
        self.arrived.append(name)


@pytest.fixture
def users(links: Links) -> LinkUsers:
    return LinkUsers(links)


def test_links_are_open_initially(links: Links) -> None:
    assert links.is_open("LHR")
    assert links.is_open("NRT")


async def test_an_open_link_does_not_wait(links: Links) -> None:
    with pytest.raises(StopIteration):
        links.traverse("NRT", "GET").send(None)


# Cut


@pytest.mark.parametrize("method", ["GET", "GET_BULK", "PUT", "DELETE"])
async def test_operations_on_a_cut_link_fail_at_once(links: Links, method: str) -> None:
    links.cut(("NRT",))

    error = await refusal(links.traverse("NRT", method))

    assert not links.is_open("NRT")
    assert error == f"KV {method} failed: 503 Service Unavailable"


async def test_a_cut_affects_no_other_location(links: Links) -> None:
    links.cut(("NRT",))

    await links.traverse("LHR", "GET")

    assert links.is_open("LHR")


async def test_one_repair_undoes_two_cuts(links: Links) -> None:
    links.cut(("NRT",))
    links.cut(("NRT",))
    links.repair(("NRT",))

    await links.traverse("NRT", "GET")

    assert links.is_open("NRT")


@pytest.mark.parametrize("method", ["cut", "hold"])
def test_no_argument_means_every_location(links: Links, method: str) -> None:
    getattr(links, method)(())

    assert not links.is_open("LHR")
    assert not links.is_open("NRT")


@pytest.mark.parametrize(("action", "undo"), [("cut", "repair"), ("hold", "release")])
def test_changes_to_all_links_are_undone_for_all(links: Links, action: str, undo: str) -> None:
    getattr(links, action)(("LHR", "NRT"))
    getattr(links, undo)(())

    assert links.is_open("LHR")
    assert links.is_open("NRT")


@pytest.mark.parametrize("action", ["repair", "release"])
def test_repairing_or_releasing_an_open_link_has_no_effect(links: Links, action: str) -> None:
    getattr(links, action)(("NRT",))

    assert links.is_open("NRT")


@pytest.mark.parametrize("method", ["cut", "repair", "hold", "release"])
def test_rejects_an_unknown_location_without_a_change(links: Links, method: str) -> None:
    with pytest.raises(LookupError, match=r"^no location 'CDG'; there are 'LHR', 'NRT'$"):
        getattr(links, method)(("NRT", "CDG"))

    assert links.is_open("NRT")


# Hold


async def test_held_operations_continue_in_order(links: Links, users: LinkUsers) -> None:
    links.hold(("NRT",))
    tasks = [users.start(name) for name in "abc"]
    await settle()
    before = list(users.arrived)
    links.release(("NRT",))
    await asyncio.gather(*tasks)

    assert before == []
    assert users.arrived == ["a", "b", "c"]


async def test_hold_affects_only_its_location(links: Links, users: LinkUsers) -> None:
    links.hold(("NRT",))
    held = users.start("held")
    await users.start("free", "LHR")
    links.release(())
    await held

    assert users.arrived == ["free", "held"]


async def test_a_second_hold_has_no_effect(links: Links, users: LinkUsers) -> None:
    links.hold(("NRT",))
    held = users.start("held")
    await settle()
    links.hold(("NRT",))
    await settle()
    before = list(users.arrived)
    links.release(("NRT",))
    await held

    assert (before, users.arrived) == ([], ["held"])


async def test_an_operation_held_again_before_it_continues_waits_again(
    links: Links, users: LinkUsers
) -> None:
    links.hold(("NRT",))
    tasks = [users.start(name) for name in "ab"]
    await settle()
    links.release(("NRT",))
    links.hold(("NRT",))
    await settle()
    before = list(users.arrived)
    links.release(("NRT",))
    await asyncio.gather(*tasks)

    assert (before, users.arrived) == ([], ["a", "b"])


async def test_a_held_operation_on_a_cut_link_fails_on_release(links: Links) -> None:
    links.cut(("NRT",))
    links.hold(("NRT",))
    task = asyncio.ensure_future(refusal(links.traverse("NRT", "GET")))
    await settle()
    was_done = task.done()
    links.release(("NRT",))

    assert not was_done
    assert await task == REFUSED


async def test_a_cancelled_operation_does_not_delay_others(links: Links, users: LinkUsers) -> None:
    links.hold(("NRT",))
    tasks = [users.start(name) for name in "abc"]
    await settle()
    tasks[1].cancel()
    await settle()
    links.release(("NRT",))
    await asyncio.gather(tasks[0], tasks[2])

    assert tasks[1].cancelled()
    assert users.arrived == ["a", "c"]


def test_release_skips_operations_of_a_closed_loop(links: Links) -> None:
    links.hold(("NRT",))
    operation = links.traverse("NRT", "GET")
    resumed: list[object] = []

    async def begin() -> None:
        operation.send(None).add_done_callback(resumed.append)

    asyncio.run(begin())
    links.release(("NRT",))
    operation.close()

    assert resumed == []
    assert links.is_open("NRT")
