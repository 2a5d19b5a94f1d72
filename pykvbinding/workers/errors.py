"""What workerd, wrangler and Pyodide say of a Worker: their own words.

Each function builds one error, or the text of one warning.
"""

from pykvbinding.errors import JsException

# --- install and the modules it publishes ---


def other_installation(*, sdk: bool) -> ValueError:
    there = "our own `workers`" if sdk else "the real SDK"
    return ValueError(
        f"install(sdk={sdk}): {there} is installed already; "
        "take that back first, or leave `sdk` out to use it"
    )


def not_installed(what: str) -> RuntimeError:
    return RuntimeError(f"{what} without install(): nothing is installed")


def sdk_missing() -> ModuleNotFoundError:
    return ModuleNotFoundError(
        "install(sdk=True): the Python Workers SDK is not importable; "
        "pip install workers-runtime-sdk, or leave `sdk` out to use our own `workers`",
        name="workers",
    )


def module_not_emulated(name: str) -> ModuleNotFoundError:
    return ModuleNotFoundError(f"{name} is not emulated by pykvbinding", name=name)


def no_attribute(module: str, name: str) -> AttributeError:
    return AttributeError(f"module {module!r} has no attribute {name!r}")


def javascript_module_not_emulated(name: str) -> NotImplementedError:
    return NotImplementedError(
        f"import_from_javascript({name!r}) is not emulated by pykvbinding, which runs no "
        "JavaScript; in a test, patch what your code imports"
    )


def outside_of_invocations() -> JsException:
    return JsException(
        "Error",
        "Disallowed operation called within global scope. Asynchronous I/O (ex: fetch() or "
        "connect()), setting a timeout, and generating random values are not allowed within "
        "global scope. To fix this error, perform this operation within a handler. "
        "https://developers.cloudflare.com/workers/runtime-apis/handlers/",
    )


def not_in_cloudflare_workers(name: str) -> AttributeError:
    return AttributeError(
        f"cloudflare:workers has env and waitUntil in pykvbinding; {name} is not emulated"
    )


def sockets_not_emulated() -> NotImplementedError:
    return NotImplementedError(
        "connect of cloudflare:sockets is not emulated by pykvbinding; in a test, patch what your "
        "code connects with"
    )


# --- what the runtime has and this emulator has not ---


def not_emulated(name: str, instead: str) -> NotImplementedError:
    return NotImplementedError(f"{name} is not emulated by pykvbinding; {instead}")


def not_instantiable(name: str) -> TypeError:
    return TypeError(f"{name} cannot be instantiated.")


def cannot_switch_stacks() -> RuntimeError:
    return RuntimeError(
        "Cannot stack switch because the Python entrypoint was a synchronous function. Use "
        "pyFunc.callPromising() to fix."
    )


def run_sync_waits() -> RuntimeError:
    return RuntimeError(
        "run_sync: what is awaited has to wait for something else on the event loop, which "
        "pykvbinding cannot let run meanwhile; use await"
    )


def js_module_argument(name: str, wanted: str, given: object) -> TypeError:
    return TypeError(f"Argument {name!r} must be a {wanted}, not {type(given).__name__!r}")


def js_module_unknown(name: str) -> ValueError:
    return ValueError(
        f"Cannot unregister {name!r}: no Javascript module with that name is registered"
    )


def no_abort_controller() -> ValueError:
    return ValueError("abort_controller is not set")


def code_not_text(given: object) -> TypeError:
    return TypeError(f"argument should have type 'string' not type '{type(given).__name__}'")


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


# Warnings that workerd logs when a message is decided twice.


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
