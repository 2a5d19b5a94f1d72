"""Errors of streams, bodies, requests and responses: one function builds one error.

The texts match those of workerd (April 2026) to the letter.
"""

from pykvbinding.errors import JsException


def _type_error(message: str) -> JsException:
    return JsException("TypeError", message)


def _range_error(message: str) -> JsException:
    return JsException("RangeError", message)


def cannot_be_cloned(value: object) -> JsException:
    return JsException("DataCloneError", f"{value} could not be cloned.")


def illegal_constructor() -> JsException:
    return _type_error("Illegal constructor")


def field_type(name: str, owner: str, type_name: str) -> JsException:
    return _type_error(
        f"Incorrect type for the '{name}' field on '{owner}': the provided value is not of type "
        f"'{type_name}'."
    )


def stream_type(type_name: str) -> JsException:
    return _type_error(f'"{type_name}" is not a valid type of ReadableStream.')


def stream_not_open() -> JsException:
    return _type_error("Unable to enqueue")


def stream_closed() -> JsException:
    return _type_error("This ReadableStream is closed.")


def chunk_empty() -> JsException:
    return _type_error("Cannot enqueue a zero-length ArrayBuffer.")


def writable_locked() -> JsException:
    return _type_error("This WritableStream is currently locked to a writer.")


def writable_closed() -> JsException:
    return _type_error("This WritableStream has been closed.")


def writable_closing() -> JsException:
    return _type_error("Cannot close a writer that is already being closed")


def writer_released() -> JsException:
    return _type_error("This WritableStream writer has been released.")


def transformer_type(side: str) -> JsException:
    return _type_error(f"transformer.{side} must be undefined.")


def transform_terminated() -> JsException:
    return _type_error("The transform stream has been terminated")


def body_used() -> JsException:
    return _type_error(
        "Body has already been used. It can only be used once. Use tee() first if you need to read "
        "it twice."
    )


def body_disturbed() -> JsException:
    return _type_error(
        "This ReadableStream is disturbed (has already been read from), and cannot be used as a "
        "body."
    )


def request_url_invalid(url: str) -> JsException:
    return _type_error(f"Invalid URL: {url}")


def request_method(method: str) -> JsException:
    return _type_error(f"Invalid HTTP method string: {method}")


def request_redirect() -> JsException:
    return _type_error(
        'Invalid redirect value, must be one of "follow" or "manual" ("error" won\'t be '
        'implemented since it does not make sense at the edge; use "manual" and check the response '
        "status code)."
    )


def request_cache(mode: str) -> JsException:
    return _type_error(f"Unsupported cache mode: {mode}")


def request_integrity() -> JsException:
    return _type_error(
        "Subrequest integrity checking is not implemented. The integrity option must be either "
        "undefined or an empty string."
    )


def request_body_not_allowed() -> JsException:
    return _type_error("Request with a GET or HEAD method cannot have a body.")


def request_body_used() -> JsException:
    return _type_error("Cannot reconstruct a Request with a used body.")


def response_status() -> JsException:
    return _range_error(
        "Responses may only be constructed with status codes in the range 200 to 599, inclusive."
    )


def response_null_body() -> JsException:
    return _type_error("Response with null body status (101, 204, 205, or 304) cannot have a body.")


def response_web_socket() -> JsException:
    return _range_error("Responses with a WebSocket must have status code 101.")


def response_handshake() -> JsException:
    return _type_error("Cannot clone a response to a WebSocket handshake.")


def response_status_text() -> JsException:
    return _type_error("Invalid statusText")


def response_encode_body(value: str) -> JsException:
    return _type_error(f"encodeBody: unexpected value: {value}")


def redirect_url(url: str) -> JsException:
    return _type_error(f"Unable to parse URL: {url}")


def redirect_status(status: int) -> JsException:
    return _range_error(
        f"{status} is not a redirect status code. It must be one of: 301, 302, 303, 307, or 308."
    )


def fetch_scheme(url: str) -> JsException:
    return _type_error(f"Fetch API cannot load: {url}")
