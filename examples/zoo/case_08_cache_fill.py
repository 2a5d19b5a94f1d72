"""A cache that is filled on a miss. It takes for granted that the fill cannot fail the request.

Every location misses at once, all of them write, and all but one are refused. Breaks "no request
fails".
"""

from pykvbinding import EdgeNetwork, Env, KVError
from pykvbinding.sim import Schedule

BREAKS = AssertionError
SHORTEST = "1 1 1 2~1"


async def answer(env: Env, origin: object) -> str:
    """The page, from the cache or from the origin."""
    page: str | None = await env.KV.get("page:/")
    if page is None:
        page = await origin("/")  # type: ignore[operator]
        await env.KV.put("page:/", page, expirationTtl=300)
    return page


def play(schedule: Schedule) -> EdgeNetwork:
    """Two requests for a page that nobody has cached yet."""
    return _play(answer, schedule)


# The fix: a fill that is refused has been done by somebody else; the request does not care.


async def answer_anyhow(env: Env, origin: object) -> str:
    """The page, from the cache or from the origin, cached if that works."""
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
    """The same two requests."""
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
