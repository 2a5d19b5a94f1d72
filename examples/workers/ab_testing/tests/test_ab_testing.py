"""The experiment: variants, counts, and the delay after a change of weights."""
# ruff: noqa: D103 -- the names of tests are sentences

import json
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from pykvbinding import EdgeNetwork, History, Limits, VirtualClock
from pykvbinding.sim import Schedule, every_schedule, no_lost_updates
from pykvbinding.workers import Worker


async def configure(worker: Worker, **weights: float) -> None:
    await worker.env.EXPERIMENTS.put("config:headline", json.dumps(weights))


async def visit(worker: Worker, cookie: str = "", at: str | None = None) -> tuple[str, str]:
    """Request the page as a browser; return the variant and the new cookie."""
    response = await worker.fetch("/", headers={"cookie": cookie} if cookie else {}, at=at)
    assert response.status == 200
    cookie = response.headers.get("set-cookie", cookie).partition(";")[0]
    return cookie.rpartition(".")[2], cookie


async def results(worker: Worker) -> Any:
    return await (await worker.fetch("/results")).json()


async def test_shows_the_plain_page_without_a_configuration(kv_worker: Worker) -> None:
    assert (await visit(kv_worker))[0] == "plain"


async def test_variants_are_drawn_by_weight(kv_worker: Worker) -> None:
    random.seed(7)
    await configure(kv_worker, plain=75, friendly=25, bold=0)

    seen = Counter([(await visit(kv_worker))[0] for _ in range(400)])

    assert set(seen) == {"plain", "friendly"}
    assert 260 <= seen["plain"] <= 340
    assert (await results(kv_worker))["seen"] == seen


async def test_visitor_keeps_the_variant_if_weights_change(kv_worker: Worker) -> None:
    await configure(kv_worker, friendly=1)
    variant, cookie = await visit(kv_worker)

    await configure(kv_worker, friendly=0, bold=1)

    assert await visit(kv_worker, cookie) == (variant, cookie)
    assert (await visit(kv_worker))[0] == "bold"


async def test_visitor_of_a_removed_variant_gets_another(kv_worker: Worker) -> None:
    await configure(kv_worker, friendly=1)
    _, cookie = await visit(kv_worker)

    await configure(kv_worker, bold=1)

    assert (await visit(kv_worker, cookie))[0] == "bold"


@pytest.mark.parametrize("cookie", ["headline=x", "headline=../../config:h.bold", "headline=", "="])
async def test_ignores_an_invalid_cookie(kv_worker: Worker, cookie: str) -> None:
    await configure(kv_worker, plain=1, bold=0)

    assert (await visit(kv_worker, cookie))[0] == "plain"
    await kv_worker.fetch("/bought", method="POST", headers={"cookie": cookie})
    assert (await results(kv_worker))["bought"] == {}


async def test_ignores_a_configuration_without_weight(kv_worker: Worker) -> None:
    await configure(kv_worker, bold=0, unknown=1)

    assert (await visit(kv_worker))[0] == "plain"


@pytest.mark.kv(limits=Limits(writes_per_second_per_key=1))
async def test_purchase_counts_once_per_visitor(kv_worker: Worker, kv_clock: VirtualClock) -> None:
    await configure(kv_worker, bold=1)
    _, cookie = await visit(kv_worker)

    for _ in range(2):
        kv_clock.advance(1)
        await kv_worker.fetch("/bought", method="POST", headers={"cookie": cookie})

    assert await results(kv_worker) == {"seen": {"bold": 1}, "bought": {"bold": 1}}


async def test_counts_more_events_than_fit_in_a_page(
    kv_worker: Worker, kv_history: History
) -> None:
    kv = kv_worker.env.EXPERIMENTS
    kv.namespace.seed({f"seen:bold:{number:016x}": "" for number in range(2500)})

    assert (await results(kv_worker))["seen"] == {"bold": 2500}
    assert kv_history.count("list") == 3 + 1


async def test_unknown_path_is_not_found(kv_worker: Worker) -> None:
    assert (await kv_worker.fetch("/bought")).status == 404


async def test_disabled_variant_is_shown_elsewhere_for_a_minute(
    kv_worker: Worker, kv_network: Callable[..., EdgeNetwork]
) -> None:
    net = kv_network("LHR", "NRT", bindings=kv_worker.env)
    worker = kv_worker.in_network(net)
    await configure(worker, bold=1)
    assert (await visit(worker, at="NRT"))[0] == "bold"
    net.clock.advance(1)

    await configure(worker, plain=1)

    assert (await visit(worker, at="LHR"))[0] == "plain"
    assert (await visit(worker, at="NRT"))[0] == "bold"
    net.clock.advance(61)
    assert (await visit(worker, at="NRT"))[0] == "plain"


@every_schedule
def test_counts_every_visitor_under_every_schedule(
    kv_worker: Worker, kv_network: Callable[..., EdgeNetwork], schedule: Schedule
) -> None:
    net = kv_network("LHR", "NRT", bindings=kv_worker.env, schedule=schedule)
    worker = kv_worker.in_network(net)
    for location in ("LHR", "LHR", "NRT"):
        net.start(worker.handler_for("/"), at=location)

    net.run()

    net.check(no_lost_updates)
    assert worker.exceptions == []
    assert len([write for write in net.history.puts() if write.outcome == "ok"]) == 3
