"""Hypothesis strategies for keys, values, metadata, options, operations and namespaces.

With their default arguments they draw only valid input. Under `@given`, draw a namespace instead
of using the `kv` fixture: a fixture is created once per test, so that an example would see the
writes of earlier examples.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias, cast

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.strategies import SearchStrategy

from pykvbinding.clock import DEFAULT_START_SECONDS, VirtualClock
from pykvbinding.js.core.coercion import INT32_MAX, MAX_SAFE_INTEGER
from pykvbinding.js.core.json import JsonSerializer
from pykvbinding.kv.binding import KVNamespace
from pykvbinding.limits import Limits
from pykvbinding.storage.record import Record
from pykvbinding.testing.strategy_call import StrategyCall as StrategyCall
from pykvbinding.types import PutOptions

Json: TypeAlias = Any
Items: TypeAlias = Mapping[str, Any]

_LIMITS: Final = Limits()

_OMITTED: Final = object()

METHODS: Final = ("get", "getWithMetadata", "put", "delete", "list")
"""Names of the methods of a binding."""


def keys(*, min_size: int = 1, max_size: int = _LIMITS.max_key_bytes) -> SearchStrategy[str]:
    """Valid keys: any Unicode text except "." and "..".

    Sizes are in bytes of UTF-8. Shrinks to "0".

    Raises: InvalidArgument for sizes outside 1 to 512.
    """
    _check_sizes("keys", min_size, max_size, minimum=1, maximum=_LIMITS.max_key_bytes)
    texts = _sized_texts(min_size, max_size)
    return texts.filter(_is_not_dot_segment) if min_size <= len("..") else texts


def values(
    *, min_size: int = 0, max_size: int = _LIMITS.max_value_bytes
) -> SearchStrategy[str | bytes]:
    """Values for `put`: text and bytes.

    Sizes are in bytes, of UTF-8 for text. Shrinks to "".

    Raises: InvalidArgument for sizes outside 0 to 26214400.
    """
    _check_sizes("values", min_size, max_size, minimum=0, maximum=_LIMITS.max_value_bytes)
    return _sized_texts(min_size, max_size) | st.binary(min_size=min_size, max_size=max_size)


def metadata(*, max_size: int = _LIMITS.max_metadata_bytes) -> SearchStrategy[Json]:
    """Metadata that a read returns unchanged: JSON whose text has at most `max_size` bytes.

    Shrinks to None, which means no metadata.

    Raises: InvalidArgument for a size below 4 (the size of `null`) or above 1024.
    """
    _check_sizes("metadata", len("null"), max_size, minimum=4, maximum=_LIMITS.max_metadata_bytes)
    scalars = (
        st.none()
        | st.booleans()
        | st.integers(-MAX_SAFE_INTEGER, MAX_SAFE_INTEGER)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text()
    )
    trees = st.recursive(
        scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=6
    )
    return trees.filter(lambda tree: _json_bytes(tree) <= max_size)


def put_options(*, now: float = DEFAULT_START_SECONDS) -> SearchStrategy[PutOptions]:
    """Options of `put`, as a dict, that are valid at `now` (seconds since the epoch).

    Shrinks to no options.

    Raises: InvalidArgument if `now` is negative, or the latest expiration, in 2038, is less than
    60 seconds after `now`.
    """
    soonest = int(now) + _LIMITS.min_expiration_ttl
    if not 0 <= now <= INT32_MAX - _LIMITS.min_expiration_ttl:
        raise InvalidArgument(
            f"put_options(now={now!r}): seconds since the epoch, at least 60 before the latest "
            f"expiration, which is {INT32_MAX}"
        )
    options = _options(
        expirationTtl=_ttls(INT32_MAX - int(now)),
        expiration=st.integers(soonest, INT32_MAX),
        metadata=metadata(),
    )
    return cast("SearchStrategy[PutOptions]", options)


def operations(
    *,
    methods: Sequence[str] = METHODS,
    keys: SearchStrategy[str] | None = None,
    values: SearchStrategy[Any] | None = None,
) -> SearchStrategy[StrategyCall]:
    """Calls that a binding accepts at any time; `operation.apply(kv)` makes the call.

    The default keys collide often, so that operations affect each other. `methods` is a subset of
    METHODS. Expirations are relative. No value is read as JSON, because not every value is JSON.

    Raises: InvalidArgument if `methods` is empty or has an unknown name.
    """
    unknown = [method for method in methods if method not in METHODS]
    if unknown or not methods:
        raise InvalidArgument(
            f"operations(methods={methods!r}): expected one or more of {', '.join(METHODS)}"
        )
    names = colliding_keys() if keys is None else keys
    contents = _small_values() if values is None else values
    calls = {
        "get": _get_calls("get", names),
        "getWithMetadata": _get_calls("getWithMetadata", names),
        "put": _calls("put", st.tuples(names, contents), _relative_put_options()),
        "delete": _calls("delete", st.tuples(names), st.just({})),
        "list": _calls("list", st.just(()), _list_options(names)),
    }
    return st.one_of([calls[method] for method in methods])


def namespaces(
    *,
    min_size: int = 0,
    max_size: int = 0,
    keys: SearchStrategy[str] | None = None,
    values: SearchStrategy[Any] | None = None,
    start: float = DEFAULT_START_SECONDS,
    limits: Limits | None = None,
) -> SearchStrategy[KVNamespace]:
    """A new namespace with its own `VirtualClock(start)` for every example.

    It contains from `min_size` to `max_size` keys, some with options. A failing example prints the
    initial content. `kv.namespace.clock` is the clock.

    Raises: InvalidArgument unless 0 <= min_size <= max_size.
    """
    _check_sizes("namespaces", min_size, max_size, minimum=0, maximum=None)
    names = colliding_keys() if keys is None else keys
    contents = _small_values() if values is None else values
    entries = contents | st.tuples(contents, put_options(now=start))
    items = st.dictionaries(names, entries, min_size=min_size, max_size=max_size)
    fixed: dict[str, SearchStrategy[Any]] = {}
    if start != DEFAULT_START_SECONDS:
        fixed["start"] = st.just(start)
    if limits is not None:
        fixed["limits"] = st.just(limits)
    return st.builds(make_namespace, items, **fixed)


def make_namespace(
    items: Items, *, start: float = DEFAULT_START_SECONDS, limits: Limits | None = None
) -> KVNamespace:
    """Make a namespace with `items`, as for `seed`; a failing example prints this call."""
    kv = KVNamespace(clock=VirtualClock(start), limits=limits)
    kv.namespace.seed(items)
    return kv


def colliding_keys() -> SearchStrategy[str]:
    """Short keys that often collide, share prefixes, and sort differently in UTF-8 and UTF-16.

    No key looks like an integer: the runtime drops these from a multi-key read, with a warning.
    """
    frequent = st.sampled_from(["a", "ab", "b", "a/b", "a/c", "é", "\uffff", "\U0001f600"])
    return frequent | keys(max_size=8).filter(_survives_a_multi_key_read)


def _small_values() -> SearchStrategy[str | bytes]:
    return values(max_size=64)


def records() -> SearchStrategy[Record]:
    """Records of a store: metadata is JSON text, and the expiration has not passed."""
    texts = metadata().map(lambda tree: None if tree is None else JsonSerializer().stringify(tree))
    soonest = DEFAULT_START_SECONDS + _LIMITS.min_expiration_ttl
    expirations = st.none() | st.integers(soonest, INT32_MAX)
    return st.builds(Record, values(), texts, expirations)


def _get_calls(method: str, names: SearchStrategy[str]) -> SearchStrategy[StrategyCall]:
    types = st.sampled_from(["text", "arrayBuffer", "stream"])
    cache_ttls = st.integers(_LIMITS.min_cache_ttl, INT32_MAX)
    one = _calls(method, st.tuples(names), _options(type=types, cacheTtl=cache_ttls))
    several = st.lists(names.filter(_survives_a_multi_key_read), min_size=1, max_size=5)
    return one | _calls(method, st.tuples(several), _options(cacheTtl=cache_ttls))


def _relative_put_options() -> SearchStrategy[dict[str, Any]]:
    """Options of `put` that are valid at any time."""
    return _options(expirationTtl=_ttls(10**9), metadata=metadata(max_size=64))


def _list_options(names: SearchStrategy[str]) -> SearchStrategy[dict[str, Any]]:
    return _options(prefix=names, limit=st.integers(1, 1000))


def _options(**strategies: SearchStrategy[Any]) -> SearchStrategy[dict[str, Any]]:
    """Any subset of the options; shrinking removes each option separately."""
    optional = {name: st.just(_OMITTED) | values for name, values in strategies.items()}
    return st.fixed_dictionaries(optional).map(
        lambda options: {name: v for name, v in options.items() if v is not _OMITTED}
    )


def _calls(
    method: str,
    arguments: SearchStrategy[tuple[Any, ...]],
    options: SearchStrategy[dict[str, Any]],
) -> SearchStrategy[StrategyCall]:
    return st.builds(
        lambda args, kwargs: StrategyCall(method=method, arguments=args, options=kwargs),
        arguments,
        options,
    )


def _ttls(max_ttl: int) -> SearchStrategy[int]:
    """Times to live in seconds. Most are near the minimum, so that keys expire within a test."""
    min_ttl = _LIMITS.min_expiration_ttl
    return st.integers(min_ttl, min(min_ttl * 2, max_ttl)) | st.integers(min_ttl, max_ttl)


def _sized_texts(min_size: int, max_size: int) -> SearchStrategy[str]:
    """Texts of `min_size` to `max_size` bytes of UTF-8; a drawn text is truncated, then padded."""

    def fit(text: str) -> str:
        truncated = text.encode()[:max_size].decode(errors="ignore")
        return truncated + "0" * (min_size - len(truncated.encode()))

    return st.text(min_size=min_size, max_size=max_size).map(fit)


def _json_bytes(tree: Json) -> int:
    """Return the number of bytes that the runtime stores for metadata."""
    text = JsonSerializer().stringify(tree)
    assert text is not None  # it is only for a function
    return len(text.encode())


def _is_not_dot_segment(name: str) -> bool:
    return name not in (".", "..")


def _survives_a_multi_key_read(name: str) -> bool:
    return not name.isdecimal() and name != "__proto__"


def _check_sizes(
    strategy: str, min_size: int, max_size: int, *, minimum: int, maximum: int | None
) -> None:
    if not minimum <= min_size <= max_size or (maximum is not None and max_size > maximum):
        bounds = f"{minimum} <= min_size <= max_size" + (
            "" if maximum is None else f" <= {maximum}"
        )
        call = f"{strategy}(min_size={min_size}, max_size={max_size})"
        raise InvalidArgument(f"{call}: expected {bounds}")
