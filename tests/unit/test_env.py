"""Env: attributes, lookup, and creation from a wrangler file."""

import copy
import json
import traceback
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pykvbinding import KVNamespace, KVUsageWarning, Limits, VirtualClock
from pykvbinding.account import Account
from pykvbinding.env import Env, get_account, get_bindings
from pykvbinding.js.core.js_dict import JsDict
from tests.support.assertions import exactly

CONFIGURATION = {
    "kv_namespaces": [
        {"binding": "SESSIONS", "id": "11", "preview_id": "22"},
        {"binding": "AGAIN", "id": "11"},
        {"binding": "LOCAL"},
    ],
    "vars": {"TOKEN": "secret", "LIMITS": {"daily": 5, "regions": ["EU"]}},
    "env": {
        "staging": {
            "kv_namespaces": [
                {"binding": name, "id": f"9{name}"} for name in ("SESSIONS", "AGAIN", "LOCAL")
            ],
            "vars": {"TOKEN": "other", "LIMITS": None},
        }
    },
}

NAMES = st.text(min_size=1).filter(lambda name: not (name[:2] == name[-2:] == "__"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "wrangler.json"
    path.write_text(json.dumps(CONFIGURATION), encoding="utf-8")
    return path


# Explicit arguments


def test_arguments_are_attributes() -> None:
    kv = KVNamespace()

    env = Env(KV=kv, TOKEN="x")

    assert env.KV is kv
    assert env.TOKEN == "x"


def test_supports_in_and_iteration_in_order() -> None:
    env = Env(B=1, A=2)

    assert list(env) == ["B", "A"]
    assert "A" in env
    assert "C" not in env
    assert 5 not in env


def test_a_missing_binding_lists_the_existing_ones() -> None:
    with pytest.raises(AttributeError) as caught:
        _ = Env(KV=1, TOKEN=2).PLANS

    assert str(caught.value) == "env has no 'PLANS'; it has KV, TOKEN."


def test_suggests_a_similar_binding() -> None:
    with pytest.raises(AttributeError, match=r"it has SESSIONS\. Did you mean env\.SESSIONS\?$"):
        _ = Env(SESSIONS=1).session


def test_an_empty_env_lists_nothing() -> None:
    with pytest.raises(AttributeError, match=r"^env has no 'KV'; it has nothing\.$"):
        _ = Env().KV


def test_python_adds_no_second_suggestion() -> None:
    with pytest.raises(AttributeError) as caught:
        _ = Env(SESSIONS=1).SESSION

    shown = "".join(traceback.format_exception(caught.value))

    assert shown.count("Did you mean") == 1


def test_getattr_default_and_hasattr_work_for_missing_names() -> None:
    env = Env(KV=1)

    assert getattr(env, "PLANS", None) is None
    assert hasattr(env, "KV")
    assert not hasattr(env, "PLANS")


def test_attributes_can_be_set_replaced_and_deleted() -> None:
    env = Env(KV=1, TOKEN="x")

    env.KV = 2
    env.NEW = 3
    del env.TOKEN

    assert get_bindings(env) == {"KV": 2, "NEW": 3}


def test_repr_has_every_attribute() -> None:
    assert repr(Env(KV=KVNamespace(title="SESSIONS"), TOKEN="x")) == (
        "Env(KV=<KVNamespace 'SESSIONS'>, TOKEN='x')"
    )


def test_an_empty_env_is_true() -> None:
    assert Env()


@pytest.mark.parametrize("name", ["account", "from_wrangler", "self", "namespace", "items"])
def test_a_binding_can_have_any_name(name: str) -> None:
    env = Env(**{name: "mine"})

    assert getattr(env, name) == "mine"
    assert get_account(env) is None


@given(st.dictionaries(NAMES, st.integers()))
def test_every_name_can_be_read_back(bindings: dict[str, int]) -> None:
    env = Env(**bindings)

    assert get_bindings(env) == bindings
    assert list(env) == list(bindings)
    assert all(getattr(env, name) == value for name, value in bindings.items())


def test_get_bindings_returns_a_copy() -> None:
    env = Env(KV=1)

    get_bindings(env)["MORE"] = 2

    assert "MORE" not in env


def test_a_copy_is_independent() -> None:
    env = Env(KV=1)

    other = copy.copy(env)
    other.KV = 2

    assert (env.KV, other.KV) == (1, 2)


# Wrangler files


async def test_reads_bindings_and_vars_of_a_wrangler_file(path: Path) -> None:
    env = Env.from_wrangler(path)

    await env.SESSIONS.put("k", "v")

    assert await env.SESSIONS.get("k") == "v"
    assert await env.LOCAL.get("k") is None
    assert env.TOKEN == "secret"
    assert list(env) == ["TOKEN", "LIMITS", "SESSIONS", "AGAIN", "LOCAL"]


def test_an_object_in_vars_is_a_js_dict(path: Path) -> None:
    limits = Env.from_wrangler(path).LIMITS

    assert isinstance(limits, JsDict)
    assert limits.daily == limits["daily"] == 5


async def test_two_bindings_with_one_id_share_data(path: Path) -> None:
    env = Env.from_wrangler(path)

    await env.SESSIONS.put("k", "v")

    assert await env.AGAIN.get("k") == "v"
    assert env.AGAIN.namespace is env.SESSIONS.namespace
    assert env.AGAIN is not env.SESSIONS


def test_a_namespace_has_the_id_and_the_first_binding_name(path: Path) -> None:
    env = Env.from_wrangler(path.parent)

    assert (env.AGAIN.namespace.id, env.AGAIN.namespace.title) == ("11", "SESSIONS")
    assert (env.LOCAL.namespace.id, env.LOCAL.namespace.title) == ("LOCAL", "LOCAL")


def test_environments_and_previews_have_other_namespaces(path: Path) -> None:
    staging = Env.from_wrangler(path, env="staging")
    preview = Env.from_wrangler(path, preview=True)

    assert staging.SESSIONS.namespace.id == "9SESSIONS"
    assert (staging.TOKEN, staging.LIMITS) == ("other", None)
    assert (preview.SESSIONS.namespace.id, preview.AGAIN.namespace.id) == ("22", "11")


def test_uses_the_clock_and_limits_of_the_account(path: Path) -> None:
    clock, limits = VirtualClock(60), Limits(min_cache_ttl=30)

    env = Env.from_wrangler(path, clock=clock, limits=limits)

    account = get_account(env)
    assert account is not None
    assert account.clock is env.SESSIONS.namespace.clock is clock
    assert account.limits is env.SESSIONS.namespace.limits is limits
    assert len(account.namespaces) == 2


def test_two_envs_share_data_only_within_one_account(path: Path) -> None:
    account = Account()

    one, two = (Env.from_wrangler(path, account=account) for _ in range(2))
    other = Env.from_wrangler(path)

    assert one.LOCAL.namespace is two.LOCAL.namespace
    assert other.LOCAL.namespace is not one.LOCAL.namespace
    assert get_account(one) is get_account(two) is account


def test_two_environments_in_one_account_have_separate_namespaces(path: Path) -> None:
    account = Account()

    top = Env.from_wrangler(path, account=account)
    staging = Env.from_wrangler(path, env="staging", account=account)

    assert (top.SESSIONS.namespace.title, staging.SESSIONS.namespace.title) == (
        "SESSIONS",
        "9SESSIONS",
    )


def test_uses_an_existing_namespace_of_the_account(path: Path) -> None:
    account = Account()
    mine = account.create_namespace("Mine", id="11")

    assert Env.from_wrangler(path, account=account).SESSIONS.namespace is mine


@pytest.mark.parametrize("kwargs", [{"clock": VirtualClock()}, {"limits": Limits()}])
def test_rejects_clock_or_limits_with_an_account(path: Path, kwargs: dict[str, Any]) -> None:
    text = (
        "Env.from_wrangler() takes either account= or clock= and limits=. "
        "Write account=Account(clock=…, limits=…)"
    )

    with pytest.raises(TypeError, match=exactly(text)):
        Env.from_wrangler(path, account=Account(), **kwargs)


def test_a_warning_of_the_file_points_at_the_caller(tmp_path: Path) -> None:
    path = tmp_path / "wrangler.toml"
    path.write_text("[vars]\nA = 1\n[env.staging]\n", encoding="utf-8")

    with pytest.warns(KVUsageWarning, match='"vars" exists at the top level') as caught:
        Env.from_wrangler(path, env="staging")

    assert caught[0].filename == __file__
