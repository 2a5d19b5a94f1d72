"""Env: what a handler finds on it, made by hand and from a wrangler file."""

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
from pykvbinding.env import Env, account_of, bindings_of
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


# By hand


def test_what_is_given_is_an_attribute() -> None:
    kv = KVNamespace()

    env = Env(KV=kv, TOKEN="x")

    assert env.KV is kv
    assert env.TOKEN == "x"


def test_names_are_contained_and_iterated_in_order() -> None:
    env = Env(B=1, A=2)

    assert list(env) == ["B", "A"]
    assert "A" in env
    assert "C" not in env
    assert 5 not in env


def test_an_absent_binding_is_told_with_those_present() -> None:
    with pytest.raises(AttributeError) as caught:
        _ = Env(KV=1, TOKEN=2).PLANS

    assert str(caught.value) == "env has no 'PLANS'; it has KV, TOKEN."


def test_a_binding_that_is_nearly_there_is_suggested() -> None:
    with pytest.raises(AttributeError, match=r"it has SESSIONS\. Did you mean env\.SESSIONS\?$"):
        _ = Env(SESSIONS=1).session


def test_an_empty_env_has_nothing() -> None:
    with pytest.raises(AttributeError, match=r"^env has no 'KV'; it has nothing\.$"):
        _ = Env().KV


def test_python_adds_no_second_suggestion() -> None:
    with pytest.raises(AttributeError) as caught:
        _ = Env(SESSIONS=1).SESSION

    shown = "".join(traceback.format_exception(caught.value))

    assert shown.count("Did you mean") == 1


def test_a_default_and_hasattr_work_for_what_is_absent() -> None:
    env = Env(KV=1)

    assert getattr(env, "PLANS", None) is None
    assert hasattr(env, "KV")
    assert not hasattr(env, "PLANS")


def test_a_test_may_set_replace_and_delete_attributes() -> None:
    env = Env(KV=1, TOKEN="x")

    env.KV = 2
    env.NEW = 3
    del env.TOKEN

    assert bindings_of(env) == {"KV": 2, "NEW": 3}


def test_what_it_shows_names_everything() -> None:
    assert repr(Env(KV=KVNamespace(title="SESSIONS"), TOKEN="x")) == (
        "Env(KV=<KVNamespace 'SESSIONS'>, TOKEN='x')"
    )


def test_an_env_is_true_even_when_empty() -> None:
    assert Env()


@pytest.mark.parametrize("name", ["account", "from_wrangler", "self", "namespace", "items"])
def test_a_binding_may_have_any_name(name: str) -> None:
    env = Env(**{name: "mine"})

    assert getattr(env, name) == "mine"
    assert account_of(env) is None


@given(st.dictionaries(NAMES, st.integers()))
def test_every_name_that_goes_in_comes_out(bindings: dict[str, int]) -> None:
    env = Env(**bindings)

    assert bindings_of(env) == bindings
    assert list(env) == list(bindings)
    assert all(getattr(env, name) == value for name, value in bindings.items())


def test_the_dict_of_bindings_is_a_copy() -> None:
    env = Env(KV=1)

    bindings_of(env)["MORE"] = 2

    assert "MORE" not in env


def test_a_copy_of_an_env_is_another_env() -> None:
    env = Env(KV=1)

    other = copy.copy(env)
    other.KV = 2

    assert (env.KV, other.KV) == (1, 2)


# From a wrangler file


async def test_a_wrangler_file_gives_its_bindings_and_vars(path: Path) -> None:
    env = Env.from_wrangler(path)

    await env.SESSIONS.put("k", "v")

    assert await env.SESSIONS.get("k") == "v"
    assert await env.LOCAL.get("k") is None
    assert env.TOKEN == "secret"
    assert list(env) == ["TOKEN", "LIMITS", "SESSIONS", "AGAIN", "LOCAL"]


def test_an_object_among_the_vars_is_a_js_dict(path: Path) -> None:
    limits = Env.from_wrangler(path).LIMITS

    assert isinstance(limits, JsDict)
    assert limits.daily == limits["daily"] == 5


async def test_two_bindings_of_one_id_share_data(path: Path) -> None:
    env = Env.from_wrangler(path)

    await env.SESSIONS.put("k", "v")

    assert await env.AGAIN.get("k") == "v"
    assert env.AGAIN.namespace is env.SESSIONS.namespace
    assert env.AGAIN is not env.SESSIONS


def test_a_namespace_has_the_id_and_the_first_name_of_the_file(path: Path) -> None:
    env = Env.from_wrangler(path.parent)

    assert (env.AGAIN.namespace.id, env.AGAIN.namespace.title) == ("11", "SESSIONS")
    assert (env.LOCAL.namespace.id, env.LOCAL.namespace.title) == ("LOCAL", "LOCAL")


def test_an_environment_and_a_preview_have_other_namespaces(path: Path) -> None:
    staging = Env.from_wrangler(path, env="staging")
    preview = Env.from_wrangler(path, preview=True)

    assert staging.SESSIONS.namespace.id == "9SESSIONS"
    assert (staging.TOKEN, staging.LIMITS) == ("other", None)
    assert (preview.SESSIONS.namespace.id, preview.AGAIN.namespace.id) == ("22", "11")


def test_clock_and_limits_are_those_of_its_account(path: Path) -> None:
    clock, limits = VirtualClock(60), Limits(min_cache_ttl=30)

    env = Env.from_wrangler(path, clock=clock, limits=limits)

    account = account_of(env)
    assert account is not None
    assert account.clock is env.SESSIONS.namespace.clock is clock
    assert account.limits is env.SESSIONS.namespace.limits is limits
    assert len(account.namespaces) == 2


def test_two_envs_share_nothing_unless_they_share_an_account(path: Path) -> None:
    account = Account()

    one, two = (Env.from_wrangler(path, account=account) for _ in range(2))
    other = Env.from_wrangler(path)

    assert one.LOCAL.namespace is two.LOCAL.namespace
    assert other.LOCAL.namespace is not one.LOCAL.namespace
    assert account_of(one) is account_of(two) is account


def test_two_environments_in_one_account_have_namespaces_of_their_own(path: Path) -> None:
    account = Account()

    top = Env.from_wrangler(path, account=account)
    staging = Env.from_wrangler(path, env="staging", account=account)

    assert (top.SESSIONS.namespace.title, staging.SESSIONS.namespace.title) == (
        "SESSIONS",
        "9SESSIONS",
    )


def test_a_namespace_that_the_account_has_already_is_used(path: Path) -> None:
    account = Account()
    mine = account.create_namespace("Mine", id="11")

    assert Env.from_wrangler(path, account=account).SESSIONS.namespace is mine


@pytest.mark.parametrize("beside", [{"clock": VirtualClock()}, {"limits": Limits()}])
def test_an_account_has_its_own_clock_and_limits(path: Path, beside: dict[str, Any]) -> None:
    text = (
        "Env.from_wrangler(account=…) beside clock or limits: an account has its own. "
        "Write account=Account(clock=…, limits=…)"
    )

    with pytest.raises(TypeError, match=exactly(text)):
        Env.from_wrangler(path, account=Account(), **beside)


def test_a_warning_of_the_file_points_at_the_line_that_makes_the_env(tmp_path: Path) -> None:
    path = tmp_path / "wrangler.toml"
    path.write_text("[vars]\nA = 1\n[env.staging]\n", encoding="utf-8")

    with pytest.warns(KVUsageWarning, match='"vars" exists at the top level') as caught:
        Env.from_wrangler(path, env="staging")

    assert caught[0].filename == __file__
