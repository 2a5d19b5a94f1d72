"""`Namespace`: the interface of a namespace for tests, which handlers do not use."""

from collections.abc import Iterable, Mapping
from typing import Any

from pykvbinding import usage_warnings
from pykvbinding.clock import Clock
from pykvbinding.js.core.js_dict import JsDict
from pykvbinding.js.streams.readable import ReadableStream
from pykvbinding.kv.codec import Decoder, check_value, encode_metadata, encode_value
from pykvbinding.kv.options import ParsedPutOptions, check_decodable, parse_key, parse_put
from pykvbinding.kv.validation import check_key, check_metadata
from pykvbinding.limits import Limits
from pykvbinding.storage.engine import Engine
from pykvbinding.storage.record import Record, Value
from pykvbinding.storage.store import LocalStore


class Namespace:
    """The records, clock and limits of a namespace; `kv.namespace` of every binding to it.

    All methods are synchronous, take effect immediately, and bypass caches, quotas and histories.
    """

    def __init__(self, *, title: str, id: str, clock: Clock, limits: Limits) -> None:
        self.title = title
        self.id = id
        self.clock = clock
        self.limits = limits
        self.store: LocalStore = LocalStore(Engine(), clock)
        self.direct_write_count: int = 0
        """The number of changes made by these methods, which no layer records."""

    def seed(self, items: Mapping[str, Any]) -> None:
        """Store `items`: plain values, `(value, options)`, or dicts with a value and options.

        Keys and sizes are checked as in `put`. Expirations may be arbitrarily near, or past. If
        one item is rejected, none is stored.

        >>> from pykvbinding import KVNamespace
        >>> KVNamespace().namespace.seed({"a": "1", "b": {"value": "2", "metadata": {"n": 1}}})

        Raises: KVError if `put` rejects an item, ValueError or TypeError if an item is malformed.
        """
        if not isinstance(items, Mapping):
            raise TypeError(
                f'seed() expects a mapping of keys to values, as in seed({{"a": "1"}}), '
                f"not {type(items).__name__}"
            )
        records = [self._seed_record(key, item) for key, item in items.items()]
        self._write_all(records)

    def peek(self, key: str) -> Value | None:
        """Return the stored value of `key`: text as str, anything else as bytes.

        This has no effect on caches, counters or expired records.
        """
        record = self._read(key)
        return None if record is None else record.value

    def peek_entry(self, key: str) -> JsDict | None:
        """As `peek`, but return `value`, `metadata` and `expiration` (in seconds, or None)."""
        record = self._read(key)
        if record is None:
            return None
        metadata = Decoder().metadata(record.metadata)
        return JsDict(value=record.value, metadata=metadata, expiration=record.expiration)

    def clear(self) -> None:
        """Remove every key."""
        self.store.engine.clear()
        self.direct_write_count += 1

    def dump(self) -> bytes:
        """Return a snapshot of every live key, for `load`. Equal content gives equal bytes."""
        from pykvbinding.storage.snapshot import dump_records  # not at the top: it imports msgpack

        return dump_records(sorted(self.store.engine.items(self.clock.now_seconds())))

    def load(self, snapshot: bytes) -> None:
        """Replace all keys by those of a snapshot.

        Raises: ValueError if `snapshot` is truncated, not a snapshot or of a newer version;
        TypeError if it is not bytes. In both cases the namespace is unchanged.
        """
        from pykvbinding.storage.snapshot import load_records  # not at the top: it imports msgpack

        records = load_records(snapshot)
        self.clear()
        self._write_all(records)

    def copy_from(self, other: "Namespace") -> None:
        """Copy every live key of another namespace."""
        self._write_all(other.store.engine.items(other.clock.now_seconds()))

    def __len__(self) -> int:
        """Return the number of live keys."""
        return self.store.engine.count(self.clock.now_seconds())

    def __bool__(self) -> bool:
        return True

    def __contains__(self, key: str) -> bool:
        return self._read(key) is not None

    def __repr__(self) -> str:
        return f"<Namespace {self.title!r}: {len(self)} keys>"

    def _write_all(self, records: Iterable[tuple[str, Record]]) -> None:
        for name, record in records:
            self.store.engine.write(name, record)
        self.direct_write_count += 1

    def _read(self, key: str) -> Record | None:
        return self.store.engine.read(key, self.clock.now_seconds())

    def _seed_record(self, key: object, item: object) -> tuple[str, Record]:
        name = parse_key("seed", key)
        check_key("PUT", name, self.limits)
        check_decodable("PUT", name)
        value, options = _split_seed_item(name, item)
        if isinstance(value, ReadableStream):
            raise TypeError(
                f"seed({{{name!r}: ...}}) is synchronous and cannot read a stream; "
                "pass bytes, or await kv.put(key, stream)"
            )
        stored = encode_value(name, value)
        assert isinstance(stored, str | bytes)
        check_value(stored, self.limits)
        metadata = encode_metadata(name, options.metadata)
        if metadata is not None:
            check_metadata(metadata, self.limits)
        expiration = options.expiration
        if options.expiration_ttl is not None:
            expiration = self.clock.now_seconds() + options.expiration_ttl
        return name, Record(stored, metadata, expiration)


def _split_seed_item(name: str, item: object) -> tuple[object, ParsedPutOptions]:
    """Return the value and the options of one item."""
    if isinstance(item, dict):
        options = dict(item)
        if "value" not in options:
            raise ValueError(
                f"seed({{{name!r}: {{...}}}}): a dict is a value with options and requires a "
                '"value", as in {"value": "v", "expirationTtl": 60}. To store JSON, pass '
                "json.dumps(...)"
            )
        value = options.pop("value")
    elif isinstance(item, tuple) and len(item) == 2 and isinstance(item[1], dict):
        value, options = item
    else:
        return item, ParsedPutOptions()
    for option in options:
        if option not in ("metadata", "expiration", "expirationTtl"):
            raise ValueError(
                f"seed({{{name!r}: ...}}) has an unknown option {option!r}; valid options are "
                "metadata, expiration and expirationTtl"
            )
    return value, parse_put(usage_warnings.format_call("seed", name), options, (), {})
