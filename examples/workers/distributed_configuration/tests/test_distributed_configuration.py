"""Settings from a database, distributed by KV: who sees what, and with which delay."""
# ruff: noqa: D103 -- the names of tests are sentences

from collections.abc import Callable
from typing import Any

import pytest
from sync import bulk_of

from pykvbinding import EdgeNetwork, Env
from pykvbinding.workers import Worker

USERS = [
    {"id": "ada", "preview_features_enabled": True},
    {"id": "bob", "preview_features_enabled": 0},  # as sqlite writes booleans
]


def synchronise(place: Env | EdgeNetwork, users: list[dict[str, Any]]) -> None:
    """Write as the bulk write does: directly to the namespace, bypassing every cache."""
    pairs = {pair["key"]: pair["value"] for pair in bulk_of(users)}
    if isinstance(place, EdgeNetwork):
        place.namespace("USER_CONFIGURATION").seed(pairs)
    else:
        place.USER_CONFIGURATION.namespace.seed(pairs)


async def has_banner(worker: Worker, user: str, at: str | None = None) -> bool:
    response = await worker.fetch(f"/?userId={user}", at=at)
    assert response.status == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return "early access" in await response.text()


@pytest.mark.parametrize("path", ["/", "/?userId=", "/?user=ada"])
async def test_rejects_a_request_without_a_user(kv_worker: Worker, path: str) -> None:
    response = await kv_worker.fetch(path)

    assert response.status == 400
    assert await response.text() == "Please provide a userId query parameter"


async def test_shows_the_banner_to_users_who_enabled_it(kv_worker: Worker) -> None:
    synchronise(kv_worker.env, USERS)

    assert await has_banner(kv_worker, "ada")
    assert not await has_banner(kv_worker, "bob")
    assert not await has_banner(kv_worker, "nobody")


async def test_accepts_unusual_user_ids(kv_worker: Worker) -> None:
    synchronise(kv_worker.env, [{"id": "zoë & co", "preview_features_enabled": True}])

    assert await has_banner(kv_worker, "zo%C3%AB+%26+co")


async def test_disabled_preview_is_visible_for_a_minute(
    kv_worker: Worker, kv_network: Callable[..., EdgeNetwork]
) -> None:
    net = kv_network("LHR", "NRT", bindings=kv_worker.env)
    worker = kv_worker.in_network(net)
    synchronise(net, USERS)
    assert await has_banner(worker, "ada", at="NRT")

    synchronise(net, [{"id": "ada", "preview_features_enabled": False}])

    assert not await has_banner(worker, "ada", at="LHR")  # no request has read it there before
    assert await has_banner(worker, "ada", at="NRT")
    net.clock.advance(61)
    assert not await has_banner(worker, "ada", at="NRT")
