"""A cache that is filled on a miss. It assumes that the fill cannot fail the request.

Every location misses at the same time and writes, and all but one write are rejected. Breaks "no
request fails".
"""

from pykvbinding import EdgeNetwork, Env, KVError
from pykvbinding.sim import Schedule

BREAKS = AssertionError
SHORTEST = "1 1 1 2~1"


async def answer(env: Env, origin: object) -> str:
    """Return the page from the cache or the origin."""
    page: str | None = await env.KV.get("page:/")
    if page is None:
        page = await origin("/")  # type: ignore[operator]
        await env.KV.put("page:/", page, expirationTtl=300)
    return page


def play(schedule: Schedule) -> EdgeNetwork:
    """Run two requests for a page that is not cached."""
    return _play(answer, schedule)


# The fix: ignore a rejected fill, because another request has just filled the cache.


async def answer_anyhow(env: Env, origin: object) -> str:
    """Return the page from the cache or the origin, and cache it if possible."""
    page: str | None = await env.KV.get("page:/")
    if page is None:
        page = await origin("/")  # type: ignore[operator]
        try:
            await env.KV.put("page:/", page, expirationTtl=300)
        except KVError as error:
            if error.status != 429:
                raise
    return page


def play_fixed(schedule: Schedule) -> EdgeNetwork:
    """Run the same two requests."""
    return _play(answer_anyhow, schedule)


def _play(answer: object, schedule: Schedule) -> EdgeNetwork:
    net = EdgeNetwork("LHR", "NRT", schedule=schedule)

    def fetch(path: str) -> str:
        return f"<h1>{path}</h1>"

    origin = net.external_effect(fetch)
    requests = [
        net.start(answer, origin, at=location)  # type: ignore[arg-type]
        for location in ("LHR", "NRT")
    ]
    net.run()
    assert [request.error for request in requests] == [None, None]
    return net
