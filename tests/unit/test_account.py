"""The account: namespaces, titles, ids, bindings and shared state."""

import gc
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pykvbinding import Account, Limits, SystemClock, VirtualClock
from pykvbinding.account import DEFAULT_HISTORY
from pykvbinding.middleware.faults import Fault
from tests.support.assertions import exactly

START = 1_700_000_000
FAILING = Fault(kind="get", error="503 Service Unavailable")


@pytest.fixture
def account(clock: VirtualClock) -> Account:
    return Account(clock=clock)


# Namespaces


def test_a_new_account_is_empty(account: Account) -> None:
    assert account.namespaces == ()
    assert repr(account) == "<Account: 0 namespaces>"


def test_namespaces_are_sorted_by_title(account: Account) -> None:
    for title in ("b", "C", "a"):
        account.create_namespace(title)

    assert [namespace.title for namespace in account.namespaces] == ["C", "a", "b"]
    assert repr(account) == "<Account: 3 namespaces>"


def test_a_namespace_has_the_clock_and_the_limits_of_its_account(clock: VirtualClock) -> None:
    limits = Limits(max_key_bytes=7)

    namespace = Account(clock=clock, limits=limits).create_namespace("a")

    assert namespace.clock is clock
    assert namespace.limits is limits


def test_the_defaults_are_the_system_clock_and_the_paid_plan() -> None:
    account = Account()

    assert isinstance(account.clock, SystemClock)
    assert account.limits == Limits()


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"limits": 5}, "Account(limits=5): pass Limits(...)"),
        ({"seed": None}, "Account(seed=None): pass a whole number, 0 or more"),
        ({"seed": -7}, "Account(seed=-7): pass a whole number, 0 or more"),
        (
            {"history": 0.5},
            "Account(history=0.5): pass True or a number of operations",
        ),
        ({"history": -1}, "Account(history=-1): pass True or a number of operations"),
    ],
)
def test_rejects_invalid_arguments(options: dict[str, Any], text: str) -> None:
    with pytest.raises(ValueError, match=exactly(text)):
        Account(**options)


def test_finds_a_namespace_by_title_or_id(account: Account) -> None:
    namespace = account.create_namespace("SESSIONS", id="0123")

    assert account.namespace("SESSIONS") is namespace
    assert account.namespace("0123") is namespace
    assert namespace.id == "0123"


def test_an_id_takes_precedence_over_an_equal_title(account: Account) -> None:
    titled = account.create_namespace("same", id="other")
    identified = account.create_namespace("different", id="same")

    assert account.namespace("same") is identified
    assert account.binding(id="same").namespace is identified
    assert account.binding("same").namespace is titled


@pytest.mark.parametrize("value", ["CACHE", "", None, 7, ["SESSIONS"]], ids=repr)
@pytest.mark.parametrize("method", ["namespace", "delete_namespace", "version_log"])
def test_rejects_an_unknown_namespace_and_lists_the_existing_ones(
    account: Account, method: str, value: Any
) -> None:
    account.create_namespace("SESSIONS")
    account.create_namespace("PLANS")
    text = (
        f"no namespace has the title or id {value!r}; there are 'PLANS', 'SESSIONS'. "
        "account.create_namespace(title) creates one"
    )

    with pytest.raises(LookupError, match=exactly(text)):
        getattr(account, method)(value)


# Titles and ids


def test_an_id_has_32_hexadecimal_digits(account: Account) -> None:
    assert re.fullmatch("[0-9a-f]{32}", account.create_namespace("SESSIONS").id)


def test_the_id_depends_on_the_title_only(
    account: Account,
) -> None:
    account.create_namespace("first")

    assert account.create_namespace("SESSIONS").id == "eb545dba72e3d232680a406672044112"


@settings(deadline=None)
@given(st.lists(st.text(min_size=1, max_size=5), unique=True, max_size=20))
def test_different_titles_have_different_ids(titles: list[str]) -> None:
    account = Account()

    ids = [account.create_namespace(title).id for title in titles]

    assert len(set(ids)) == len(titles)
    assert [account.namespace(id_).title for id_ in ids] == titles


def test_a_reused_title_has_another_id(account: Account) -> None:
    ids = []
    for _ in range(3):
        ids.append(account.create_namespace("SESSIONS").id)
        account.delete_namespace("SESSIONS")

    assert len(set(ids)) == 3


@pytest.mark.parametrize("title", ["x", "x" * 512, "\U0001f511" * 512, "\ud800", " "])
def test_a_title_can_have_512_characters(account: Account, title: str) -> None:
    assert account.create_namespace(title).title == title


@pytest.mark.parametrize("value", ["", "x" * 513, None, 7, b"a", ["a"]])
def test_rejects_an_invalid_title(account: Account, value: Any) -> None:
    text = f"a title must be a str of 1 to 512 characters, not {value!r}"

    with pytest.raises(ValueError, match=exactly(text)):
        account.create_namespace(value)

    assert account.namespaces == ()


def test_rejects_an_existing_title(account: Account) -> None:
    account.create_namespace("SESSIONS")
    text = (
        "a namespace with this account ID and title already exists: 'SESSIONS'. "
        "Use account.binding('SESSIONS'), or another title"
    )

    with pytest.raises(ValueError, match=exactly(text)):
        account.create_namespace("SESSIONS", id="0123")

    assert len(account.namespaces) == 1


def test_rejects_an_existing_id_without_using_the_title(account: Account) -> None:
    account.create_namespace("SESSIONS", id="0123")
    text = "the id '0123' belongs to another namespace of this account; pass another one"

    with pytest.raises(ValueError, match=exactly(text)):
        account.create_namespace("CACHE", id="0123")

    assert account.create_namespace("CACHE").title == "CACHE"


@pytest.mark.parametrize("value", ["", 7, b"0123", ["0123"]], ids=repr)
def test_rejects_an_invalid_id(account: Account, value: Any) -> None:
    text = f"an id must be a non-empty str, not {value!r}; omit it to get a derived id"

    with pytest.raises(ValueError, match=exactly(text)):
        account.create_namespace("SESSIONS", id=value)

    assert account.namespaces == ()


# Bindings


async def test_bindings_to_one_namespace_share_its_data(account: Account) -> None:
    first, second = account.binding("SESSIONS"), account.binding("SESSIONS")
    by_id = account.binding(id=first.namespace.id)

    await first.put("key", "1")

    assert [await kv.get("key") for kv in (first, second, by_id)] == ["1", "1", "1"]
    assert len(account.namespaces) == 1


async def test_bindings_to_two_namespaces_share_nothing(account: Account) -> None:
    await account.binding("SESSIONS").put("key", "1")

    assert await account.binding("CACHE").get("key") is None


async def test_two_accounts_share_nothing(clock: VirtualClock) -> None:
    limits = Limits(writes_per_day=1, writes_per_second_per_key=1)
    ours, theirs = (
        Account(clock=clock, limits=limits, history=True, metrics=True) for _ in range(2)
    )
    await ours.binding("SESSIONS").put("key", "1")
    ours.faults.add(FAILING)

    kv = theirs.binding("SESSIONS")
    before = await kv.get("key")
    await kv.put("key", "2")

    assert before is None
    assert ours.namespace("SESSIONS").peek("key") == "1"
    assert len(theirs.faults) == 0
    assert theirs.history is not None
    assert [operation.kind for operation in theirs.history] == ["get", "put"]
    assert ours.history is not None
    assert [operation.kind for operation in ours.history] == ["put"]
    assert (ours.quota.used.writes, theirs.quota.used.writes) == (1, 1)


@pytest.mark.parametrize("kwargs", [{"id": "0123"}, {"title": None}, {}], ids=repr)
def test_rejects_a_binding_to_an_unknown_id(account: Account, kwargs: dict[str, Any]) -> None:
    value = kwargs.get("id")
    text = (
        f"no namespace has the title or id {value!r}; there are none yet. "
        "account.create_namespace(title) creates one"
    )

    with pytest.raises(LookupError, match=exactly(text)):
        account.binding(**kwargs)

    assert account.namespaces == ()


@pytest.mark.parametrize("value", ["", 7, ["SESSIONS"]], ids=repr)
def test_rejects_a_binding_to_an_invalid_title(account: Account, value: Any) -> None:
    with pytest.raises(ValueError, match=r"^a title must be a str of 1 to 512 characters, not "):
        account.binding(value)


def test_a_namespace_has_one_version_log(account: Account) -> None:
    account.create_namespace("SESSIONS", id="0123")

    assert account.version_log("SESSIONS") is account.version_log("0123")
    assert account.version_log("SESSIONS").latest("key").number == 0


# Deletion


async def test_deletes_a_namespace_with_its_keys(account: Account) -> None:
    account.create_namespace("SESSIONS").seed({"key": "1"})

    account.delete_namespace("SESSIONS")

    assert account.namespaces == ()
    assert await account.binding("SESSIONS").get("key") is None


@pytest.mark.parametrize(("count", "bindings"), [(1, "1 binding"), (2, "2 bindings")])
def test_does_not_delete_a_namespace_with_bindings(
    account: Account, count: int, bindings: str
) -> None:
    open_bindings = [account.binding("SESSIONS") for _ in range(count)]
    text = (
        f"the namespace 'SESSIONS' still has {bindings}; drop all references to them "
        "(del kv, del env) before delete_namespace, or use kv.namespace.clear()"
    )

    with pytest.raises(ValueError, match=exactly(text)):
        account.delete_namespace(open_bindings[0].namespace.id)

    assert len(account.namespaces) == 1


async def test_deletes_a_namespace_after_its_bindings_are_gone(clock: VirtualClock) -> None:
    account = Account(clock=clock, history=True, metrics=True, faults=[FAILING])
    kv = account.binding("SESSIONS")
    await kv.put("key", "1")
    account.invocation()

    del kv
    gc.collect()
    account.delete_namespace("SESSIONS")

    assert account.namespaces == ()


def test_stored_bytes_exclude_deleted_namespaces(clock: VirtualClock) -> None:
    account = Account(clock=clock)
    account.create_namespace("SESSIONS").seed({"key": "1"})
    before = account.quota.stored_bytes()

    account.delete_namespace("SESSIONS")

    assert (before, account.quota.stored_bytes()) == (4, 0)


@pytest.mark.parametrize("maximum", [0, 1, 7])
def test_rejects_a_namespace_beyond_the_limit(maximum: int) -> None:
    account = Account(limits=Limits(max_namespaces=maximum))
    for number in range(maximum):
        account.create_namespace(str(number))
    text = (
        f"an account has at most {maximum} namespaces; delete one, "
        "or write Limits(max_namespaces=...)"
    )

    with pytest.raises(ValueError, match=exactly(text)):
        account.binding("one too many")

    assert len(account.namespaces) == maximum


def test_a_deletion_allows_another_namespace(clock: VirtualClock) -> None:
    account = Account(clock=clock, limits=Limits(max_namespaces=1))
    account.create_namespace("SESSIONS")
    account.delete_namespace("SESSIONS")

    assert account.create_namespace("CACHE").title == "CACHE"


# History, metrics, randomness


@pytest.mark.parametrize(("history", "max_operations"), [(True, DEFAULT_HISTORY), (1, 1), (5, 5)])
def test_the_history_has_the_given_maximum(history: bool | int, max_operations: int) -> None:
    account = Account(history=history)

    assert account.history is not None
    assert account.history.max_operations == max_operations


@pytest.mark.parametrize("history", [False, 0])
def test_history_is_off_by_default(history: bool | int) -> None:
    assert Account(history=history).history is None


async def test_a_bill_has_operations_and_stored_data(clock: VirtualClock) -> None:
    account = Account(clock=clock, metrics=True)
    kv = account.binding("SESSIONS")
    await kv.put("key", "1")
    await kv.get(["key", "other"])

    used = {line.unit: line.used for line in account.bill().lines}

    assert account.bill("free").plan == "free"
    assert used == {
        "keys read": 2,
        "keys written": 1,
        "keys deleted": 0,
        "list requests": 0,
        "stored data": 4,
    }


def test_a_bill_requires_metrics(account: Account) -> None:
    text = "bill() needs metrics; write Account(metrics=True)"

    with pytest.raises(ValueError, match=exactly(text)):
        account.bill()


async def outcomes(seed: int) -> str:
    fault = Fault(kind="get", probability=0.5)
    account = Account(clock=VirtualClock(START), history=True, faults=[fault], seed=seed)
    kv = account.binding("SESSIONS")
    for _ in range(20):
        try:
            await kv.get("key")
        except Exception:
            continue
    assert account.history is not None
    return " ".join(str(operation.outcome) for operation in account.history)


async def test_the_seed_determines_all_choices() -> None:
    assert await outcomes(1) == await outcomes(1)
    assert await outcomes(1) != await outcomes(2)
