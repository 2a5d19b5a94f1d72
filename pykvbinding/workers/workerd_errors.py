"""What the runtime says of a handler, a queue or a Durable Object: workerd's own words."""

from pykvbinding.errors import JsException


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
