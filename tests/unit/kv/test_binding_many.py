"""Bulk reads: `get` and `getWithMetadata` with several keys."""

import json
from typing import Any

import pytest

from pykvbinding import KVNamespace, KVUsageWarning
from tests.support.assertions import refusal
from tests.support.stores import make_kv


async def test_the_result_has_the_order_of_the_keys(kv: KVNamespace) -> None:
    kv.namespace.seed({"key-a": "1", "key-b": "2", "key-c": "3"})

    assert list((await kv.get(["key-c", "key-a", "key-b"])).items()) == [
        ("key-c", "3"),
        ("key-a", "1"),
        ("key-b", "2"),
    ]


async def test_a_missing_key_is_none(kv: KVNamespace) -> None:
    await kv.put("key-a", "1")

    assert await kv.get(["key-a", "key-b"]) == {"key-a": "1", "key-b": None}
    assert await kv.getWithMetadata(["key-a", "key-b"]) == {
        "key-a": {"value": "1", "metadata": None},
        "key-b": None,
    }


@pytest.mark.parametrize("names", [["a", "b"], ["key-a", "key-b"]])
async def test_a_duplicate_key_is_returned_once(kv: KVNamespace, names: list[str]) -> None:
    first, second = names
    await kv.put(first, "1")

    result = await kv.get([second, first, second])

    assert list(result.items()) == [(second, None), (first, "1")]


async def test_a_number_and_its_text_are_the_same_key(kv: KVNamespace) -> None:
    await kv.put("1.5", "v")

    assert await kv.get(["1.5", 1.5]) == {"1.5": "v"}  # type: ignore[list-item]


async def test_json_is_parsed_for_every_key(kv: KVNamespace) -> None:
    kv.namespace.seed({"key-a": '{"n": [1.0, null]}', "key-b": '"text"'})

    result = await kv.get(["key-a", "key-b", "key-c"], "json")

    assert result == {"key-a": {"n": [1, None]}, "key-b": "text", "key-c": None}
    assert result["key-a"].n == [1, None]


async def test_a_value_that_is_not_json_fails_the_whole_read(kv: KVNamespace) -> None:
    kv.namespace.seed({"key-a": "1", "key-b": "nope"})

    text = await refusal(kv.get(["key-a", "key-b"], type="json"))

    reason = "At least one of the requested keys corresponds to a non-json value"
    assert text == f"KV GET_BULK failed: 400 {reason}"


@pytest.mark.parametrize("response_type", ["arrayBuffer", "stream", "blob"])
async def test_rejects_other_types(kv: KVNamespace, response_type: str) -> None:
    text = await refusal(kv.get(["key"], {"type": response_type}))  # type: ignore[call-overload]

    assert text == (
        f'KV GET_BULK failed: 400 "{response_type}" is not a valid type. Use "json" or "text"'
    )


async def test_the_empty_type_is_text(kv: KVNamespace) -> None:
    await kv.put("key", "1")

    assert await kv.get(["key"], {"type": ""}) == {"key": "1"}  # type: ignore[call-overload]


async def test_accepts_100_keys(kv: KVNamespace) -> None:
    names = [f"key-{number}" for number in range(100)]
    kv.namespace.seed(dict.fromkeys(names, "v"))

    assert await kv.get(names) == dict.fromkeys(names, "v")


@pytest.mark.parametrize("names", [["k"] * 101, [f"key-{number}" for number in range(101)]])
async def test_rejects_101_keys(kv: KVNamespace, names: list[str]) -> None:
    text = "KV GET_BULK failed: 400 You can request a maximum of 100 keys"

    assert await refusal(kv.get(names)) == await refusal(kv.getWithMetadata(names)) == text


async def test_rejects_an_empty_list_of_keys(kv: KVNamespace) -> None:
    text = "KV GET_BULK failed: 400 You must request a minimum of 1 key"

    assert await refusal(kv.get([])) == await refusal(kv.getWithMetadata([])) == text


@pytest.mark.parametrize("over", ["engine", "chain", "network"])
@pytest.mark.parametrize("letter", ["x", "é"])
async def test_limits_the_total_size_of_the_values(over: str, letter: str) -> None:
    kv = make_kv(over, max_bytes_per_get=1024 * 512)
    half = letter * (1024 * 256 // len(letter.encode()))
    kv.namespace.seed({"key-a": half, "key-b": half, "key-c": "y"})

    assert len(await kv.get(["key-a", "key-b"])) == 2
    text = "KV GET_BULK failed: 413 Total size of request exceeds the limit of 0.5MB"
    assert await refusal(kv.get(["key-a", "key-b", "key-c"])) == text
    assert await refusal(kv.getWithMetadata(["key-a", "key-b", "key-c"])) == text


@pytest.mark.parametrize("over", ["engine", "chain", "network"])
@pytest.mark.parametrize("name", ["k", "key"])
async def test_a_duplicate_key_counts_twice_toward_the_size_limit(over: str, name: str) -> None:
    kv = make_kv(over, max_bytes_per_get=9)
    await kv.put(name, "12345")

    assert await kv.get([name]) == {name: "12345"}
    assert "413 Total size of request exceeds" in await refusal(kv.get([name, name]))


async def test_the_byte_order_mark_is_stripped(kv: KVNamespace) -> None:
    kv.namespace.seed({"key-a": "\ufeff[1]", "key-b": b"\xef\xbb\xbf[2]", "key-c": "\ufeff\ufeff"})

    assert await kv.get(["key-a", "key-b"]) == {"key-a": "[1]", "key-b": "[2]"}
    assert await kv.get(["key-a", "key-b"], "json") == {"key-a": [1], "key-b": [2]}
    assert await kv.get(["key-c"]) == {"key-c": "\ufeff"}
    assert await kv.get("key-a") == "\ufeff[1]"


async def test_an_infinity_becomes_none(kv: KVNamespace) -> None:
    await kv.put("key", '{"deep": [1e999, -1e999, 2.5]}')

    assert await kv.get(["key"], "json") == {"key": {"deep": [None, None, 2.5]}}


@pytest.mark.parametrize("name", ["0", "12", "100", "4294967294", "__proto__"])
async def test_returns_a_name_that_the_runtime_drops_with_a_warning(
    kv: KVNamespace, name: str
) -> None:
    await kv.put(name, "v")

    with pytest.warns(KVUsageWarning, match=rf"get\(\[…\]\) reads '{name}': according to the doc"):
        assert await kv.get([name, "key"]) == {name: "v", "key": None}
    with pytest.warns(KVUsageWarning, match=rf"getWithMetadata\(\[…\]\) reads '{name}'"):
        assert (await kv.getWithMetadata([name]))[name] == {"value": "v", "metadata": None}


@pytest.mark.parametrize("name", ["007", "-10", "1.5", "4294967295", "٣٣٣", "12a"])
async def test_returns_a_name_that_is_not_an_array_index_without_a_warning(
    kv: KVNamespace, name: str
) -> None:
    await kv.put(name, "v")

    assert await kv.get([name]) == {name: "v"}


@pytest.mark.parametrize("over", ["engine", "chain", "network"])
async def test_an_invalid_key_is_reported_before_the_total_size(over: str) -> None:
    kv = make_kv(over, max_bytes_per_get=1)
    await kv.put("key", "12")

    assert "Key names must not be empty" in await refusal(kv.get(["key", ""]))


@pytest.mark.parametrize("text", ["0", '""', "[]", "{}", "false"])
async def test_a_falsy_json_value_is_returned(kv: KVNamespace, text: str) -> None:
    await kv.put("key", text, metadata=1)

    result = await kv.getWithMetadata(["key"], "json")

    assert result == {"key": {"value": json.loads(text), "metadata": 1}}


@pytest.mark.parametrize("metadata", [{"a": 1}, 0, "", False])
async def test_metadata_of_json_null_is_lost_with_a_warning(kv: KVNamespace, metadata: Any) -> None:
    await kv.put("key", "null", metadata=metadata)

    with pytest.warns(KVUsageWarning, match="the value is JSON null, for which production"):
        result = await kv.getWithMetadata(["key"], "json")

    assert result == {"key": None}


async def test_json_null_without_metadata_is_none_without_a_warning(kv: KVNamespace) -> None:
    await kv.put("key", "null")

    assert await kv.getWithMetadata(["key"], "json") == {"key": None}
    assert await kv.get(["key"], "json") == {"key": None}


async def test_the_text_null_keeps_its_metadata(kv: KVNamespace) -> None:
    await kv.put("key", "null", metadata=1)

    assert await kv.getWithMetadata(["key"]) == {"key": {"value": "null", "metadata": 1}}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "400 Key names must not be empty"),
        (".", '400 Illegal key name ".". Please use a different name.'),
        ("..", '400 Illegal key name "..". Please use a different name.'),
        ("x" * 513, "414 UTF-8 encoded length of 513 exceeds key length limit of 512."),
    ],
)
async def test_an_invalid_key_fails_the_whole_read(kv: KVNamespace, name: str, reason: str) -> None:
    assert await refusal(kv.get(["key", name, "other"])) == f"KV GET_BULK failed: {reason}"
    assert await refusal(kv.get([name])) == f"KV GET_BULK failed: {reason}"


async def test_an_invalid_key_fails_after_the_keys_before_it_are_read(kv: KVNamespace) -> None:
    await kv.put("key", "nope")

    before = await refusal(kv.get(["", "key"], "json"))
    after = await refusal(kv.get(["key", ""], "json"))

    assert before == "KV GET_BULK failed: 400 Key names must not be empty"
    assert after.endswith("corresponds to a non-json value")


async def test_rejects_a_short_cache_ttl_with_the_first_key(kv: KVNamespace) -> None:
    text = "KV GET_BULK failed: 400 Invalid cache_ttl of 1. Cache TTL must be at least 60."

    assert await refusal(kv.get(["key", ""], cacheTtl=1)) == text
    assert "Key names must not be empty" in await refusal(kv.get(["", "key"], cacheTtl=1))


@pytest.mark.parametrize("key", [None, True, ["a"], {"a": 1}], ids=repr)
async def test_a_key_that_is_not_text_is_converted_with_a_warning(
    kv: KVNamespace, key: Any
) -> None:
    with pytest.warns(KVUsageWarning, match="production converts this to the single key"):
        result = await kv.get([key])

    assert list(result) == [
        {"None": "null", "True": "true", "['a']": "a"}.get(str(key), "[object Object]")
    ]


async def test_a_lone_surrogate_in_a_key_becomes_three_replacement_characters(
    kv: KVNamespace,
) -> None:
    await kv.put("���", "v")

    assert await kv.get(["\ud800"]) == {"���": "v"}


async def test_returns_values_with_metadata_or_expiration(kv: KVNamespace) -> None:
    await kv.put("key-a", "1", expirationTtl=60)
    await kv.put("key-b", b"2", metadata="m")

    assert await kv.get(["key-a", "key-b", "key-c"]) == {
        "key-a": "1",
        "key-b": "2",
        "key-c": None,
    }
