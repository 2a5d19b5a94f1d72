"""Log lines of a request: the request, its operations, and the cache status."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from pykvbinding import KVError, KVNamespace, ReadableStream
from pykvbinding._text.glyphs import ASCII, UNICODE, display_width
from pykvbinding.middleware.operation import HistoryEntry
from pykvbinding.server.dev.log_format import duration, operation_lines, request_line, size
from pykvbinding.server.dev.namespaces import DevNamespaces, current_operations
from pykvbinding.wrangler.config import KVBinding

KV = KVBinding(binding="KV", id="kv")


def noted(
    program: Callable[[KVNamespace], Awaitable[object]], **seed: object
) -> list[HistoryEntry]:
    """Return the operations of a program on a namespace in one location."""
    namespaces = DevNamespaces(("LHR",), limits_writes=True)
    namespaces.bind([KV])
    kv: KVNamespace = namespaces.network.env("LHR").KV
    kv.namespace.seed(seed)

    async def run() -> list[HistoryEntry]:
        entries: list[HistoryEntry] = []
        current_operations.set(entries)
        await program(kv)
        return entries

    return asyncio.run(run())


def lines(entries: list[HistoryEntry], columns: int = 100) -> list[str]:
    shown = operation_lines(entries, columns, UNICODE)
    return ["".join(text for text, _ in line).rstrip() for line in shown]


def styles(entries: list[HistoryEntry]) -> list[tuple[str, ...]]:
    return [tuple(style for _, style in line) for line in operation_lines(entries, 100, UNICODE)]


async def visit(kv: KVNamespace) -> None:
    await kv.get("notes:1")
    await kv.get("notes:1")
    await kv.get("absent", cacheTtl=300)
    await kv.put("notes:2", "x" * 1100)


def test_request_is_one_line() -> None:
    line = request_line("GET", "/notes/1?x=y", 200, 0.0012)

    assert "".join(text for text, _ in line) == "GET /notes/1?x=y 200 in 1.2 ms"
    assert [style for _, style in line] == ["bold", "", "green", "dim"]


def test_request_shows_its_location_if_there_are_several() -> None:
    line = request_line("GET", "/", 200, 0.0012, "NRT")

    assert "".join(text for text, _ in line) == "GET / 200 in 1.2 ms at NRT"


@pytest.mark.parametrize(
    ("status", "style"), [(204, "green"), (302, "cyan"), (404, "yellow"), (500, "red")]
)
def test_status_has_the_color_of_its_class(status: int, style: str) -> None:
    assert request_line("GET", "/", status, 0.0)[2] == (str(status), style)


def test_aligns_operations_results_and_cache_status() -> None:
    shown = lines(noted(visit, **{"notes:1": "hello"}))

    assert shown == [
        '    KV.get("notes:1")                5 B      MISS',
        '    KV.get("notes:1")                5 B      HIT',
        '    KV.get("absent", cacheTtl=300)   None     MISS',
        '    KV.put("notes:2")                1.1 kB',
    ]


def test_hit_is_green_and_miss_is_yellow() -> None:
    found = styles(noted(visit, **{"notes:1": "hello"}))

    assert found[:2] == [("", "dim", "yellow"), ("", "dim", "green")]


async def bulk(kv: KVNamespace) -> None:
    await kv.get("a")
    await kv.get(["a", "b", "c"])
    await kv.list()
    await kv.list(prefix="a", limit=1)
    page = await kv.list(limit=1)
    await kv.list(limit=1, cursor=page["cursor"])
    await kv.delete("a")


def test_formats_bulk_reads_and_lists() -> None:
    assert lines(noted(bulk, a="1", b="2")) == [
        '    KV.get("a")                    1 B                    MISS',
        '    KV.get(["a", "b", "c"])        2 of 3                 1 HIT, 2 MISS',
        "    KV.list()                      2 names                MISS",
        '    KV.list(prefix="a", limit=1)   1 name                 MISS',
        "    KV.list(limit=1)               1 name, more to come   MISS",
        "    KV.list(limit=1, cursor=…)     1 name                 MISS",
        '    KV.delete("a")',
    ]


async def rich(kv: KVNamespace) -> None:
    await kv.put("a", "1", metadata={"n": 1})
    await kv.put("b", "1", expirationTtl=60)
    await kv.put("c", ReadableStream([b"12", b"345"]), expirationTtl=60, metadata=1)


def test_put_shows_metadata_and_expiration() -> None:
    assert lines(noted(rich)) == [
        '    KV.put("a")   1 B, metadata',
        '    KV.put("b")   1 B, expiration',
        '    KV.put("c")   5 B, metadata and expiration',
    ]


async def twice(kv: KVNamespace) -> None:
    await kv.put("a", "1")
    with pytest.raises(KVError):
        await kv.put("a", "2")


def test_error_is_red() -> None:
    entries = noted(twice)

    assert lines(entries)[1] == '    KV.put("a")   KV PUT failed: 429 Too Many Requests'
    assert styles(entries)[1][1] == "red"


def test_pending_operation_is_not_finished() -> None:
    entry = HistoryEntry()
    entry.namespace, entry.kind, entry.key, entry.argument = "KV", "get", "a", 60
    entry.returned_nanoseconds = entry.result = entry.error = None

    assert lines([entry]) == ['    KV.get("a")   not finished']


async def strange(kv: KVNamespace) -> None:
    await kv.get('say "hi"')
    await kv.get("two\nlines")
    await kv.get("東京")


def test_escapes_control_characters_of_keys() -> None:
    assert lines(noted(strange)) == [
        '    KV.get("say \\"hi\\"")   None   MISS',
        '    KV.get("two\\nlines")   None   MISS',
        '    KV.get("東京")         None   MISS',
    ]


async def many(kv: KVNamespace) -> None:
    for number in range(15):
        await kv.get(str(number))
    for number in range(2):
        await kv.put(str(number), "")


def test_summarizes_many_operations() -> None:
    shown = lines(noted(many))

    assert len(shown) == 13
    assert shown[-1] == "    … and 5 more: 3 gets, 2 puts"


def test_shows_one_extra_line_instead_of_a_count() -> None:
    assert len(lines(noted(many)[:13])) == 13
    assert "more" not in lines(noted(many)[:13])[-1]


async def wide(kv: KVNamespace) -> None:
    await kv.get("k" * 300)
    await kv.get([f"key-{number}" for number in range(40)])
    with pytest.raises(KVError):
        await kv.put("東" * 100, "x" * 26_214_401)
    await kv.put("東" * 100, "x")
    with pytest.raises(KVError):
        await kv.put("東" * 100, "x")


@pytest.mark.parametrize("columns", [40, 60, 80, 100, 200])
def test_lines_fit_the_terminal(columns: int) -> None:
    entries = noted(wide)

    for shown in lines(entries, max(columns, 60)):
        assert display_width(shown) <= max(columns, 60)
    assert all(")" in shown for shown in lines(entries, columns))


def test_no_operations_give_no_lines() -> None:
    assert lines([]) == []


def test_ascii_glyphs_use_ascii_dots() -> None:
    shown = operation_lines(noted(many), 100, ASCII)

    assert shown[-1][0][0].strip().startswith("... and 5 more")


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0.0 ms"),
        (0.00123, "1.2 ms"),
        (0.0123, "12 ms"),
        (0.9, "900 ms"),
        (1.24, "1.2 s"),
        (75.2, "75 s"),
    ],
)
def test_durations_have_about_two_digits(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (1100, "1.1 kB"),
        (9949, "9.9 kB"),
        (9951, "10 kB"),
        (999_400, "999 kB"),
        (999_500, "1.0 MB"),
        (26_214_400, "26 MB"),
        (999_500_000, "1.0 GB"),
    ],
)
def test_sizes_have_about_two_digits(number: int, shown: str) -> None:
    assert size(number) == shown
