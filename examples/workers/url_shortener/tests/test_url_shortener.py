"""Short links: creation, redirects, counts, expiry, and two concurrent requests for a slug."""
# ruff: noqa: D103 -- the names of tests are sentences

import secrets
from collections.abc import Callable
from typing import Any

import pytest
from entry import Default

from pykvbinding import EdgeNetwork, VirtualClock
from pykvbinding.sim import Schedule, every_schedule
from pykvbinding.workers import Worker

URL = "https://example.com/a/very/long/path?with=a&query=too"


async def shorten(worker: Worker, **options: Any) -> tuple[int, Any]:
    response = await worker.fetch("/", json={"url": URL, **options})
    return response.status, await response.json()


async def test_redirects_to_the_target(kv_worker: Worker) -> None:
    status, made = await shorten(kv_worker)
    response = await kv_worker.fetch(f"/{made['slug']}")

    assert (status, made["url"]) == (201, URL)
    assert response.status == 302
    assert response.headers["location"] == URL


async def test_rejects_a_slug_that_is_in_use(kv_worker: Worker) -> None:
    assert await shorten(kv_worker, slug="sale") == (201, {"slug": "sale", "url": URL})

    refused = await shorten(kv_worker, slug="sale", url="https://elsewhere.example.com/")
    again = await shorten(kv_worker, slug="sale")

    assert refused == (409, {"error": "sale is taken"})
    assert again[0] == 201
    assert await kv_worker.env.LINKS.get("link:sale") == URL


async def test_draws_another_slug_after_a_collision(
    kv_worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter(["aaaa", "aaaa", "bbbb"])
    monkeypatch.setattr(secrets, "token_hex", lambda _: next(drawn))
    await shorten(kv_worker, url="https://one.example.com/")

    assert (await shorten(kv_worker))[1]["slug"] == "bbbb"


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"url": "javascript:alert(1)"}, "url must be a URL with http or https"),
        ({"url": 5}, "url must be a URL with http or https"),
        ({"slug": "Not/one"}, "slug must be 3 to 32 characters of a-z, 0-9 and -"),
        ({"ttl": 59}, "ttl must be at least 60 seconds"),
        ({"ttl": "60"}, "ttl must be at least 60 seconds"),
    ],
)
async def test_rejects_invalid_options_with_a_reason(
    kv_worker: Worker, options: Any, error: str
) -> None:
    assert await shorten(kv_worker, **options) == (400, {"error": error})


@pytest.mark.parametrize("body", ["", "[1]", "null"])
async def test_rejects_an_invalid_body(kv_worker: Worker, body: str) -> None:
    assert (await kv_worker.fetch("/", method="POST", body=body)).status == 400


@pytest.mark.parametrize("path", ["/nobody", "/nobody/stats", "/", "/sale/edit", "/CON", "/a%2Fb"])
async def test_an_unknown_path_is_not_found(kv_worker: Worker, path: str) -> None:
    await shorten(kv_worker, slug="sale")

    assert (await kv_worker.fetch(path)).status == 404


async def test_a_link_expires(kv_worker: Worker, kv_clock: VirtualClock) -> None:
    await shorten(kv_worker, slug="today", ttl=3600)

    kv_clock.advance(3599)
    assert (await kv_worker.fetch("/today")).status == 302

    kv_clock.advance(1)
    assert (await kv_worker.fetch("/today")).status == 404
    # The slug is not reused: the old link may still be in print.
    assert (await shorten(kv_worker, slug="today", url="https://other.example.com/"))[0] == 409


async def test_counts_clicks_by_country(kv_worker: Worker) -> None:
    await shorten(kv_worker, slug="sale")
    await shorten(kv_worker, slug="sale-2")
    for country in ("JP", "GB", "JP", None):
        await kv_worker.fetch("/sale", cf={"country": country})
    await kv_worker.fetch("/sale-2")

    told = await (await kv_worker.fetch("/sale/stats")).json()

    assert (told["url"], told["clicks"]) == (URL, 4)
    assert told["countries"] == {"JP": 2, "GB": 1, "unknown": 1}
    assert "created" in told


async def test_counts_clicks_beyond_one_list_page(kv_worker: Worker) -> None:
    await shorten(kv_worker, slug="sale")
    click = {"value": "", "metadata": {"country": "GB"}}
    kv_worker.env.LINKS.namespace.seed({f"click:sale:{n:016x}": click for n in range(1001)})

    assert (await (await kv_worker.fetch("/sale/stats")).json())["clicks"] == 1001


async def test_a_link_requested_too_early_is_not_found_for_a_minute(
    kv_worker: Worker, kv_network: Callable[..., EdgeNetwork]
) -> None:
    net = kv_network("LHR", "NRT", bindings=kv_worker.env)
    worker = kv_worker.in_network(net)
    assert (await worker.fetch("/sale", at="NRT")).status == 404

    await worker.fetch("/", json={"url": URL, "slug": "sale"}, at="LHR")

    assert (await worker.fetch("/sale", at="LHR")).status == 302
    assert (await worker.fetch("/sale", at="NRT")).status == 404
    net.clock.advance(61)
    assert (await worker.fetch("/sale", at="NRT")).status == 302


# Two concurrent requests, at two locations, for the same slug.


def successful_requests(worker: Worker, net: EdgeNetwork) -> list[str]:
    """Return the requests with status 201; a write that KV rejects has status 429."""
    there = worker.in_network(net)
    wishes = {
        who: net.start(
            there.handler_for("/", json={"url": f"https://{who}.example", "slug": "sale"}), at=at
        )
        for who, at in (("ana", "LHR"), ("bob", "NRT"))
    }
    net.run()
    done = {who: wish for who, wish in wishes.items() if wish.error is None}
    return [who for who, wish in done.items() if wish.result.status == 201]


@every_schedule
def test_one_request_gets_the_slug_and_the_other_is_rejected(
    kv_worker: Worker, kv_network: Callable[..., EdgeNetwork], schedule: Schedule
) -> None:
    net = kv_network("LHR", "NRT", bindings=kv_worker.env, schedule=schedule)

    winners = successful_requests(kv_worker, net)

    assert [f"https://{who}.example" for who in winners] == [net.latest("link:sale")]


class CheckThenPut(Default):
    """The same with KV alone, which is a common mistake."""

    async def claim(self, slug: str, url: str) -> bool:
        """Return whether the slug is free, as far as this location can see."""
        return await self.env.LINKS.get(f"link:{slug}") in (None, url)


def test_reading_before_writing_loses_a_concurrent_request(
    kv_network: Callable[..., EdgeNetwork],
) -> None:
    careless = Worker.load(CheckThenPut)

    @every_schedule
    def check(schedule: Schedule) -> None:
        net = kv_network("LHR", "NRT", bindings=["LINKS"], schedule=schedule)
        assert len(successful_requests(careless, net)) == 1

    with pytest.raises(AssertionError, match="2 == 1"):
        check()
