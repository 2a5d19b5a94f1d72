"""The warnings: what was written, what production does, what to write; and whose line it is."""

import sys
from typing import Any

import pytest

from pykvbinding import KVNamespace, KVUsageWarning, ReadableStream, usage_warnings
from pykvbinding.kv.options import GET_OPTIONS, LIST_OPTIONS, PUT_OPTIONS


def _line(distance: int) -> int:
    """The line `distance` below the caller's."""
    return sys._getframe(1).f_lineno + distance


def _place(caught: pytest.WarningsRecorder) -> tuple[str, int]:
    assert len(caught) == 1
    return caught[0].filename, caught[0].lineno


async def test_a_warning_of_put_points_at_the_line_that_awaits_it(kv: Any) -> None:
    line = _line(3)

    with pytest.warns(KVUsageWarning, match=r"expiration_ttl") as caught:
        await kv.put("key", "v", expiration_ttl=60)

    assert _place(caught) == (__file__, line)


async def test_a_warning_of_get_points_at_the_line_that_awaits_it(kv: Any) -> None:
    line = _line(3)

    with pytest.warns(KVUsageWarning, match=r"beside a type") as caught:
        await kv.get("key", "json", cacheTtl=60)

    assert _place(caught) == (__file__, line)


async def test_a_warning_of_an_answer_points_at_the_line_that_awaits_it(kv: KVNamespace) -> None:
    await kv.put("key", "9007199254740993")
    line = _line(3)

    with pytest.warns(KVUsageWarning, match=r"^get\('key', type='json'\) holds") as caught:
        await kv.get("key", "json")

    assert _place(caught) == (__file__, line)


async def test_a_warning_of_a_multi_key_read_points_at_the_line_that_awaits_it(
    kv: KVNamespace,
) -> None:
    line = _line(3)

    with pytest.warns(KVUsageWarning, match=r"^get\(\[…\]\) names '1234'") as caught:
        await kv.get(["1234"])

    assert _place(caught) == (__file__, line)


async def test_a_warning_points_at_the_handler_that_the_test_calls(kv: Any) -> None:
    async def handle() -> int:
        line = _line(1)
        await kv.list(max=5)
        return line

    with pytest.warns(KVUsageWarning, match=r"^list\(max=…\)") as caught:
        line = await handle()

    assert _place(caught) == (__file__, line)


async def test_a_warning_points_at_a_put_that_also_reads_a_stream(kv: Any) -> None:
    line = _line(3)

    with pytest.warns(KVUsageWarning, match=r"metdata") as caught:
        await kv.put("key", ReadableStream([b"a"]), metdata={"a": 1})

    assert _place(caught) == (__file__, line)


def test_a_call_from_outside_the_package_points_at_its_own_line() -> None:
    line = _line(3)

    with pytest.warns(KVUsageWarning, match=r"^text$") as caught:
        usage_warnings.warn("text")

    assert _place(caught) == (__file__, line)


def test_a_package_with_a_longer_name_is_not_ours() -> None:
    namespace: dict[str, Any] = {"__name__": "pykvbinding_extras", "warn": usage_warnings.warn}

    with pytest.warns(KVUsageWarning, match=r"^text$") as caught:
        exec(compile("\n\nwarn('text')", "extras.py", "exec"), namespace)

    assert _place(caught) == ("extras.py", 3)


def test_a_module_of_ours_and_a_module_without_a_name_are_told_apart() -> None:
    ours: dict[str, Any] = {"__name__": "pykvbinding.inner", "warn": usage_warnings.warn}
    nameless: dict[str, Any] = {"ours": ours, "exec": exec}
    source = "\n\n\nexec('warn(1)', ours)"

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
def test_a_coerced_key_is_named_with_what_becomes_of_it(
    method: str, given: Any, key: str, call: str, hint: str
) -> None:
    text = usage_warnings.key_coerced(method, given, key)

    assert text == f"{call}: production turns this into the one key {key!r}. Pass {hint}."


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
def test_a_misspelt_option_is_answered_with_the_one_that_was_meant(
    option: str, known: tuple[str, ...], meant: str
) -> None:
    text = usage_warnings.unknown_option(usage_warnings.call("put", "key"), option, known)

    assert text == (
        f"put('key', {option}=…): production silently ignores this option. Write {meant}=… instead."
    )


def test_an_option_like_no_other_is_answered_with_all_there_are() -> None:
    text = usage_warnings.unknown_option(usage_warnings.call("list"), "colour", LIST_OPTIONS)

    assert text == (
        "list(colour=…): production silently ignores this option. "
        "What it takes: cursor, limit, prefix."
    )


def test_an_option_where_there_are_none_is_answered_with_that() -> None:
    text = usage_warnings.unknown_option(usage_warnings.call("delete", "key"), "type", ())

    assert text.endswith("ignores this option. It takes none.")


TEXTS: list[tuple[str, str, str, str]] = [
    (
        usage_warnings.value_is_none("key"),
        "put('key', None): ",
        'production stores the text "null", which reads back as a str, not as None.',
        "Write delete(key) to remove it, or json.dumps(None) if you mean JSON.",
    ),
    (
        usage_warnings.keywords_ignored(
            usage_warnings.call_of_many("get"), ["cacheTtl"], "positional options"
        ),
        "get([…], …, cacheTtl=…): beside positional options, ",
        "production silently ignores keywords.",
        "Write all options as keywords, or all in one dict.",
    ),
    (
        usage_warnings.extra_arguments_ignored(usage_warnings.call("put", "x" * 41), 1),
        f"put('{'x' * 40}'…, …): ",
        "production silently ignores what stands behind the options (arguments: 1).",
        "Write options as keywords.",
    ),
    (
        usage_warnings.extra_arguments_ignored(usage_warnings.call("put", "x" * 40), 2),
        f"put('{'x' * 40}', …): ",
        "production silently ignores what stands behind the options (arguments: 2).",
        "Write options as keywords.",
    ),
    (
        usage_warnings.options_not_a_dict(usage_warnings.call("list"), ["limit"]),
        "list(['limit']): ",
        "production finds no options in a list and silently goes without.",
        "Write keywords or one dict.",
    ),
    (
        usage_warnings.metadata_changed("key", "a set", "{}"),
        "put('key', …, metadata=…) holds a set: ",
        "production writes {} for it, as JSON.stringify does, and it does not come back.",
        "Pass JSON values only.",
    ),
    (
        usage_warnings.digits_lost("key", "9007199254740993", 9007199254740992.0),
        "get('key', type='json') holds the integer 9007199254740993: ",
        "so production (and this emulator) reads 9007199254740992.0.",
        "Store such ids as strings.",
    ),
    (
        usage_warnings.digits_lost("key", "9" * 400, float("inf")),
        f"get('key', type='json') holds the integer {'9' * 40}: ",
        "so production (and this emulator) reads inf.",
        "Store such ids as strings.",
    ),
    (
        usage_warnings.names_dropped("get", ["1", "2", "3", "4"]),
        "get([…]) names '1', '2', '3': ",
        "the runtime drops names that look like integers, and __proto__.",
        "Give keys a prefix, or read these one by one.",
    ),
    (
        usage_warnings.metadata_of_null_lost("key"),
        "getWithMetadata([…, 'key'], type='json'): its value is JSON null, ",
        "production answers None as for a missing key, so its metadata is lost.",
        "Read this key alone, or store something else than null.",
    ),
]


@pytest.mark.parametrize(("text", "written", "done", "instead"), TEXTS)
def test_a_warning_says_what_was_written_what_production_does_and_what_to_write(
    text: str, written: str, done: str, instead: str
) -> None:
    assert text.startswith(written)
    assert done in text
    assert text.endswith(instead)
