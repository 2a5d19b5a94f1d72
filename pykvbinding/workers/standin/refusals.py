"""The texts with which our own `workers` refuses: those of the SDK, word for word."""

from pykvbinding.errors import JsException


def unsupported_in_response(kind: str) -> TypeError:
    return TypeError(f"Unsupported type in Response: {kind}")


def options_for_js_response() -> ValueError:
    return ValueError("Expected no options when constructing Response from a js.Response")


def options_for_js_request() -> ValueError:
    return ValueError("Expected no options when constructing Request from a js.Request")


def unexpected_headers() -> TypeError:
    return TypeError("Received unexpected type for headers argument")


def body_already_used() -> OSError:
    return OSError("Body already used")


def not_form_data() -> TypeError:
    return TypeError("Expected form_data to be a dict or an instance of FormData")


def many_form_values() -> TypeError:
    return TypeError("Expected single item in arguments to FormData.__setitem__")


def form_without_len() -> TypeError:
    # What Python says of the SDK, whose `__len__` asks a generator.
    return TypeError("object of type 'generator' has no len()")


def unknown_blob_part(value: object) -> TypeError:
    return TypeError(f"Don't know how to handle {type(value)} for Blob()")


def regular_expression() -> TypeError:
    return TypeError("RegExp cannot be sent over RPC.")


def binding_not_iterable(name: str) -> TypeError:
    return TypeError(f"'{name}' object is not iterable")


def binding_without_len(name: str) -> TypeError:
    return TypeError(f"'{name}' object has no len()")


def header_absent(name: str) -> KeyError:
    return KeyError(name)


def no_header_attribute(name: str) -> AttributeError:
    return AttributeError(f"'HTTPMessageMapping' object has no attribute {name!r}")


# --- what the SDK has and we have not ---


def workflow_steps_not_emulated() -> NotImplementedError:
    return NotImplementedError(
        "the steps of a Workflow are not emulated by pykvbinding's own `workers`; "
        "install the SDK (pip install workers-runtime-sdk), and give `run` a step of your own"
    )


def web_sockets_not_emulated() -> NotImplementedError:
    return NotImplementedError("WebSockets of an ASGI app are not emulated by pykvbinding")


# --- asgi and wsgi ---


def unknown_encode_body(known: object, given: object) -> ValueError:
    return ValueError(f"encode_body must be one of {known}, got {given!r}")


def no_asgi_response() -> RuntimeError:
    return RuntimeError("The application did not generate a response")


def lifespan_event(kind: str) -> RuntimeError:
    return RuntimeError(f"Unexpected lifespan event {kind}")


def lifespan_failed(message: str) -> RuntimeError:
    return RuntimeError(message or "ASGI lifespan startup failed")


def lifespan_shutdown_failed(message: str) -> RuntimeError:
    return RuntimeError(message or "ASGI lifespan shutdown failed")


def no_wsgi_start() -> RuntimeError:
    return RuntimeError("The WSGI application did not call start_response()")


def wsgi_started_twice() -> AssertionError:
    return AssertionError("start_response() called more than once")


def url_not_absolute(url: str) -> ValueError:
    return ValueError(f"Request URL is not absolute: {url!r}")


def broken_off(error: Exception) -> JsException:
    return JsException("Error", str(error))


def no_asgi_attribute(name: str) -> AttributeError:
    return AttributeError(f"module 'workers.asgi' has no attribute {name!r}")


# --- Durable Objects ---


class DurableObjectAbort(BaseException):
    """What `ctx.abort()` raises, past every `except Exception`, to end the handler."""


def aborted(reason: str | None) -> DurableObjectAbort:
    return DurableObjectAbort(reason or "Durable Object abort requested")
