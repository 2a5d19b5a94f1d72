"""A handler and its tests with the pytest fixtures.

`python -m pytest examples/test_handler.py` runs them. The handler stores sessions in KV; the tests
control the time, the limits of the platform, and stale reads in other locations.
"""
# ruff: noqa: D103 -- test names are sentences

import asyncio
import json
from collections.abc import Callable

import pytest

from pykvbinding import EdgeNetwork, Env, History, KVError, KVNamespace, Limits, VirtualClock

HOUR = 3600

# ── The handler, as it runs in production ─────────────────────────────────────────────────────────


async def log_in(env: Env, user: str, token: str) -> None:
    """Store a session for an hour."""
    session = json.dumps({"user": user})
    await env.SESSIONS.put(f"session:{token}", session, expirationTtl=HOUR)


async def who_is(env: Env, token: str) -> str | None:
    """Return the user of a session, or None."""
    session = await env.SESSIONS.get(f"session:{token}", "json")
    return None if session is None else str(session.user)


async def log_out(env: Env, token: str) -> None:
    """Delete a session."""
    await env.SESSIONS.delete(f"session:{token}")


# ── The tests ─────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def env(kv: KVNamespace) -> Env:
    """The env of the handler; the fixture `kv_env` is the env of a wrangler file."""
    return Env(SESSIONS=kv)


@pytest.mark.kv(data={"session:t1": '{"user": "ana"}'})
def test_a_session_is_recognised(env: Env) -> None:
    assert asyncio.run(who_is(env, "t1")) == "ana"


def test_a_session_ends_after_an_hour(env: Env, kv_clock: VirtualClock) -> None:
    asyncio.run(log_in(env, "ana", "t1"))

    kv_clock.advance(HOUR - 1)
    assert asyncio.run(who_is(env, "t1")) == "ana"

    kv_clock.advance(1)
    assert asyncio.run(who_is(env, "t1")) is None


def test_one_login_is_one_write(env: Env, kv_history: History) -> None:
    asyncio.run(log_in(env, "ana", "t1"))

    assert kv_history.count("put") == 1
    assert kv_history.puts("session:t1")[0].value == '{"user": "ana"}'


@pytest.mark.kv(limits=Limits(writes_per_second_per_key=1))
def test_a_second_login_within_one_second_is_rejected(env: Env, kv_clock: VirtualClock) -> None:
    asyncio.run(log_in(env, "ana", "t1"))

    with pytest.raises(KVError, match="429 Too Many Requests"):
        asyncio.run(log_in(env, "ana", "t1"))

    kv_clock.advance(1)
    asyncio.run(log_in(env, "ana", "t1"))


def test_a_cached_session_stays_valid_for_a_minute(
    kv_network: Callable[..., EdgeNetwork],
) -> None:
    net = kv_network("LHR", "NRT", bindings=["SESSIONS"])
    london, tokyo = net.env("LHR"), net.env("NRT")
    asyncio.run(log_in(london, "ana", "t1"))
    assert asyncio.run(who_is(tokyo, "t1")) == "ana"
    net.clock.advance(1)  # a key accepts one write per second

    asyncio.run(log_out(london, "t1"))

    assert asyncio.run(who_is(london, "t1")) is None
    assert asyncio.run(who_is(tokyo, "t1")) == "ana"  # stale: logged out, but still recognised

    net.clock.advance(60)
    assert asyncio.run(who_is(tokyo, "t1")) is None
