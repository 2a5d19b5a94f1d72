"""The account: its namespaces, their titles and ids, its bindings, and what it remembers."""

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


def test_an_account_begins_with_nothing(account: Account) -> None:
    assert account.namespaces == ()
    assert repr(account) == "<Account: 0 namespaces>"


def test_namespaces_are_listed_by_title(account: Account) -> None:
    for title in ("b", "C", "a"):
        account.create_namespace(title)

    assert [namespace.title for namespace in account.namespaces] == ["C", "a", "b"]
    assert repr(account) == "<Account: 3 namespaces>"


def test_a_namespace_has_the_clock_and_the_limits_of_its_account(clock: VirtualClock) -> None:
    limits = Limits(max_key_bytes=7)

    namespace = Account(clock=clock, limits=limits).create_namespace("a")

    assert namespace.clock is clock
    assert namespace.limits is limits


def test_an_account_has_the_clock_of_the_machine_and_the_paid_plan_unless_told() -> None:
    account = Account()

    assert isinstance(account.clock, SystemClock)
    assert account.limits == Limits()


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"limits": 5}, "Account(limits=5): give Limits(...)"),
        ({"seed": None}, "Account(seed=None): give a whole number, 0 or more"),
        ({"seed": -7}, "Account(seed=-7): give a whole number, 0 or more"),
        (
            {"history": 0.5},
            "Account(history=0.5): give True, or a whole number of operations",
        ),
        ({"history": -1}, "Account(history=-1): give True, or a whole number of operations"),
    ],
)
def test_a_wrong_option_is_refused(options: dict[str, Any], text: str) -> None:
    with pytest.raises(ValueError, match=exactly(text)):
        Account(**options)


def test_a_namespace_is_found_by_its_title_and_by_its_id(account: Account) -> None:
    namespace = account.create_namespace("SESSIONS", id="0123")

    assert account.namespace("SESSIONS") is namespace
    assert account.namespace("0123") is namespace
    assert namespace.id == "0123"


def test_an_id_is_found_before_a_title_that_is_the_same(account: Account) -> None:
    titled = account.create_namespace("same", id="other")
    identified = account.create_namespace("different", id="same")

    assert account.namespace("same") is identified
    assert account.binding(id="same").namespace is identified
    assert account.binding("same").namespace is titled


@pytest.mark.parametrize("wrong", ["CACHE", "", None, 7, ["SESSIONS"]], ids=repr)
@pytest.mark.parametrize("method", ["namespace", "delete_namespace", "ledger"])
def test_an_unknown_namespace_is_refused_with_those_there_are(
    account: Account, method: str, wrong: Any
) -> None:
    account.create_namespace("SESSIONS")
    account.create_namespace("PLANS")
    text = (
        f"no namespace has the title or id {wrong!r}; there are 'PLANS', 'SESSIONS'. "
        "account.create_namespace(title) makes one"
    )

    with pytest.raises(LookupError, match=exactly(text)):
        getattr(account, method)(wrong)


# Titles and ids


def test_an_id_has_32_hexadecimal_digits(account: Account) -> None:
    assert re.fullmatch("[0-9a-f]{32}", account.create_namespace("SESSIONS").id)


def test_the_id_of_a_title_is_the_same_in_every_run_and_whatever_was_made_before(
    account: Account,
) -> None:
    account.create_namespace("first")

    assert account.create_namespace("SESSIONS").id == "eb545dba72e3d232680a406672044112"


@settings(deadline=None)
@given(st.lists(st.text(min_size=1, max_size=5), unique=True, max_size=20))
def test_no_two_titles_have_one_id(titles: list[str]) -> None:
    account = Account()

    ids = [account.create_namespace(title).id for title in titles]

    assert len(set(ids)) == len(titles)
    assert [account.namespace(each).title for each in ids] == titles


def test_a_title_that_is_used_again_gives_another_id(account: Account) -> None:
    ids = []
    for _ in range(3):
        ids.append(account.create_namespace("SESSIONS").id)
        account.delete_namespace("SESSIONS")

    assert len(set(ids)) == 3


@pytest.mark.parametrize("title", ["x", "x" * 512, "\U0001f511" * 512, "\ud800", " "])
def test_a_title_has_up_to_512_characters(account: Account, title: str) -> None:
    assert account.create_namespace(title).title == title


@pytest.mark.parametrize("wrong", ["", "x" * 513, None, 7, b"a", ["a"]])
def test_what_is_no_title_is_refused(account: Account, wrong: Any) -> None:
    text = f"a title is a str of 1 to 512 characters, not {wrong!r}"

    with pytest.raises(ValueError, match=exactly(text)):
        account.create_namespace(wrong)

    assert account.namespaces == ()


def test_a_title_that_is_taken_is_refused(account: Account) -> None:
    account.create_namespace("SESSIONS")
    text = (
        "a namespace with this account ID and title already exists: 'SESSIONS'. "
        "Use account.binding('SESSIONS'), or another title"
    )

    with pytest.raises(ValueError, match=exactly(text)):
        account.create_namespace("SESSIONS", id="0123")

    assert len(account.namespaces) == 1


def test_an_id_that_is_taken_is_refused_and_its_title_stays_free(account: Account) -> None:
    account.create_namespace("SESSIONS", id="0123")
    text = "the id '0123' belongs to another namespace of this account; give another"

    with pytest.raises(ValueError, match=exactly(text)):
        account.create_namespace("CACHE", id="0123")

    assert account.create_namespace("CACHE").title == "CACHE"


@pytest.mark.parametrize("wrong", ["", 7, b"0123", ["0123"]], ids=repr)
def test_what_is_no_id_is_refused(account: Account, wrong: Any) -> None:
    text = f"an id is a str that is not empty, not {wrong!r}; leave it out to get one"

    with pytest.raises(ValueError, match=exactly(text)):
        account.create_namespace("SESSIONS", id=wrong)

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


@pytest.mark.parametrize("named", [{"id": "0123"}, {"title": None}, {}], ids=repr)
def test_a_binding_by_an_unknown_id_is_refused(account: Account, named: dict[str, Any]) -> None:
    wrong = named.get("id")
    text = (
        f"no namespace has the title or id {wrong!r}; there is none yet. "
        "account.create_namespace(title) makes one"
    )

    with pytest.raises(LookupError, match=exactly(text)):
        account.binding(**named)

    assert account.namespaces == ()


@pytest.mark.parametrize("wrong", ["", 7, ["SESSIONS"]], ids=repr)
def test_a_binding_to_what_is_no_title_is_refused(account: Account, wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"^a title is a str of 1 to 512 characters, not "):
        account.binding(wrong)


def test_the_ledger_of_a_namespace_is_one(account: Account) -> None:
    account.create_namespace("SESSIONS", id="0123")

    assert account.ledger("SESSIONS") is account.ledger("0123")
    assert account.ledger("SESSIONS").latest("key").number == 0


# Deletion


async def test_a_deleted_namespace_is_gone_with_its_keys(account: Account) -> None:
    account.create_namespace("SESSIONS").seed({"key": "1"})

    account.delete_namespace("SESSIONS")

    assert account.namespaces == ()
    assert await account.binding("SESSIONS").get("key") is None


@pytest.mark.parametrize(("count", "bindings"), [(1, "1 binding"), (2, "2 bindings")])
def test_a_namespace_with_open_bindings_is_not_deleted(
    account: Account, count: int, bindings: str
) -> None:
    held = [account.binding("SESSIONS") for _ in range(count)]
    text = (
        f"the namespace 'SESSIONS' still has {bindings}; let go of them (del kv, del env) before "
        "delete_namespace, or empty it: kv.namespace.clear()"
    )

    with pytest.raises(ValueError, match=exactly(text)):
        account.delete_namespace(held[0].namespace.id)

    assert len(account.namespaces) == 1


async def test_a_namespace_is_deleted_once_its_bindings_are_let_go(clock: VirtualClock) -> None:
    account = Account(clock=clock, history=True, metrics=True, faults=[FAILING])
    kv = account.binding("SESSIONS")
    await kv.put("key", "1")
    account.invocation()

    del kv
    gc.collect()
    account.delete_namespace("SESSIONS")

    assert account.namespaces == ()


def test_what_a_deleted_namespace_held_no_longer_counts(clock: VirtualClock) -> None:
    account = Account(clock=clock)
    account.create_namespace("SESSIONS").seed({"key": "1"})
    before = account.quota.stored_bytes()

    account.delete_namespace("SESSIONS")

    assert (before, account.quota.stored_bytes()) == (4, 0)


@pytest.mark.parametrize("most", [0, 1, 7])
def test_an_account_has_no_more_namespaces_than_it_may(most: int) -> None:
    account = Account(limits=Limits(max_namespaces=most))
    for number in range(most):
        account.create_namespace(str(number))
    text = (
        f"an account has at most {most} namespaces; delete one, or write Limits(max_namespaces=...)"
    )

    with pytest.raises(ValueError, match=exactly(text)):
        account.binding("one too many")

    assert len(account.namespaces) == most


def test_after_a_deletion_there_is_room_for_one_more(clock: VirtualClock) -> None:
    account = Account(clock=clock, limits=Limits(max_namespaces=1))
    account.create_namespace("SESSIONS")
    account.delete_namespace("SESSIONS")

    assert account.create_namespace("CACHE").title == "CACHE"


# History, metrics, chance


@pytest.mark.parametrize(("history", "most"), [(True, DEFAULT_HISTORY), (1, 1), (5, 5)])
def test_a_history_remembers_as_many_operations_as_it_is_told(
    history: bool | int, most: int
) -> None:
    account = Account(history=history)

    assert account.history is not None
    assert account.history.most == most


@pytest.mark.parametrize("history", [False, 0])
def test_without_a_history_there_is_none(history: bool | int) -> None:
    assert Account(history=history).history is None


async def test_a_bill_sums_what_was_done_and_what_is_stored(clock: VirtualClock) -> None:
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


def test_there_is_no_bill_without_metrics(account: Account) -> None:
    text = "there are no metrics to bill; write Account(metrics=True)"

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


async def test_one_seed_gives_one_run_and_another_gives_another() -> None:
    assert await outcomes(1) == await outcomes(1)
    assert await outcomes(1) != await outcomes(2)
