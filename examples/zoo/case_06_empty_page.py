"""A loop over pages until one is empty. It assumes that an empty page is the last one.

"It is possible to have an empty array in `keys`, but still have more keys to fetch, because
recently expired or deleted keys must be iterated through." Breaks "every key is visited".
"""

from pykvbinding import EdgeNetwork, Env
from pykvbinding.sim import Schedule

BREAKS = AssertionError
SHORTEST = "1 1 2%"


async def remove(env: Env, *names: str) -> None:
    """Delete some keys."""
    for name in names:
        await env.KV.delete(name)


async def visit_all(env: Env) -> list[str]:
    """Return every key, in pages of two."""
    names: list[str] = []
    page = await env.KV.list(limit=2)
    while page["keys"]:
        names += [key.name for key in page["keys"]]
        if "cursor" not in page:
            break
        page = await env.KV.list(limit=2, cursor=page.cursor)
    return names


def play(schedule: Schedule) -> EdgeNetwork:
    """Delete two keys and read all keys an hour later."""
    return _play(visit_all, schedule)


# The fix: continue until `list_complete`.


async def visit_really_all(env: Env) -> list[str]:
    """Return every key, in pages of two, until the list is complete."""
    names: list[str] = []
    cursor = None
    while True:
        page = await env.KV.list(limit=2, cursor=cursor)
        names += [key.name for key in page["keys"]]
        if page.list_complete:
            return names
        cursor = page.cursor


def play_fixed(schedule: Schedule) -> EdgeNetwork:
    """Run the same with the complete list."""
    return _play(visit_really_all, schedule)


def _play(visit: object, schedule: Schedule) -> EdgeNetwork:
    net = EdgeNetwork("LHR", schedule=schedule)
    net.namespace().seed({"a": "1", "b": "2", "c": "3"})
    janitor = net.session("janitor")
    janitor.call(remove, "a", "b")
    net.clock.advance(hours=1)
    assert janitor.call(visit) == ["c"]  # type: ignore[arg-type]
    return net
