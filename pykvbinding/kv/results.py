"""What an operation returns: records and pages in the shapes of a Python Worker."""

from collections.abc import Mapping
from typing import Any

from pykvbinding import usage_warnings
from pykvbinding.js.core.coercion import is_array_index
from pykvbinding.js.core.js_dict import JsDict
from pykvbinding.kv.codec import Decoder, bytes_of
from pykvbinding.kv.cursor import encode_cursor
from pykvbinding.kv.requests import Read, ReadMany
from pykvbinding.kv.validation import check_bulk_size
from pykvbinding.limits import Limits
from pykvbinding.storage.record import Found, Page, Record


def value_answer(request: Read, found: Found, decoder: Decoder) -> Any:
    """What `get` returns for one key.

    Raises: KVError for an unknown type or bad JSON, of a key that is there.
    """
    record = found.record
    if record is None:
        return None
    return decoder.value(request.key, record.value, request.response_type)


def entry_answer(request: Read, found: Found, decoder: Decoder) -> JsDict:
    """What `getWithMetadata` returns for one key.

    Raises: KVError for an unknown type or bad JSON, of a key that is there.
    """
    metadata = None if found.record is None else decoder.metadata(found.record.metadata)
    value = value_answer(request, found, decoder)
    return JsDict(value=value, metadata=metadata, cacheStatus=found.cache_status)


def many_answer(
    method: str,
    request: ReadMany,
    found: Mapping[str, Record | None],
    decoder: Decoder,
    limits: Limits,
) -> JsDict:
    """What `get` or `getWithMetadata` returns for several keys: every key, in order.

    Raises: KVError for bad JSON, for a key that the service refuses, for too many bytes.
    """
    answer = JsDict()
    total_bytes = 0
    for key in request.keys:
        record = found[key]
        if record is None:
            answer[key] = None
            continue
        total_bytes += len(bytes_of(record.value))
        value = decoder.value_of_many(key, record.value, request.response_type)
        answer[key] = value if method == "get" else _entry_of_many(key, value, record, decoder)
    if request.refusal is not None:
        raise request.refusal
    check_bulk_size(total_bytes, limits)
    _warn_of_dropped_names(method, answer)
    return answer


def _entry_of_many(key: str, value: Any, record: Record, decoder: Decoder) -> JsDict | None:
    metadata = decoder.metadata(record.metadata)
    if value is None:  # JSON null: the runtime cannot tell it from a missing key
        if metadata is not None:
            usage_warnings.warn(usage_warnings.metadata_of_null_lost(key), "metadata-of-null-lost")
        return None
    return JsDict(value=value, metadata=metadata)


def _warn_of_dropped_names(method: str, names: Mapping[str, Any]) -> None:
    """Warn of names that the runtime leaves out of the Map of a multi-key read."""
    dropped = [name for name in names if name == "__proto__" or is_array_index(name)]
    if dropped:
        usage_warnings.warn(usage_warnings.names_dropped(method, dropped), "names-dropped")


def page_answer(page: Page, decoder: Decoder) -> JsDict:
    """What `list` returns. There is no `cursor` on the last page."""
    annotated = page.annotated
    if annotated:
        keys = [_listed(name, annotated.get(name), decoder) for name in page.names]
    else:
        keys = [JsDict(name=name) for name in page.names]
    if page.after is None:
        return JsDict(keys=keys, list_complete=True, cacheStatus=page.cache_status)
    cursor = encode_cursor(page.after)
    return JsDict(keys=keys, list_complete=False, cursor=cursor, cacheStatus=page.cache_status)


def _listed(name: str, record: Record | None, decoder: Decoder) -> JsDict:
    listed = JsDict(name=name)
    if record is None:
        return listed
    if record.expiration is not None:
        listed["expiration"] = record.expiration
    if record.metadata is not None:
        listed["metadata"] = decoder.metadata(record.metadata)
    return listed
