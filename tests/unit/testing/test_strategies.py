"""What the strategies draw the platform accepts, it shrinks to little, and prints as code."""

import json
import subprocess
import sys
import warnings
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from pykvbinding import KVNamespace, Limits, VirtualClock
from pykvbinding.js.core.coercion import INT32_MAX
from pykvbinding.storage.record import Record
from pykvbinding.testing import registration, strategies
from pykvbinding.testing.strategies import METHODS, Operation, namespace_of
from tests.support.assertions import complete
from tests.support.stores import START

SOON = settings(max_examples=2000, database=None, derandomize=True)


def least(strategy: st.SearchStrategy[Any], that: Callable[[Any], bool] = lambda _: True) -> Any:
    """The simplest example, as Hypothesis shrinks it."""
    return find(strategy, that, settings=SOON)


@given(strategies.keys())
def test_a_key_is_one_that_put_takes(key: str) -> None:
    kv = KVNamespace()

    complete(kv.put(key, "value"))

    assert complete(kv.get(key)) == "value"


@given(st.data(), st.integers(1, 512), st.integers(1, 512))
def test_the_sizes_of_keys_are_bytes(data: st.DataObject, first: int, second: int) -> None:
    smallest, largest = sorted((first, second))

    key = data.draw(strategies.keys(min_size=smallest, max_size=largest))

    assert smallest <= len(key.encode()) <= largest
    assert key not in (".", "..")


def test_a_key_may_have_letters_of_any_width() -> None:
    def begins_with(width: int) -> Callable[[str], bool]:
        return lambda key: len(key[0].encode()) == width

    letters = [least(strategies.keys(max_size=4), begins_with(width)) for width in (1, 2, 3, 4)]

    assert list(map(len, letters)) == [1, 1, 1, 1]


def test_a_key_shrinks_to_one_letter() -> None:
    assert least(strategies.keys()) == "0"


def test_a_long_key_shrinks_to_the_shortest_that_is_long() -> None:
    assert least(strategies.keys(min_size=5)) == "00000"


@given(strategies.values())
def test_a_value_comes_back_as_the_bytes_that_it_is(value: str | bytes) -> None:
    kv = KVNamespace()

    complete(kv.put("key", value))

    raw = value.encode() if isinstance(value, str) else value
    assert bytes(complete(kv.get("key", "arrayBuffer")) or b"") == raw


@given(st.data(), st.integers(0, 40), st.integers(0, 40))
def test_the_sizes_of_values_are_bytes(data: st.DataObject, first: int, second: int) -> None:
    smallest, largest = sorted((first, second))

    value = data.draw(strategies.values(min_size=smallest, max_size=largest))

    assert smallest <= len(value.encode() if isinstance(value, str) else value) <= largest


def test_a_value_shrinks_to_no_text() -> None:
    assert least(strategies.values()) == ""


def test_a_value_may_be_bytes() -> None:
    assert least(strategies.values(), lambda value: isinstance(value, bytes)) == b""


@given(strategies.metadata())
def test_metadata_comes_back_as_it_was_put_and_nothing_is_warned_of(metadata: Any) -> None:
    kv = KVNamespace()

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        complete(kv.put("key", "value", metadata=metadata))

    assert complete(kv.getWithMetadata("key")).metadata == metadata


@given(st.data(), st.integers(4, 64))
def test_the_size_of_metadata_is_that_of_its_json(data: st.DataObject, size: int) -> None:
    metadata = data.draw(strategies.metadata(max_size=size))

    complete(KVNamespace(limits=Limits(max_metadata_bytes=size)).put("key", "", metadata=metadata))


def test_metadata_shrinks_to_none() -> None:
    assert least(strategies.metadata()) is None


@given(st.data(), st.integers(0, INT32_MAX - 60))
def test_put_options_are_valid_at_the_given_instant(data: st.DataObject, now: int) -> None:
    options = data.draw(strategies.put_options(now=now + 0.5 if now < INT32_MAX - 60 else now))
    kv = KVNamespace(clock=VirtualClock(now))

    complete(kv.put("key", "value", options))

    listed = complete(kv.list())["keys"][0]
    assert listed.get("expiration", now + 60) in range(now + 60, INT32_MAX + 1)


def test_put_options_shrink_to_none_at_all() -> None:
    assert least(strategies.put_options()) == {}


def test_each_put_option_comes_and_shrinks_to_the_minimum() -> None:
    def has(name: str) -> Callable[[dict[str, Any]], bool]:
        return lambda options: name in options

    names = ("expirationTtl", "expiration", "metadata")

    drawn = [least(strategies.put_options(), has(name)) for name in names]

    assert drawn == [{"expirationTtl": 60}, {"expiration": START + 60}, {"metadata": None}]


@given(st.lists(strategies.operations(), max_size=10), st.integers(0, 10_000))
def test_an_operation_can_be_applied_at_any_time(operations: list[Operation], wait: int) -> None:
    kv = KVNamespace(clock=VirtualClock(START))

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for operation in operations:
            complete(operation.apply(kv))
            kv.namespace.clock.advance(wait)  # type: ignore[attr-defined]


@given(strategies.operations())
def test_an_operation_prints_as_the_call_that_it_makes(operation: Operation) -> None:
    calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []

    class Recorder:
        def __getattr__(self, method: str) -> Callable[..., None]:
            return lambda *given, **named: calls.append((method, given, named))

    operation.apply(Recorder())
    eval(repr(operation), {"kv": Recorder()})

    assert calls[0] == calls[1]


@pytest.mark.parametrize(
    ("method", "printed"),
    [
        ("get", "kv.get('a')"),
        ("getWithMetadata", "kv.getWithMetadata('a')"),
        ("put", "kv.put('a', '')"),
        ("delete", "kv.delete('a')"),
        ("list", "kv.list()"),
    ],
)
def test_an_operation_shrinks_to_the_barest_call(method: str, printed: str) -> None:
    assert repr(least(strategies.operations(methods=[method]))) == printed


@pytest.mark.parametrize("method", METHODS)
def test_every_method_comes(method: str) -> None:
    unshrunk = settings(SOON, phases=[Phase.generate])

    assert find(strategies.operations(), lambda drawn: drawn.method == method, settings=unshrunk)


def test_operations_take_the_keys_and_values_that_they_are_given() -> None:
    drawn = strategies.operations(methods=["put"], keys=st.just("mine"), values=st.just(b"x"))

    assert repr(least(drawn)) == "kv.put('mine', b'x')"


seen: list[KVNamespace] = []


@settings(max_examples=20)
@given(strategies.namespaces())
def test_every_example_has_an_empty_namespace_of_its_own(kv: KVNamespace) -> None:
    assert kv not in seen
    assert len(kv.namespace) == 0
    assert kv.namespace.clock.now() == START

    complete(kv.put("key", "value"))
    seen.append(kv)


@given(strategies.namespaces(min_size=2, max_size=4))
def test_a_namespace_may_hold_something_at_first(kv: KVNamespace) -> None:
    assert 2 <= len(kv.namespace) <= 4


def test_a_namespace_stands_on_the_keys_values_start_and_limits_that_it_is_given() -> None:
    limits = Limits(min_cache_ttl=30)

    kv = least(
        strategies.namespaces(
            min_size=1,
            max_size=1,
            keys=st.just("mine"),
            values=st.just("x"),
            start=1_800_000_000,
            limits=limits,
        )
    )

    assert kv.namespace.peek("mine") == "x"
    assert (kv.namespace.clock.now(), kv.namespace.limits) == (1_800_000_000, limits)


def test_a_failing_example_prints_what_its_namespace_held() -> None:
    @settings(database=None, derandomize=True)
    @given(strategies.namespaces(min_size=1, max_size=3))
    def fails(kv: KVNamespace) -> None:
        raise AssertionError

    with pytest.raises(AssertionError) as caught:
        fails()

    assert "kv=namespace_of({'a': ''})" in "".join(caught.value.__notes__)


def test_what_is_printed_makes_the_same_namespace_again() -> None:
    items = {"a": ("b", {"expirationTtl": 60})}

    kv = namespace_of(items)

    assert kv.namespace.peek_entry("a") == {
        "value": "b",
        "metadata": None,
        "expiration": START + 60,
    }


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (
            lambda: strategies.keys(min_size=0),
            "keys(min_size=0, max_size=512): sizes are in order, 1 <= min_size <= max_size <= 512",
        ),
        (
            lambda: strategies.keys(max_size=513),
            "keys(min_size=1, max_size=513): sizes are in order, 1 <= min_size <= max_size <= 512",
        ),
        (
            lambda: strategies.values(min_size=2, max_size=1),
            "values(min_size=2, max_size=1): sizes are in order, "
            "0 <= min_size <= max_size <= 26214400",
        ),
        (
            lambda: strategies.metadata(max_size=3),
            "metadata(min_size=4, max_size=3): sizes are in order, "
            "4 <= min_size <= max_size <= 1024",
        ),
        (
            lambda: strategies.namespaces(min_size=1),
            "namespaces(min_size=1, max_size=0): sizes are in order, 0 <= min_size <= max_size",
        ),
        (
            lambda: strategies.put_options(now=INT32_MAX - 59),
            "put_options(now=2147483588): seconds since the epoch, at which something can still "
            "expire a minute later; the latest expiration is 2147483647",
        ),
        (
            lambda: strategies.operations(methods=["set"]),
            "operations(methods=['set']): some of get, getWithMetadata, put, delete, list",
        ),
        (
            lambda: strategies.operations(methods=[]),
            "operations(methods=[]): some of get, getWithMetadata, put, delete, list",
        ),
    ],
)
def test_a_bad_argument_is_refused_as_hypothesis_refuses_it(
    call: Callable[[], object], text: str
) -> None:
    with pytest.raises(InvalidArgument) as caught:
        call()

    assert str(caught.value) == text


def test_hypothesis_draws_our_types_once_they_are_registered() -> None:
    registration.register()

    kv = least(st.from_type(KVNamespace), lambda kv: len(kv.namespace) > 0)
    operation = least(st.from_type(Operation))
    clock = least(st.from_type(VirtualClock))

    assert (kv.namespace.peek("a"), kv.namespace.clock.now()) == ("", START)
    assert isinstance(operation, Operation)
    assert clock.now() == START


@given(st.data())
def test_a_record_is_one_that_a_store_may_hold(data: st.DataObject) -> None:
    registration.register()

    record = data.draw(st.from_type(Record))

    assert record.metadata is None or json.loads(record.metadata) is not None
    assert record.expiration is None or START + 60 <= record.expiration <= INT32_MAX


def test_a_plain_record_is_what_a_record_shrinks_to() -> None:
    registration.register()

    assert least(st.from_type(Record)) == Record("")


def test_strategies_can_be_imported_before_hypothesis() -> None:
    code = (
        "from pykvbinding.testing.strategies import Operation\n"
        "from hypothesis import find, strategies as st\n"
        "print(type(find(st.from_type(Operation), lambda _: True)).__name__)"
    )

    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout

    assert printed == "Operation\n"


def test_registering_draws_nothing_and_imports_nothing_heavy() -> None:
    code = (
        "import sys, hypothesis; before = set(sys.modules)\n"
        "from pykvbinding.testing import registration; registration.register()\n"
        "print(*sorted(m for m in {'asyncio', 'pytest', 'msgpack', 'hypothesis.stateful'} "
        "if m in sys.modules and m not in before))"
    )

    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout

    assert printed == "\n"
