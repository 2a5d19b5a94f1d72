"""A session is revoked in one location and still valid in another: `python examples/stale_read.py`.

A small handler runs in three locations of a simulated network, first with a long cacheTtl and then
with the default. The timelines are generated from the history of the network. The clock is virtual:
five minutes take no time, and every run prints the same.
"""

import asyncio
from collections.abc import Iterable

from pykvbinding import EdgeNetwork, Env, KVNamespace

# ── The handler, as it runs in production ─────────────────────────────────────────────────────────


async def login(env: Env) -> None:
    """Start a session that lasts one day."""
    await env.SESSIONS.put("session:7f3a", "ana", expirationTtl=86400)


async def who(env: Env) -> str:
    """Return the user of the session."""
    return await env.SESSIONS.get("session:7f3a", cacheTtl=env.CACHE_TTL) or "nobody"


async def logout(env: Env) -> None:
    """End the session, apparently at once and everywhere."""
    await env.SESSIONS.delete("session:7f3a")


# ── The scenario ──────────────────────────────────────────────────────────────────────────────────

# Ana logs in through London and uses her session through Tokyo. Then she loses her phone and logs
# out, through London again. The finder of the phone uses it at once, and again four minutes later.
SCENARIO = (
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
    """Return the network after the scenario."""
    env = Env(SESSIONS=KVNamespace(), CACHE_TTL=cache_ttl)
    net = EdgeNetwork("LHR", "NRT", "SYD", bindings=env)
    start = net.clock.now()
    for seconds, location, act in SCENARIO:
        net.clock.move_to(start + seconds)
        await act(net.env(location))
    return net


# ── The timeline ──────────────────────────────────────────────────────────────────────────────────


def timeline(net: EdgeNetwork) -> str:
    """Return one column per location, with `┃` while the session is valid there."""
    start = net.history[0].invoked
    user = dict.fromkeys(net.locations, "nobody")
    logged_out: float | None = None
    rows = [["s", *net.locations]]
    for operation in net.history:
        at, location = operation.invoked, str(operation.location)
        name = "nobody" if operation.kind == "delete" else str(operation.value or "nobody")
        action = {"put": "login", "delete": "logout"}.get(operation.kind, operation.cache_status)
        user[location] = name
        cells = {name: "·" if user[name] == "nobody" else "┃" for name in user}
        cells[location] = f"{'○' if name == 'nobody' else '●'} {name:<6}  {action:<5}"
        if operation.kind == "delete":
            logged_out = at
        elif logged_out is not None and name != "nobody":
            cells[location] += f"  ◄ {at - logged_out:.0f} s too late"
        rows.append([f"{at - start:.0f}", *cells.values()])
    return align(rows)


def align(rows: Iterable[list[str]]) -> str:
    """Return the rows as lines; the first column is aligned to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "   ".join([row[0].rjust(widths[0] + 2), *map(str.ljust, row[1:], widths[1:])])
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


ALTERNATIVE = """\
Or limit a session to minutes (expirationTtl), and renew it only where it can also be ended:
expiration takes precedence over every cache. A reader must not renew a session that it has read:
if the value is stale, this would restore the session."""


async def main() -> None:
    """Run the scenario with both settings."""
    net = await play(cache_ttl=300)
    print("A session read with cacheTtl=300 outlives its end in the location that has read it:\n")
    print(timeline(net))
    print("\nThe documentation allows both results, the old one for some more time:\n")
    print(net.may_read("session:7f3a", at="NRT", cache_ttl=300))

    net = await play(cache_ttl=60)
    print(
        "\nThe fix: the default, cacheTtl=60. About a minute after the end, all locations agree:\n"
    )
    print(timeline(net))
    print(f"\n{ALTERNATIVE}")


if __name__ == "__main__":
    asyncio.run(main())
