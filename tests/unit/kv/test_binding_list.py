"""`list`: pages, prefixes, limits and cursors."""

from typing import Any

import pytest

from pykvbinding import KVNamespace, KVUsageWarning, VirtualClock
from tests.support.assertions import refusal
from tests.support.stores import START, make_kv, missed


def names_of(page: dict[str, Any]) -> list[str]:
    return [key["name"] for key in page["keys"]]


async def names_of_all_pages(kv: KVNamespace, **options: Any) -> list[list[str]]:
    pages = [await kv.list(**options)]
    while not pages[-1].list_complete:
        pages.append(await kv.list(**options, cursor=pages[-1].cursor))
    return [names_of(page) for page in pages]


def fill(kv: KVNamespace, *names: str) -> None:
    kv.namespace.seed(dict.fromkeys(names, "v"))


async def test_an_empty_namespace_has_one_complete_page(kv: KVNamespace) -> None:
    assert await kv.list() == {"keys": [], "list_complete": True, "cacheStatus": missed(kv)}


async def test_keys_are_in_the_order_of_their_utf8_bytes(kv: KVNamespace) -> None:
    ordered = ["10", "9", "B", "a", "a/", "ab", "é", "日", "\uffff", "😀", "\U0010ffff"]
    fill(kv, *reversed(ordered))

    assert names_of(await kv.list()) == ordered == sorted(ordered, key=str.encode)


async def test_a_prefix_selects_the_keys_that_start_with_it(kv: KVNamespace) -> None:
    fill(kv, "a", "ab", "abc", "b", "é", "éa", "\U0010ffff", "\U0010ffffz")

    assert names_of(await kv.list(prefix="ab")) == ["ab", "abc"]
    assert names_of(await kv.list(prefix="é")) == ["é", "éa"]
    assert names_of(await kv.list(prefix="\U0010ffff")) == ["\U0010ffff", "\U0010ffffz"]
    assert names_of(await kv.list(prefix="abcd")) == []


@pytest.mark.parametrize("prefix", ["", None])
async def test_an_empty_prefix_selects_every_key(kv: KVNamespace, prefix: Any) -> None:
    fill(kv, "a", "b")

    assert names_of(await kv.list(prefix=prefix)) == ["a", "b"]


async def test_rejects_a_prefix_of_513_bytes(kv: KVNamespace) -> None:
    await kv.list(prefix="x" * 512)
    text = await refusal(kv.list(prefix="x" * 513))

    assert text == (
        "KV GET failed: 414 UTF-8 encoded length of 513 exceeds key length limit of 512."
    )


async def test_a_listed_key_has_only_the_items_that_are_set(kv: KVNamespace) -> None:
    await kv.put("a", "v")
    await kv.put("b", "v", expirationTtl=60)
    await kv.put("c", "v", metadata={"x": [1]})
    await kv.put("d", "v", metadata=0, expirationTtl=60)

    assert (await kv.list())["keys"] == [
        {"name": "a"},
        {"name": "b", "expiration": START + 60},
        {"name": "c", "metadata": {"x": [1]}},
        {"name": "d", "expiration": START + 60, "metadata": 0},
    ]


@pytest.mark.parametrize("limit", [2, 2.9, "2", "0x2", True + 1.5])
async def test_limit_is_the_maximum_size_of_a_page(kv: KVNamespace, limit: Any) -> None:
    fill(kv, "a", "b", "c")

    assert names_of(await kv.list(limit=limit)) == ["a", "b"]


@pytest.mark.parametrize("limit", [0, -1, 0.5, -0.5, "0", "", "ten", None, float("nan")])
async def test_a_limit_that_is_not_positive_means_a_thousand(kv: KVNamespace, limit: Any) -> None:
    fill(kv, *(f"{number:04}" for number in range(1001)))

    page = await kv.list(limit=limit)

    assert len(page["keys"]) == 1000
    assert page.list_complete is False


async def test_a_limit_can_be_a_numeric_string(kv: KVNamespace) -> None:
    fill(kv, *(f"{number:02}" for number in range(11)))

    assert len((await kv.list(limit="10"))["keys"]) == 10  # type: ignore[call-overload]


async def test_a_page_has_at_most_a_thousand_keys(kv: KVNamespace) -> None:
    fill(kv, *(f"{number:04}" for number in range(1001)))

    assert [len(page) for page in await names_of_all_pages(kv)] == [1000, 1]
    assert [len(page) for page in await names_of_all_pages(kv, limit=1000.9)] == [1000, 1]


async def test_rejects_a_limit_of_1001(kv: KVNamespace) -> None:
    text = await refusal(kv.list(limit=1001))

    hint = "Please specify an integer less than 1000."
    assert text == f"KV GET failed: 400 Invalid key_count_limit of 1001. {hint}"


@pytest.mark.parametrize("over", ["engine", "chain", "network"])
async def test_the_maximum_page_size_is_configurable(over: str) -> None:
    kv = make_kv(over, max_keys_per_list=2)
    fill(kv, "a", "b", "c")

    assert await names_of_all_pages(kv) == [["a", "b"], ["c"]]
    assert (await refusal(kv.list(limit=3))).endswith("specify an integer less than 2.")


async def test_cursors_lead_through_all_pages(kv: KVNamespace) -> None:
    fill(kv, "a1", "a2", "a3", "b1", "é", "😀")

    assert await names_of_all_pages(kv, limit=2) == [["a1", "a2"], ["a3", "b1"], ["é", "😀"]]
    assert await names_of_all_pages(kv, limit=2, prefix="a") == [["a1", "a2"], ["a3"]]


async def test_a_page_that_ends_with_the_last_key_is_complete(kv: KVNamespace) -> None:
    fill(kv, "a", "b")

    page = await kv.list(limit=2)

    assert page == {"keys": [{"name": "a"}, {"name": "b"}], "list_complete": True} | {
        "cacheStatus": missed(kv)
    }


async def test_an_incomplete_page_has_a_url_safe_cursor(kv: KVNamespace) -> None:
    fill(kv, "????", "~~~~")

    page = await kv.list(limit=1)

    assert set(page) == {"keys", "list_complete", "cursor", "cacheStatus"}
    assert page.cursor.replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize("cursor", ["", None])
async def test_no_cursor_means_the_first_page(kv: KVNamespace, cursor: str | None) -> None:
    fill(kv, "a", "b")

    assert names_of(await kv.list(cursor=cursor)) == ["a", "b"]


async def test_a_cursor_is_valid_with_another_prefix(kv: KVNamespace) -> None:
    fill(kv, "a1", "a2", "b1", "b2", "c1")
    cursor = (await kv.list(limit=3)).cursor

    assert names_of(await kv.list(cursor=cursor, prefix="a")) == []
    assert names_of(await kv.list(cursor=cursor, prefix="b")) == ["b2"]
    assert names_of(await kv.list(cursor=cursor, prefix="c")) == ["c1"]


async def test_a_cursor_is_valid_in_another_namespace(kv: KVNamespace) -> None:
    other = KVNamespace(clock=VirtualClock(START))
    fill(kv, "a", "b")
    fill(other, "a", "c")

    assert names_of(await other.list(cursor=(await kv.list(limit=1)).cursor)) == ["c"]


@pytest.mark.parametrize("cursor", ["garbage", "é", "YQ==", "A", "=", "ATHOX6dh=", "\ud800", 5])
async def test_rejects_an_invalid_cursor(kv: KVNamespace, cursor: Any) -> None:
    text = await refusal(kv.list(cursor=cursor))

    assert text == "KV GET failed: 400 Invalid cursor"


async def test_a_key_inserted_after_a_cursor_is_on_the_next_page(kv: KVNamespace) -> None:
    fill(kv, "b", "d")
    cursor = (await kv.list(limit=1)).cursor

    fill(kv, "a", "c", "e")

    assert names_of(await kv.list(cursor=cursor)) == ["c", "d", "e"]


async def test_a_cursor_remains_valid_after_its_key_is_deleted(kv: KVNamespace) -> None:
    fill(kv, "a", "b", "c")
    cursor = (await kv.list(limit=1)).cursor

    await kv.delete("a")
    await kv.delete("b")

    assert names_of(await kv.list(cursor=cursor)) == ["c"]


async def test_a_key_that_expires_between_two_pages_is_not_on_the_second(
    kv: KVNamespace, clock: VirtualClock
) -> None:
    fill(kv, "a", "c")
    await kv.put("b", "v", expirationTtl=60)
    cursor = (await kv.list(limit=1)).cursor

    clock.advance(60)

    assert names_of(await kv.list(cursor=cursor)) == ["c"]


async def test_an_expired_key_does_not_make_a_page_incomplete(
    kv: KVNamespace, clock: VirtualClock
) -> None:
    fill(kv, "a")
    await kv.put("b", "v", expirationTtl=60)
    clock.advance(60)

    assert (await kv.list(limit=1)).list_complete is True


async def test_accepts_options_as_a_dict_and_ignores_unknown_ones_with_a_warning(
    kv: KVNamespace,
) -> None:
    fill(kv, "a", "b")

    with pytest.warns(KVUsageWarning, match=r"list\(max=…\): production silently ignores this"):
        page = await kv.list({"limit": 1, "max": 5})  # type: ignore[call-overload]

    assert names_of(page) == ["a"]


@pytest.mark.parametrize("options", [5, "prefix", True, 1.5])
async def test_rejects_a_scalar_as_options(kv: KVNamespace, options: Any) -> None:
    text = await refusal(kv.list(options))

    where = "Failed to execute 'list' on 'KvNamespace'"
    assert text == f"{where}: parameter 1 is not of type 'ListOptions'."
