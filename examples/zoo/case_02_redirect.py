"""Save, redirect, show. It assumes that the next request reads what this one wrote.

Breaks `read_your_writes` when the redirect reaches another location.
"""

from pykvbinding import EdgeNetwork, Env
from pykvbinding.sim import ReadYourWritesViolation, Schedule, read_your_writes

BREAKS = ReadYourWritesViolation
SHORTEST = "1 2 3~1"


async def save(env: Env, name: str) -> None:
    """Store the name; the response redirects to the profile."""
    await env.KV.put("profile:ana", name)


async def show(env: Env) -> str | None:
    """Return the page to which the redirect leads."""
    found: str | None = await env.KV.get("profile:ana")
    return found


def play(schedule: Schedule) -> EdgeNetwork:
    """Ana changes her name, and her next request reaches another location."""
    net = EdgeNetwork("LHR", "NRT", schedule=schedule)
    ana = net.session("ana", at="LHR")
    ana.call(save, "Ana")
    net.clock.advance(minutes=10)
    ana.call(save, "Ana B.")
    ana.move_to("NRT")
    ana.call(show)
    net.check(read_your_writes)
    return net


# The fix: the response to the change shows the value that was just written. A later page that must
# not go back uses the newer of the value that it reads and the value in the client's token.


async def save_and_show(env: Env, name: str) -> str:
    """Store the name and return the profile without reading it back."""
    await env.KV.put("profile:ana", name)
    return name


def play_fixed(schedule: Schedule) -> EdgeNetwork:
    """Run the same change with the response made from the written value."""
    net = EdgeNetwork("LHR", "NRT", schedule=schedule)
    ana = net.session("ana", at="LHR")
    ana.call(save, "Ana")
    net.clock.advance(minutes=10)
    assert ana.call(save_and_show, "Ana B.") == "Ana B."
    net.check(read_your_writes)
    return net
