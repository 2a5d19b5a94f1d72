"""A list of what is published, and a get of each text. It assumes that they agree.

The metadata on a page and the value of a later read may be of two versions: a post that was turned
into a draft is shown. Breaks "what is shown was published".
"""

from pykvbinding import EdgeNetwork, Env
from pykvbinding.sim import Schedule

BREAKS = AssertionError
SHORTEST = "1 2~1"


async def take_back(env: Env) -> None:
    """Turn the published post into a draft."""
    await env.KV.put("post:1", "a draft, not for you", metadata={"published": False})


async def front_page(env: Env) -> list[str]:
    """Return the texts of all published posts."""
    page = await env.KV.list(prefix="post:")
    return [await env.KV.get(key.name) or "" for key in page["keys"] if key.metadata["published"]]


def play(schedule: Schedule) -> EdgeNetwork:
    """Turn a post into a draft while another handler reads."""
    return _play(front_page, schedule)


# The fix: the value and metadata of one read are of one version; the list is only a hint.


async def checked_front_page(env: Env) -> list[str]:
    """Return the texts of all published posts, each checked by its own metadata."""
    page = await env.KV.list(prefix="post:")
    posts = [await env.KV.getWithMetadata(key.name) for key in page["keys"]]
    return [post.value for post in posts if post.metadata and post.metadata.published]


def play_fixed(schedule: Schedule) -> EdgeNetwork:
    """Run the same with the check."""
    return _play(checked_front_page, schedule)


def _play(front_page: object, schedule: Schedule) -> EdgeNetwork:
    net = EdgeNetwork("LHR", "NRT", schedule=schedule)
    net.namespace().seed({"post:1": ("hello", {"metadata": {"published": True}})})
    net.start(take_back, at="LHR")
    reader = net.start(front_page, at="NRT")  # type: ignore[arg-type]
    net.run()
    assert set(reader.result) <= {"hello"}
    return net
