"""Errors of JavaScript values, headers, URLs and forms: one function builds one error.

The texts match those of workerd (April 2026), V8 and Pyodide 0.28.2 to the letter. A DOMException
is a `JsException` that has the name of the exception.
"""

from pykvbinding.errors import JsException


class ConversionError(Exception):
    """A value cannot be converted between Python and JavaScript (Pyodide's class)."""


class InternalError(Exception):
    """An internal error of Pyodide (its class; this package never raises it)."""


def _type_error(message: str) -> JsException:
    return JsException("TypeError", message)


def _range_error(message: str) -> JsException:
    return JsException("RangeError", message)


# Values and their constructors.


def called_without_new(name: str) -> JsException:
    return _type_error(
        f"Failed to construct '{name}': Please use the 'new' operator, this object constructor "
        "cannot be called as a function."
    )


def requires_new(name: str) -> JsException:
    """V8 uses another message for its own classes than workerd does for the web platform's."""
    if name == "Promise":
        return _type_error("Promise constructor cannot be invoked without 'new'")
    return _type_error(f"Constructor {name} requires 'new'")


def not_an_entry(description: str) -> JsException:
    return _type_error(f"Iterator value {description} is not an entry object")


def value_not_iterable(description: str) -> JsException:
    if description == "undefined":
        return _type_error("undefined is not iterable")
    return _type_error(
        f"{description} is not iterable (cannot read property Symbol(Symbol.iterator))"
    )


def null_to_object() -> JsException:
    return _type_error("Cannot convert undefined or null to object")


def array_length() -> JsException:
    return _range_error("Invalid array length")


def invalid_date() -> JsException:
    return _range_error("Invalid time value")


def resolver_not_a_function(description: str) -> JsException:
    return _type_error(f"Promise resolver {description} is not a function")


def all_rejected() -> JsException:
    return JsException("AggregateError", "All promises were rejected")


# Buffers.


def buffer_length() -> JsException:
    return _range_error("Invalid array buffer length")


def typed_array_length(length: object) -> JsException:
    return _range_error(f"Invalid typed array length: {length}")


def offset_outside(offset: int) -> JsException:
    return _range_error(f"Start offset {offset} is outside the bounds of the buffer")


def offset_unaligned(name: str, size: int) -> JsException:
    return _range_error(f"start offset of {name} should be a multiple of {size}")


def length_unaligned(name: str, size: int) -> JsException:
    return _range_error(f"byte length of {name} should be a multiple of {size}")


def source_too_large() -> JsException:
    return _range_error("offset is out of bounds")


def not_a_buffer() -> JsException:
    return _type_error("First argument to DataView constructor must be an ArrayBuffer")


def view_length(length: int) -> JsException:
    return _range_error(f"Invalid DataView length {length}")


# Proxies of Python values, and conversions: messages of Pyodide.


_PROXY_HELP = "\nFor more information about the cause of this error, use `pyodide.setDebug(true)`"


def proxy_destroyed() -> JsException:
    return JsException("Error", "Object has already been destroyed" + _PROXY_HELP)


def once_proxy_called_twice() -> JsException:
    return JsException("Error", "OnceProxy can only be called once")


def borrowed_proxy_destroyed(when: str) -> JsException:
    """JavaScript has used a Python value after Pyodide destroyed its implicit proxy."""
    return JsException(
        "Error", f"This borrowed proxy was automatically destroyed {when}" + _PROXY_HELP
    )


def no_conversion() -> ConversionError:
    return ConversionError("No conversion known for x.")


def conversion_failed() -> ConversionError:
    return ConversionError("Conversion from python to javascript failed")


def invalid_map_key(description: str, type_name: str) -> ConversionError:
    return ConversionError(f"Cannot use {description} as a key for a Javascript {type_name}")


def invalid_dict_key(key_type: str, type_name: str) -> JsException:
    return JsException(
        "Error", f"Cannot use key of type {key_type} as a key to a Python {type_name}"
    )


def value_thrown(type_name: str, tag: str, description: str) -> JsException:
    return JsException(
        "Error",
        f"A value of type {type_name} with tag {tag} was thrown as an error!\n"
        f'String interpolation of the thrown value gives """{description}""".\n'
        f'The thrown value\'s toString method returns """{description}""".',
    )


# Wrong use from Python: Pyodide raises built-in exceptions of Python.


def assign_size_mismatch(size_bytes: int, other_bytes: int) -> ValueError:
    # Pyodide 0.28.2 swaps the two sizes in this message.
    sizes = f"to TypedArray of length {other_bytes} from buffer of length {size_bytes}"
    return ValueError(f"cannot assign {sizes}")


def assign_to_size_mismatch(size_bytes: int, other_bytes: int) -> ValueError:
    sizes = f"from TypedArray of length {size_bytes} to buffer of length {other_bytes}"
    return ValueError(f"cannot assign {sizes}")


def no_buffer_protocol() -> AttributeError:
    return AttributeError("getBuffer")


def typed_array_slice() -> NotImplementedError:
    return NotImplementedError("Slice subscripting isn't implemented for typed arrays")


# Functions of the global object.


def not_of_type(method: str, owner: str, parameter: int, type_name: str) -> JsException:
    return _type_error(
        f"Failed to execute '{method}' on '{owner}': parameter {parameter} is not of type "
        f"'{type_name}'."
    )


def uri_malformed() -> JsException:
    return JsException("URIError", "URI malformed")


def base64_invalid() -> JsException:
    return JsException(
        "InvalidCharacterError",
        "atob() called with invalid base64-encoded data. (Only whitespace, '+', '/', alphanumeric "
        "ASCII, and up to two terminal '=' signs when the input data length is divisible by 4 are "
        "allowed.)",
    )


def base64_beyond_latin1() -> JsException:
    return JsException(
        "InvalidCharacterError",
        "btoa() can only operate on characters in the Latin1 (ISO/IEC 8859-1) range.",
    )


def json_syntax(message: str) -> JsException:
    return JsException("SyntaxError", message)


def json_bigint() -> JsException:
    return _type_error("Do not know how to serialize a BigInt")


def json_circular(constructor: str, path: str) -> JsException:
    return _type_error(
        "Converting circular structure to JSON\n"
        f"    --> starting at object with constructor '{constructor}'{path}"
    )


def encoding_unknown(label: str) -> JsException:
    return _range_error(f'"{label}" is not a valid encoding.')


def undecodable() -> JsException:
    return _type_error("Failed to decode input.")


def random_type_mismatch() -> JsException:
    return JsException(
        "TypeMismatchError",
        "ArrayBufferView argument to getRandomValues() must be an integer-typed view.",
    )


def random_quota_exceeded(size_bytes: int) -> JsException:
    return JsException(
        "QuotaExceededError",
        f"getRandomValues() only accepts buffers of size <= 64K but provided {size_bytes} bytes.",
    )


def digest_unsupported() -> JsException:
    return JsException(
        "NotSupportedError", "Unrecognized or unimplemented digest algorithm requested."
    )


# Arguments that workerd's type conversion rejects.


def constructor_not_of_type(owner: str, parameter: int, type_name: str) -> JsException:
    return _type_error(
        f"Failed to construct '{owner}': constructor parameter {parameter} is not of type "
        f"'{type_name}'."
    )


def pairs_not_sequences() -> JsException:
    return _type_error("Incorrect type: the provided value is not of type 'Sequence'.")


def bigint_to_number() -> JsException:
    return _type_error("Cannot convert a BigInt value to a number")


def int32_out_of_range() -> JsException:
    bounds = "Must be between -2147483648 and 2147483647 (inclusive)."
    return _type_error(f"Value out of range. {bounds}")


# Headers, URLs and forms.


def header_name_invalid() -> JsException:
    return _type_error("Invalid header name.")


def header_value_invalid() -> JsException:
    return _type_error("Invalid header value.")


def header_not_a_pair() -> JsException:
    return _type_error(
        "To initialize a Headers object from a sequence, each inner sequence must have exactly two "
        "elements."
    )


def header_get_all() -> JsException:
    return _type_error('getAll() can only be used with the header name "Set-Cookie".')


def headers_immutable() -> JsException:
    return _type_error("Can't modify immutable headers.")


def url_invalid() -> JsException:
    return _type_error("Invalid URL string.")


def url_href_invalid() -> JsException:
    return _type_error(
        "Failed to set the 'href' property on 'URL': the provided value is not of type 'valid URL "
        "string'."
    )


def url_object_not_implemented(method: str) -> JsException:
    return JsException("Error", f"URL.{method}() is not implemented")


def search_not_a_pair() -> JsException:
    return _type_error("Invalid URL search params sequence.")


def blob_endings() -> JsException:
    return JsException("Error", "The 'endings' field on 'Options' is not implemented.")


def form_content_type_missing() -> JsException:
    return _type_error("Parsing a Body as FormData requires a Content-Type header.")


def form_type_unknown() -> JsException:
    return _type_error(
        "Unrecognized Content-Type header value. FormData can only parse the following MIME types: "
        "multipart/form-data, application/x-www-form-urlencoded"
    )


def form_not_utf8() -> JsException:
    return _type_error("Non-utf-8 application/x-www-form-urlencoded body.")


def form_boundary_missing() -> JsException:
    return _type_error(
        "No boundary string in Content-Type header. The multipart/form-data MIME type requires a "
        "boundary parameter, e.g. 'Content-Type: multipart/form-data; boundary=\"abcd\"'. See RFC "
        "7578, section 4."
    )


def form_first_boundary_missing() -> JsException:
    return _type_error("No initial boundary string (or you have a truncated message).")


def form_boundary_unterminated() -> JsException:
    return _type_error("Boundary string was not succeeded by CRLF, LF, or '--'.")


def form_headers_unterminated() -> JsException:
    return _type_error("No multipart message header termination found.")


def form_last_boundary_missing() -> JsException:
    return _type_error("No subsequent boundary string after multipart message.")


def form_headers_invalid() -> JsException:
    return _type_error("FormData part had invalid headers.")


def form_disposition_missing() -> JsException:
    return _type_error("No valid Content-Disposition header found in FormData part.")


def form_disposition_invalid() -> JsException:
    return _type_error("Invalid Content-Disposition header found in FormData part.")


def form_disposition_unknown(disposition: str) -> JsException:
    return _type_error(
        'Content-Disposition header for FormData part must have the value "form-data", possibly '
        f'followed by parameters. Got: "{disposition}"'
    )


def form_name_missing() -> JsException:
    return _type_error("Content-Disposition header in FormData part is missing a name.")
