"""The links of locations: cut, held, released in order, and what is cancelled meanwhile."""

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
    """Let every task run until it waits."""
    for _ in range(5):
        await asyncio.sleep(0)


class Crossing:
    """Operations that cross a link, in the order in which they arrive."""

    def __init__(self, links: Links) -> None:
        self.links = links
        self.arrived: list[str] = []

    def start(self, name: str, location: str = "NRT") -> "asyncio.Task[None]":
        return asyncio.get_running_loop().create_task(self._cross(name, location))

    async def _cross(self, name: str, location: str) -> None:
        await self.links.cross(location, "GET")
        self.arrived.append(name)


@pytest.fixture
def crossing(links: Links) -> Crossing:
    return Crossing(links)


def test_every_link_is_open_at_first(links: Links) -> None:
    assert links.is_open("LHR")
    assert links.is_open("NRT")


async def test_an_open_link_lets_everything_pass_without_waiting(links: Links) -> None:
    with pytest.raises(StopIteration):
        links.cross("NRT", "GET").send(None)


# Cut


@pytest.mark.parametrize("method", ["GET", "GET_BULK", "PUT", "DELETE"])
async def test_over_a_cut_link_everything_fails_at_once(links: Links, method: str) -> None:
    links.cut(("NRT",))

    refused = await refusal(links.cross("NRT", method))

    assert not links.is_open("NRT")
    assert refused == f"KV {method} failed: 503 Service Unavailable"


async def test_a_cut_concerns_no_other_location(links: Links) -> None:
    links.cut(("NRT",))

    await links.cross("LHR", "GET")

    assert links.is_open("LHR")


async def test_a_link_cut_twice_is_repaired_once(links: Links) -> None:
    links.cut(("NRT",))
    links.cut(("NRT",))
    links.repair(("NRT",))

    await links.cross("NRT", "GET")

    assert links.is_open("NRT")


@pytest.mark.parametrize("method", ["cut", "hold"])
def test_no_name_means_every_location(links: Links, method: str) -> None:
    getattr(links, method)(())

    assert not links.is_open("LHR")
    assert not links.is_open("NRT")


@pytest.mark.parametrize(("bad", "good"), [("cut", "repair"), ("hold", "release")])
def test_what_was_done_to_all_is_undone_for_all(links: Links, bad: str, good: str) -> None:
    getattr(links, bad)(("LHR", "NRT"))
    getattr(links, good)(())

    assert links.is_open("LHR")
    assert links.is_open("NRT")


@pytest.mark.parametrize("good", ["repair", "release"])
def test_what_is_open_stays_open(links: Links, good: str) -> None:
    getattr(links, good)(("NRT",))

    assert links.is_open("NRT")


@pytest.mark.parametrize("method", ["cut", "repair", "hold", "release"])
def test_an_unknown_location_is_refused_and_nothing_has_changed(links: Links, method: str) -> None:
    with pytest.raises(LookupError, match=r"^no location 'CDG'; there are 'LHR', 'NRT'$"):
        getattr(links, method)(("NRT", "CDG"))

    assert links.is_open("NRT")


# Held


async def test_what_is_held_goes_on_in_the_order_in_which_it_came(
    links: Links, crossing: Crossing
) -> None:
    links.hold(("NRT",))
    tasks = [crossing.start(name) for name in "abc"]
    await settle()
    before = list(crossing.arrived)
    links.release(("NRT",))
    await asyncio.gather(*tasks)

    assert before == []
    assert crossing.arrived == ["a", "b", "c"]


async def test_what_is_held_in_one_location_is_not_in_another(
    links: Links, crossing: Crossing
) -> None:
    links.hold(("NRT",))
    held = crossing.start("held")
    await crossing.start("free", "LHR")
    links.release(())
    await held

    assert crossing.arrived == ["free", "held"]


async def test_a_second_hold_holds_no_less(links: Links, crossing: Crossing) -> None:
    links.hold(("NRT",))
    held = crossing.start("held")
    await settle()
    links.hold(("NRT",))
    await settle()
    before = list(crossing.arrived)
    links.release(("NRT",))
    await held

    assert (before, crossing.arrived) == ([], ["held"])


async def test_what_is_held_again_before_it_went_on_waits_again(
    links: Links, crossing: Crossing
) -> None:
    links.hold(("NRT",))
    tasks = [crossing.start(name) for name in "ab"]
    await settle()
    links.release(("NRT",))
    links.hold(("NRT",))
    await settle()
    before = list(crossing.arrived)
    links.release(("NRT",))
    await asyncio.gather(*tasks)

    assert (before, crossing.arrived) == ([], ["a", "b"])


async def test_what_is_held_over_a_cut_link_fails_when_it_is_released(links: Links) -> None:
    links.cut(("NRT",))
    links.hold(("NRT",))
    task = asyncio.ensure_future(refusal(links.cross("NRT", "GET")))
    await settle()
    was_done = task.done()
    links.release(("NRT",))

    assert not was_done
    assert await task == REFUSED


async def test_what_was_cancelled_while_it_was_held_holds_back_nobody(
    links: Links, crossing: Crossing
) -> None:
    links.hold(("NRT",))
    tasks = [crossing.start(name) for name in "abc"]
    await settle()
    tasks[1].cancel()
    await settle()
    links.release(("NRT",))
    await asyncio.gather(tasks[0], tasks[2])

    assert tasks[1].cancelled()
    assert crossing.arrived == ["a", "c"]


def test_what_was_held_on_a_loop_that_is_closed_is_passed_over(links: Links) -> None:
    links.hold(("NRT",))
    operation = links.cross("NRT", "GET")
    woken: list[object] = []

    async def begin() -> None:
        operation.send(None).add_done_callback(woken.append)

    asyncio.run(begin())
    links.release(("NRT",))
    operation.close()

    assert woken == []
    assert links.is_open("NRT")
