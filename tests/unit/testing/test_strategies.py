"""The strategies draw valid input, shrink to simple examples, and print as code."""

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
from pykvbinding.testing.strategies import METHODS, StrategyCall, make_namespace
from tests.support.assertions import complete
from tests.support.stores import START

THOROUGH = settings(max_examples=2000, database=None, derandomize=True)


def simplest(
    strategy: st.SearchStrategy[Any], predicate: Callable[[Any], bool] = lambda _: True
) -> Any:
    """Return the simplest example that satisfies `predicate`."""
    return find(strategy, predicate, settings=THOROUGH)


@given(strategies.keys())
def test_keys_are_valid_for_put(key: str) -> None:
    kv = KVNamespace()

    complete(kv.put(key, "value"))

    assert complete(kv.get(key)) == "value"


@given(st.data(), st.integers(1, 512), st.integers(1, 512))
def test_key_sizes_are_in_bytes(data: st.DataObject, first: int, second: int) -> None:
    smallest, largest = sorted((first, second))

    key = data.draw(strategies.keys(min_size=smallest, max_size=largest))

    assert smallest <= len(key.encode()) <= largest
    assert key not in (".", "..")


def test_keys_have_characters_of_any_utf8_length() -> None:
    def begins_with(width: int) -> Callable[[str], bool]:
        return lambda key: len(key[0].encode()) == width

    letters = [simplest(strategies.keys(max_size=4), begins_with(width)) for width in (1, 2, 3, 4)]

    assert list(map(len, letters)) == [1, 1, 1, 1]


def test_keys_shrink_to_one_character() -> None:
    assert simplest(strategies.keys()) == "0"


def test_keys_shrink_to_the_minimum_size() -> None:
    assert simplest(strategies.keys(min_size=5)) == "00000"


@given(strategies.values())
def test_a_read_returns_the_bytes_of_the_value(value: str | bytes) -> None:
    kv = KVNamespace()

    complete(kv.put("key", value))

    raw = value.encode() if isinstance(value, str) else value
    assert bytes(complete(kv.get("key", "arrayBuffer")) or b"") == raw


@given(st.data(), st.integers(0, 40), st.integers(0, 40))
def test_value_sizes_are_in_bytes(data: st.DataObject, first: int, second: int) -> None:
    smallest, largest = sorted((first, second))

    value = data.draw(strategies.values(min_size=smallest, max_size=largest))

    assert smallest <= len(value.encode() if isinstance(value, str) else value) <= largest


def test_values_shrink_to_empty_text() -> None:
    assert simplest(strategies.values()) == ""


def test_values_may_be_bytes() -> None:
    assert simplest(strategies.values(), lambda value: isinstance(value, bytes)) == b""


@given(strategies.metadata())
def test_a_read_returns_the_metadata_without_a_warning(metadata: Any) -> None:
    kv = KVNamespace()

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        complete(kv.put("key", "value", metadata=metadata))

    assert complete(kv.getWithMetadata("key")).metadata == metadata


@given(st.data(), st.integers(4, 64))
def test_metadata_size_is_that_of_its_json_text(data: st.DataObject, size: int) -> None:
    metadata = data.draw(strategies.metadata(max_size=size))

    complete(KVNamespace(limits=Limits(max_metadata_bytes=size)).put("key", "", metadata=metadata))


def test_metadata_shrinks_to_none() -> None:
    assert simplest(strategies.metadata()) is None


@given(st.data(), st.integers(0, INT32_MAX - 60))
def test_put_options_are_valid_at_the_given_instant(data: st.DataObject, now: int) -> None:
    options = data.draw(strategies.put_options(now=now + 0.5 if now < INT32_MAX - 60 else now))
    kv = KVNamespace(clock=VirtualClock(now))

    complete(kv.put("key", "value", options))

    listed = complete(kv.list())["keys"][0]
    assert listed.get("expiration", now + 60) in range(now + 60, INT32_MAX + 1)


def test_put_options_shrink_to_an_empty_dict() -> None:
    assert simplest(strategies.put_options()) == {}


def test_every_put_option_is_drawn_and_shrinks_to_its_minimum() -> None:
    def has(name: str) -> Callable[[dict[str, Any]], bool]:
        return lambda options: name in options

    names = ("expirationTtl", "expiration", "metadata")

    options = [simplest(strategies.put_options(), has(name)) for name in names]

    assert options == [{"expirationTtl": 60}, {"expiration": START + 60}, {"metadata": None}]


@given(st.lists(strategies.operations(), max_size=10), st.integers(0, 10_000))
def test_an_operation_is_valid_at_any_time(operations: list[StrategyCall], wait: int) -> None:
    kv = KVNamespace(clock=VirtualClock(START))

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for operation in operations:
            complete(operation.apply(kv))
            kv.namespace.clock.advance(wait)  # type: ignore[attr-defined]


@given(strategies.operations())
def test_the_repr_of_an_operation_is_its_call(operation: StrategyCall) -> None:
    calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []

    class Recorder:
        def __getattr__(self, method: str) -> Callable[..., None]:
            return lambda *args, **kwargs: calls.append((method, args, kwargs))

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
def test_operations_shrink_to_the_simplest_call(method: str, printed: str) -> None:
    assert repr(simplest(strategies.operations(methods=[method]))) == printed


@pytest.mark.parametrize("method", METHODS)
def test_every_method_is_drawn(method: str) -> None:
    unshrunk = settings(THOROUGH, phases=[Phase.generate])

    assert find(strategies.operations(), lambda call: call.method == method, settings=unshrunk)


def test_operations_use_the_given_keys_and_values() -> None:
    calls = strategies.operations(methods=["put"], keys=st.just("mine"), values=st.just(b"x"))

    assert repr(simplest(calls)) == "kv.put('mine', b'x')"


examples: list[KVNamespace] = []


@settings(max_examples=20)
@given(strategies.namespaces())
def test_every_example_gets_a_new_empty_namespace(kv: KVNamespace) -> None:
    assert kv not in examples
    assert len(kv.namespace) == 0
    assert kv.namespace.clock.now() == START

    complete(kv.put("key", "value"))
    examples.append(kv)


@given(strategies.namespaces(min_size=2, max_size=4))
def test_namespaces_have_the_given_number_of_keys(kv: KVNamespace) -> None:
    assert 2 <= len(kv.namespace) <= 4


def test_namespaces_use_the_given_keys_values_start_and_limits() -> None:
    limits = Limits(min_cache_ttl=30)

    kv = simplest(
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


def test_a_failing_example_prints_the_initial_content() -> None:
    @settings(database=None, derandomize=True)
    @given(strategies.namespaces(min_size=1, max_size=3))
    def fails(kv: KVNamespace) -> None:
        raise AssertionError

    with pytest.raises(AssertionError) as caught:
        fails()

    assert "kv=make_namespace({'a': ''})" in "".join(caught.value.__notes__)


def test_the_printed_call_makes_the_same_namespace() -> None:
    items = {"a": ("b", {"expirationTtl": 60})}

    kv = make_namespace(items)

    assert kv.namespace.peek_entry("a") == {
        "value": "b",
        "metadata": None,
        "expiration": START + 60,
    }


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: strategies.keys(min_size=0),
            "keys(min_size=0, max_size=512): expected 1 <= min_size <= max_size <= 512",
        ),
        (
            lambda: strategies.keys(max_size=513),
            "keys(min_size=1, max_size=513): expected 1 <= min_size <= max_size <= 512",
        ),
        (
            lambda: strategies.values(min_size=2, max_size=1),
            "values(min_size=2, max_size=1): expected 0 <= min_size <= max_size <= 26214400",
        ),
        (
            lambda: strategies.metadata(max_size=3),
            "metadata(min_size=4, max_size=3): expected 4 <= min_size <= max_size <= 1024",
        ),
        (
            lambda: strategies.namespaces(min_size=1),
            "namespaces(min_size=1, max_size=0): expected 0 <= min_size <= max_size",
        ),
        (
            lambda: strategies.put_options(now=INT32_MAX - 59),
            "put_options(now=2147483588): seconds since the epoch, at least 60 before the "
            "latest expiration, which is 2147483647",
        ),
        (
            lambda: strategies.operations(methods=["set"]),
            "operations(methods=['set']): "
            "expected one or more of get, getWithMetadata, put, delete, list",
        ),
        (
            lambda: strategies.operations(methods=[]),
            "operations(methods=[]): "
            "expected one or more of get, getWithMetadata, put, delete, list",
        ),
    ],
)
def test_rejects_a_bad_argument_with_invalid_argument(
    call: Callable[[], object], message: str
) -> None:
    with pytest.raises(InvalidArgument) as caught:
        call()

    assert str(caught.value) == message


def test_from_type_draws_the_registered_types() -> None:
    registration.register()

    kv = simplest(st.from_type(KVNamespace), lambda kv: len(kv.namespace) > 0)
    operation = simplest(st.from_type(StrategyCall))
    clock = simplest(st.from_type(VirtualClock))

    assert (kv.namespace.peek("a"), kv.namespace.clock.now()) == ("", START)
    assert isinstance(operation, StrategyCall)
    assert clock.now() == START


@given(st.data())
def test_records_are_valid_in_a_store(data: st.DataObject) -> None:
    registration.register()

    record = data.draw(st.from_type(Record))

    assert record.metadata is None or json.loads(record.metadata) is not None
    assert record.expiration is None or START + 60 <= record.expiration <= INT32_MAX


def test_records_shrink_to_an_empty_record() -> None:
    registration.register()

    assert simplest(st.from_type(Record)) == Record("")


def test_strategies_can_be_imported_before_hypothesis() -> None:
    code = (
        "from pykvbinding.testing.strategies import StrategyCall\n"
        "from hypothesis import find, strategies as st\n"
        "print(type(find(st.from_type(StrategyCall), lambda _: True)).__name__)"
    )

    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout

    assert printed == "StrategyCall\n"


def test_registration_imports_no_large_module() -> None:
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
