"""A session is revoked in one place and still alive in another: `python examples/stale_read.py`.

A tiny handler runs in three locations of a simulated network, once with a long cacheTtl and once
with the default. The timelines are drawn from what the network has recorded, so nothing is written
down twice. The clock is virtual: five minutes take no time, and every run prints the same.
"""

import asyncio
from collections.abc import Iterable

from pykvbinding import EdgeNetwork, Env, KVNamespace

# ── The handler, as it runs in production ─────────────────────────────────────────────────────────


async def login(env: Env) -> None:
    """Begin a session of a day."""
    await env.SESSIONS.put("session:7f3a", "ana", expirationTtl=86400)


async def who(env: Env) -> str:
    """Whose session it is."""
    return await env.SESSIONS.get("session:7f3a", cacheTtl=env.CACHE_TTL) or "nobody"


async def logout(env: Env) -> None:
    """End the session, at once and everywhere. Or so it reads."""
    await env.SESSIONS.delete("session:7f3a")


# ── The story ─────────────────────────────────────────────────────────────────────────────────────

# Ana has logged in by way of London and uses her session by way of Tokyo. Then she loses her phone
# and logs out, by way of London again. Who has found the phone tries at once, and four minutes on.
STORY = (
    (0, "LHR", login),
    (1, "NRT", who),
    (40, "NRT", who),
    (60, "LHR", logout),
    (61, "LHR", who),
    (62, "SYD", who),
    (65, "NRT", who),
    (304, "NRT", who),
    (304, "NRT", who),
)


async def play(cache_ttl: int) -> EdgeNetwork:
    """The network in which the story has happened."""
    env = Env(SESSIONS=KVNamespace(), CACHE_TTL=cache_ttl)
    net = EdgeNetwork("LHR", "NRT", "SYD", bindings=env)
    start = net.clock.now()
    for seconds, location, act in STORY:
        net.clock.move_to(start + seconds)
        await act(net.env(location))
    return net


# ── The picture ───────────────────────────────────────────────────────────────────────────────────


def timeline(net: EdgeNetwork) -> str:
    """One lane for each location, `┃` as long as it takes the session for alive."""
    start = net.history[0].invoked
    user = dict.fromkeys(net.locations, "nobody")
    logged_out: float | None = None
    rows = [["s", *net.locations]]
    for operation in net.history:
        at, here = operation.invoked, str(operation.location)
        name = "nobody" if operation.kind == "delete" else str(operation.value or "nobody")
        how = {"put": "login", "delete": "logout"}.get(operation.kind, operation.cache_status)
        user[here] = name
        cells = {place: "·" if user[place] == "nobody" else "┃" for place in user}
        cells[here] = f"{'○' if name == 'nobody' else '●'} {name:<6}  {how:<5}"
        if operation.kind == "delete":
            logged_out = at
        elif logged_out is not None and name != "nobody":
            cells[here] += f"  ◄ {at - logged_out:.0f} s too late"
        rows.append([f"{at - start:.0f}", *cells.values()])
    return aligned(rows)


def aligned(rows: Iterable[list[str]]) -> str:
    """Rows of cells as lines; the first column is aligned to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "   ".join([row[0].rjust(widths[0] + 2), *map(str.ljust, row[1:], widths[1:])])
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


OTHERWISE = """\
Or let a session live for minutes only (expirationTtl), and renew it where it can also be ended:
expiration takes precedence over every cache. A reader must not renew what it has read: if that
was an old copy, it would bring the session back."""


async def main() -> None:
    """Tell the story twice."""
    net = await play(cache_ttl=300)
    print("A session that is read with cacheTtl=300 outlives its end where it has been read:\n")
    print(timeline(net))
    print("\nThe documentation permits both answers, the old one for some time yet:\n")
    print(net.may_read("session:7f3a", at="NRT", cache_ttl=300))

    net = await play(cache_ttl=60)
    print("\nThe fix: the default, cacheTtl=60. About a minute after the end, everybody knows:\n")
    print(timeline(net))
    print(f"\n{OTHERWISE}")


if __name__ == "__main__":
    asyncio.run(main())
