"""Save, redirect, show. It takes for granted that the next request sees what this one wrote.

Breaks `read_your_writes` when the redirect arrives somewhere else.
"""

from pykvbinding import Env
from pykvbinding.sim import EdgeNetwork, ReadYourWritesViolation, Schedule, read_your_writes

BREAKS = ReadYourWritesViolation
SHORTEST = "1 2 3~1"


async def save(env: Env, name: str) -> None:
    """Store the name; the answer is a redirect to the profile."""
    await env.KV.put("profile:ana", name)


async def show(env: Env) -> str | None:
    """The page that the redirect leads to."""
    found: str | None = await env.KV.get("profile:ana")
    return found


def play(schedule: Schedule) -> EdgeNetwork:
    """Ana changes her name, and her next request lands elsewhere."""
    net = EdgeNetwork("LHR", "NRT", schedule=schedule)
    ana = net.session("ana", at="LHR")
    ana.call(save, "Ana")
    net.clock.advance(minutes=10)
    ana.call(save, "Ana B.")
    ana.move_to("NRT")
    ana.call(show)
    net.check(read_your_writes)
    return net


# The fix: the answer to the change shows the value that was just written. A later page that must
# not go back takes the newer of what it reads and of what the client's token carries.


async def save_and_show(env: Env, name: str) -> str:
    """Store the name and answer with the profile, without reading it back."""
    await env.KV.put("profile:ana", name)
    return name


def play_fixed(schedule: Schedule) -> EdgeNetwork:
    """The same change, answered from what was written."""
    net = EdgeNetwork("LHR", "NRT", schedule=schedule)
    ana = net.session("ana", at="LHR")
    ana.call(save, "Ana")
    net.clock.advance(minutes=10)
    assert ana.call(save_and_show, "Ana B.") == "Ana B."
    net.check(read_your_writes)
    return net
