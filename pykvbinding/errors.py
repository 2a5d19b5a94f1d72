"""The exception classes, and the platform's error messages.

    Exception
    └── JsException            a JavaScript error in Python: .name and .message
        └── KVError            a KV operation failed; .status is the HTTP status, if there is one
            "Error"            rejected by the service: KV PUT failed: 413 Value length of …
            "TypeError"        rejected by the runtime before it sent a request
            "SyntaxError"      a value was read as JSON but is not JSON
    UserWarning
    └── KVUsageWarning         production behaves differently; see `usage_warnings`

The messages are identical to those of workerd and Miniflare; a comment marks the exceptions that
are ours. Wrong use of this library's own API raises a built-in exception, whose message is at the
`raise`. Each function returns one exception, and the caller raises it.
"""


class JsException(Exception):  # noqa: N818 -- Pyodide's name
    """A JavaScript error, as Pyodide converts it: `str()` is the message."""

    name: str
    """The `name` of the JavaScript error: "Error", "TypeError", "SyntaxError", …"""

    message: str

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name
        self.message = message


class KVError(JsException):
    """A KV operation failed.

    `status` is the HTTP status of the service's response, `None` if the runtime rejected the call
    before it sent a request.
    """

    status: int | None

    def __init__(self, name: str, message: str, status: int | None = None) -> None:
        super().__init__(name, message)
        self.status = status

    def __reduce__(self) -> tuple[type["KVError"], tuple[str, str, int | None]]:
        return type(self), (self.name, self.message, self.status)


class KVUsageWarning(UserWarning):
    """Production silently does something that the caller probably does not intend.

    `kind` is the category, such as "unknown-option"; a test can allow a category by its name.
    """

    kind: str

    def __init__(self, message: str, kind: str = "other") -> None:
        super().__init__(message)
        self.kind = kind


def _type_error(message: str) -> KVError:
    return KVError("TypeError", message)


def _service_error(method: str, status: int, reason: str) -> KVError:
    """An error of the service. `method` is GET (also for list), GET_BULK, PUT or DELETE."""
    return KVError("Error", f"KV {method} failed: {status} {reason}", status)


# Keys: workerd kv.c++ validateKeyName; validator.worker.ts for the keys of a bulk read.


def key_empty() -> KVError:
    return _type_error("Key name cannot be empty.")


def key_is_dot_segment(key: str) -> KVError:
    return _type_error(f'"{key}" is not allowed as a key name.')


def key_too_long(method: str, length_bytes: int, limit_bytes: int) -> KVError:
    reason = f"UTF-8 encoded length of {length_bytes} exceeds key length limit of {limit_bytes}."
    return _service_error(method, 414, reason)


def key_undecodable(method: str) -> KVError:
    return _service_error(method, 400, "Could not URL-decode key name")


def bulk_key_empty() -> KVError:
    return _service_error("GET_BULK", 400, "Key names must not be empty")


def bulk_key_is_dot_segment(key: str) -> KVError:
    reason = f'Illegal key name "{key}". Please use a different name.'
    return _service_error("GET_BULK", 400, reason)


# Reads.


def cache_ttl_too_short(method: str, cache_ttl: int, minimum: int) -> KVError:
    reason = f"Invalid cache_ttl of {cache_ttl}. Cache TTL must be at least {minimum}."
    return _service_error(method, 400, reason)


def response_type_unknown() -> KVError:
    possible = '"text", "arrayBuffer", "json", and "stream"'
    return _type_error(f"Unknown response type. Possible types are {possible}.")


def bulk_type_invalid(response_type: str) -> KVError:
    reason = f'"{response_type}" is not a valid type. Use "json" or "text"'
    return _service_error("GET_BULK", 400, reason)


def bulk_too_many_keys(limit: int) -> KVError:
    return _service_error("GET_BULK", 400, f"You can request a maximum of {limit} keys")


def bulk_no_keys() -> KVError:
    return _service_error("GET_BULK", 400, "You must request a minimum of 1 key")


def bulk_not_json() -> KVError:
    reason = "At least one of the requested keys corresponds to a non-json value"
    return _service_error("GET_BULK", 400, reason)


def bulk_too_large(limit_bytes: int) -> KVError:
    limit = f"{limit_bytes / 1024 / 1024:g}MB"
    return _service_error("GET_BULK", 413, f"Total size of request exceeds the limit of {limit}")


def json_invalid(message: str) -> KVError:
    return KVError("SyntaxError", message)


# Writes.


def value_wrong_type() -> KVError:
    accepted = "strings, ArrayBuffers, ArrayBufferViews, and ReadableStreams"
    return _type_error(f"KV put() accepts only {accepted} as values.")


def value_too_long(length_bytes: int, limit_bytes: int) -> KVError:
    reason = f"Value length of {length_bytes} exceeds limit of {limit_bytes}."
    return _service_error("PUT", 413, reason)


def metadata_too_long(length_bytes: int, limit_bytes: int) -> KVError:
    reason = f"Metadata length of {length_bytes} exceeds limit of {limit_bytes}."
    return _service_error("PUT", 413, reason)


def metadata_function() -> KVError:
    # `JSON.stringify` of a function returns undefined, which the runtime does not handle.
    return _service_error("PUT", 500, "Internal Server Error")


def bigint_in_json() -> KVError:
    return _type_error("Do not know how to serialize a BigInt")


def expiration_ttl_not_positive(ttl_seconds: int) -> KVError:
    reason = f"Invalid expiration_ttl of {ttl_seconds}. Please specify integer greater than 0."
    return _service_error("PUT", 400, reason)


def expiration_ttl_too_short(ttl_seconds: int, minimum: int) -> KVError:
    reason = f"Invalid expiration_ttl of {ttl_seconds}. Expiration TTL must be at least {minimum}."
    return _service_error("PUT", 400, reason)


def expiration_past(expiration: int) -> KVError:
    hint = "Please specify integer greater than the current number of seconds since the UNIX epoch."
    return _service_error("PUT", 400, f"Invalid expiration of {expiration}. {hint}")


def expiration_too_soon(expiration: int, minimum: int) -> KVError:
    hint = f"Expiration times must be at least {minimum} seconds in the future."
    return _service_error("PUT", 400, f"Invalid expiration of {expiration}. {hint}")


# Lists. The service reports their errors as GET.


def list_limit_too_large(limit: int, maximum: int) -> KVError:
    hint = f"Please specify an integer less than {maximum}."
    return _service_error("GET", 400, f"Invalid key_count_limit of {limit}. {hint}")


def cursor_invalid() -> KVError:
    return _service_error("GET", 400, "Invalid cursor")


# Options: V8's messages and those of workerd's type conversion.


def number_out_of_range() -> KVError:
    bounds = "Must be between -2147483648 and 2147483647 (inclusive)."
    return _type_error(f"Value out of range. {bounds}")


def number_is_bigint() -> KVError:
    return _type_error("Cannot convert a BigInt value to a number")


def options_wrong_type(method: str, position: int, wanted: str) -> KVError:
    where = f"Failed to execute '{method}' on 'KvNamespace': parameter {position}"
    return _type_error(f"{where} is not of type '{wanted}'.")


# Streams. The messages are workerd's, including the comma at the end of one.


def stream_locked() -> KVError:
    return _type_error("This ReadableStream is currently locked to a reader.")


def stream_tee_locked() -> KVError:
    return _type_error("This ReadableStream is currently locked to a reader,")


def stream_put_locked() -> KVError:
    return _type_error("The ReadableStream has been locked to a reader.")


def stream_disturbed() -> KVError:
    return _type_error("This ReadableStream is disturbed.")


def stream_not_bytes() -> KVError:
    return _type_error("This ReadableStream did not return bytes.")


def stream_read_pending() -> KVError:
    only = "a single pending read request at a time"
    return _type_error(f"This ReadableStream only supports {only}.")


def stream_release_pending() -> KVError:
    return _type_error("Cannot call releaseLock() on a reader with outstanding read promises.")


def stream_reader_released() -> KVError:
    return _type_error("This ReadableStream reader has been released.")


def stream_not_byob() -> KVError:
    return _type_error("This ReadableStream does not support BYOB reads.")


def stream_wrong_mode() -> KVError:
    return _type_error("mode must be undefined or 'byob' in call to getReader().")


def stream_wrong_argument(method: str, wanted: str) -> KVError:
    where = f"Failed to execute '{method}' on 'ReadableStream': parameter 1"
    return _type_error(f"{where} is not of type '{wanted}'.")


def stream_wrong_side(name: str, wanted: str) -> KVError:
    where = f"Incorrect type for the '{name}' field on 'Transform'"
    return _type_error(f"{where}: the provided value is not of type '{wanted}'.")


# Built-in exceptions of the Python Workers SDK.


def cannot_be_sent(value: object) -> TypeError:
    return TypeError(f"{type(value)} cannot be sent over RPC.")


def awaitable_cannot_be_sent(value: object) -> TypeError:
    return TypeError(f"Awaitable {type(value)} cannot be sent over RPC.")


def not_iterable() -> TypeError:
    return TypeError("'KvNamespace' object is not iterable")


def no_len() -> TypeError:
    return TypeError("'KvNamespace' object has no len()")


# Limits of an account, and injected faults. `method` of a rejected write is PUT or DELETE.


def too_many_requests(method: str) -> KVError:
    return _service_error(method, 429, "Too Many Requests")


def daily_limit_exceeded(method: str) -> KVError:
    # No status: the runtime rejects it without a request. `method` is get, put, delete or list.
    return KVError("Error", f"KV {method}() limit exceeded for the day.")


def too_many_requests_per_invocation() -> KVError:
    guide = "https://developers.cloudflare.com/workers/wrangler/configuration/#limits"
    hint = f"To configure this limit, refer to {guide}"
    return KVError("Error", f"Too many API requests by single Worker invocation. {hint}")


def storage_limit_exceeded(stored_bytes: int, limit_bytes: int) -> KVError:
    # Ours: the service's message is not recorded.
    return _service_error(
        "PUT", 413, f"Stored data of {stored_bytes} exceeds limit of {limit_bytes}."
    )


def injected_fault(method: str, status: int, reason: str) -> KVError:
    # Raised by a `Fault`. `method` is GET (also for list), GET_BULK, PUT or DELETE.
    return _service_error(method, status, reason)


# The simulated network. The format is the platform's; its use for a partition is ours.


def service_unavailable(method: str) -> KVError:
    return _service_error(method, 503, "Service Unavailable")
