"""Messages and locations of usage warnings."""

import sys
from typing import Any

import pytest

from pykvbinding import KVNamespace, KVUsageWarning, ReadableStream, usage_warnings
from pykvbinding.kv.options import GET_OPTIONS, LIST_OPTIONS, PUT_OPTIONS


def _line(distance: int) -> int:
    """Return the line number `distance` below the caller's line."""
    return sys._getframe(1).f_lineno + distance


def _place(caught: pytest.WarningsRecorder) -> tuple[str, int]:
    assert len(caught) == 1
    return caught[0].filename, caught[0].lineno


async def test_a_warning_of_put_has_the_location_of_the_await(kv: Any) -> None:
    line = _line(3)

    with pytest.warns(KVUsageWarning, match=r"expiration_ttl") as caught:
        await kv.put("key", "v", expiration_ttl=60)

    assert _place(caught) == (__file__, line)


async def test_a_warning_of_get_has_the_location_of_the_await(kv: Any) -> None:
    line = _line(3)

    with pytest.warns(KVUsageWarning, match=r"combined with a type") as caught:
        await kv.get("key", "json", cacheTtl=60)

    assert _place(caught) == (__file__, line)


async def test_a_warning_about_a_result_has_the_location_of_the_await(kv: KVNamespace) -> None:
    await kv.put("key", "9007199254740993")
    line = _line(3)

    with pytest.warns(KVUsageWarning, match=r"^get\('key', type='json'\) reads") as caught:
        await kv.get("key", "json")

    assert _place(caught) == (__file__, line)


async def test_a_warning_of_a_bulk_read_has_the_location_of_the_await(
    kv: KVNamespace,
) -> None:
    line = _line(3)

    with pytest.warns(KVUsageWarning, match=r"^get\(\[…\]\) reads '1234'") as caught:
        await kv.get(["1234"])

    assert _place(caught) == (__file__, line)


async def test_a_warning_in_a_handler_has_the_location_in_the_handler(kv: Any) -> None:
    async def handle() -> int:
        line = _line(1)
        await kv.list(max=5)
        return line

    with pytest.warns(KVUsageWarning, match=r"^list\(max=…\)") as caught:
        line = await handle()

    assert _place(caught) == (__file__, line)


async def test_a_warning_of_a_put_of_a_stream_has_the_location_of_the_await(kv: Any) -> None:
    line = _line(3)

    with pytest.warns(KVUsageWarning, match=r"metdata") as caught:
        await kv.put("key", ReadableStream([b"a"]), metdata={"a": 1})

    assert _place(caught) == (__file__, line)


def test_a_warning_from_outside_the_package_has_its_own_location() -> None:
    line = _line(3)

    with pytest.warns(KVUsageWarning, match=r"^text$") as caught:
        usage_warnings.warn("text")

    assert _place(caught) == (__file__, line)


def test_a_package_with_a_common_name_prefix_is_external() -> None:
    namespace: dict[str, Any] = {"__name__": "pykvbinding_extras", "warn": usage_warnings.warn}

    with pytest.warns(KVUsageWarning, match=r"^text$") as caught:
        exec(compile("\n\nwarn('text')", "extras.py", "exec"), namespace)

    assert _place(caught) == ("extras.py", 3)


def test_a_module_without_a_name_is_external() -> None:
    internal: dict[str, Any] = {"__name__": "pykvbinding.inner", "warn": usage_warnings.warn}
    nameless: dict[str, Any] = {"internal": internal, "exec": exec}
    source = "\n\n\nexec('warn(1)', internal)"

    with pytest.warns(KVUsageWarning, match=r"^1$") as caught:
        exec(compile(source, "nameless.py", "exec"), nameless)

    assert _place(caught) == ("nameless.py", 4)


SEVERAL = "several keys as a list of str"
KEYS: list[tuple[str, Any, str, str, str]] = [
    ("get", None, "null", "get(None)", "the key as a str"),
    ("delete", True, "true", "delete(True)", "the key as a str"),
    ("put", ["a", "b"], "a,b", "put(['a', 'b'])", "one key at a time"),
    ("delete", {"a"}, "[object Set]", "delete({'a'})", "one key at a time"),
    ("get", {"a": 1}, "[object Object]", "get({'a': 1})", SEVERAL),
    ("getWithMetadata", {"a"}, "[object Set]", "getWithMetadata({'a'})", SEVERAL),
    ("put", ["a" * 36], "a" * 36, f"put(['{'a' * 36}'])", "one key at a time"),
    ("put", ["a" * 37], "a" * 37, "put(list)", "one key at a time"),
    ("get", b"d" * 50, "100,…", "get(bytes)", "the key as a str"),
]


@pytest.mark.parametrize(("method", "given", "key", "call", "hint"), KEYS)
def test_key_coerced_shows_the_resulting_key(
    method: str, given: Any, key: str, call: str, hint: str
) -> None:
    text = usage_warnings.key_coerced(method, given, key)

    assert text == f"{call}: production converts this to the single key {key!r}. Pass {hint}."


MISSPELT = [
    ("expiration_ttl", PUT_OPTIONS, "expirationTtl"),
    ("expirationTTL", PUT_OPTIONS, "expirationTtl"),
    ("expiration-ttl", PUT_OPTIONS, "expirationTtl"),
    ("Expiration", PUT_OPTIONS, "expiration"),
    ("metdata", PUT_OPTIONS, "metadata"),
    ("meta_data", PUT_OPTIONS, "metadata"),
    ("cachettl", GET_OPTIONS, "cacheTtl"),
    ("cache_ttl", GET_OPTIONS, "cacheTtl"),
    ("typ", GET_OPTIONS, "type"),
    ("limits", LIST_OPTIONS, "limit"),
]


@pytest.mark.parametrize(("option", "known", "meant"), MISSPELT)
def test_unknown_option_suggests_the_closest_option(
    option: str, known: tuple[str, ...], meant: str
) -> None:
    text = usage_warnings.unknown_option(usage_warnings.format_call("put", "key"), option, known)

    assert text == (
        f"put('key', {option}=…): production silently ignores this option. Write {meant}=… instead."
    )


def test_unknown_option_without_a_close_match_lists_all_options() -> None:
    text = usage_warnings.unknown_option(usage_warnings.format_call("list"), "colour", LIST_OPTIONS)

    assert text == (
        "list(colour=…): production silently ignores this option. "
        "Valid options: cursor, limit, prefix."
    )


def test_unknown_option_of_a_method_without_options() -> None:
    text = usage_warnings.unknown_option(usage_warnings.format_call("delete", "key"), "type", ())

    assert text.endswith("ignores this option. It takes no options.")


TEXTS: list[tuple[str, str, str, str]] = [
    (
        usage_warnings.value_is_none("key"),
        "put('key', None): ",
        'production stores the text "null", which reads back as a str, not as None.',
        "Call delete(key) to remove it, or pass json.dumps(None) to store JSON.",
    ),
    (
        usage_warnings.keywords_ignored(
            usage_warnings.format_bulk_call("get"), ["cacheTtl"], "positional options"
        ),
        "get([…], …, cacheTtl=…): ",
        "production silently ignores keywords combined with positional options.",
        "Pass all options as keywords, or all in one dict.",
    ),
    (
        usage_warnings.extra_arguments_ignored(usage_warnings.format_call("put", "x" * 41), 1),
        f"put('{'x' * 40}'…, …): ",
        "production silently ignores arguments after the options (count: 1).",
        "Pass options as keywords.",
    ),
    (
        usage_warnings.extra_arguments_ignored(usage_warnings.format_call("put", "x" * 40), 2),
        f"put('{'x' * 40}', …): ",
        "production silently ignores arguments after the options (count: 2).",
        "Pass options as keywords.",
    ),
    (
        usage_warnings.options_not_a_dict(usage_warnings.format_call("list"), ["limit"]),
        "list(['limit']): ",
        "production silently ignores options passed as a list.",
        "Pass keywords or one dict.",
    ),
    (
        usage_warnings.metadata_changed("key", "a set", "{}"),
        "put('key', …, metadata=…) contains a set: ",
        "production stores {} instead, as JSON.stringify does, and the original is lost.",
        "Pass only JSON values.",
    ),
    (
        usage_warnings.digits_lost("key", "9007199254740993", 9007199254740992.0),
        "get('key', type='json') reads the integer 9007199254740993, ",
        "production (and this emulator) returns 9007199254740992.0.",
        "Store such ids as strings.",
    ),
    (
        usage_warnings.digits_lost("key", "9" * 400, float("inf")),
        f"get('key', type='json') reads the integer {'9' * 40}, ",
        "production (and this emulator) returns inf.",
        "Store such ids as strings.",
    ),
    (
        usage_warnings.names_dropped("get", ["1", "2", "3", "4"]),
        "get([…]) reads '1', '2', '3': ",
        "the runtime drops keys that look like integers, and __proto__.",
        "Add a prefix to the keys, or read these one at a time.",
    ),
    (
        usage_warnings.metadata_of_null_lost("key"),
        "getWithMetadata([…, 'key'], type='json'): the value is JSON null, ",
        "production returns None as for a missing key, so the metadata is lost.",
        "Read this key alone, or store a value other than null.",
    ),
]


@pytest.mark.parametrize(("text", "written", "done", "instead"), TEXTS)
def test_messages_have_the_call_the_behaviour_and_the_alternative(
    text: str, written: str, done: str, instead: str
) -> None:
    assert text.startswith(written)
    assert done in text
    assert text.endswith(instead)
