"""Results of operations: records and pages, in the form that a Python Worker receives."""

from collections.abc import Mapping
from typing import Any

from pykvbinding import usage_warnings
from pykvbinding.js.core.coercion import is_array_index
from pykvbinding.js.core.js_dict import JsDict
from pykvbinding.kv.codec import Decoder, as_bytes
from pykvbinding.kv.cursor import encode_cursor
from pykvbinding.kv.requests import BulkGetRequest, GetRequest
from pykvbinding.kv.result_types import (
    BulkValueWithMetadata,
    ListKey,
    ListResult,
    ValueWithMetadata,
)
from pykvbinding.kv.validation import check_bulk_size
from pykvbinding.limits import Limits
from pykvbinding.storage.record import ListPage, ReadResult, Record


def get_result(request: GetRequest, result: ReadResult, decoder: Decoder) -> Any:
    """Return the result of `get` for one key.

    Raises: KVError if the key exists, and the type is unknown or the value is not JSON.
    """
    record = result.record
    if record is None:
        return None
    return decoder.value(request.key, record.value, request.response_type)


def get_with_metadata_result(
    request: GetRequest, result: ReadResult, decoder: Decoder
) -> ValueWithMetadata[Any]:
    """Return the result of `getWithMetadata` for one key.

    Raises: KVError if the key exists, and the type is unknown or the value is not JSON.
    """
    metadata = None if result.record is None else decoder.metadata(result.record.metadata)
    value = get_result(request, result, decoder)
    return ValueWithMetadata(value=value, metadata=metadata, cacheStatus=result.cache_status)


def bulk_result(
    method: str,
    request: BulkGetRequest,
    records: Mapping[str, Record | None],
    decoder: Decoder,
    limits: Limits,
) -> JsDict:
    """Return the result of a bulk `get` or `getWithMetadata`, with every key, in order.

    Raises: KVError if a value is not JSON, a key is invalid, or the values are too large together.
    """
    result = JsDict()
    total_bytes = 0
    for key in request.keys:
        record = records[key]
        if record is None:
            result[key] = None
            continue
        total_bytes += len(as_bytes(record.value))
        value = decoder.bulk_value(key, record.value, request.response_type)
        result[key] = value if method == "get" else _bulk_entry(key, value, record, decoder)
    if request.error is not None:
        raise request.error
    check_bulk_size(total_bytes, limits)
    _warn_about_dropped_names(method, result)
    return result


def _bulk_entry(
    key: str, value: Any, record: Record, decoder: Decoder
) -> BulkValueWithMetadata[Any] | None:
    metadata = decoder.metadata(record.metadata)
    if value is None:  # JSON null: to the runtime the same as a missing key
        if metadata is not None:
            usage_warnings.warn(usage_warnings.metadata_of_null_lost(key), "metadata-of-null-lost")
        return None
    return BulkValueWithMetadata(value=value, metadata=metadata)


def _warn_about_dropped_names(method: str, names: Mapping[str, Any]) -> None:
    """Warn about names that the runtime omits from the Map of a bulk read."""
    dropped = [name for name in names if name == "__proto__" or is_array_index(name)]
    if dropped:
        usage_warnings.warn(usage_warnings.names_dropped(method, dropped), "names-dropped")


def list_result(page: ListPage, decoder: Decoder) -> ListResult:
    """Return the result of `list`. The last page has no `cursor`."""
    records = page.records
    if records:
        keys = [_list_key(name, records.get(name), decoder) for name in page.names]
    else:
        keys = [ListKey(name=name) for name in page.names]
    if page.next_after is None:
        return ListResult(keys=keys, list_complete=True, cacheStatus=page.cache_status)
    cursor = encode_cursor(page.next_after)
    return ListResult(keys=keys, list_complete=False, cursor=cursor, cacheStatus=page.cache_status)


def _list_key(name: str, record: Record | None, decoder: Decoder) -> ListKey:
    key = ListKey(name=name)
    if record is None:
        return key
    if record.expiration is not None:
        key["expiration"] = record.expiration
    if record.metadata is not None:
        key["metadata"] = decoder.metadata(record.metadata)
    return key
