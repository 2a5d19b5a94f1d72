"""Hypothesis strategies: keys, values, metadata, options, operations, and fresh namespaces.

What they draw by default, the platform accepts. Draw a namespace instead of taking the `kv`
fixture under `@given`: a fixture lives for the whole test, so one example would see what the one
before it has written.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias, cast

# Before the import of Hypothesis, which looks for `register` in this module while it is imported.

# isort: split

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.strategies import SearchStrategy

from pykvbinding.clock import DEFAULT_START_SECONDS, VirtualClock
from pykvbinding.js.core.coercion import INT32_MAX, MAX_SAFE_INTEGER
from pykvbinding.js.core.json import JsonSerializer
from pykvbinding.kv.binding import KVNamespace
from pykvbinding.limits import Limits
from pykvbinding.storage.record import Record
from pykvbinding.testing.operation import Operation as Operation
from pykvbinding.types import PutOptions

Json: TypeAlias = Any
Items: TypeAlias = Mapping[str, Any]

_LIMITS: Final = Limits()

_NOT_GIVEN: Final = object()

METHODS: Final = ("get", "getWithMetadata", "put", "delete", "list")
"""What an operation may call."""


def keys(*, min_size: int = 1, max_size: int = _LIMITS.max_key_bytes) -> SearchStrategy[str]:
    """Names that a key may have: every letter of Unicode, neither "." nor "..".

    Sizes are in bytes of UTF-8. Shrinks to "0".

    Raises: InvalidArgument for sizes that no key has.
    """
    _check_sizes("keys", min_size, max_size, least=1, most=_LIMITS.max_key_bytes)
    texts = _texts(min_size, max_size)
    return texts.filter(_is_no_dots) if min_size <= len("..") else texts


def values(
    *, min_size: int = 0, max_size: int = _LIMITS.max_value_bytes
) -> SearchStrategy[str | bytes]:
    """Values that `put` takes: text, and bytes.

    Sizes are in bytes, of UTF-8 for text. Shrinks to "".

    Raises: InvalidArgument for sizes that no value has.
    """
    _check_sizes("values", min_size, max_size, least=0, most=_LIMITS.max_value_bytes)
    return _texts(min_size, max_size) | st.binary(min_size=min_size, max_size=max_size)


def metadata(*, max_size: int = _LIMITS.max_metadata_bytes) -> SearchStrategy[Json]:
    """Metadata that comes back as it was put: JSON whose text has at most `max_size` bytes.

    Shrinks to None, which is no metadata.

    Raises: InvalidArgument for a size below 4 (what `null` takes) or above 1024.
    """
    _check_sizes("metadata", len("null"), max_size, least=4, most=_LIMITS.max_metadata_bytes)
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
    """Options of `put`, as a dict, that are valid at `now`, in seconds since the epoch.

    Shrinks to no options.

    Raises: InvalidArgument if nothing can expire 60 seconds after `now` (it is past 2038).
    """
    soonest = int(now) + _LIMITS.min_expiration_ttl
    if not 0 <= now <= INT32_MAX - _LIMITS.min_expiration_ttl:
        raise InvalidArgument(
            f"put_options(now={now!r}): seconds since the epoch, at which something can still "
            f"expire a minute later; the latest expiration is {INT32_MAX}"
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
) -> SearchStrategy[Operation]:
    """Calls that a binding accepts at any time; `operation.apply(kv)` makes one.

    The default keys are few, so that operations meet. `methods` are those to call, of METHODS.
    Expirations are relative, and nothing is read as JSON, which not every value is.

    Raises: InvalidArgument for no method or an unknown one.
    """
    unknown = [method for method in methods if method not in METHODS]
    if unknown or not methods:
        raise InvalidArgument(f"operations(methods={methods!r}): some of {', '.join(METHODS)}")
    names = few_keys() if keys is None else keys
    contents = _few_values() if values is None else values
    drawn = {
        "get": _reads("get", names),
        "getWithMetadata": _reads("getWithMetadata", names),
        "put": _operations("put", st.tuples(names, contents), _timeless_put_options()),
        "delete": _operations("delete", st.tuples(names), st.just({})),
        "list": _operations("list", st.just(()), _list_options(names)),
    }
    return st.one_of([drawn[method] for method in methods])


def namespaces(
    *,
    min_size: int = 0,
    max_size: int = 0,
    keys: SearchStrategy[str] | None = None,
    values: SearchStrategy[Any] | None = None,
    start: float = DEFAULT_START_SECONDS,
    limits: Limits | None = None,
) -> SearchStrategy[KVNamespace]:
    """A fresh namespace for every example, on a `VirtualClock(start)` of its own.

    It is empty, or holds from `min_size` to `max_size` keys, some with options. A failing example
    prints what it held at first. `kv.namespace.clock` is the clock.

    Raises: InvalidArgument for sizes that are out of order.
    """
    _check_sizes("namespaces", min_size, max_size, least=0, most=None)
    names = few_keys() if keys is None else keys
    contents = _few_values() if values is None else values
    entries = contents | st.tuples(contents, put_options(now=start))
    items = st.dictionaries(names, entries, min_size=min_size, max_size=max_size)
    fixed: dict[str, SearchStrategy[Any]] = {}
    if start != DEFAULT_START_SECONDS:
        fixed["start"] = st.just(start)
    if limits is not None:
        fixed["limits"] = st.just(limits)
    return st.builds(namespace_of, items, **fixed)


def namespace_of(
    items: Items, *, start: float = DEFAULT_START_SECONDS, limits: Limits | None = None
) -> KVNamespace:
    """A namespace that holds `items`, spelled as for `seed`: what a failing example prints."""
    kv = KVNamespace(clock=VirtualClock(start), limits=limits)
    kv.namespace.seed(items)
    return kv


def few_keys() -> SearchStrategy[str]:
    """Short keys that often come again, share beginnings, and sort by the bytes of UTF-8.

    None looks like an integer: a multi-key read warns of those, because the runtime drops them.
    """
    familiar = st.sampled_from(["a", "ab", "b", "a/b", "a/c", "é", "\uffff", "\U0001f600"])
    return familiar | keys(max_size=8).filter(_survives_a_multi_key_read)


def _few_values() -> SearchStrategy[str | bytes]:
    return values(max_size=64)


def records() -> SearchStrategy[Record]:
    """What a store may hold: metadata as JSON text, an expiration that has not passed."""
    texts = metadata().map(lambda tree: None if tree is None else JsonSerializer().stringify(tree))
    soonest = DEFAULT_START_SECONDS + _LIMITS.min_expiration_ttl
    expirations = st.none() | st.integers(soonest, INT32_MAX)
    return st.builds(Record, values(), texts, expirations)


def _reads(method: str, names: SearchStrategy[str]) -> SearchStrategy[Operation]:
    types = st.sampled_from(["text", "arrayBuffer", "stream"])
    cache_ttls = st.integers(_LIMITS.min_cache_ttl, INT32_MAX)
    one = _operations(method, st.tuples(names), _options(type=types, cacheTtl=cache_ttls))
    several = st.lists(names.filter(_survives_a_multi_key_read), min_size=1, max_size=5)
    return one | _operations(method, st.tuples(several), _options(cacheTtl=cache_ttls))


def _timeless_put_options() -> SearchStrategy[dict[str, Any]]:
    """Options of `put` that stay valid while time passes."""
    return _options(expirationTtl=_ttls(10**9), metadata=metadata(max_size=64))


def _list_options(names: SearchStrategy[str]) -> SearchStrategy[dict[str, Any]]:
    return _options(prefix=names, limit=st.integers(1, 1000))


def _options(**drawn: SearchStrategy[Any]) -> SearchStrategy[dict[str, Any]]:
    """Any of the options. Each goes away by itself when an example shrinks."""
    maybe = {name: st.just(_NOT_GIVEN) | values for name, values in drawn.items()}
    return st.fixed_dictionaries(maybe).map(
        lambda options: {name: v for name, v in options.items() if v is not _NOT_GIVEN}
    )


def _operations(
    method: str,
    arguments: SearchStrategy[tuple[Any, ...]],
    options: SearchStrategy[dict[str, Any]],
) -> SearchStrategy[Operation]:
    return st.builds(
        lambda given, named: Operation(method=method, arguments=given, options=named),
        arguments,
        options,
    )


def _ttls(longest: int) -> SearchStrategy[int]:
    """Seconds to live. Most are near the minimum, where a test can see them pass."""
    shortest = _LIMITS.min_expiration_ttl
    return st.integers(shortest, min(shortest * 2, longest)) | st.integers(shortest, longest)


def _texts(min_size: int, max_size: int) -> SearchStrategy[str]:
    """Texts of so many bytes: cut where one has more, and then filled up where it has less."""

    def fit(text: str) -> str:
        cut = text.encode()[:max_size].decode(errors="ignore")
        return cut + "0" * (min_size - len(cut.encode()))

    return st.text(min_size=min_size, max_size=max_size).map(fit)


def _json_bytes(tree: Json) -> int:
    """The size of what the runtime stores for metadata."""
    text = JsonSerializer().stringify(tree)
    assert text is not None  # or it were a function
    return len(text.encode())


def _is_no_dots(name: str) -> bool:
    return name not in (".", "..")


def _survives_a_multi_key_read(name: str) -> bool:
    return not name.isdecimal() and name != "__proto__"


def _check_sizes(
    strategy: str, min_size: int, max_size: int, *, least: int, most: int | None
) -> None:
    if not least <= min_size <= max_size or (most is not None and max_size > most):
        bounds = f"{least} <= min_size <= max_size" + ("" if most is None else f" <= {most}")
        call = f"{strategy}(min_size={min_size}, max_size={max_size})"
        raise InvalidArgument(f"{call}: sizes are in order, {bounds}")
