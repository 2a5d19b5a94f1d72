"""Errors and warnings of workerd and wrangler about Workers, in their exact wording.

Each function builds one error, or the text of one warning.
"""

from pykvbinding.errors import JsException

# workerd: global scope.


def outside_of_invocations() -> JsException:
    return JsException(
        "Error",
        "Disallowed operation called within global scope. Asynchronous I/O (ex: fetch() or "
        "connect()), setting a timeout, and generating random values are not allowed within "
        "global scope. To fix this error, perform this operation within a handler. "
        "https://developers.cloudflare.com/workers/runtime-apis/handlers/",
    )


# wrangler.


def main_missing(path: object, main: str) -> FileNotFoundError:
    return FileNotFoundError(f'{path}: The entry-point file at "{main}" was not found.')


# workerd: handlers and responses.


def several_defaults() -> JsException:
    return JsException("TypeError", "Cannot define multiple default entrypoints")


def no_handler(name: str) -> JsException:
    return JsException("Error", f"Handler does not export a {name}() function.")


def no_method(name: str) -> JsException:
    return JsException("TypeError", f"Method {name} does not exist")


def not_a_response() -> JsException:
    return JsException(
        "TypeError",
        "Incorrect type for Promise: the Promise did not resolve to 'Response'.",
    )


def response_used() -> JsException:
    return JsException(
        "TypeError",
        "Body has already been used. It can only be used once. "
        "Use tee() first if you need to read it twice.",
    )


# Queues.


def no_message_body() -> JsException:
    return JsException("TypeError", "Message body cannot be undefined")


def no_messages() -> JsException:
    return JsException("TypeError", "sendBatch() requires at least one message")


def not_a_sequence() -> JsException:
    return JsException(
        "TypeError",
        "Failed to execute 'sendBatch' on 'WorkerQueue': parameter 1 is not of type 'Sequence'.",
    )


def message_content_type(kind: object) -> JsException:
    return JsException("TypeError", f"Unsupported queue message content type: {kind}")


def message_not_text(body: object) -> JsException:
    kind = {bool: "boolean", int: "number", float: "number"}.get(type(body), "object")
    return JsException(
        "TypeError",
        f'Content Type "text" requires a value of type string, but received: {kind}',
    )


# Warnings of workerd about a second ack() or retry() of a message.


def message_decided(id: str, call: str, earlier: str) -> str:
    return (
        f"Received a call to {call}() on message {id} after {earlier}() was already called. "
        f"Calling {call}() on a message after calling {earlier}() has no effect."
    )


def batch_decided(call: str, earlier: str) -> str:
    return (
        f"Received a call to {call}All() after {earlier}All() was already called. "
        f"Calling {call}All() after calling {earlier}All() has no effect."
    )


# Durable Objects.


def put_undefined() -> JsException:
    return JsException("TypeError", "put() called with undefined value.")


def no_storage_key(method: str) -> JsException:
    return JsException(
        "TypeError",
        f"Failed to execute '{method}' on 'DurableObjectStorage': parameter 1 is not of type "
        "'string or Array'.",
    )


def list_limit() -> JsException:
    return JsException("TypeError", "List limit must be positive.")


def list_start_twice() -> JsException:
    return JsException(
        "TypeError", "list() cannot be called with both start and startAfter values."
    )


def not_a_date() -> JsException:
    return JsException(
        "TypeError",
        "Failed to execute 'setAlarm' on 'DurableObjectStorage': parameter 1 is not of type "
        "'date'.",
    )


def object_id_not_hexadecimal() -> JsException:
    return JsException("TypeError", "Invalid Durable Object ID: must be 64 hex digits")


def object_id_of_others() -> JsException:
    return JsException("TypeError", "Durable Object ID is not valid for this namespace.")


def namespace_argument(method: str, kind: str) -> JsException:
    return JsException(
        "TypeError",
        f"Failed to execute '{method}' on 'DurableObjectNamespace': parameter 1 is not of type "
        f"'{kind}'.",
    )
