"""`seed`: the forms of an item, the differences to `put`, and errors."""

import re
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pykvbinding import KVError, KVNamespace, KVUsageWarning, Limits, ReadableStream, VirtualClock
from pykvbinding.js.core.js_dict import JsDict
from pykvbinding.kv.namespace import Namespace
from tests.support.ids import stable

START = 1_700_000_000


@pytest.fixture
def namespace(clock: VirtualClock) -> Namespace:
    return KVNamespace(clock=clock).namespace


@settings(max_examples=60, deadline=None)
@given(st.text() | st.binary())
def test_text_and_bytes_are_stored_unchanged(value: str | bytes) -> None:
    namespace = KVNamespace().namespace

    namespace.seed({"a": value})

    assert namespace.peek("a") == value


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (1, "1"),
        (-0.0, "0"),
        (4.5, "4.5"),
        (1e21, "1e+21"),
        (float("nan"), "NaN"),
        (True, "true"),
        (bytearray(b"\x00\xff"), b"\x00\xff"),
        (memoryview(b"abc")[1:], b"bc"),
        ("\ud83d\ude00", "😀"),
        ("\ud800", b"\xed\xa0\x80"),
    ],
    ids=stable(repr),
)
def test_values_are_stored_as_by_put(
    namespace: Namespace, value: object, stored: str | bytes
) -> None:
    namespace.seed({"a": value})

    assert namespace.peek("a") == stored
    assert type(namespace.peek("a")) is type(stored)


def test_none_is_stored_as_null_with_a_warning(namespace: Namespace) -> None:
    with pytest.warns(KVUsageWarning) as caught:
        namespace.seed({"a": None})

    assert [str(warning.message) for warning in caught] == [
        "put('a', None): production stores the text \"null\", which reads back as a str, not as "
        "None. Call delete(key) to remove it, or pass json.dumps(None) to store JSON."
    ]
    assert namespace.peek("a") == "null"


def test_a_warning_has_the_location_of_the_call(namespace: Namespace) -> None:
    with pytest.warns(KVUsageWarning) as caught:
        namespace.seed({"a": None})

    assert [Path(warning.filename).name for warning in caught] == [Path(__file__).name]


@pytest.mark.parametrize(
    "item",
    [
        ("1", {"metadata": {"n": 1}, "expirationTtl": 60}),
        ("1", JsDict(metadata={"n": 1}, expiration=START + 60)),
        {"value": "1", "metadata": {"n": 1}, "expirationTtl": 60},
        {"value": "1", "metadata": {"n": 1}, "expiration": START + 60},
        {"value": "1", "metadata": {"n": 1}, "expiration": 1, "expirationTtl": "60"},
    ],
    ids=repr,
)
def test_accepts_options_in_a_tuple_or_a_dict(namespace: Namespace, item: object) -> None:
    namespace.seed({"a": item})

    entry = {"value": "1", "metadata": {"n": 1}, "expiration": START + 60}
    assert namespace.peek_entry("a") == entry


@pytest.mark.parametrize("item", [("1", {}), {"value": "1"}, {"value": "1", "metadata": None}])
def test_options_are_optional(namespace: Namespace, item: object) -> None:
    namespace.seed({"a": item})

    assert namespace.peek_entry("a") == {"value": "1", "metadata": None, "expiration": None}


def test_does_not_change_its_argument(namespace: Namespace) -> None:
    items = {"a": {"value": "1", "metadata": {"n": 1}}}

    namespace.seed(items)

    assert items == {"a": {"value": "1", "metadata": {"n": 1}}}


def test_accepts_any_mapping(namespace: Namespace) -> None:
    namespace.seed(MappingProxyType({"a": "1"}))

    assert namespace.peek("a") == "1"


def test_seeding_replaces_a_key_completely_and_keeps_others(namespace: Namespace) -> None:
    namespace.seed({"a": ("1", {"metadata": {"n": 1}, "expirationTtl": 60}), "b": "1"})

    namespace.seed({"a": "2"})

    assert namespace.peek_entry("a") == {"value": "2", "metadata": None, "expiration": None}
    assert namespace.peek("b") == "1"


def test_a_numeric_key_is_converted_to_text(namespace: Namespace) -> None:
    namespace.seed({1: "one"})  # type: ignore[dict-item]

    assert namespace.peek("1") == "one"


def test_other_keys_are_converted_with_a_warning(namespace: Namespace) -> None:
    text = "seed(None): production converts this to the single key 'null'. Pass the key as a str."

    with pytest.warns(KVUsageWarning, match=f"^{re.escape(text)}$"):
        namespace.seed({None: "1"})  # type: ignore[dict-item]

    assert namespace.peek("null") == "1"


@pytest.mark.parametrize("near", [{"expirationTtl": 1}, {"expiration": START + 1}], ids=repr)
def test_an_expiration_can_be_below_the_minimum(
    namespace: Namespace, clock: VirtualClock, near: dict[str, int]
) -> None:
    namespace.seed({"a": ("1", near)})

    before = namespace.peek("a")
    clock.advance(1)

    assert before == "1"
    assert namespace.peek("a") is None


@pytest.mark.parametrize(
    "past",
    [
        {"expirationTtl": 0},
        {"expirationTtl": -60},
        {"expiration": START},
        {"expiration": 0},
        {"expiration": -1},
    ],
    ids=repr,
)
def test_an_expiration_can_be_in_the_past(namespace: Namespace, past: dict[str, int]) -> None:
    namespace.seed({"a": ("1", past)})

    assert namespace.peek("a") is None
    assert len(namespace) == 0


async def test_seed_affects_bindings(kv: KVNamespace) -> None:
    kv.namespace.seed({"b": "2", "a": ("1", {"metadata": {"n": 1}})})

    keys = (await kv.list())["keys"]

    assert keys == [{"name": "a", "metadata": {"n": 1}}, {"name": "b"}]


# Errors


NO_VALUE = (
    "seed({'bad': {...}}): a dict is a value with options and requires a \"value\", "
    'as in {"value": "v", "expirationTtl": 60}. To store JSON, pass json.dumps(...)'
)
TAKES = "valid options are metadata, expiration and expirationTtl"
NO_STREAM = (
    "seed({'bad': ...}) is synchronous and cannot read a stream; "
    "pass bytes, or await kv.put(key, stream)"
)


@pytest.mark.parametrize(
    ("item", "error", "text"),
    [
        ({}, ValueError, NO_VALUE),
        ({"n": 1}, ValueError, NO_VALUE),
        (
            {"value": "1", "expiration_ttl": 60},
            ValueError,
            f"seed({{'bad': ...}}) has an unknown option 'expiration_ttl'; {TAKES}",
        ),
        (
            ("1", {"type": "text"}),
            ValueError,
            f"seed({{'bad': ...}}) has an unknown option 'type'; {TAKES}",
        ),
        (("1", {1: 2}), ValueError, f"seed({{'bad': ...}}) has an unknown option 1; {TAKES}"),
        (ReadableStream(), TypeError, NO_STREAM),
        ((ReadableStream(), {}), TypeError, NO_STREAM),
        ({"value": ReadableStream()}, TypeError, NO_STREAM),
        (("1", {"metadata": (1,)}), TypeError, "<class 'tuple'> cannot be sent over RPC."),
    ],
    ids=repr,
)
def test_a_malformed_item_stores_nothing(
    namespace: Namespace, item: object, error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=f"^{re.escape(text)}$"):
        namespace.seed({"good": "1", "bad": item})

    assert len(namespace) == 0


WRONG_TYPE = (
    "KV put() accepts only strings, ArrayBuffers, ArrayBufferViews, and ReadableStreams as values."
)
UNDECODABLE = "KV PUT failed: 400 Could not URL-decode key name"
LONG_KEY = "KV PUT failed: 414 UTF-8 encoded length of 513 exceeds key length limit of 512."


@pytest.mark.parametrize(
    ("key", "item", "error"),
    [
        ("", "1", ("TypeError", "Key name cannot be empty.", None)),
        (".", "1", ("TypeError", '"." is not allowed as a key name.', None)),
        ("..", "1", ("TypeError", '".." is not allowed as a key name.', None)),
        ("é" * 256 + "k", "1", ("Error", LONG_KEY, 414)),
        ("\ud800", "1", ("Error", UNDECODABLE, 400)),
        ("a", object(), ("TypeError", WRONG_TYPE, None)),
        ("a", ["1"], ("TypeError", WRONG_TYPE, None)),
        ("a", ("1", {}, {}), ("TypeError", WRONG_TYPE, None)),
        ("a", ("1", "2"), ("TypeError", WRONG_TYPE, None)),
        ("a", {"value": {"n": 1}}, ("TypeError", WRONG_TYPE, None)),
        (
            "a",
            ("1", {"metadata": 2**53}),
            ("TypeError", "Do not know how to serialize a BigInt", None),
        ),
        (
            "a",
            ("1", {"metadata": "k" * 1023}),
            ("Error", "KV PUT failed: 413 Metadata length of 1025 exceeds limit of 1024.", 413),
        ),
        (
            "a",
            ("1", {"expiration": 2**31}),
            (
                "TypeError",
                "Value out of range. Must be between -2147483648 and 2147483647 (inclusive).",
                None,
            ),
        ),
    ],
)
def test_an_item_that_put_rejects_stores_nothing(
    namespace: Namespace, key: str, item: object, error: tuple[str, str, int | None]
) -> None:
    with pytest.raises(KVError) as caught:
        namespace.seed({"good": "1", key: item})

    assert (caught.value.name, caught.value.message, caught.value.status) == error
    assert len(namespace) == 0


@pytest.mark.parametrize("value", ["éé12", b"123456"], ids=repr)
def test_rejects_a_value_over_the_limit(clock: VirtualClock, value: str | bytes) -> None:
    namespace = KVNamespace(clock=clock, limits=Limits(max_value_bytes=5)).namespace
    namespace.seed({"exact": "éé1"})

    with pytest.raises(KVError) as caught:
        namespace.seed({"exact": "new", "long": value})

    text = "KV PUT failed: 413 Value length of 6 exceeds limit of 5."
    assert (caught.value.message, caught.value.status) == (text, 413)
    assert namespace.peek("exact") == "éé1"


def test_accepts_metadata_of_exactly_the_limit(namespace: Namespace) -> None:
    namespace.seed({"a": ("1", {"metadata": "k" * 1022})})

    assert namespace.peek_entry("a") == {"value": "1", "metadata": "k" * 1022, "expiration": None}


def test_rejects_a_function_as_metadata(namespace: Namespace) -> None:
    with pytest.raises(KVError) as caught:
        namespace.seed({"a": ("1", {"metadata": len})})

    assert caught.value.message == "KV PUT failed: 500 Internal Server Error"


def test_rejects_a_key_that_cannot_be_sent(namespace: Namespace) -> None:
    with pytest.raises(TypeError, match=r"^<class 'tuple'> cannot be sent over RPC\.$"):
        namespace.seed({("a", "b"): "1"})  # type: ignore[dict-item]


def pairs() -> Iterator[tuple[str, str]]:
    yield "a", "1"


@pytest.mark.parametrize(
    ("items", "name"),
    [([("a", "1")], "list"), ("a", "str"), (None, "NoneType"), (pairs(), "generator")],
)
def test_rejects_an_argument_that_is_not_a_mapping(
    namespace: Namespace, items: Any, name: str
) -> None:
    text = f'seed() expects a mapping of keys to values, as in seed({{"a": "1"}}), not {name}'

    with pytest.raises(TypeError, match=f"^{re.escape(text)}$"):
        namespace.seed(items)


def test_rejects_a_stream_without_consuming_it(namespace: Namespace) -> None:
    stream = ReadableStream([b"1"])

    with pytest.raises(TypeError):
        namespace.seed({"a": stream})

    assert not stream.locked


@pytest.mark.parametrize("form", ["tuple", "dict"])
def test_rejects_a_stream_with_options_without_consuming_it(
    namespace: Namespace, form: str
) -> None:
    stream = ReadableStream([b"1"])

    with pytest.raises(TypeError):
        namespace.seed({"a": (stream, {}) if form == "tuple" else {"value": stream}})

    assert not stream.locked
