"""Parsing of options in every form, and warnings about ignored ones."""

import asyncio
import re
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeAlias

import pytest

from pykvbinding import KVError, KVUsageWarning
from pykvbinding.kv.options import (
    ABSENT,
    ParsedGetOptions,
    ParsedListOptions,
    ParsedPutOptions,
    parse_delete,
    parse_get,
    parse_key,
    parse_list,
    parse_put,
)

Given: TypeAlias = tuple[Any, ...]
Kwargs: TypeAlias = dict[str, Any]

METHODS = ("get", "getWithMetadata", "put", "list")
NOTHING: dict[str, Any] = {
    "get": ParsedGetOptions(),
    "getWithMetadata": ParsedGetOptions(),
    "put": ParsedPutOptions(),
    "list": ParsedListOptions(),
}
OUT_OF_RANGE = "Value out of range. Must be between -2147483648 and 2147483647 (inclusive)."
CALL = "get('key', "
"""The call in the warnings of these tests."""

WRONG_PUT = "Failed to execute 'put' on 'KvNamespace': parameter 3 is not of type 'PutOptions'."
WRONG_LIST = "Failed to execute 'list' on 'KvNamespace': parameter 1 is not of type 'ListOptions'."


def parse(method: str, given: Given = (), kwargs: Kwargs | None = None) -> Any:
    """Parse the options of a call `method(…, *given, **kwargs)`."""
    options, args = (given[0], given[1:]) if given else (ABSENT, ())
    kwargs = kwargs or {}
    if method == "put":
        return parse_put(CALL, options, args, kwargs)
    if method == "list":
        return parse_list(CALL, options, args, kwargs)
    return parse_get(CALL, options, args, kwargs)


@contextmanager
def warns(start: str) -> Iterator[None]:
    """Expect one warning that starts with `start`."""
    with pytest.warns(KVUsageWarning, match="^" + re.escape(start)) as caught:
        yield
    assert len(caught) == 1


READS: list[tuple[Kwargs, ParsedGetOptions]] = [
    ({"type": "text"}, ParsedGetOptions("text")),
    ({"type": "json"}, ParsedGetOptions("json")),
    ({"type": "arrayBuffer"}, ParsedGetOptions("arrayBuffer")),
    ({"type": "stream"}, ParsedGetOptions("stream")),
    ({"type": ""}, ParsedGetOptions("")),
    ({"type": None}, ParsedGetOptions("null")),
    ({"type": 5}, ParsedGetOptions("5")),
    ({"type": ["json"]}, ParsedGetOptions("json")),
    ({"cacheTtl": 60}, ParsedGetOptions(cache_ttl=60)),
    ({"cacheTtl": 60.9}, ParsedGetOptions(cache_ttl=60)),
    ({"cacheTtl": "0x3c"}, ParsedGetOptions(cache_ttl=60)),
    ({"cacheTtl": None}, ParsedGetOptions(cache_ttl=0)),
    ({"cacheTtl": "soon"}, ParsedGetOptions(cache_ttl=0)),
    ({"cacheTtl": 90, "type": "json"}, ParsedGetOptions("json", 90)),
]
WRITES: list[tuple[Kwargs, ParsedPutOptions]] = [
    ({"expiration": 1_800_000_000}, ParsedPutOptions(expiration=1_800_000_000)),
    ({"expiration": "1800000000.5"}, ParsedPutOptions(expiration=1_800_000_000)),
    ({"expiration": None}, ParsedPutOptions(expiration=0)),
    ({"expiration": float("nan")}, ParsedPutOptions(expiration=0)),
    ({"expirationTtl": 60}, ParsedPutOptions(expiration_ttl=60)),
    ({"expirationTtl": True}, ParsedPutOptions(expiration_ttl=1)),
    ({"expirationTtl": None}, ParsedPutOptions(expiration_ttl=0)),
    ({"expirationTtl": [60]}, ParsedPutOptions(expiration_ttl=60)),
    ({"metadata": {"a": [1]}}, ParsedPutOptions(metadata={"a": [1]})),
    ({"metadata": None}, ParsedPutOptions()),
    ({"metadata": 0}, ParsedPutOptions(metadata=0)),
    ({"expiration": 1, "expirationTtl": 2, "metadata": "m"}, ParsedPutOptions(1, 2, "m")),
]
PAGES: list[tuple[Kwargs, ParsedListOptions]] = [
    ({"limit": 10}, ParsedListOptions(limit=10)),
    ({"limit": "10"}, ParsedListOptions(limit=10)),
    ({"limit": None}, ParsedListOptions()),
    ({"limit": -1}, ParsedListOptions(limit=-1)),
    ({"prefix": "user:"}, ParsedListOptions(prefix="user:")),
    ({"prefix": 5}, ParsedListOptions(prefix="5")),
    ({"prefix": None}, ParsedListOptions()),
    ({"cursor": "abc"}, ParsedListOptions(cursor="abc")),
    ({"cursor": 4.0}, ParsedListOptions(cursor="4")),
    ({"cursor": None}, ParsedListOptions()),
    ({"limit": 1, "prefix": "p", "cursor": "c"}, ParsedListOptions(1, "p", "c")),
]
OPTIONS: list[tuple[str, Kwargs, Any]] = [
    *(("get", kwargs, parsed) for kwargs, parsed in READS),
    *(("getWithMetadata", kwargs, parsed) for kwargs, parsed in READS),
    *(("put", kwargs, parsed) for kwargs, parsed in WRITES),
    *(("list", kwargs, parsed) for kwargs, parsed in PAGES),
]


@pytest.mark.parametrize(("method", "kwargs", "parsed"), OPTIONS, ids=str)
def test_keywords_and_a_dict_are_equivalent(method: str, kwargs: Kwargs, parsed: Any) -> None:
    as_keywords = parse(method, kwargs=kwargs)
    as_dict = parse(method, (kwargs,))

    assert as_keywords == as_dict == parsed


@pytest.mark.parametrize("given", [(), (None,), ({},)], ids=str)
@pytest.mark.parametrize("method", METHODS)
def test_none_and_an_empty_dict_mean_no_options(method: str, given: Given) -> None:
    assert parse(method, given) == NOTHING[method]


@pytest.mark.parametrize("method", ["get", "getWithMetadata"])
@pytest.mark.parametrize(
    ("given", "response_type"),
    [("json", "json"), ("", ""), (5, "5"), (1.0, "1"), (True, "true"), ("\ud83d\ude00", "😀")],
    ids=ascii,
)
def test_a_read_accepts_a_type_as_options(method: str, given: Any, response_type: str) -> None:
    assert parse(method, (given,)) == ParsedGetOptions(response_type)


@pytest.mark.parametrize("given", ["text", "", 60, 1.5, True])
@pytest.mark.parametrize(("method", "message"), [("put", WRONG_PUT), ("list", WRONG_LIST)])
def test_put_and_list_reject_a_scalar_as_options(method: str, message: str, given: Any) -> None:
    with pytest.raises(KVError) as caught:
        parse(method, (given,))

    assert (caught.value.name, str(caught.value)) == ("TypeError", message)


@pytest.mark.parametrize(
    "given",
    [
        *(["type"], [], {"json"}, frozenset(), b"json", memoryview(b""), array("i", [60])),
        *(datetime(2024, 1, 1, tzinfo=UTC), object()),
    ],
    ids=lambda given: type(given).__name__,
)
@pytest.mark.parametrize("method", METHODS)
def test_ignores_options_that_are_not_a_dict(method: str, given: Any) -> None:
    with warns(f"{CALL}{given!r}): production silently ignores options passed as a "):
        parsed = parse(method, (given,))

    assert parsed == NOTHING[method]


@pytest.mark.parametrize("as_dict", [True, False])
@pytest.mark.parametrize("method", METHODS)
def test_ignores_an_unknown_option(method: str, as_dict: bool) -> None:
    kwargs = {"colour": "red"}

    with warns(f"{CALL}colour=…): production silently ignores this option. Valid options: "):
        parsed = parse(method, (kwargs,)) if as_dict else parse(method, kwargs=kwargs)

    assert parsed == NOTHING[method]


def test_an_unknown_option_does_not_affect_others() -> None:
    with warns(
        f"{CALL}expiration_ttl=…): production silently ignores this option. Write expirationT"
    ):
        parsed = parse("put", kwargs={"expiration_ttl": 60, "metadata": "m"})

    assert parsed == ParsedPutOptions(metadata="m")


class Name(str):
    """A subclass of str."""

    __slots__ = ()


def test_option_names_are_converted_as_in_javascript() -> None:
    with warns(f"{CALL}1=…): production silently ignores this option."):
        parsed = parse("list", ({1: "a", Name("prefix"): "p"},))

    assert parsed == ParsedListOptions(prefix="p")


@pytest.mark.parametrize(
    ("given", "position"),
    [((None,), "None"), (({},), "positional options")],
    ids=str,
)
@pytest.mark.parametrize("method", METHODS)
def test_ignores_keywords_combined_with_positional_options(
    method: str, given: Given, position: str
) -> None:
    with warns(
        f"{CALL}…, limit=…): production silently ignores keywords combined with {position}. "
    ):
        parsed = parse(method, given, {"limit": 2**40})

    assert parsed == NOTHING[method]


@pytest.mark.parametrize("method", ["get", "getWithMetadata"])
def test_ignores_keywords_combined_with_a_type(method: str) -> None:
    with warns(f"{CALL}…, cacheTtl=…): production silently ignores keywords combined with a type."):
        parsed = parse(method, ("json",), {"cacheTtl": 60})

    assert parsed == ParsedGetOptions("json")


@pytest.mark.parametrize(
    ("args", "count"),
    [((None,), 1), (({}, 5), 2)],
    ids=str,
)
@pytest.mark.parametrize("first", [None, {}], ids=str)
@pytest.mark.parametrize("method", METHODS)
def test_ignores_arguments_after_the_options(
    method: str, first: Any, args: Given, count: int
) -> None:
    with warns(
        f"{CALL}…): production silently ignores arguments after the options (count: {count}"
    ):
        parsed = parse(method, (first, *args))

    assert parsed == NOTHING[method]


def test_ignores_arguments_after_a_type() -> None:
    with warns(f"{CALL}…): production silently ignores arguments after the options (count: 1)"):
        parsed = parse("get", ("json", {"cacheTtl": 60}))

    assert parsed == ParsedGetOptions("json")


NUMBERS = [("get", "cacheTtl"), ("getWithMetadata", "cacheTtl"), ("list", "limit")]
NUMBERS += [("put", "expiration"), ("put", "expirationTtl")]


@pytest.mark.parametrize("number", [2**31, 1_800_000_000_000, -(2**31) - 1, 3e9, "3000000000"])
@pytest.mark.parametrize(("method", "name"), NUMBERS)
def test_rejects_a_number_beyond_32_bits(method: str, name: str, number: Any) -> None:
    with pytest.raises(KVError) as caught:
        parse(method, kwargs={name: number})

    assert (caught.value.name, str(caught.value)) == ("TypeError", OUT_OF_RANGE)


@pytest.mark.parametrize(("method", "name"), NUMBERS)
def test_rejects_a_bigint(method: str, name: str) -> None:
    with pytest.raises(KVError, match=r"^Cannot convert a BigInt value to a number$"):
        parse(method, ({name: 2**53},))


ARGUMENTS: list[Callable[[Any], tuple[Given, Kwargs]]] = [
    lambda value: ((value,), {}),
    lambda value: (({"any": value},), {}),
    lambda value: (([value],), {}),
    lambda value: ((), {"any": value}),
    lambda value: ((None, value), {}),
    lambda value: ((None, [{"any": value}]), {}),
    lambda value: ((None,), {"any": value}),
]
UNSENDABLE = [
    (tuple, "<class 'tuple'> cannot be sent over RPC."),
    (bytearray, "<class 'bytearray'> cannot be sent over RPC."),
    (lambda: asyncio.sleep(0), "Awaitable <class 'coroutine'> cannot be sent over RPC."),
]


@pytest.mark.parametrize("arguments", ARGUMENTS)
@pytest.mark.parametrize(("make", "message"), UNSENDABLE)
@pytest.mark.parametrize("method", METHODS)
def test_rejects_a_value_that_cannot_be_sent_in_any_argument(
    method: str,
    make: Callable[[], Any],
    message: str,
    arguments: Callable[[Any], tuple[Given, Kwargs]],
) -> None:
    value = make()

    with pytest.raises(TypeError) as caught:
        parse(method, *arguments(value))

    if asyncio.iscoroutine(value):
        value.close()
    assert (type(caught.value), str(caught.value)) == (TypeError, message)


@pytest.mark.parametrize(
    ("args", "kwargs"), [(((),), {}), ((None, [()]), {}), ((), {"any": ()}), ((), {"any": [()]})]
)
def test_delete_rejects_an_argument_that_cannot_be_sent(args: Given, kwargs: Kwargs) -> None:
    with pytest.raises(TypeError, match=r"^<class 'tuple'> cannot be sent over RPC\.$"):
        parse_delete(CALL, args, kwargs)


def test_delete_without_options_does_not_warn() -> None:
    parse_delete(CALL, (), {})


def test_delete_ignores_each_argument_with_a_warning() -> None:
    with pytest.warns(KVUsageWarning) as caught:
        parse_delete(CALL, (None, 1), {"force": True, "type": "json"})

    ignores = "production silently ignores"
    assert [str(warning.message) for warning in caught] == [
        f"{CALL}…): {ignores} arguments after the options (count: 2). Pass options as keywords.",
        f"{CALL}force=…): {ignores} this option. It takes no options.",
        f"{CALL}type=…): {ignores} this option. It takes no options.",
    ]


@pytest.mark.parametrize(
    ("key", "name"),
    [("a", "a"), ("", ""), (Name("a"), "a"), (5, "5"), (1.0, "1"), ("\ud83d\ude00", "😀")],
    ids=ascii,
)
def test_accepts_text_and_numbers_as_keys(key: Any, name: str) -> None:
    assert parse_key("get", key) == name


@pytest.mark.parametrize(
    ("key", "name"),
    [(None, "null"), (True, "true"), (["a", "b"], "a,b"), ({}, "[object Object]"), (b"a", "97")],
    ids=str,
)
def test_other_keys_are_converted_with_a_warning(key: Any, name: str) -> None:
    with warns(f"put({key!r}): production converts this to the single key {name!r}. Pass "):
        assert parse_key("put", key) == name


def test_rejects_a_key_that_cannot_be_sent() -> None:
    with pytest.raises(TypeError, match=r"^<class 'tuple'> cannot be sent over RPC\.$"):
        parse_key("get", ("a",))


@pytest.mark.parametrize(
    ("given", "kwargs"), [(("json",), {}), (({"type": "json"},), {}), ((), {"type": "json"})]
)
async def test_each_form_of_read_options_is_applied(kv: Any, given: Given, kwargs: Any) -> None:
    await kv.put("key", "[1]")

    assert await kv.get("key", *given, **kwargs) == [1]
    assert await kv.get(["key"], *given, **kwargs) == {"key": [1]}
    assert (await kv.getWithMetadata("key", *given, **kwargs)).value == [1]


@pytest.mark.parametrize("as_dict", [True, False])
async def test_each_form_of_put_and_list_options_is_applied(kv: Any, as_dict: bool) -> None:
    write: dict[str, Any] = {"expirationTtl": 60, "metadata": {"a": 1}}
    page: dict[str, Any] = {"prefix": "a", "limit": 1}

    for name in ("a", "ab", "b"):
        await (kv.put(name, "v", write) if as_dict else kv.put(name, "v", **write))
    listed = await (kv.list(page) if as_dict else kv.list(**page))

    expiration = 1_700_000_060
    assert listed["keys"] == [{"name": "a", "expiration": expiration, "metadata": {"a": 1}}]
    assert not listed.list_complete
